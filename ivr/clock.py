"""Nothing reads the time but a Clock, and every wait in the house is made with one.

>>> clock = ManualClock(datetime(2026, 11, 20, 8, 59, tzinfo=UTC))
>>> clock.advance(60)
>>> clock.now().isoformat()
'2026-11-20T09:00:00+00:00'
"""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "ManualClock", "Timer"]


class Timer(Protocol):
    """What `call_later` gives back."""

    def cancel(self) -> None:
        """Take the timer back; nothing happens when it has fired or was cancelled already."""


class Clock(Protocol):
    """The time, and the only way to wait for it."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards, from an arbitrary start."""

    def sleep(self, seconds: float) -> None:
        """Let the others run for `seconds`."""

    def call_later(self, seconds: float, function: Callable, *args) -> Timer:
        """Call `function(*args)` in `seconds`, unless the timer is cancelled. The function must not block."""


class _Entry:
    """One timer of a ManualClock."""

    def __init__(self, due: float, function: Callable, args: tuple):
        self.due, self.function, self.args = due, function, args
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class ManualClock:
    """Time that passes only by `advance` and `sleep`: for pure tests and `ivr explain`."""

    def __init__(self, start: datetime):
        self._start = start.astimezone(UTC)
        self._passed = 0.0
        self._timers: list[tuple[float, int, _Entry]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def call_later(self, seconds: float, function: Callable, *args) -> Timer:
        entry = _Entry(self._passed + max(0.0, seconds), function, args)
        heapq.heappush(self._timers, (entry.due, next(self._order), entry))
        return entry

    @property
    def next_due(self) -> float | None:
        """When the next timer fires, on the `monotonic` scale; None when nothing waits."""
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass; timers fire in the order of their times."""
        until = self._passed + seconds
        while (due := self.next_due) is not None and due <= until:
            entry = heapq.heappop(self._timers)[2]
            self._passed = max(self._passed, due)
            entry.function(*entry.args)
        self._passed = max(self._passed, until)
