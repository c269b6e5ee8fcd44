"""Days on which something is broken: callers are served, and nothing that was taken is lost."""

import errno
import sqlite3
import subprocess
import sys

import gevent
import pytest
from gevent import socket

from ivr.errors import SpeechError
from ivr.store import sidecar
from ivr.switch import Answers, Busy, Caller
from tests.house import HOUSE
from tests.switched import Hum, switched


def leaves_a_message():
    return Caller().hears().waits(1).presses("8002").hears("recording").waits(0.5).says(5)


@pytest.fixture
def locked():
    """Lock a database for as long as the test lasts, or until `release`."""
    held = []

    def lock(path):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        held.append(connection)

    def release():
        while held:
            held.pop().close()

    lock.release = release
    yield lock
    release()


def test_a_locked_database_costs_nobody_his_message(tmp_path, locked):
    with switched(tmp_path) as house:
        house.switch.phones["8002"] = Busy()
        # Given a database that somebody else has locked
        locked(tmp_path / "zongji.db")
        # When a caller leaves a message
        call = house.switch.call(to="1000", script=leaves_a_message()).wait_ended(600)
        assert call.cause == "NORMAL_CLEARING"
        # Then it is there when the lock is gone
        locked.release()
        house.clock.sleep(200)
        house.settle()
        assert [message.state for message in house.line.messages.list()] == ["new"]
        assert house.path(call.uuid)[-1] == "goodbye"


def test_with_a_locked_database_and_a_full_disk_the_caller_is_told(tmp_path, locked, monkeypatch):
    with switched(tmp_path) as house:
        house.switch.phones["8002"] = Busy()

        def full(*_, **__):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(sidecar, "write", full)
        locked(tmp_path / "zongji.db")
        call = house.switch.call(to="1000", script=leaves_a_message().hangs_up()).wait_ended(600)
        locked.release()
        house.clock.sleep(200)
        events = [each.event for each in house.journal(call.uuid).events]
        assert "message-refused" in events
        assert house.switch.recordings == []
        assert house.path(call.uuid)[-1] == "goodbye"


def test_a_prompt_nobody_wrote_is_left_out_and_the_journal_says_so(tmp_path):
    with switched(
        tmp_path,
        table=HOUSE.replace("say: {zh: 我们在天河路一号。, en: We are at 1 Tianhe Road.}", "prompt: not-there"),
    ) as house:
        house.switch.phones["8001"] = Answers(after=1, talks=3)
        call = house.call(Caller().hears().waits(1).presses("3").waits(3).presses("0"))
        events = [(each.event, each.data.get("prompt")) for each in house.journal(call.uuid).events]
        assert ("prompt-missing", "not-there") in events
        assert house.path(call.uuid)[2:] == ["announcement/address", "menu/main", "operator", "goodbye"]


def test_without_a_voice_calls_go_on(tmp_path, monkeypatch):
    def mute(*_):
        raise SpeechError("the engine is gone")

    monkeypatch.setattr(Hum, "speak", mute)
    monkeypatch.setattr("tests.switched.SPEECH_CACHE", tmp_path / "nothing-made")
    with switched(tmp_path) as house:
        house.switch.phones["8001"] = Answers(after=1, talks=3)
        call = house.call(Caller().waits(1).presses("1"))
        assert house.path(call.uuid)[-2:] == ["department/sales", "goodbye"]


def test_a_switch_that_is_not_allowed_is_turned_away_and_its_caller_hears_the_fallback(tmp_path):
    with switched(tmp_path, switches="10.0.0.0/8") as house:
        call = house.switch.call(to="1000", script=Caller().hears("fallback-message").hangs_up()).wait_ended(600)
        assert house.line.server.figures.refused > 0
        assert "fallback-apology" in str(call.heard)


@pytest.mark.parametrize(
    "sent",
    [b"\x00\xff" * 5000, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
     b"Content-Type: command/reply\nContent-Length: 99999999999\n\n",
     b"Content-Type: text/event-json\nContent-Length: 50\n\n{", b""],
    ids=["noise", "http", "endless", "half", "silent"],
)  # fmt: skip
def test_garbage_on_the_socket_disturbs_nobody(tmp_path, sent):
    with switched(tmp_path) as house:
        house.switch.phones["8001"] = Answers(after=1, talks=3)
        port = house.line.server.server_port
        peers = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        for peer in peers:
            peer.sendall(sent)
        call = house.call(Caller().hears().waits(1).presses("1"))
        assert house.path(call.uuid)[-1] == "goodbye"
        house.clock.sleep(10)
        gevent.idle()
        assert house.line.server.sessions == set()
        for peer in peers:
            peer.close()


def test_a_broken_table_stops_the_start_with_every_error(tmp_path):
    broken = tmp_path / "routes.yaml"
    broken.write_text(HOUSE.replace("department/sales", "department/sale").replace("8002]", "8092]"))
    done = subprocess.run(
        [sys.executable, "-m", "ivr", "serve", "--table", str(broken), "--data", str(tmp_path / "data"),
         "--listen", "127.0.0.1:0", "--records-listen", "127.0.0.1:0"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines.pop() == "4 errors"
    assert len(lines) == 4, done.stderr
    assert all(line.startswith(f"{broken}:") for line in lines)
    assert list((tmp_path / "data").rglob("*.yaml")) == []  # nothing was kept of it
