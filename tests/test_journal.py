"""The journal's entries."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.changes import CHANGES
from ivr.journal import EVENTS, Noted

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
UUID = "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b"


def test_every_event_is_on_the_page():
    page = (Path(__file__).parent.parent / "docs" / "journal.md").read_text(encoding="utf-8")
    assert [event for event in EVENTS if f"| `{event}` | {EVENTS[event]} |" not in page] == []


def test_every_change_is_on_the_page():
    page = (Path(__file__).parent.parent / "docs" / "journal.md").read_text(encoding="utf-8")
    assert [change for change in CHANGES if f"| `{change}` | {CHANGES[change]} |" not in page] == []


def test_every_event_the_house_writes_is_known():
    # Given the names in the source, of the line and of the handlers
    root = Path(__file__).parent.parent
    written = {
        name
        for folder in ("ivr", "esl_handlers")
        for path in (root / folder).rglob("*.py")
        for name in re.findall(r"note\((?:call, )?\"([a-z-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert "keyed" in written
    assert written - EVENTS.keys() == set()


def test_an_event_needs_a_name_that_is_one():
    with pytest.raises(ValueError, match="is no event's name"):
        Noted(UUID, AT, "Robert'); DROP TABLE calls")


def test_data_that_is_too_long_is_cut():
    assert len(Noted(UUID, AT, "failed", {"error": "x" * 100_000}).text) < 4000


def test_two_events_of_one_instant_are_two():
    assert Noted(UUID, AT, "key", {"key": "1"}).digest != Noted(UUID, AT, "key", {"key": "2"}).digest
    assert Noted(UUID, AT, "key", {"a": 1, "b": 2}).digest == Noted(UUID, AT, "key", {"b": 2, "a": 1}).digest
