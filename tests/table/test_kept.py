"""A table can be made again from what is kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import TableError
from ivr.table import load
from ivr.table.kept import apart, from_kept, kept, together
from tests.house import HOUSE

ROOM = b"departments:\n  annex: {name: Annex, ring: {phones: [8001]}}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "annex.yaml").write_bytes(ROOM)
    (tmp_path / "house.yaml").write_text(f"include: [rooms/*.yaml]\n{HOUSE}")
    return tmp_path


def test_a_table_of_one_file_is_kept_as_it_is(tmp_path):
    (tmp_path / "routes.yaml").write_text(HOUSE)
    assert kept(load(tmp_path / "routes.yaml")) == HOUSE.encode()


def test_a_table_of_several_files_is_made_again_without_them(folder):
    # Given a table, and files that have changed since
    table = load(folder / "house.yaml")
    text = kept(table)
    (folder / "rooms" / "annex.yaml").write_text("changed: since")
    # When it is made again, then it is the same, and kept as the same
    again = from_kept(text, table.version)
    assert again.version == table.version
    assert again.steps == table.steps
    assert again.source == "house.yaml"
    assert kept(again) == text


def test_another_table_than_it_should_be_is_an_error(folder):
    with pytest.raises(TableError, match=r"^0123456789ab\.yaml holds another table \([0-9a-f]{12}\)$"):
        from_kept(kept(load(folder / "house.yaml")), "0123456789ab")


def test_what_has_passed_has_passed_though_rules_grow_stricter():
    # Given a table that the rules of today refuse
    text = HOUSE.replace("closed: message/sales", "closed: message/sale").encode()
    with pytest.raises(TableError):
        load(text)
    assert from_kept(text).step("department/sales").closed == "message/sale"


def test_half_a_text_is_an_error_and_no_traceback(folder):
    text = kept(load(folder / "house.yaml"))
    for length in (0, 1, 5, 17, 40, len(text) - 20, len(text) - len(ROOM) - 8):
        with pytest.raises(TableError):
            from_kept(text[:length], "0123456789ab")


names = st.text("abc/.- ", min_size=1, max_size=8)
lines = st.lists(st.sampled_from(["a: 1", "", "#=== a", "#==== b", "#=", "# x", "\r"]), max_size=5)


@given(names, lines, st.dictionaries(names, lines, max_size=3))
def test_whatever_stands_in_the_files_they_come_apart_as_they_were(main, source, others):
    text, files = "\n".join(source).encode(), {name: "\n".join(more).encode() for name, more in others.items()}
    one = together(main, text, files)
    assert apart(one)[1:] == (text, files)
    if one != text:
        assert apart(one)[0] == main
