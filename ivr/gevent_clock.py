"""The wall clock, with gevent waiting on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

import gevent
from gevent import get_hub

__all__ = ["SystemClock"]


class _Timer:
    """One timer of the event loop; closed when it fired or is cancelled, so that nothing is left in the loop."""

    __slots__ = ("_timer",)

    def __init__(self, seconds: float, function: Callable, args: tuple):
        self._timer = get_hub().loop.timer(seconds)
        self._timer.start(self._fire, function, args)

    def _fire(self, function: Callable, args: tuple) -> None:
        self.cancel()
        function(*args)

    def cancel(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
            timer.close()


class SystemClock:
    """Real time (`ivr.clock.Clock`)."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()

    def sleep(self, seconds: float) -> None:
        gevent.sleep(max(0.0, seconds))

    def call_later(self, seconds: float, function: Callable, *args) -> _Timer:
        return _Timer(max(0.0, seconds), function, args)
