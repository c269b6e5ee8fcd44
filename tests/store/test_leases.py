"""A role is one worker's at a time; who dies loses it, at once to his neighbours, else by the clock."""

import subprocess
import sys
from datetime import timedelta
from socket import gethostname

import pytest

from ivr.store.leases import Leases, this_process
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


def test_who_died_on_this_machine_loses_it_at_once(store):
    # Given a process that had it, and is dead
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as process:
        process.wait(20)
    leases = Leases(store)
    assert leases.take("chores", f"{gethostname()}:{process.pid}", AT, 30)
    # When another asks for it, then he has it
    assert leases.take("chores", this_process(), AT, 30)
    # And keeps it, since he lives
    assert not leases.take("chores", "a:1", AT, 30)


@pytest.mark.parametrize("holder", ["{host}:1", "{host}:no number", "another:999999999", "{host}:99999999999999999999"])
def test_whose_death_is_not_sure_keeps_it(store, holder):
    leases = Leases(store)
    assert leases.take("chores", holder.format(host=gethostname()), AT, 30)
    assert not leases.take("chores", this_process(), AT, 30)


def test_who_stops_gives_it_back_at_once_and_only_his_own(store):
    leases = Leases(store)
    assert leases.take("chores", "a:1", AT, 30)
    leases.give_back("chores", "a:2")
    assert not leases.take("chores", "a:2", AT, 30)
    leases.give_back("chores", "a:1")
    assert leases.take("chores", "a:2", AT, 30)
