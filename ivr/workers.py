"""Several workers answer behind one door: a parent binds the sockets, starts workers by exec, and replaces who died.

    parent = Parent(["ivr", "serve", "--listen", "127.0.0.1:8084"], count=4, sockets={"listen": socket})
    exit_code = parent.run()

The parent takes no call, so nothing a caller does can harm it, and what is upgraded is the workers. Each is told by the
environment which open sockets are its own and on which pipe it reports: one line of JSON a second, the first when it
listens. A worker that reports nothing for `SILENT` seconds is hung: it is killed, and its callers go on with another.

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
from dataclasses import dataclass, field

import structlog

__all__ = ["FDS", "REPORTS", "WORKER", "Parent", "Worker"]

log = structlog.get_logger(__name__)

FDS, REPORTS, WORKER = "IVR_LISTEN_FDS", "IVR_REPORTS_FD", "IVR_WORKER"
"""Variables a worker finds: its sockets (listen=3,records=4), the pipe it reports on, and its number."""
BOOT = 120.0
"""Seconds until a worker must listen: speech may take one minute of it."""
SILENT = 15.0
"""Seconds without a report after which a worker is hung. Its event loop has then stood still for as long."""
PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a worker is started again that died at once, for the first time, the second, …"""
STEADY = 60.0
"""Seconds a worker must have lived for its death to count as the first again."""
DRAIN = 20.0
"""Seconds a worker has to stop before it is killed: the line itself drains for ten."""


@dataclass(eq=False)
class Worker:
    """One worker. `number`: its place, kept by whoever comes after it. `report`: the last thing it said of itself."""

    number: int
    process: subprocess.Popen
    pipe: int
    since: float
    heard: float
    report: dict = field(default_factory=dict)
    ready: bool = False
    leaving: float | None = None
    """When it was told to stop."""
    unread: bytes = b""


class Parent:
    """`command`: what a worker is started with. `sockets`: open listening sockets, by name. `count`: how many workers.

    `on_turn` is called at least once a second. `monotonic`: the clock, for tests. Nothing but `run` waits.
    """

    def __init__(
        self, command: Sequence[str], count: int, sockets: Mapping[str, socket.socket], *,
        environment: Mapping[str, str] | None = None, monotonic: Callable[[], float] = time.monotonic,
        boot: float = BOOT, silent: float = SILENT, drain: float = DRAIN, pauses: Sequence[float] = PAUSES,
        on_turn: Callable[["Parent"], None] = lambda parent: None,
    ):  # fmt: skip
        self.command, self.count, self.sockets = list(command), count, dict(sockets)
        self.environment = dict(os.environ if environment is None else environment)
        self.now, self.boot, self.silent, self.drain, self.pauses = monotonic, boot, silent, drain, pauses
        self.on_turn = on_turn
        self.workers: list[Worker] = []
        self.deaths = [0] * count
        """How often in a row the worker of each place died before it was steady."""
        self.restarts = 0
        self.code: int | None = None
        """The exit code, as soon as the parent is to end."""
        self._again: dict[int, float] = {}
        self._asked: set[str] = set()
        self._rolling: list[Worker] = []
        self._complete = False

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
            os.close(woken)
            os.close(wake)
        return self.code or 0

    def turn(self, wait: float, woken: int | None = None) -> None:
        """One turn: what the workers report, what was asked, who died, who is late, who is due."""
        pipes = [worker.pipe for worker in self.workers if worker.pipe >= 0]
        for pipe in select.select([*pipes, *([] if woken is None else [woken])], [], [], max(0.0, wait))[0]:
            if pipe == woken:
                os.read(woken, 1024)
            else:
                self._hear(next(worker for worker in self.workers if worker.pipe == pipe))
        for what in sorted(self._asked):
            self._asked.discard(what)
            getattr(self, what)()
        for worker in list(self.workers):
            if worker.process.poll() is not None:
                self._died(worker)
            else:
                self._late(worker)
        for number, due in list(self._again.items()):
            if self.now() >= due and self.code is None:
                del self._again[number]
                self._start(number)

    def _rest(self) -> float:
        """Seconds until something is due by the clock."""
        return min([1.0, *(due - self.now() for due in self._again.values())])

    # Workers --------------------------------------------------------------------------------------------------------

    def _start(self, number: int) -> Worker:
        reports, pipe = os.pipe()
        os.set_blocking(reports, False)
        fds = {name: one.fileno() for name, one in self.sockets.items()}
        environment = self.environment | {
            FDS: ",".join(f"{name}={fd}" for name, fd in fds.items()),
            REPORTS: str(pipe),
            WORKER: str(number),
        }
        try:
            process = subprocess.Popen(self.command, env=environment, pass_fds=[pipe, *fds.values()])
        finally:
            os.close(pipe)
        worker = Worker(number, process, reports, self.now(), self.now())
        self.workers.append(worker)
        log.info("a worker is started", worker=number, pid=process.pid)
        return worker

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
            worker.ready = True
            log.info("a worker listens", worker=worker.number, pid=worker.process.pid)
            if any(one.number == worker.number and one is not worker for one in self.workers):
                self._replaced(worker)
            elif not self._complete:
                self._complete = True
                for number in range(1, self.count):
                    self._start(number)

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
        steady = self.now() - worker.since >= STEADY
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
