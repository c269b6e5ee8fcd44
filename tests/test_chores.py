"""A chore comes at its time, and one that fails stops neither the others nor itself."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from ivr.chores import Chores
from ivr.errors import StoreError
from ivr.switch import VirtualClock


@pytest.fixture
def clock():
    with VirtualClock(datetime(2026, 11, 20, tzinfo=UTC)) as clock:
        yield clock


@pytest.fixture
def chores(clock):
    chores = Chores(clock)
    yield chores
    chores.stop()


def test_each_comes_at_its_time(chores, clock):
    # Given two chores, one of which fails in a way nobody expected
    done = []

    def sweep():
        done.append("sweep")

    def look():
        done.append("look")
        raise ZeroDivisionError

    # When some seconds pass
    with capture_logs():
        chores.every(3, sweep)
        chores.every(2, look)
        clock.sleep(7)

    # Then each has come as often as it should
    assert sorted(done) == ["look"] * 3 + ["sweep"] * 2


def test_one_that_fails_and_fails_is_told_less_and_less(chores):
    # Given a chore that fails five times, then works, then fails again
    fails = iter([True] * 5 + [False, True])

    def lead():
        if next(fails):
            raise StoreError("the database is locked")

    # When it is done seven times
    with capture_logs() as told:
        for _ in range(7):
            chores.once(lead)

    # Then its first, second and fourth failure are told, and the first after it worked
    assert [(one["times"], one["error"]) for one in told] == [
        (times, "the database is locked") for times in (1, 2, 4, 1)
    ]


def test_nothing_runs_on_after_the_stop(chores, clock):
    # Given a chore, and work nobody waits for
    done = []
    chores.every(2, lambda: done.append("chore"))
    chores.aside(lambda: (clock.sleep(4), done.append("work")))

    # When they are stopped after three seconds
    clock.sleep(3)
    chores.stop()
    clock.sleep(9)

    # Then neither goes on
    assert done == ["chore"]
