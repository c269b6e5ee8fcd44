"""Several workers answer behind one door: a parent binds the sockets, starts workers by exec, and replaces who died.

    parent = Parent(["ivr", "serve", "--listen", "127.0.0.1:8084"], count=4, sockets={"listen": socket})
    exit_code = parent.run()

The parent takes no call, so nothing a caller does can harm it, and what is upgraded is the workers. Each is told by the
environment which open sockets are its own and on which pipe it reports: one line of JSON a second, the first when it
listens. A worker that reports nothing for `SILENT` seconds is hung: it is killed, and its callers go on with another.
While nobody listens, for whatever reason, the parent turns connections away, so that the dialplan goes on.

    SIGTERM, SIGINT   every worker drains; then the parent ends
    SIGUSR2           one worker after the other is replaced by a new one: an upgrade refuses no connection
    SIGHUP            the routing table is taken from its files again
"""

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from ivr.nursery import Forked, Nursery

__all__ = ["FDS", "REPORTS", "WORKER", "Parent", "Worker"]

log = structlog.get_logger(__name__)

FDS, REPORTS, WORKER = "IVR_LISTEN_FDS", "IVR_REPORTS_FD", "IVR_WORKER"
"""Variables a worker finds: its sockets (listen=3,records=4), the pipe it reports on, and its number."""
BOOT = 120.0
"""Seconds until a worker must listen: speech may take one minute of it."""
SILENT = 15.0
"""Seconds without a report after which a worker is hung. Its event loop has then stood still for as long."""
PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a worker is started again that died at once, for the first time, the second, …"""
STEADY = 0.5
"""Seconds a worker must have listened for its death to count as the first again: what kills it then is not its start.
Five forks of itself take no longer, so even one that is killed every second is there nine tenths of the time."""
ALONE = 3.0
"""Seconds without a worker that listens, after which nobody is left waiting at the door."""
DRAIN = 20.0
"""Seconds a worker has to stop before it is killed: the line itself drains for ten."""


@dataclass(eq=False)
class Worker:
    """One worker. `number`: its place, kept by whoever comes after it. `report`: the last thing it said of itself."""

    number: int
    process: subprocess.Popen | Forked
    pipe: int
    since: float
    heard: float
    report: dict = field(default_factory=dict)
    listens: float | None = None
    """Since when."""
    leaving: float | None = None
    """When it was told to stop."""
    unread: bytes = b""

    @property
    def ready(self) -> bool:
        return self.listens is not None


class Parent:
    """`command`: what a worker is started with. `sockets`: open listening sockets, by name. `count`: how many workers.
    `nursery`: forks workers, where it can; else each is started by exec.

    `on_turn` is called at least once a second. `monotonic`: the clock, for tests. Nothing but `run` waits.
    """

    def __init__(
        self, command: Sequence[str], count: int, sockets: Mapping[str, socket.socket], *,
        environment: Mapping[str, str] | None = None, monotonic: Callable[[], float] = time.monotonic,
        boot: float = BOOT, silent: float = SILENT, drain: float = DRAIN, pauses: Sequence[float] = PAUSES,
        alone: float = ALONE, nursery: Nursery | None = None,
        on_turn: Callable[["Parent"], None] = lambda parent: None,
    ):  # fmt: skip
        self.command, self.count, self.sockets = list(command), count, dict(sockets)
        self.environment = dict(os.environ if environment is None else environment)
        self.now, self.boot, self.silent, self.drain, self.pauses = monotonic, boot, silent, drain, pauses
        self.alone, self.nursery, self.on_turn = alone, nursery, on_turn
        self.workers: list[Worker] = []
        self.deaths = [0] * count
        """How often in a row the worker of each place died before it was steady."""
        self.restarts = self.turned_away = 0
        self.code: int | None = None
        """The exit code, as soon as the parent is to end."""
        self._again: dict[int, float] = {}
        self._asked: set[str] = set()
        self._rolling: list[Worker] = []
        self._complete = False
        self._alone_since: float | None = None

    # What people ask of it ------------------------------------------------------------------------------------------

    def stop(self, code: int = 0) -> None:
        """Every worker drains; then `run` returns `code`."""
        if self.code is None:
            self.code = code
            self._again.clear()
            for worker in self.workers:
                self._tell(worker, signal.SIGTERM)

    def reload(self) -> None:
        """The table's files are taken: one worker has them checked, and all follow what is then live."""
        for worker in self.workers:
            if worker.ready and worker.leaving is None:
                self._send(worker, signal.SIGHUP)
                return

    def roll(self) -> None:
        """Replace one worker after the other."""
        if not self._rolling and self.code is None:
            self._rolling = [worker for worker in self.workers if worker.leaving is None]
            log.info("workers are replaced one after the other", workers=len(self._rolling))
            if self.nursery is not None:
                self.nursery.renew()
            self._roll_on()

    # Its life -------------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Until everybody has gone. The signals' handlers only note what was asked."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        asked = {signal.SIGTERM: "stop", signal.SIGINT: "stop", signal.SIGHUP: "reload", signal.SIGUSR2: "roll"}
        before = {number: signal.signal(number, lambda n, _: self._asked.add(asked[n])) for number in asked}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        old = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        try:
            if self.nursery is not None:
                self.nursery.open()
            # The first makes the speech and shows that a worker can start at all; then come the others.
            self._start(0)
            while self.workers or self._again:
                self.turn(self._rest(), woken)
                self.on_turn(self)
        finally:
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            for worker in self.workers:  # only after an error of the parent's own
                worker.process.kill()
            if self.nursery is not None:
                self.nursery.close()
            os.close(woken)
            os.close(wake)
        return self.code or 0

    def turn(self, wait: float, woken: int | None = None) -> None:
        """One turn: what the workers report, what was asked, who died, who is late, who is due."""
        speaking = {worker.pipe: worker for worker in self.workers if worker.pipe >= 0}
        others = [fd for fd in (woken, self.nursery and self.nursery.fileno()) if fd is not None and fd >= 0]
        left = list(self.sockets.values()) if self._nobody_listens() else []
        for one in select.select([*speaking, *others, *left], [], [], max(0.0, wait))[0]:
            if one in speaking:
                self._hear(speaking[one])
            elif one == woken:
                os.read(woken, 1024)
            elif one in left:
                self._turn_away(one)
        if self.nursery is not None:
            self.nursery.look()
        for what in sorted(self._asked):
            self._asked.discard(what)
            getattr(self, what)()
        for worker in list(self.workers):
            if worker.process.poll() is not None:
                self._died(worker)
            else:
                self._late(worker)
        reading = self.nursery is not None and self.nursery.reading
        for number, due in list(self._again.items()):
            if self.now() >= due and self.code is None and not reading:
                del self._again[number]
                self._start(number)

    def _rest(self) -> float:
        """Seconds until something is due by the clock."""
        if self.nursery is not None and self.nursery.reading:
            return 1.0  # it wakes us when it has read
        return min([1.0, *(due - self.now() for due in self._again.values())])

    def _nobody_listens(self) -> bool:
        """Is nobody there to take a connection, nor will be soon?"""
        if any(worker.ready and worker.leaving is None for worker in self.workers):
            self._alone_since = None
            return False
        self._alone_since = self.now() if self._alone_since is None else self._alone_since
        return self.code is not None or self.now() - self._alone_since >= self.alone

    def _turn_away(self, door: socket.socket) -> None:
        """Close whatever waits at a door: an open connection nobody answers leaves a caller in silence (rule A4), a
        closed one takes him to the next host, or to the dialplan's fallback."""
        before = self.turned_away
        with suppress(OSError):
            while True:
                door.accept()[0].close()
                self.turned_away += 1
        if before.bit_length() != self.turned_away.bit_length():  # the first, the second, the fourth, the eighth, …
            log.warning("no worker listens; who comes is turned away, and his dialplan goes on", times=self.turned_away)

    # Workers --------------------------------------------------------------------------------------------------------

    def _start(self, number: int) -> Worker:
        fds = {name: one.fileno() for name, one in self.sockets.items()}
        about = {FDS: ",".join(f"{name}={fd}" for name, fd in fds.items()), WORKER: str(number)}

        def forked(pipe: int):
            return self.nursery.start(about, pipe, REPORTS) if self.nursery is not None else None

        def begun(pipe: int):
            environment = self.environment | about | {REPORTS: str(pipe)}
            return subprocess.Popen(self.command, env=environment, pass_fds=[pipe, *fds.values()])

        # A pipe for each try: who was forked after all, and nobody knows of it, finds that nobody reads, and ends.
        process, reports = self._reporting(forked)
        if process is None:
            process, reports = self._reporting(begun)
        worker = Worker(number, process, reports, self.now(), self.now())
        self.workers.append(worker)
        log.info("a worker is started", worker=number, pid=process.pid)
        return worker

    @staticmethod
    def _reporting(start: Callable[[int], subprocess.Popen | Forked | None]) -> tuple:
        """A process that was given a pipe to report on, and our end of it; twice None where there is none."""
        reports, pipe = os.pipe()
        process = None
        try:
            process = start(pipe)
        finally:
            os.close(pipe)
            if process is None:
                os.close(reports)
        if process is None:
            return None, None
        os.set_blocking(reports, False)
        return process, reports

    def _hear(self, worker: Worker) -> None:
        try:
            data = os.read(worker.pipe, 65536)
        except BlockingIOError:
            return
        if not data:
            os.close(worker.pipe)
            worker.pipe = -1
            return
        worker.heard = self.now()
        *lines, worker.unread = (worker.unread + data).split(b"\n")
        for line in lines:
            try:
                worker.report = json.loads(line)
            except ValueError:
                log.warning("a worker's report cannot be read", worker=worker.number, report=line[:80])
        worker.unread = worker.unread[-65536:]
        if lines and not worker.ready:
            worker.listens = self.now()
            log.info("a worker listens", worker=worker.number, pid=worker.process.pid)
            if any(one.number == worker.number and one is not worker for one in self.workers):
                self._replaced(worker)
            elif not self._complete:
                self._complete = True
                self._again |= dict.fromkeys(range(1, self.count), self.now())

    def _late(self, worker: Worker) -> None:
        """Kill who does not boot, does not report, or does not go."""
        if worker.leaving is not None:
            if self.now() - worker.leaving > self.drain:
                worker.process.kill()
        elif self.now() - worker.heard > (self.silent if worker.ready else self.boot):
            log.error("a worker is hung and is killed; its callers go on with another", worker=worker.number,
                      pid=worker.process.pid, ready=worker.ready)  # fmt: skip
            worker.process.kill()

    def _died(self, worker: Worker) -> None:
        if worker.pipe >= 0:
            os.close(worker.pipe)
        self.workers.remove(worker)
        code = worker.process.returncode
        if self.code is not None or worker.leaving is not None:
            log.info("a worker has gone", worker=worker.number, code=code)
            if worker in self._rolling:
                self._rolling.remove(worker)
                self._roll_on()
            return
        if any(one.number == worker.number for one in self.workers):
            self._not_replaced(worker, code)
            return
        if not worker.ready and not self.restarts and not any(one.ready for one in self.workers):
            # The first of all cannot boot: what is wrong is wrong for all of them, and was just printed.
            log.error("a worker cannot start, so nothing starts", code=code)
            self.stop(code if code > 0 else 1)
            return
        steady = worker.ready and self.now() - worker.listens >= STEADY
        self.deaths[worker.number] = 1 if steady else self.deaths[worker.number] + 1
        self.restarts += 1
        pause = self.pauses[min(self.deaths[worker.number], len(self.pauses)) - 1]
        self._again[worker.number] = self.now() + pause
        log.error("a worker died; its callers go on with another", worker=worker.number, pid=worker.process.pid,
                  code=code, deaths_in_a_row=self.deaths[worker.number], again_in=pause)  # fmt: skip

    def _roll_on(self) -> None:
        """Start the one that replaces the next."""
        self._rolling = [worker for worker in self._rolling if worker in self.workers]
        if self._rolling and self.code is None:
            self._start(self._rolling[0].number)

    def _replaced(self, worker: Worker) -> None:
        """The new one listens; the old one takes no new call and drains."""
        for old in [one for one in self.workers if one.number == worker.number and one is not worker]:
            self._tell(old, signal.SIGTERM)

    def _not_replaced(self, worker: Worker, code: int) -> None:
        self._rolling.clear()
        log.error("the new worker cannot start; the old ones go on", worker=worker.number, code=code)

    def _tell(self, worker: Worker, number: signal.Signals) -> None:
        worker.leaving = self.now() if worker.leaving is None else worker.leaving
        self._send(worker, number)

    def _send(self, worker: Worker, number: signal.Signals) -> None:
        if worker.process.poll() is None:
            worker.process.send_signal(number)
