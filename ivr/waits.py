"""Every wait has a deadline, and the deadline is the injected clock's: never gevent.Timeout.

gevent.Timeout is no Exception (D12) and knows only real time; a call is also lived through in virtual time.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from gevent import get_hub
from gevent.event import AsyncResult

from ivr.clock import Clock
from ivr.errors import Deadline

__all__ = ["Answer", "busy", "off_hub"]


class Answer:
    """One thing waited for: it comes, it fails, or its deadline passes; what happens first counts.

    `set` and `fail` may be called from the event loop and more than once.
    """

    __slots__ = ("_result",)

    def __init__(self):
        self._result = AsyncResult()

    @property
    def ready(self) -> bool:
        return self._result.ready()

    def set(self, value: Any = None) -> None:
        if not self._result.ready():
            self._result.set(value)

    def fail(self, error: Exception) -> None:
        if not self._result.ready():
            self._result.set_exception(error)

    def get(self, clock: Clock, seconds: float, what: str) -> Any:
        """What came. Raises what `fail` was given, or Deadline, saying what was waited for."""
        if not self._result.ready():
            timer = clock.call_later(seconds, self._expire, seconds, what)
            try:
                return self._result.get()
            finally:
                timer.cancel()
        return self._result.get()

    def _expire(self, seconds: float, what: str) -> None:
        self.fail(Deadline(f"no {what} within {seconds:g} s"))


def busy(clock: Clock):
    """While a thread or a subprocess works for a call, virtual time stands still; real time has no such switch."""
    return getattr(clock, "busy", nullcontext)()


def off_hub(clock: Clock, seconds: float, what: str, function: Callable, *args) -> Any:
    """Run what would stop every call (files, subprocesses) in a thread, and wait `seconds` for it at most.

    After the deadline the thread goes on and its result is dropped.
    """
    answer = Answer()

    def run() -> tuple[Any, Exception | None]:
        try:
            return function(*args), None
        except Exception as error:  # noqa: BLE001 (carried over by hand: gevent would print it to stderr as well)
            return None, error

    def done(job: AsyncResult) -> None:
        value, error = job.value if job.successful() else (None, job.exception)
        if error is None:
            answer.set(value)
        else:
            answer.fail(error)

    with busy(clock):
        get_hub().threadpool.spawn(run).rawlink(done)
        return answer.get(clock, seconds, what)
