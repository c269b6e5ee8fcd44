"""docs/changes.md and docs/drawing.md say what `ivr diff` and `ivr draw` say today."""

import pytest

from tests.docs import changes, drawings, readme, write

SAID = readme.blocks(changes.PAGE.read_text("utf-8"))


@pytest.mark.parametrize("name", changes.EDITS)
def test_an_edit_is_told_as_it_is(name):
    assert (SAID[f"{name}_edit"], SAID[name]) == (changes.shown(name), changes.told(name)), "run `make docs`"


def test_there_is_one_edit_of_each_table():
    assert len({path for path, _, _ in changes.EDITS.values()}) == 3
    assert {status for _, _, status in changes.EDITS.values()} == {1, 2}


@pytest.mark.parametrize("name", drawings.PICTURES)
def test_a_picture_is_what_is_drawn(name):
    assert (write.DOCS / "pictures" / name).read_text("utf-8") == drawings.picture(name), "run `make docs`"
    assert f"](pictures/{name})" in drawings.PAGE.read_text("utf-8")


def test_the_mermaid_text_is_what_is_drawn():
    page = drawings.PAGE.read_text("utf-8")
    assert page == drawings.filled(page), "run `make docs`"
