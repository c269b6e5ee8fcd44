"""Time that jumps: to the next timer, as soon as nobody in the process has anything left to do.

For line and switch in one process under gevent. Nobody has anything to do when

* no job is out: `with clock.busy():` around what runs in a thread or a subprocess, or `clock.watch(pool)` once,
* the event loop was idle in two rounds that follow each other, and
* a buoy — one byte sent over loopback between the two rounds — has arrived. Loopback keeps the order of what was sent,
  so every byte that was written before it has arrived as well, and the second round would have seen it.

    with VirtualClock(datetime(2026, 11, 20, 9, tzinfo=UTC)) as clock:
        clock.sleep(3600)       # returns at once
"""

import contextlib
import heapq
import itertools
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import gevent
from gevent.event import Event

__all__ = ["VirtualClock"]

MICRO = 1_000_000


class _Entry:
    """One timer."""

    __slots__ = ("args", "function")

    def __init__(self, function: Callable | None, args: tuple):
        self.function, self.args = function, args

    def cancel(self) -> None:
        self.function, self.args = None, ()


class _Buoy:
    """One byte through the loopback, to know that all before it came through."""

    def __init__(self):
        self._out, self._in = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in "ab")
        self._in.bind(("127.0.0.1", 0))
        self._in.setblocking(False)
        self._out.connect(self._in.getsockname())
        self._afloat = False

    def arrived(self) -> bool:
        if not self._afloat:
            self._out.send(b".")
            self._afloat = True
        try:
            self._in.recv(1)
        except BlockingIOError:
            return False
        self._afloat = False
        return True

    def close(self) -> None:
        self._out.close()
        self._in.close()


class VirtualClock:
    """A Clock whose time passes only while everybody waits. Close it when done: it owns a greenlet and two sockets."""

    jumps = True

    def __init__(self, start: datetime):
        self._start = start.astimezone(UTC)
        self._passed = 0  # microseconds: ticks computed in two ways must meet in one instant
        self._timers: list[tuple[int, int, _Entry]] = []
        self._order = itertools.count()
        self._jobs = 0
        self._pools: list = []
        self._stir = Event()
        self._buoy = _Buoy()
        self._tide = gevent.spawn(self._run)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self) -> None:
        """Time stands still from now on."""
        self._tide.kill()
        self._buoy.close()

    def now(self) -> datetime:
        return self._start + timedelta(microseconds=self._passed)

    def turn(self, at: datetime) -> None:
        """Set the wall clock, forward or back, as for another day; what was to happen in so many seconds still does."""
        self._start = at.astimezone(UTC) - timedelta(microseconds=self._passed)

    def monotonic(self) -> float:
        return self._passed / MICRO

    def call_later(self, seconds: float, function: Callable, *args) -> _Entry:
        entry = _Entry(function, args)
        due = self._passed + max(0, round(seconds * MICRO))
        heapq.heappush(self._timers, (due, next(self._order), entry))
        if not self._stir.is_set():
            self._stir.set()
        return entry

    def sleep(self, seconds: float) -> None:
        done = Event()
        timer = self.call_later(seconds, done.set)
        try:
            done.wait()
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While inside, time does not jump: a job is out in a thread or a subprocess."""
        self._jobs += 1
        try:
            yield
        finally:
            self._jobs -= 1
            self._stir.set()

    def watch(self, pool) -> None:
        """Time does not jump while this gevent ThreadPool has work (the hub's own pool is always watched)."""
        self._pools.append(pool)

    def _run(self) -> None:
        while True:
            if self._timers and self._timers[0][2].function is None:
                heapq.heappop(self._timers)
            elif self._jobs or not self._timers:
                self._stir.clear()
                self._stir.wait()
            elif self._nothing_to_do():
                self._jump()

    def _nothing_to_do(self) -> bool:
        """Two idle rounds in a row, the buoy between them, and no job out."""
        hub = gevent.get_hub()
        loop = hub.loop
        gevent.idle()
        round_ = loop.iteration
        # Asked before the last round: a thread that is done is no longer counted, and the round wakes who waits for it.
        if any(len(pool) for pool in self._pools) or (hub.threadpool is not None and len(hub.threadpool)):
            gevent.sleep(0.0005)  # real time: a thread works, and the loop must not starve it
            return False
        if not self._buoy.arrived():
            return False
        gevent.idle()
        if loop.iteration != round_ + 1 or self._jobs:
            return False
        return not any(len(pool) for pool in self._pools) and (hub.threadpool is None or not len(hub.threadpool))

    def _jump(self) -> None:
        """To the next timer, and fire all that are due at that instant, in the order they were set."""
        due = self._timers[0][0]
        self._passed = max(self._passed, due)
        while self._timers and self._timers[0][0] <= self._passed:
            entry = heapq.heappop(self._timers)[2]
            function, args = entry.function, entry.args
            if function is None:
                continue
            try:
                function(*args)
            except Exception:  # noqa: BLE001 - reported; the other timers must fire
                gevent.get_hub().handle_error(function, *sys.exc_info())
