"""The nursery: who is forked is like who was begun by exec, whoever dies is told, and without one all goes on."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from ivr.nursery import UNKNOWN, Nursery
from ivr.workers import Parent

LIMIT = 20.0
"""Seconds until a test gives up; none comes near it."""
PROGRAM = """
import json, os, select, signal, socket, sys, time
from ivr.nurse import NURSERY, tend
if NURSERY in os.environ:
    tend(os.environ)
going = []
signal.signal(signal.SIGTERM, lambda *_: going.append(1))
said = {name: os.environ.get(name) for name in ("IVR_WORKER", "IVR_LISTEN_FDS", NURSERY)}
os.write(int(os.environ["IVR_REPORTS_FD"]), (json.dumps({"pid": os.getpid(), "above": os.getppid(), **said}) + "\\n").encode())
while not going:
    time.sleep(0.01)
sys.exit(3)
"""  # noqa: E501


@contextmanager
def nursery():
    one = Nursery([sys.executable, "-c", PROGRAM], [])
    one.open()
    try:
        until(lambda: one.look() or one.ready)
        yield one
    finally:
        one.close()


def until(true) -> None:
    end = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@contextmanager
def worker(one: Nursery, number: int = 2):
    """A forked worker, and what it says first."""
    reports, pipe = os.pipe()
    process = one.start({"IVR_WORKER": str(number), "IVR_LISTEN_FDS": "listen=7"}, pipe, "IVR_REPORTS_FD")
    os.close(pipe)
    with open(reports, "rb") as file:
        try:
            yield process, json.loads(file.readline())
        finally:
            process.kill()
            process.wait()
            assert file.read() == b"", "somebody else holds its pipe"


def test_who_is_forked_has_its_variables_its_pipe_and_its_signals():
    with nursery() as one, worker(one) as (process, said):
        assert said == {
            "pid": process.pid, "above": one.process.pid, "IVR_WORKER": "2", "IVR_LISTEN_FDS": "listen=7",
            "IVR_NURSERY_FD": None,
        }  # fmt: skip
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 3
        # And whom it told once is not told again
        process.send_signal(signal.SIGTERM)


def test_each_is_told_apart_and_how_it_ended():
    with nursery() as one, worker(one, 0) as (first, _), worker(one, 1) as (second, said):
        assert said["IVR_WORKER"] == "1"
        first.kill()
        assert (first.wait(), second.poll()) == (-signal.SIGKILL, None)


def test_what_is_meant_for_the_parent_does_not_end_it():
    with nursery() as one:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            one.process.send_signal(number)
        with worker(one) as (process, _):
            assert process.poll() is None


def test_it_has_one_thread():
    with nursery() as one:
        assert len(os.listdir(f"/proc/{one.process.pid}/task")) == 1


def test_the_program_itself_has_one_thread_and_no_loop_when_it_forks():
    # Given `ivr serve` told to be a nursery
    one = Nursery([sys.executable, "-m", "ivr", "serve"], [])
    one.open()
    try:
        until(lambda: one.look() or one.ready)
        # Then nothing in it is torn by a fork
        assert len(os.listdir(f"/proc/{one.process.pid}/task")) == 1
        opened = [os.readlink(f"/proc/{one.process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{one.process.pid}/fd")]
        assert [path for path in opened if "epoll" in path or "eventfd" in path or path.endswith(".db")] == []
    finally:
        one.close()


def test_when_it_dies_its_workers_go_on_and_its_twin_forks_the_next():
    with nursery() as one, worker(one) as (process, _):
        until(lambda: one.look() or (one.twin is not None and one.twin.ready))
        twin = one.twin.process.pid
        # When it is killed
        one.process.kill()
        until(lambda: one.look() or one.process.pid == twin)
        # Then its worker goes on, and the twin forks, and has a twin of its own
        assert process.poll() is None
        with worker(one) as (second, said):
            assert (second.poll(), said["above"]) == (None, twin)
        until(lambda: one.look() or (one.twin is not None and one.twin.ready))
        # And how the first one ends nobody can tell any more, but that it does
        process.kill()
        assert process.wait() == UNKNOWN


def test_a_twin_that_dies_is_followed_by_another():
    with nursery() as one:
        until(lambda: one.look() or (one.twin is not None and one.twin.ready))
        before = one.twin.process.pid
        one.twin.process.kill()
        until(lambda: one.look() or (one.twin is not None and one.twin.ready and one.twin.process.pid != before))
        with worker(one) as (process, _):
            assert process.poll() is None


def test_where_both_are_gone_nothing_is_forked_until_another_has_read(monkeypatch):
    with nursery() as one, worker(one) as (process, _):
        until(lambda: one.look() or (one.twin is not None and one.twin.ready))
        for each in (one.twin.process, one.process):
            each.kill()
            each.wait()
        monkeypatch.setattr("ivr.nursery.AGAIN", 60.0)
        one.look()
        assert (one.start({}, 0, "X"), process.poll(), one.reading) == (None, None, False)
        monkeypatch.setattr("ivr.nursery.AGAIN", 0.0)
        until(lambda: one.look() or one.ready)
        with worker(one) as (second, _):
            assert second.poll() is None


def test_one_that_does_not_answer_is_killed(monkeypatch):
    monkeypatch.setattr("ivr.nursery.PATIENCE", 0.05)
    with nursery() as one:
        stopped = one.process.pid
        one.process.send_signal(signal.SIGSTOP)
        reports, pipe = os.pipe()
        assert one.start({}, pipe, "IVR_REPORTS_FD") is None
        until(lambda: one.look() or one.process is None or one.process.pid != stopped)
        assert not running(stopped)
        os.close(reports)
        os.close(pipe)


def test_it_ends_when_its_parent_has_gone():
    program = f"""
import sys, time
from ivr.nursery import Nursery
one = Nursery([sys.executable, "-c", {PROGRAM!r}], [])
one.open()
while not one.ready:
    one.look()
    time.sleep(0.01)
print(one.process.pid, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.communicate(timeout=LIMIT)[0])
    until(lambda: not running(pid))


def running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("renewed", [False, True])
def test_a_parent_forks_who_follows_the_dead(renewed):
    # Given a parent with a nursery
    door = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-c", PROGRAM]
    one = Parent(command, 1, {"listen": door}, pauses=(0.0,), nursery=Nursery(command, [door.fileno()]))
    one.nursery.open()
    one._start(0)

    def turns(true) -> None:
        end = time.monotonic() + LIMIT
        while not true():
            assert time.monotonic() < end
            one.turn(0.02)

    try:
        turns(lambda: one.nursery.ready and one.workers[0].ready)
        if renewed:
            before = one.nursery.process.pid
            one.roll()
            turns(lambda: one.nursery.ready and one._rolling == [] and len(one.workers) == 1 and one.workers[0].ready)
            assert one.nursery.process.pid != before
        # When its worker is killed
        first = one.workers[0].process
        first.kill()
        turns(lambda: one.workers and one.workers[0].process is not first and one.workers[0].ready)
        # Then the next one is the nursery's
        assert one.workers[0].report["above"] == one.nursery.process.pid
        assert one.restarts == 1
    finally:
        for each in one.workers:
            each.process.kill()
            each.process.wait()
            os.close(each.pipe)
        one.nursery.close()
        door.close()
