"""A role is one worker's at a time; who dies loses it by the clock."""

from datetime import timedelta

from ivr.store.leases import Leases
from tests.store.conftest import AT

LATER = AT + timedelta(seconds=30)


def test_one_has_it_and_keeps_it_as_long_as_he_asks(store):
    leases = Leases(store)
    assert leases.take("chores", "a:1", AT, 30)
    assert not leases.take("chores", "a:2", AT, 30)
    assert leases.take("chores", "a:1", AT + timedelta(seconds=20), 30)
    assert not leases.take("chores", "a:2", LATER, 30)
    # Another role is another's
    assert leases.take("deliveries", "a:2", AT, 30)


def test_who_dies_loses_it_by_the_clock(store):
    leases = Leases(store)
    assert leases.take("chores", "a:1", AT, 30)
    assert not leases.take("chores", "b:1", LATER - timedelta(milliseconds=1), 30)
    assert leases.take("chores", "b:1", LATER, 30)
    assert not leases.take("chores", "a:1", LATER, 30)


def test_who_stops_gives_it_back_at_once_and_only_his_own(store):
    leases = Leases(store)
    assert leases.take("chores", "a:1", AT, 30)
    leases.give_back("chores", "a:2")
    assert not leases.take("chores", "a:2", AT, 30)
    leases.give_back("chores", "a:1")
    assert leases.take("chores", "a:2", AT, 30)
