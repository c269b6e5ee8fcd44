"""Every wait has a deadline, and the deadline is the injected clock's: never gevent.Timeout.

gevent.Timeout is no Exception (D12) and knows only real time; a call is also lived through in virtual time.
"""

from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from gevent import get_hub
from gevent.event import AsyncResult
from gevent.hub import Waiter
from gevent.threadpool import ThreadPool

from ivr.clock import Clock
from ivr.errors import Deadline

__all__ = ["Answer", "Threads", "busy", "off_hub"]


class Answer:
    """One thing that somebody waits for: it comes, it fails, or its deadline passes; what happens first counts.

    `set` and `fail` may be called from the event loop and more than once. (gevent's AsyncResult does the same for
    any number of waiters, and a call waits a dozen times.)
    """

    __slots__ = ("_error", "_tell", "_value", "ready")

    def __init__(self):
        self.ready = False
        self._value: Any = None
        self._error: Exception | None = None
        self._tell: Callable[[None], object] | None = None

    def set(self, value: Any = None) -> None:
        if not self.ready:
            self.ready, self._value = True, value
            self._come()

    def fail(self, error: Exception) -> None:
        if not self.ready:
            self.ready, self._error = True, error
            self._come()

    def _come(self) -> None:
        if self._tell is not None:  # not at once: whoever sets it is in the middle of reading
            get_hub().loop.run_callback(self._tell, None)

    def get(self, clock: Clock, seconds: float, what: str) -> Any:
        """What came. Raises what `fail` was given, or Deadline, saying what was waited for."""
        if not self.ready:
            waiter = Waiter()
            self._tell = waiter.switch
            timer = clock.call_later(seconds, self._expire, seconds, what)
            try:
                waiter.get()
            finally:
                self._tell = None
                timer.cancel()
        if self._error is not None:
            raise self._error
        return self._value

    def _expire(self, seconds: float, what: str) -> None:
        self.fail(Deadline(f"no {what} within {seconds:g} s"))


def busy(clock: Clock):
    """While a thread or a subprocess works for a call, virtual time stands still; real time has no such switch."""
    return getattr(clock, "busy", nullcontext)()


class Threads:
    """Threads for one kind of slow work (files, subprocesses), `size` of them: what is slow there holds up nothing of
    another kind.

    The deadline counts from the asking. (Whoever finds gevent's own pool full waits in it without one.)
    """

    def __init__(self, size: int):
        self.size = size
        self._pool: ThreadPool | None = None
        self._waiting: deque[tuple[Answer, Callable]] = deque()
        self._out = 0

    def run(self, clock: Clock, seconds: float, what: str, function: Callable, *args) -> Any:
        """Run it in a thread, and wait `seconds` for it at most: Deadline. After that it is not begun any more; where
        it has begun it goes on, and its result is dropped."""

        def work() -> tuple[Any, Exception | None]:
            try:
                return function(*args), None
            except Exception as error:  # noqa: BLE001 (carried over by hand: gevent would print it to stderr as well)
                return None, error

        answer = Answer()
        with busy(clock):
            self._waiting.append((answer, work))
            self._next()
            try:
                return answer.get(clock, seconds, what)
            finally:
                answer.set()  # nobody waits for it

    def _next(self) -> None:
        while self._waiting and self._out < self.size:
            answer, work = self._waiting.popleft()
            if not answer.ready:
                if self._pool is None or self._pool.hub is not get_hub():
                    self._pool = ThreadPool(self.size)
                self._out += 1
                self._pool.spawn(work).rawlink(partial(self._done, answer))

    def _done(self, answer: Answer, job: AsyncResult) -> None:
        self._out -= 1
        value, error = job.value if job.successful() else (None, job.exception)
        if error is None:
            answer.set(value)
        else:
            answer.fail(error)
        self._next()


off_hub = Threads(4).run
"""For what no caller waits for alone: tables, addresses of switches."""
