"""POST /records: 200 when it is kept, and anything else when it is not."""

import io

import gevent
import gevent.socket
import pytest

from ivr.errors import StoreError
from ivr.gevent_clock import SystemClock
from ivr.records import RecordsApp, records_server
from ivr.records.record import LARGEST
from ivr.store.off_hub import OffHub
from tests.records.test_record import body
from tests.store.conftest import UUID


def here(function, *args):
    return function(*args)


def ask(app, data: bytes = b"", **environ):
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/records", "CONTENT_LENGTH": str(len(data)), "wsgi.input":
        io.BytesIO(data), **environ,
    }  # fmt: skip
    told = []
    text = b"".join(app(environ, lambda status, headers: told.extend((status, dict(headers)))))
    assert told[1]["Content-Length"] == str(len(text))
    return told[0], text.decode()


def test_a_record_that_is_kept(records, journal):
    app = RecordsApp(records.take, here)
    assert ask(app, body()) == ("200 OK", f"{UUID}\n")
    assert journal.call(UUID).closed is not None


@pytest.mark.parametrize(
    ("data", "environ", "answer"),
    [
        (b"{}", {}, ("400 Bad Request", "the record has no variables.uuid of 36 characters 0-9, a-f and -\n")),
        (b"{}", {"REQUEST_METHOD": "GET"}, ("405 Method Not Allowed", "call records are posted\n")),
        (b"{}", {"PATH_INFO": "/"}, ("404 Not Found", "call records are posted to /records\n")),
        (b"{}", {"CONTENT_LENGTH": ""}, ("411 Length Required", "say Content-Length\n")),
        (b"{}", {"CONTENT_LENGTH": "-5"}, ("411 Length Required", "say Content-Length\n")),
        (b"{}", {"CONTENT_LENGTH": "x"}, ("411 Length Required", "say Content-Length\n")),
        (b"{}", {"CONTENT_LENGTH": "9"}, ("400 Bad Request", "the body did not come whole\n")),
        (
            b"{}",
            {"CONTENT_LENGTH": str(LARGEST + 1)},
            ("413 Content Too Large", f"more than {LARGEST} bytes are not read\n"),
        ),
    ],
)
def test_what_is_refused(records, data, environ, answer):
    assert ask(RecordsApp(records.take, here), data, **environ) == answer


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (StoreError("locked"), ("503 Service Unavailable", "it could not be kept; post it again\n")),
        (KeyError("a fault"), ("500 Internal Server Error", "it could not be taken; post it again\n")),
    ],
)
def test_what_could_not_be_kept_must_come_again(error, answer):
    def take(data):
        raise error

    assert ask(RecordsApp(take, here), body()) == answer


def test_on_a_real_server_off_the_hub_and_a_silent_peer_is_let_go(records, journal):
    # Given the server as the line runs it
    clock = SystemClock()
    off_hub = OffHub(clock)
    server = records_server(("127.0.0.1", 0), records.take, off_hub.run, clock, patience=0.3)
    server.start()
    try:
        with gevent.Timeout(20):
            # When one peer says that a body comes, and is silent, and another posts a record
            silent = gevent.socket.create_connection(("127.0.0.1", server.server_port))
            silent.sendall(b"POST /records HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
            other = gevent.socket.create_connection(("127.0.0.1", server.server_port))
            head = f"POST /records?uuid={UUID} HTTP/1.0\r\nContent-Type: application/json\r\n"
            other.sendall(f"{head}Content-Length: {len(body())}\r\n\r\n".encode() + body())

            # Then the second is served, and the first is let go
            assert read_all(other).startswith(b"HTTP/1.1 200 OK\r\n")
            assert read_all(silent) == b""
    finally:
        server.stop()
        off_hub.close()
    assert journal.call(UUID).closed is not None


def read_all(sock) -> bytes:
    found = b""
    while data := sock.recv(4096):
        found += data
    sock.close()
    return found
