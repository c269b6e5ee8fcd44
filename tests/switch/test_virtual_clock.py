"""Time jumps only when nobody has anything left to do."""

from datetime import UTC, datetime
from time import monotonic

import gevent
import pytest
from gevent import socket
from gevent.server import StreamServer
from gevent.threadpool import ThreadPool

from ivr.switch import VirtualClock


@pytest.fixture
def clock():
    with VirtualClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC)) as clock:
        yield clock


def test_a_long_wait_passes_at_once(clock):
    # Given real time
    begun = monotonic()

    # When somebody sleeps for a day
    clock.sleep(86400)

    # Then it is tomorrow, and no second has passed
    assert clock.now() == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert monotonic() - begun < 5


def test_timers_fire_in_their_order_and_not_when_cancelled(clock):
    # Given timers set in another order, two of them for one instant
    seen = []
    clock.call_later(2, seen.append, "b")
    clock.call_later(1, seen.append, "a")
    clock.call_later(2, seen.append, "c")
    clock.call_later(1.5, seen.append, "never").cancel()

    # When they are over
    clock.sleep(3)

    # Then
    assert seen == ["a", "b", "c"]


def test_a_timer_that_fails_does_not_stop_the_others(clock, capsys):
    # Given a timer that raises, and one after it
    seen = []
    clock.call_later(1, lambda: 1 / 0)
    clock.call_later(2, seen.append, "after")

    # When both are due
    clock.sleep(3)

    # Then the second fired, and the first was told
    assert seen == ["after"]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_no_time_passes_while_bytes_are_on_their_way(clock):
    # Given an echo over loopback, and a timer that waits to jump
    def echo(connection, address):
        while data := connection.recv(100):
            connection.sendall(data)

    server = StreamServer(("127.0.0.1", 0), echo)
    server.start()
    late = []

    def talk():
        with socket.socket() as connection:
            connection.connect(("127.0.0.1", server.server_port))
            for _ in range(100):
                before = clock.monotonic()
                connection.sendall(b"x")
                connection.recv(1)
                late.append(clock.monotonic() - before)
                clock.sleep(0.02)

    # When 20 talk at once
    gevent.joinall([gevent.spawn(talk) for _ in range(20)], raise_error=True)
    server.stop()

    # Then every answer came in the same instant as its question
    assert set(late) == {0.0} and len(late) == 2000


def test_no_time_passes_while_a_job_is_out(clock):
    # Given a pool that is watched, the hub's own pool, and a job marked busy
    pool = ThreadPool(1)
    clock.watch(pool)

    def work():
        monotonic_start = monotonic()
        while monotonic() - monotonic_start < 0.02:
            pass

    # When each of them works while a timer waits
    clock.call_later(100, lambda: None)
    for run in (pool, gevent.get_hub().threadpool):
        run.spawn(work).get(timeout=5)
        assert clock.monotonic() == 0.0
    with clock.busy():
        gevent.get_hub().threadpool.spawn(work).get(timeout=5)
        gevent.sleep(0.01)

    # Then no time had passed; now it does
    assert clock.monotonic() == 0.0
    clock.sleep(1)
    assert clock.monotonic() == 1.0
    pool.kill()
