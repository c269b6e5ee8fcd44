"""POST /records: mod_json_cdr's address. 200 is said when the record is on the disk, since it then forgets it.

    server = records_server(("127.0.0.1", 8085), records.take, off_hub.run, clock)
    server.start()

Everything but 2xx makes mod_json_cdr write the record into a folder, where the sweep finds it: so every other answer
is safe.
"""

from collections.abc import Callable, Iterable

import structlog
from gevent import socket
from gevent.pywsgi import WSGIHandler, WSGIServer

from ivr.clock import Clock
from ivr.errors import RecordError, StoreError
from ivr.records.record import LARGEST

__all__ = ["RecordsApp", "patient_server", "records_server"]

log = structlog.get_logger(__name__)


class RecordsApp:
    """A WSGI application. `take`: what takes a body; `run`: what runs it off the hub, with a deadline."""

    def __init__(self, take: Callable[[bytes], str], run: Callable[..., str]):
        self._take, self._run = take, run

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        status, text, *headers = self._answer(environ)
        body = (text + "\n").encode()
        start_response(
            status,
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), *headers],
        )
        return [body]

    def _answer(self, environ: dict) -> tuple:
        if environ.get("PATH_INFO") != "/records":
            return "404 Not Found", "call records are posted to /records"
        if environ.get("REQUEST_METHOD") != "POST":
            return "405 Method Not Allowed", "call records are posted", ("Allow", "POST")
        try:
            length = int(environ.get("CONTENT_LENGTH") or -1)
        except ValueError:
            length = -1
        if length < 0:
            return "411 Length Required", "say Content-Length"
        if length > LARGEST:
            return "413 Content Too Large", f"more than {LARGEST} bytes are not read"
        body = environ["wsgi.input"].read(length)
        if len(body) < length:
            return "400 Bad Request", "the body did not come whole"
        try:
            return "200 OK", self._run(self._take, body)
        except RecordError as error:
            log.warning("no call record", error=str(error), length=length)
            return "400 Bad Request", str(error)
        except StoreError as error:
            log.error("a call record could not be kept", error=str(error))
            return "503 Service Unavailable", "it could not be kept; post it again", ("Retry-After", "60")
        except Exception:
            log.exception("a call record could not be taken")
            return "500 Internal Server Error", "it could not be taken; post it again"


def records_server(
    address: tuple[str, int] | socket.socket,
    take: Callable[[bytes], str],
    run: Callable[..., str],
    clock: Clock,
    patience: float = 10.0,
) -> WSGIServer:
    """The server of that application, to be started. `address`: or a socket that listens already. `patience`: seconds
    a connection may take, however it goes."""
    return patient_server(address, RecordsApp(take, run), clock, patience)


def patient_server(address, application: Callable, clock: Clock, patience: float) -> WSGIServer:
    """A server whose connections last `patience` seconds at most."""

    class Handler(WSGIHandler):
        def handle(self):
            # Who asks here makes a connection for each question: one that lasts is nobody's who has something to say.
            late = clock.call_later(patience, _cut, self.socket)
            try:
                super().handle()
            finally:
                late.cancel()

    class Server(WSGIServer):
        def init_socket(self):
            super().init_socket()
            # Without it an answer waits 40 ms for the peer's acknowledgement (23 requests a second, not 2,939).
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # A name is given, or the server asks the DNS for it, and a slow DNS holds up the start of the line.
    named = {"SERVER_NAME": address[0] if isinstance(address, tuple) else "localhost"}
    return Server(address, application, handler_class=Handler, log=None, error_log=None, environ=named)


def _cut(connection) -> None:
    """Whoever reads from it or writes to it is told that it has ended."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
