"""docs/mistakes.md: what is said of each mistake is what `ivr check` says, and helps."""

import re

import pytest

from tests.docs import mistakes, write


def test_the_page_is_what_would_be_written_today():
    assert (write.DOCS / "mistakes.md").read_text("utf-8") == mistakes.page(), "run `make docs`"


def test_there_are_more_than_thirty_each_from_a_thread():
    assert len(mistakes.MISTAKES) > 30
    for one in mistakes.MISTAKES:
        assert one.seen
        assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#[0-9]+", thread) for thread in one.seen)
    assert len({one.what for one in mistakes.MISTAKES}) == len(mistakes.MISTAKES)


@pytest.mark.parametrize("mistake", mistakes.MISTAKES, ids=lambda one: one.what)
def test_each_is_found_with_its_place(mistake):
    said = mistakes.printed(mistake)
    assert re.match(r"[0-9]+:[0-9]+: ", said)
    # One slip is one fault, or what follows from it: nobody has to guess which of twenty is meant
    assert len(said.splitlines()) <= 4
