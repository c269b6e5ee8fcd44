"""A worker finds what its parent gave it, reports, and goes when the parent has gone."""

import os
import socket
from datetime import UTC, datetime

import orjson
import pytest

from ivr.clock import ManualClock
from ivr.errors import SettingsError
from ivr.health import Report
from ivr.worker import Given, Reporting, inherited


class Once(ManualClock):
    """A clock on which nothing is waited for twice."""

    def sleep(self, seconds: float) -> None:
        raise StopIteration


@pytest.fixture
def pipe():
    ends = list(os.pipe())
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            pass


def test_without_a_parent_there_is_nothing():
    assert inherited({}) is None


def test_sockets_pipe_and_number_are_found_and_go_to_no_child(pipe):
    door = socket.create_server(("127.0.0.1", 0))
    fd = os.dup(door.fileno())
    os.set_inheritable(fd, True)
    given = inherited({"IVR_LISTEN_FDS": f"listen={fd}", "IVR_REPORTS_FD": str(pipe[1]), "IVR_WORKER": "3"})
    assert (given.number, given.pipe) == (3, pipe[1])
    assert given.sockets["listen"].getsockname() == door.getsockname()
    assert not os.get_inheritable(fd)
    assert not os.get_inheritable(pipe[1])
    given.sockets["listen"].close()
    door.close()


@pytest.mark.parametrize(
    "environ",
    [
        {"IVR_LISTEN_FDS": "listen=x", "IVR_REPORTS_FD": "1", "IVR_WORKER": "0"},
        {"IVR_LISTEN_FDS": "listen"},
        {"IVR_LISTEN_FDS": "", "IVR_WORKER": "0"},
    ],
)
def test_what_cannot_be_is_said(environ):
    with pytest.raises(SettingsError, match="are set by `ivr serve --workers` and by nobody else"):
        inherited(environ)


def reporting(fd: int, gone: list) -> Reporting:
    clock = Once(datetime(2026, 11, 23, tzinfo=UTC))
    return Reporting(Given({}, fd, 1), clock, lambda: Report(worker=1, calls=2), lambda: gone.append(1))


def test_it_reports(pipe):
    with pytest.raises(StopIteration):
        reporting(pipe[1], [])._go_on()
    said = orjson.loads(os.read(pipe[0], 4096))
    assert Report.read(said) == Report(worker=1, calls=2)


def test_it_goes_when_its_parent_has_gone(pipe):
    gone = []
    os.close(pipe[0])
    reporting(pipe[1], gone)._go_on()
    assert gone == [1]


def test_a_parent_that_does_not_read_holds_up_nobody(pipe):
    os.set_blocking(pipe[1], False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(pipe[1], b"x" * 65536)
    with pytest.raises(StopIteration):
        reporting(pipe[1], [])._go_on()
