"""The parent: who dies is replaced, who hangs is killed, who cannot start stops everything, and nothing is refused."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager

import pytest

from ivr.workers import PAUSES, STEADY, Parent

LIMIT = 20.0
"""Seconds until a test gives up; none comes near it."""

WORKER = """
import json, os, select, signal, socket, sys, time
fds = dict(one.split("=") for one in os.environ["IVR_LISTEN_FDS"].split(","))
door, pipe = socket.socket(fileno=int(fds["listen"])), int(os.environ["IVR_REPORTS_FD"])
def report(**said):
    os.write(pipe, (json.dumps({"pid": os.getpid(), **said}) + "\\n").encode())
going = []
signal.signal(signal.SIGTERM, lambda *_: going.append(1))
signal.signal(signal.SIGHUP, lambda *_: report(reloaded=True))
"""
ANSWERS = """
report()
while not going:
    try:
        if select.select([door], [], [], 0.05)[0]:
            caller = door.accept()[0]
            caller.sendall(str(os.getpid()).encode())
            caller.close()
    except (BlockingIOError, InterruptedError):
        pass
"""


@contextmanager
def parent(body: str = ANSWERS, count: int = 2, **how):
    """A parent whose turns the test takes; nothing of it is left."""
    door = socket.create_server(("127.0.0.1", 0), backlog=64)
    door.setblocking(False)
    command = [sys.executable, "-S", "-c", WORKER + textwrap.dedent(body)]
    one = Parent(command, count, {"listen": door}, pauses=how.pop("pauses", (0.0,)), **how)
    one._start(0)
    try:
        yield one, door.getsockname()
    finally:
        for worker in one.workers:
            worker.process.kill()
            worker.process.wait()
            if worker.pipe >= 0:
                os.close(worker.pipe)
        door.close()


def until(one: Parent, true) -> None:
    """Take turns until something is so."""
    end = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < end, [worker.report for worker in one.workers]
        one.turn(0.02)


def ready(one: Parent, count: int = 2):
    return lambda: sum(worker.ready for worker in one.workers) == count


def answered_by(address) -> int:
    with socket.create_connection(address, timeout=LIMIT) as caller:
        return int(caller.recv(16))


def test_workers_share_one_door_and_report():
    with parent() as (one, address):
        until(one, ready(one))
        assert {worker.report["pid"] for worker in one.workers} == {worker.process.pid for worker in one.workers}
        assert answered_by(address) in {worker.process.pid for worker in one.workers}


def test_who_dies_is_replaced_and_meanwhile_the_door_is_open():
    with parent(count=1) as (one, address):
        until(one, ready(one, 1))
        first = one.workers[0].process.pid
        # When it is killed
        os.kill(first, signal.SIGKILL)
        # Then a caller who comes now is answered by the one that comes after it
        caller = socket.create_connection(address, timeout=LIMIT)
        until(one, lambda: one.workers and one.workers[0].process.pid != first and one.workers[0].ready)
        with caller:
            assert int(caller.recv(16)) == one.workers[0].process.pid
        assert (one.restarts, one.deaths) == (1, [1])


def test_who_dies_again_and_again_waits_longer_each_time():
    with parent("report(); time.sleep(0.01); sys.exit(3)", count=1, pauses=(0.0, 0.02, 60.0)) as (one, _):
        until(one, lambda: one.deaths == [3])
        assert one.workers == []
        assert one._again[0] > one.now() + 50


def test_nothing_starts_where_the_first_worker_cannot():
    with parent("sys.exit(2)") as (one, _):
        until(one, lambda: not one.workers)
        assert one.code == 2
        assert one._again == {}


def test_who_hangs_is_killed():
    with parent("report(); signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", 1, silent=0.05) as (one, _):
        until(one, lambda: one.restarts == 1)


def test_who_never_listens_is_killed():
    with parent("time.sleep(600)", 1, boot=0.05) as (one, _):
        until(one, lambda: one.code == 1)
        assert not one.workers


def test_a_stop_lets_all_go_and_kills_who_does_not():
    with parent("report(); signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", drain=0.05) as (one, _):
        until(one, ready(one))
        one.stop()
        until(one, lambda: not one.workers)
        assert (one.code, one._again) == (0, {})


def test_an_upgrade_replaces_one_after_the_other_and_refuses_nobody():
    with parent() as (one, address):
        until(one, ready(one))
        before = {worker.process.pid for worker in one.workers}
        one.roll()
        answered = []

        def all_new():
            answered.append(answered_by(address))
            listening = [worker for worker in one.workers if worker.leaving is None and worker.ready]
            assert listening, "nobody listened"
            return len(one.workers) == 2 and not before & {worker.process.pid for worker in one.workers}

        until(one, all_new)
        assert sorted(worker.number for worker in one.workers) == [0, 1]
        assert one.restarts == 0


def test_an_upgrade_that_cannot_start_leaves_the_old_ones(tmp_path):
    broken = tmp_path / "broken"
    body = f"import os.path\nif os.path.exists({str(broken)!r}): sys.exit(2)\n{ANSWERS}"
    with parent(body) as (one, address):
        until(one, ready(one))
        before = {worker.process.pid for worker in one.workers}
        broken.touch()
        one.roll()
        until(one, lambda: one._rolling == [])
        assert {worker.process.pid for worker in one.workers} == before
        assert answered_by(address) in before


def test_a_reload_is_told_to_a_worker():
    with parent() as (one, _):
        until(one, ready(one))
        one.reload()
        until(one, lambda: any(worker.report.get("reloaded") for worker in one.workers))


def test_what_cannot_be_read_as_a_report_is_none():
    with parent('os.write(pipe, b"\\xff{no\\n"); report(n=1); time.sleep(600)', 1) as (one, _):
        until(one, lambda: one.workers[0].report.get("n") == 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_parent_ends_by_its_signals(number):
    # Given a parent in a process of its own
    body = json.dumps([sys.executable, "-S", "-c", WORKER + ANSWERS])
    program = (
        "import json, socket, sys; from ivr.workers import Parent; door = socket.create_server(('127.0.0.1', 0));"
        f"sys.exit(Parent(json.loads({body!r}), 2, {{'listen': door}}).run())"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        listening = 0
        for line in process.stdout:
            listening += b"a worker listens" in line
            if listening == 2:
                break
        # When it is told to end
        process.send_signal(number)
        # Then its workers go, and it ends well
        rest, _ = process.communicate(timeout=LIMIT)
        assert (process.returncode, rest.count(b"a worker has gone")) == (0, 2)


def test_who_listened_a_while_and_dies_is_replaced_at_once():
    with parent(count=1, pauses=(0.0, 60.0)) as (one, _):
        for _ in range(3):
            until(one, ready(one, 1))
            # Given a worker that has listened for longer than a start takes
            one.workers[0].listens -= 10
            first = one.workers[0].process
            first.kill()
            until(one, lambda first=first: one.workers and one.workers[0].process is not first)
        assert (one.restarts, one.deaths) == (3, [1])


def test_two_of_whom_one_is_killed_every_second_are_both_there_the_next():
    # Given a clock that stands still but for the second between two kills
    now = [0.0]
    with parent(pauses=PAUSES, monotonic=lambda: now[0], silent=1000, boot=1000) as (one, _):
        until(one, ready(one))
        for turn in range(12):
            now[0] += 1.0
            # When the same is killed again and again
            victim = next(worker for worker in one.workers if worker.number == (turn > 5))
            victim.process.kill()
            until(one, lambda victim=victim: victim not in one.workers)
            # Then another one follows at once
            until(one, ready(one))
        assert (one.restarts, one.deaths) == (12, [1, 1])


def test_who_listens_and_dies_of_its_first_call_waits_longer_each_time():
    now = [0.0]
    with parent(count=1, pauses=PAUSES, monotonic=lambda: now[0], silent=1000, boot=1000) as (one, _):
        waited = []
        for _ in PAUSES:
            until(one, ready(one, 1))
            now[0] += STEADY / 2
            one.workers[0].process.kill()
            until(one, lambda: not one.workers or one.restarts > len(waited))
            waited.append(one._again.get(0, now[0]) - now[0])
            now[0] += waited[-1]
        assert tuple(waited) == PAUSES


def test_while_nobody_listens_callers_are_turned_away_and_their_dialplan_goes_on():
    # Given a worker that does not come to listen
    with parent("time.sleep(600)", 1, alone=0.05) as (one, address):
        with socket.create_connection(address, timeout=LIMIT) as caller:
            until(one, lambda: one.turned_away == 1)
            assert caller.recv(16) == b""
    # But who comes while a worker is begun again waits for it
    with parent(count=1, alone=LIMIT) as (one, address):
        until(one, ready(one, 1))
        one.workers[0].process.kill()
        assert answered_later(one, address) == one.workers[0].process.pid
        assert one.turned_away == 0


def answered_later(one, address) -> int:
    with socket.create_connection(address, timeout=LIMIT) as caller:
        until(one, lambda: one.restarts == 1 and one.workers and one.workers[0].ready)
        return int(caller.recv(16))


def test_a_parent_that_stops_leaves_nobody_waiting_at_the_door():
    with parent("report(); signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", 1) as (one, address):
        until(one, ready(one, 1))
        one.stop()
        with socket.create_connection(address, timeout=LIMIT) as caller:
            until(one, lambda: one.turned_away == 1)
            assert caller.recv(16) == b""
