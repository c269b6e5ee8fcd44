"""The parent's page of health, for monitors: on either kind of address, with its own word for a port that is taken."""

import socket
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest

from ivr.errors import SettingsError
from ivr.parent import health_page
from ivr.settings import Settings

NOBODY = SimpleNamespace(workers=[], restarts=0, turned_away=0)


@pytest.mark.parametrize(("host", "written"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_a_monitor_is_told_that_no_worker_lives(tmp_path, host, written):
    try:
        page = health_page(Settings(data=tmp_path, health_listen=f"{written}:0", workers=2), NOBODY)
    except SettingsError:
        pytest.skip(f"no {host} here")
    connection = HTTPConnection(host, page.server_port, timeout=10)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (503, b"not well: 0 of 2 workers live\n")
    finally:
        connection.close()
        page.shutdown()
        page.server_close()


def test_a_port_that_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError) as error:
            health_page(Settings(data=tmp_path, health_listen=address, workers=2), NOBODY)
    assert str(error.value) == f"--health-listen: {address}: Address already in use; give a free port"


def test_nobody_asks(tmp_path):
    assert health_page(Settings(data=tmp_path, health_listen="", workers=2), NOBODY) is None
