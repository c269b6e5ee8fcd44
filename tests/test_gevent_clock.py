from datetime import UTC

import gevent
from gevent.event import Event

from ivr.gevent_clock import SystemClock


def test_a_timer_fires_once_and_leaves_nothing_behind():
    # Given a timer that is due at once
    clock, fired, done = SystemClock(), [], Event()
    timer = clock.call_later(0, lambda *args: (fired.append(args), done.set()), 1, 2)
    # When the loop has gone round
    assert done.wait(5)
    # Then it has fired, and cancelling it is nothing
    timer.cancel()
    assert fired == [(1, 2)]


def test_a_timer_that_is_cancelled_does_not_fire():
    clock, fired = SystemClock(), []
    timer = clock.call_later(0, fired.append, 1)
    timer.cancel()
    timer.cancel()
    for _ in range(3):
        gevent.idle()
    assert fired == []


def test_the_time_is_aware_and_runs_on():
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() >= before
