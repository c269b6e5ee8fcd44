"""`ivr serve --workers N`: the sockets, the workers, one page of health for all of them, and a word to systemd.

exit_code = run_parent(settings, arguments)         # arguments: those of `ivr serve` itself
"""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog

from ivr.errors import SettingsError
from ivr.health import Health, Report
from ivr.nursery import Nursery
from ivr.settings import Settings
from ivr.sockets import listening, socket_address
from ivr.workers import Parent

__all__ = ["run_parent", "tell_systemd"]

log = structlog.get_logger(__name__)

PATIENCE = 5.0
"""Seconds a monitor has to say what it wants."""


def run_parent(settings: Settings, arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Bind, start the workers, and stay until all have gone; the exit code. SettingsError for a port that is taken."""
    wanted = {
        "listen": settings.listen,
        "records-listen": settings.records_listen,
        "emergency-listen": settings.emergency_listen,
    }
    doors = {
        option.removesuffix("-listen"): listening(socket_address(address, option), option)
        for option, address in wanted.items()
        if address
    }
    command = [sys.executable, "-m", "ivr", *arguments]
    # Only Linux has what a parent needs to watch a worker that is not its own child.
    nursery = Nursery(command, [door.fileno() for door in doors.values()]) if hasattr(os, "pidfd_open") else None
    parent = Parent(command, settings.workers, doors, nursery=nursery, on_turn=watchdog(environ))
    page = health_page(settings, parent)
    try:
        return parent.run()
    finally:
        if page is not None:
            page.shutdown()
            page.server_close()
        for door in doors.values():
            door.close()


# Health --------------------------------------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    """Says nothing of each request, and waits for nobody."""

    timeout = PATIENCE

    def log_message(self, *_):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    """A monitor that is slow holds up no other, nor the workers."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)


def health_page(settings: Settings, parent: Parent) -> WSGIServer | None:
    """The pages of health, for all workers, in a thread of their own; None where nobody wants them."""
    if not settings.health_listen:
        return None

    def reports() -> list[Report]:
        return [Report.read(worker.report) for worker in list(parent.workers) if worker.ready]

    health = Health(reports, settings.workers, lambda: parent.restarts, lambda: parent.turned_away)
    host, port = socket_address(settings.health_listen, "health-listen")
    try:
        page = make_server(host, port, health.wsgi, server_class=Threads, handler_class=Quiet)
    except OSError as error:
        raise SettingsError(f"--health-listen: {settings.health_listen}: {error.strerror}; give a free port") from error
    Thread(target=page.serve_forever, name="health", daemon=True).start()
    return page


# systemd -------------------------------------------------------------------------------------------------------------


def tell_systemd(words: str, environ: Mapping[str, str] = os.environ) -> None:
    """READY=1, WATCHDOG=1 …: sd_notify(3), where systemd has given a socket for it."""
    place = environ.get("NOTIFY_SOCKET", "")
    if place:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as pigeon:
            try:
                pigeon.connect("\0" + place[1:] if place.startswith("@") else place)
                pigeon.send(words.encode())
            except OSError as error:
                log.warning("systemd does not listen", error=str(error))


def watchdog(environ: Mapping[str, str]):
    """What the parent does in every turn: as long as it turns, and a worker listens, systemd is told so."""
    said = {"ready": False}

    def turned(parent: Parent) -> None:
        if any(worker.ready for worker in parent.workers):
            if not said["ready"]:
                tell_systemd("READY=1", environ)
                said["ready"] = True
            tell_systemd("WATCHDOG=1", environ)

    return turned
