"""Work that blocks is done in a thread, and whoever waits for it waits with a deadline.

    off_hub = OffHub(clock)
    reference = off_hub.run(messages.begin, name, box, ..., deadline=3.0)    # waits: only this caller does
    off_hub.post(journal.noted, uuid, at, "keyed", {"keys": "1"})                # does not wait

SQLite's lock held for one second elsewhere stalls every call for 1,001 ms when it is waited for on the hub, for 1 ms
when it is waited for here (measured). One thread: a database file has one writer anyway.
"""

from collections import deque
from collections.abc import Callable

import structlog
from gevent.event import AsyncResult, Event
from gevent.threadpool import ThreadPool

from ivr.clock import Clock
from ivr.errors import StoreError
from ivr.waits import busy

__all__ = ["OffHub"]

log = structlog.get_logger(__name__)

_AT_ONCE = 64
"""Posted jobs done in one visit to the thread: a visit costs two switches of threads."""
_AGAIN = 1.0
"""Seconds until a posted job is tried again that met a StoreError (a locked database, a full disk)."""
_TRIES = 600
"""How often, before it is given up: ten minutes."""


class _Job:
    """One thing to do that somebody waits for."""

    __slots__ = ("args", "busy", "function", "kwargs", "over", "result", "unwanted")

    def __init__(self, function: Callable, args: tuple, kwargs: dict, busy):
        self.function, self.args, self.kwargs, self.busy = function, args, kwargs, busy
        self.result: AsyncResult = AsyncResult()
        self.unwanted = self.over = False

    def __call__(self):
        return self.function(*self.args, **self.kwargs)


