"""POST /records: mod_json_cdr's address. 200 is said when the record is on the disk, since it then forgets it.

    app = RecordsApp(records.take, off_hub.run, clock)
    gevent.pywsgi.WSGIServer(listener, app)

Everything but 2xx makes mod_json_cdr write the record into a folder, where the sweep finds it: so every other answer
is safe.
"""

from collections.abc import Callable, Iterable

import structlog
from gevent import getcurrent

from ivr.clock import Clock
from ivr.errors import RecordError, StoreError
from ivr.records.record import LARGEST

__all__ = ["RecordsApp"]

log = structlog.get_logger(__name__)


class _Late(OSError):
    """The body did not come in time."""


class RecordsApp:
    """A WSGI application. `take`: what takes a body; `run`: what runs it off the hub, with a deadline.

    `patience`: seconds a body may take to come.
    """

    def __init__(self, take: Callable[[bytes], str], run: Callable[..., str], clock: Clock, patience: float = 10.0):
        self._take, self._run, self._clock, self._patience = take, run, clock, patience

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
        late = self._clock.call_later(self._patience, getcurrent().throw, _Late)
        try:
            body = environ["wsgi.input"].read(length)
        except OSError:
            return "408 Request Timeout", "the body did not come", ("Connection", "close")
        finally:
            late.cancel()
        if len(body) < length:
            return "400 Bad Request", "the body is shorter than Content-Length says"
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
