"""Clocks of a replay: the tape's own day, and its pace."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

import gevent

from ivr.clock import Clock
from ivr.gevent_clock import SystemClock

__all__ = ["Hurried", "Paced", "Shifted"]


class Shifted:
    """The time of another clock, with its own wall: it begins at `at`."""

    def __init__(self, clock: Clock, at: datetime):
        self._clock, self._at, self._start = clock, at, clock.monotonic()
        self.sleep, self.call_later, self.monotonic = clock.sleep, clock.call_later, clock.monotonic

    def now(self) -> datetime:
        return self._at + timedelta(seconds=self._clock.monotonic() - self._start)

    def busy(self):
        return getattr(self._clock, "busy", nullcontext)()


class Paced(SystemClock):
    """Real time, `speed` times as fast."""

    def __init__(self, speed: float = 1.0):
        self.speed = speed

    def monotonic(self) -> float:
        return super().monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds / self.speed)

    def call_later(self, seconds: float, function: Callable, *args):
        return super().call_later(seconds / self.speed, function, *args)


class Hurried(SystemClock):
    """Real time in which nobody sleeps: for a line that has a clock of its own. Deadlines stay what they are."""

    def sleep(self, seconds: float) -> None:
        gevent.sleep(0)