class OffHub:
    """A thread (or `size`) with two queues: what callers wait for goes before what was posted.

    `most_waiting`: more callers than this waiting is an error at once. `most_posted`: more posted jobs than this are
    dropped, and counted in `dropped`. All methods are for the hub's thread only.
    """

    def __init__(self, clock: Clock, size: int = 1, most_waiting: int = 1000, most_posted: int = 100_000):
        self._clock, self._size = clock, size
        self._most_waiting, self._most_posted = most_waiting, most_posted
        self._pool: ThreadPool | None = None
        self._waiting: deque[_Job] = deque()
        self._running: set[_Job] = set()
        self._posted: deque[tuple[Callable, tuple]] = deque()
        self._out = 0
        self._posting = False
        self._tries = 0
        self._pause = None
        self._busy_posting = None
        self._settled = Event()
        self._settled.set()
        self.dropped = 0
        """Posted jobs that were given up: too many of them, or failing for good."""

    @property
    def behind(self) -> int:
        """Jobs that are not done yet."""
        return len(self._waiting) + len(self._posted) + self._out

    # What callers wait for --------------------------------------------------------------------------------------------

    def run(self, function: Callable, *args, deadline: float = 3.0, **kwargs):
        """Do it in the thread and give back what it gave; what it raises is raised here. StoreError at the deadline.

        A job whose deadline passes before it was begun is never begun; one that has begun goes on unheard.
        """
        if len(self._waiting) >= self._most_waiting:
            raise StoreError(f"{_name(function)}: {len(self._waiting)} others are waiting for the store already")
        job = _Job(function, args, kwargs, busy(self._clock))
        late = StoreError(f"{_name(function)}: not done within {deadline:g} s")
        timer = self._clock.call_later(deadline, _too_late, job.result, late)
        job.busy.__enter__()
        self._waiting.append(job)
        self._next()
        try:
            return job.result.get()
        finally:
            timer.cancel()
            job.unwanted = True

    # What nobody waits for --------------------------------------------------------------------------------------------

    def post(self, function: Callable, *args) -> None:
        """Do it in the thread, in the order of posting, some time; never wait, never raise.

        A StoreError is met by trying again, and the jobs behind it wait, so that their order holds; any other error
        is logged, and the job is done with.
        """
        if len(self._posted) >= self._most_posted:
            self.dropped += 1
            if self.dropped & (self.dropped - 1) == 0:
                log.error("the store is far behind: jobs were dropped", behind=len(self._posted), dropped=self.dropped)
            return
        self._posted.append((function, args))
        self._settled.clear()
        if self._busy_posting is None and self._pause is None:
            self._busy_posting = busy(self._clock)
            self._busy_posting.__enter__()
        self._next()

    def flush(self, deadline: float = 5.0) -> bool:
        """Wait until all that was posted is done; False at the deadline."""
        late = Event()
        timer = self._clock.call_later(deadline, late.set)
        either = Event()

        def wake(_):
            either.set()

        self._settled.rawlink(wake)
        late.rawlink(wake)
        try:
            either.wait()
            return self._settled.is_set()
        finally:
            timer.cancel()
            self._settled.unlink(wake)

    def close(self) -> None:
        """Let the thread go. Whoever waits has a StoreError at once; what was posted and not flushed is lost: flush
        first."""
        waiting = [*self._running, *self._waiting]
        self._waiting.clear()
        for job in waiting:
            self._done(job, (None, StoreError(f"{_name(job.function)}: not done, the line stops")))
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        self._posted.clear()
        self._not_busy()
        self._settled.set()
        if self._pool is not None:
            pool, self._pool = self._pool, None
            self._out, self._posting = 0, False
            pool.kill()

    # The thread -------------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        while self._out < self._size:
            while self._waiting and self._waiting[0].unwanted:
                self._waiting.popleft().busy.__exit__(None, None, None)
            if self._waiting:
                job = self._waiting.popleft()
                self._running.add(job)
                self._spawn(_outcome, (job,), lambda outcome, job=job: self._done(job, outcome))
            elif self._posted and not self._posting and self._pause is None:
                self._posting = True
                self._spawn(self._work_off, (), self._posts_done)
            else:
                return

    def _spawn(self, function: Callable, args: tuple, then: Callable) -> None:
        if self._pool is None:
            self._pool = ThreadPool(self._size)
        self._out += 1
        pool = self._pool

        def back(result):
            if pool is not self._pool:  # it was closed meanwhile, and who waited was told
                return
            self._out -= 1
            try:
                then(result.value)
            finally:
                self._next()

        self._pool.spawn(function, *args).rawlink(back)

    def _done(self, job: _Job, outcome) -> None:
        if job.over:  # it was told so when this was closed
            return
        value, error = outcome
        self._running.discard(job)
        job.over = True
        job.busy.__exit__(None, None, None)
        if job.result.ready():
            return
        if error is not None:
            job.result.set_exception(error)
        else:
            job.result.set(value)

    def _work_off(self) -> tuple[int, int, StoreError | None]:
        """In the thread: the first posted jobs, until a caller waits. How many were done, how many of them failed for
        good, and the StoreError that stopped it."""
        done = failed = 0
        while done < _AT_ONCE and done < len(self._posted) and not self._waiting:
            function, args = self._posted[done]
            try:
                function(*args)
            except StoreError as error:
                return done, failed, error
            except Exception:
                log.exception("a posted job failed", job=_name(function))
                failed += 1
            done += 1
        return done, failed, None

    def _posts_done(self, worked: tuple[int, int, StoreError | None]) -> None:
        done, failed, error = worked
        self._posting = False
        self.dropped += failed
        for _ in range(min(done, len(self._posted))):
            self._posted.popleft()
        self._tries = 0 if done else self._tries
        if error is not None and self._posted:
            self._tries += 1
            if self._tries >= _TRIES:
                log.error("a posted job was given up", job=_name(self._posted[0][0]), error=str(error))
                self._posted.popleft()
                self.dropped += 1
                self._tries = 0
            elif self._tries & (self._tries - 1) == 0:
                log.warning("the store does not write; trying again", behind=len(self._posted), error=str(error))
            self._pause = self._clock.call_later(_AGAIN, self._go_on)
        if not self._posted or self._pause is not None:
            # While waiting for the next try a virtual clock may go on: that is how the second passes.
            self._not_busy()
        if not self._posted:
            self._settled.set()

    def _not_busy(self) -> None:
        if self._busy_posting is not None:
            self._busy_posting.__exit__(None, None, None)
            self._busy_posting = None

    def _go_on(self) -> None:
        self._pause = None
        if self._posted and self._busy_posting is None:
            self._busy_posting = busy(self._clock)
            self._busy_posting.__enter__()
        self._next()


def _too_late(result: AsyncResult, error: StoreError) -> None:
    """The deadline has passed; what was done in the same moment counts all the same."""
    if not result.ready():
        result.set_exception(error)


def _outcome(job: _Job) -> tuple[object, BaseException | None]:
    """In the thread. What it raised comes back as a value: gevent would print it on the error output otherwise."""
    try:
        return job(), None
    except BaseException as error:  # noqa: BLE001 — it is raised again, where it is waited for
        return None, error


def _name(function: Callable) -> str:
    return getattr(function, "__qualname__", repr(function))
