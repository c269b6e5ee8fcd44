"""Workers are forked from a process that has read the program already: a new one listens in a tenth of the time.

    nursery = Nursery(["ivr", "serve", …], doors=[3, 4])
    nursery.open()
    process = nursery.start({"IVR_WORKER": "2"}, pipe)      # like a subprocess.Popen; None while it is not ready

It is a child of the parent's, begun by exec like any worker; what it does is in `ivr.nurse`. Its first child is its
twin, which waits: when the nursery dies, its workers go on, and the twin forks the next ones. Where both are gone,
workers are begun by exec until there is another.
"""

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

import structlog

from ivr.nurse import LARGEST, NURSERY

__all__ = ["Forked", "Nursery"]

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds a fork may take: it takes a few milliseconds."""
AGAIN = 5.0
"""Seconds between two beginnings of a nursery that dies."""
READING = 10.0
"""Seconds it may take to read, during which it is worth waiting for: whoever is begun by exec reads the same."""
UNTOLD = 0.5
"""Seconds after a worker's end in which the nursery may say how it ended."""
UNKNOWN = 255
"""The exit code of a worker whose nursery was not there any more to learn it."""


class Forked:
    """One worker, as subprocess.Popen would show it: `pid`, `returncode`, `poll`, `send_signal`, `kill`."""

    def __init__(self, pid: int, pidfd: int, nursery: "Nursery"):
        self.pid, self.returncode = pid, None
        self._pidfd, self._nursery, self._line = pidfd, nursery, nursery._line
        self._over: float | None = None

    def poll(self) -> int | None:
        """Its exit code as soon as it is over; minus the signal's number where one killed it."""
        if self.returncode is None:
            self._nursery.hear()
            told = self._nursery.died.pop(self.pid, None)
            if told is None and select.select([self._pidfd], [], [], 0)[0]:
                self._over = self._nursery.now() if self._over is None else self._over
                untold = self._nursery._line is not self._line or self._nursery.now() - self._over >= UNTOLD
                told = UNKNOWN if untold else None
            if told is not None:
                self.returncode = told
                os.close(self._pidfd)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Tell it something; nothing happens when it is over. A number that another process has got meanwhile is not
        met."""
        if self.returncode is None:
            try:
                signal.pidfd_send_signal(self._pidfd, number)
            except ProcessLookupError:
                pass

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Its exit code; TimeoutError where it does not end."""
        end = self._nursery.now() + timeout
        while self.poll() is None:
            if self._nursery.now() > end:
                raise TimeoutError(f"worker {self.pid} did not end within {timeout:g} s")
            select.select([self._pidfd], [], [], 0.02)
        return self.returncode


class Nursery:
    """The parent's side. `doors`: descriptors every worker inherits under the same numbers."""

    def __init__(
        self, command: Sequence[str], doors: Sequence[int], *, environment: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ):  # fmt: skip
        self.command, self.doors, self.now = list(command), list(doors), monotonic
        self.environment = dict(os.environ if environment is None else environment)
        self.ready = False
        self.died: dict[int, int] = {}
        """How workers ended that nobody has asked after yet."""
        self.process: subprocess.Popen | Forked | None = None
        self.twin: Nursery | None = None
        self._waited_for = True
        self._line: socket.socket | None = None
        self._began: tuple[int, int] | None = None
        self._opened = 0.0

    def open(self) -> None:
        """Begin one. It is ready a second or two later."""
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # numpy's threads would be torn by a fork.
        environment = {**self.environment, NURSERY: str(its.fileno()), "OPENBLAS_NUM_THREADS": "1"}
        with its:
            self.process = subprocess.Popen(self.command, env=environment, pass_fds=[its.fileno(), *self.doors])
        ours.setblocking(False)
        self._line, self.ready, self._opened = ours, False, self.now()

    def renew(self) -> None:
        """Another one, of the program as it is now; workers of the old one go on."""
        self.close()
        self.open()

    def close(self) -> None:
        """It goes, and its twin; its workers stay."""
        if self.twin is not None:
            self.twin.close()
            self.twin = None
        if self._line is not None:
            self.hear()
        if self._line is not None:
            self._line.close()
        self._line, self.ready = None, False
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def look(self) -> None:
        """Hear what it says; see that it has a twin, and that the twin takes its place when it has died."""
        self.hear()
        if self.twin is not None:
            self.twin.hear()
            if self.twin._line is None:
                self.twin.close()
                self.twin = None
        if self._line is None and self.process is not None:
            self._died()
        elif self._line is None and self.now() - self._opened >= AGAIN:
            self.open()
        if self.ready and self.twin is None:
            self.twin = self._fork_twin()

    def _died(self) -> None:
        twin, self.twin = self.twin, None
        self.close()
        if twin is None or not twin.ready:
            log.error("the nursery died; workers are begun by exec until there is another")
            return
        log.error("the nursery died; its twin takes its place")
        self.process, self._line, self.ready = twin.process, twin._line, True

    def _fork_twin(self) -> "Nursery | None":
        twin = Nursery(self.command, self.doors, environment=self.environment, monotonic=self.now)
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with its:
            twin.process = self.start({}, its.fileno(), NURSERY)
        if twin.process is None:
            ours.close()
            return None
        twin._line = ours
        return twin

    @property
    def reading(self) -> bool:
        """Is it the first, and will it soon be ready? For another one nobody waits: there are too few workers then."""
        return self._waited_for and self._line is not None and self.now() - self._opened < READING

    def fileno(self) -> int:
        """What to wait for; -1 while there is none."""
        return -1 if self._line is None else self._line.fileno()

    def start(self, about: Mapping[str, str], pipe: int, name: str) -> Forked | None:
        """Fork a worker with these variables, and `pipe` under the variable `name`. None where it cannot be had now."""
        if not self.ready or self._line is None:
            return None
        self._began = None
        try:
            socket.send_fds(self._line, [json.dumps({"about": dict(about), "pipe": name}).encode()], [pipe])
        except OSError:
            return None
        end = self.now() + PATIENCE
        while self._began is None and self.ready and self.now() < end:
            select.select([self._line], [], [], 0.1)
            self.hear()
        if self._began is None:
            log.error("the nursery does not answer and is killed; workers are begun by exec meanwhile")
            self.process.kill()
            self.ready = False
            return None
        return Forked(*self._began, self)

    def hear(self) -> None:
        """Whatever it has said. Never waits."""
        while self._line is not None:
            try:
                data, fds, _, _ = socket.recv_fds(self._line, LARGEST, 1)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._line.close()
                self._line, self.ready = None, False
                return
            said = json.loads(data)
            if "ready" in said:
                self.ready, self._waited_for = True, False
            elif "began" in said:
                self._began = said["began"], fds[0]
            else:
                self.died[said["died"]] = said["code"]
