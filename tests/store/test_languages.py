"""The language a caller chose, kept by his number (rule A3)."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.store import Languages

CALLER = "+8613800138000"
CHOSEN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAYS = timedelta(days=1)


@pytest.fixture
def languages(store):
    return Languages(store)


def test_what_was_chosen_last_counts(languages):
    languages.keep(CALLER, "en", CHOSEN)
    languages.keep(CALLER, "zh", CHOSEN + DAYS)
    languages.keep("+4930123456", "en", CHOSEN)
    assert [languages.of(one, CHOSEN + 2 * DAYS) for one in (CALLER, "+4930123456", "+4930999999")] == ["zh", "en", ""]


def test_after_400_days_it_is_forgotten_and_deleted(languages):
    # Given two callers, of whom one has chosen again
    for caller in (CALLER, "+4930123456"):
        languages.keep(caller, "en", CHOSEN)
    languages.keep(CALLER, "en", CHOSEN + DAYS)
    # Then the other's choice counts until the 400th day, and his number is kept no longer
    late = CHOSEN + 400 * DAYS
    assert [languages.of("+4930123456", when) for when in (late - DAYS / 2, late)] == ["en", ""]
    assert [languages.forget(late), languages.forget(late)] == [1, 0]
    assert languages.of(CALLER, late) == "en"
