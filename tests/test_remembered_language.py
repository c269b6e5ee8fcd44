"""Who has chosen a language by key is greeted in it when he calls again (rule A3)."""

import pytest

from ivr.store.languages import KEPT
from ivr.switch import Caller
from tests.house import HOUSE
from tests.switched import switched

REMEMBERS = HOUSE.replace("country: CN", "country: CN\n  remember_language: yes")


@pytest.fixture
def house(tmp_path):
    with switched(tmp_path, table=REMEMBERS) as one:
        yield one


def greeted(house, frm: str) -> tuple[str, int]:
    """The language in which a caller's next call is greeted; how often it is in the journal that it was remembered."""
    call = house.call(Caller().hears().waits(1).hangs_up(), frm=frm)
    house.settle()
    language = house.connections[-1].language
    return language, sum(row.event == "remembered" for row in house.journal(call.uuid).events)


def chooses(house, frm: str) -> None:
    house.call(Caller().hears().waits(1).presses("9").waits(3).hangs_up(), frm=frm)
    house.settle()


def test_he_is_greeted_in_it_however_his_number_is_written(house):
    assert greeted(house, "13800138000") == ("zh", 0)
    chooses(house, "13800138000")
    assert greeted(house, "13800138000") == ("en", 1)
    assert greeted(house, "+8613800138000") == ("en", 1)
    assert greeted(house, "13900139000") == ("zh", 0)


def test_who_shows_no_number_is_not_remembered(house):
    chooses(house, "")
    assert greeted(house, "") == ("zh", 0)


def test_what_was_chosen_too_long_ago_is_swept(house):
    # Given a choice of 400 days ago
    chooses(house, "13800138000")
    now = house.clock.now()
    house.line.books.languages.keep("+8613800138000", "en", now - KEPT)
    # When the line sweeps
    house.line.leads = True
    house.line.sweep()
    # Then nothing of it is left
    assert house.line.books.languages.forget(now) == 0
    assert greeted(house, "13800138000") == ("zh", 0)
