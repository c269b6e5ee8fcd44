"""A worker's side of its parent: the sockets it was given, and a report a second.

    given = inherited(os.environ)
    reporting = Reporting(given, clock, report=line.report, orphaned=stopping.set)

Without a parent there is nothing here: a line that runs alone binds its own sockets.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import gevent
import orjson
import structlog
from gevent import socket

from ivr.clock import Clock
from ivr.errors import SettingsError
from ivr.health import Report
from ivr.workers import FDS, REPORTS, WORKER

__all__ = ["Given", "Reporting", "inherited"]

log = structlog.get_logger(__name__)

EVERY = 1.0
"""Seconds between two reports."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the parent gave: listening sockets by name, the pipe for reports, the worker's number."""

    sockets: Mapping[str, socket.socket]
    pipe: int
    number: int


def inherited(environ: Mapping[str, str]) -> Given | None:
    """What this process was started with by a parent; None where it has none. SettingsError for what cannot be."""
    if FDS not in environ:
        return None
    try:
        fds = dict(one.split("=") for one in environ[FDS].split(",") if one)
        sockets = {name: socket.socket(fileno=int(fd)) for name, fd in fds.items()}
        for one in sockets.values():
            one.setblocking(False)
        pipe, number = int(environ[REPORTS]), int(environ[WORKER])
        os.set_blocking(pipe, False)
        for fd in (pipe, *(one.fileno() for one in sockets.values())):
            os.set_inheritable(fd, False)  # not into espeak and others
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"{FDS}, {REPORTS}, {WORKER} are set by `ivr serve --workers` and by nobody else: {error}"
        ) from error
    return Given(sockets, pipe, number)


class Reporting:
    """Tells the parent every second how it is. When the parent is gone, `orphaned` is called, once: nobody would start
    a worker again, and the door must become free for the next parent."""

    def __init__(self, given: Given, clock: Clock, report: Callable[[], Report], orphaned: Callable[[], None]):
        self.given, self.clock, self.report, self.orphaned = given, clock, report, orphaned
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """From the first report on the parent knows that this worker listens."""
        self._greenlet = gevent.spawn(self._go_on)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill(timeout=1)

    def _go_on(self) -> None:
        while True:
            try:
                os.write(self.given.pipe, orjson.dumps(asdict(self.report())) + b"\n")
            except BlockingIOError:
                pass  # the parent is busy; the next one says the same
            except OSError:
                log.error("the parent has gone; this worker drains and ends", worker=self.given.number)
                self.orphaned()
                return
            self.clock.sleep(EVERY)
