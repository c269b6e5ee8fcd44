"""The journal of the house."""

from datetime import timedelta

import pytest

from ivr.changes import Change
from ivr.store.changes import Changes
from tests.store.conftest import AT

LATER = AT + timedelta(hours=1)


def test_the_newest_first_and_which(store):
    changes = Changes(store)
    first = Change(AT, "override-set", "root", {"hours": "office", "state": "open", "until": None})
    second = Change(LATER, "override-cleared", "caller 8001", {"hours": "office"})
    changes.write(first)
    changes.write(second)
    assert changes.list() == [second, first]
    assert changes.list(limit=1) == changes.list(since=LATER) == changes.list(whats=["override-cleared"]) == [second]


def test_what_is_no_change_is_not_written():
    with pytest.raises(ValueError, match="'coffee' is no change; there are table-live, "):
        Change(AT, "coffee", "root")


def test_much_data_is_cut_and_fills_no_disk(store):
    changes = Changes(store)
    changes.write(Change(AT, "override-set", "x" * 200, {"hours": "y" * 10_000}))
    [change] = changes.list()
    assert change.by == "x" * 80
    assert change.data == {"cut": '{"hours": "' + "y" * 3989}
