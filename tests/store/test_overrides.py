"""Hours overridden by hand: what stands, for whom, how long; and who said so."""

from datetime import timedelta

import pytest

from ivr.errors import StoreError
from ivr.overrides import Override
from ivr.store.changes import Changes
from ivr.store.overrides import Overrides
from tests.store.conftest import AT

EVENING = AT + timedelta(hours=8)


def test_what_one_sets_the_other_sees_when_it_looks(store):
    # Given two lines
    ours, theirs = Overrides(store), Overrides(store)
    theirs.look()
    # When the hours are closed by hand in one
    ours.set("office", Override("closed", EVENING, "caller 8001"), AT)
    # Then it sees so at once, the other when it looks, and neither after their time
    assert ours.of("office", AT) == Override("closed", EVENING, "caller 8001")
    assert theirs.of("office", AT) is None
    theirs.look()
    assert theirs.of("office", EVENING - timedelta(seconds=1)) == Override("closed", EVENING, "caller 8001")
    assert theirs.of("office", EVENING) is None
    assert theirs.of("warehouse", AT) is None


def test_the_last_one_stands(store):
    overrides = Overrides(store)
    overrides.set("office", Override("closed", EVENING, "a"), AT)
    overrides.set("office", Override("open", None, "b"), AT)
    assert overrides.standing(AT) == {"office": Override("open", None, "b")}


def test_cleared_it_is_as_the_table_says(store):
    overrides = Overrides(store)
    overrides.set("office", Override("open", None, "a"), AT)
    assert (overrides.clear("office", AT, "b"), overrides.clear("office", AT, "b")) == (True, False)
    assert overrides.of("office", AT) is None
    # And one whose time is over is not taken back by anybody
    overrides.set("office", Override("open", EVENING, "a"), AT)
    assert overrides.clear("office", EVENING, "b") is False


def test_who_did_it_is_in_the_journal_of_the_house(store):
    overrides = Overrides(store)
    overrides.set("office", Override("closed", EVENING, "caller 8001"), AT)
    overrides.clear("office", AT + timedelta(seconds=1), "root")
    assert [(change.what, change.by, change.data) for change in Changes(store).list()] == [
        ("override-cleared", "root", {"hours": "office"}),
        ("override-set", "caller 8001", {"hours": "office", "state": "closed", "until": "2026-11-20T09:00:00+00:00"}),
    ]


def test_while_the_store_is_away_what_was_seen_last_stands(store, monkeypatch):
    overrides = Overrides(store)
    overrides.set("office", Override("closed", None, "a"), AT)

    def away(*_):
        raise StoreError("away")

    monkeypatch.setattr(store, "reading", away)
    with pytest.raises(StoreError):
        overrides.look()
    assert overrides.of("office", AT).state == "closed"


def test_hours_are_open_or_closed_and_nothing_else():
    with pytest.raises(ValueError, match="'lunch' is nothing hours can be made; they are open or closed"):
        Override("lunch")


def test_written_down_and_read_back_it_is_the_same():
    for override in (Override("open"), Override("closed", EVENING, "caller 8001")):
        assert Override.from_plain(override.plain) == override
