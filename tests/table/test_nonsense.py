"""Whatever the bytes, there are findings with a place, never a traceback."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.table import check
from ivr.table.shelf import Shelf, Words
from tests.table.examples import whole

ROUTES = (Path(__file__).parents[2] / "routes.yaml").read_bytes()
SHELF = Shelf({"a": {"zh": Words("a.j2", variables={"b": 1}), "en": Words("a.j2", "a.wav", noted="no")}})
CALM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_answered(source: bytes) -> None:
    table, findings = check(source, name="t.yaml", today=date(2026, 11, 20), prompts=SHELF)
    assert (table is None) == any(finding.severity == "error" for finding in findings)
    lines = source.count(b"\n") + source.count(b"\r") + 1
    for finding in findings:
        assert 1 <= finding.line <= lines + 1 and finding.col >= 1, finding
        assert str(finding) == " ".join(str(finding).splitlines()), finding


@CALM
@given(st.binary(max_size=400))
def test_bytes(source):
    assert_answered(source)


@CALM
@given(st.text(alphabet=st.sampled_from("ab:{}[],*&!|>-?#'\"%@` \t\n\r0189/\u2028é中\x00\x85"), max_size=120))
def test_signs_that_mean_something_to_yaml(text):
    assert_answered(text.encode())


@CALM
@given(st.lists(st.tuples(st.integers(0, len(ROUTES)), st.integers(0, 30), st.binary(max_size=6)), max_size=4))
def test_a_good_table_with_pieces_cut_out_and_put_in(cuts):
    source = ROUTES
    for begin, length, new in cuts:
        source = source[:begin] + new + source[begin + length :]
    assert_answered(source)


WORDS = st.sampled_from(
    """house name country timezone languages emergency numbers hours menus departments extensions operator holds
    messages announcements to keys ring phones how time closed lunch ends otherwise busy prompt direct_dial tries
    timeout silence invalid for every rounds leave limit shortest ask_number then say except holidays make_up mon-fri
    sat zh en * 0 1 110 8001 operator goodbye menu/main department/sales language/en extension/8001 hold/a message/a
    09:00-12:00 closed CN
    Asia/Shanghai yes no 25s together 2026-12-31 a main sales""".split()
)
SHAPES = st.recursive(
    st.one_of(WORDS, st.just(""), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=25,
)


def written(shape) -> str:
    if isinstance(shape, dict):
        return "{" + ", ".join(f'"{key}": {written(value)}' for key, value in shape.items()) + "}"
    if isinstance(shape, list):
        return "[" + ", ".join(map(written, shape)) + "]"
    return '"' + "".join(c for c in shape if c.isalnum() or c in " -_:/*.") + '"' if shape else ""


@CALM
@given(st.dictionaries(WORDS, st.one_of(SHAPES, st.dictionaries(WORDS, SHAPES, max_size=4)), max_size=8))
def test_right_words_in_wrong_places(shape):
    assert_answered(written(shape).encode())


@pytest.mark.parametrize(
    "source",
    [
        b"[" * 100_000,
        b"{a: " * 100_000,
        b"- " * 100_000,
        b"? " * 10_000,
        b"a: &a [x]\nb: [" + b"*a, " * 1_000 + b"]",
        b"a: &a [*a]",
        b"house: " + b"x" * 9_000_000,
        b"\x00" * 1_000,
        "house: \ud800".encode("utf-8", "surrogatepass"),
        b"%YAML 9.9\n---\nhouse: {}",
        b"!!binary house: {}",
        b"<<: {house: {}}",
        b"house: {timezone: ../../etc/passwd, country: '', name: {}, languages: {}}",
        b"house: {timezone: Asia, emergency: {a: b}}",
        b"hours: {a: {\"mon\": \"\xd9\xa1:00-2:00\"}}",
        b"numbers: {}\noperator:\nhouse:",
        b"menus: {main: {keys: {0: [a], 0: {a: b}}}}",
        b"hours: {a: {mon-fri: '', ' week': x, except: [a]}}",
        b'"hou\\nse": {"na\\x1bme": "\\0"}',
        b'numbers: {"*": {to: "menu/a\\nb"}}',
    ],
    ids=range(20),
)  # fmt: skip
def test_what_has_crashed_others(source):
    assert_answered(source)


def test_a_text_with_half_a_character_in_it():
    table, findings = check("house: \ud800\n", name="t.yaml")
    assert table is None
    assert [str(finding) for finding in findings] == ["t.yaml:1:8: character U+D800 is not allowed here; delete it"]


def test_a_path_with_a_zero_in_it():
    assert str(check("a\0b", name="t.yaml")[1][0]) == "t.yaml:1:1: the file cannot be read: embedded null byte"


@pytest.mark.parametrize(
    "section",
    [
        "callers: {a: {countries: [XX], to: goodbye}}",
        "duties: {a: {name: x, week: {mon: 8000}, except: {9999-12-31: 8000}}}",
        "hours: {a: {mon: 09:00-10:00, except: {9999-12-31: 23:00-09:00, 0001-01-01: closed}}}",
    ],
)
def test_a_list_of_nobody_and_the_ends_of_time_are_faults_as_others(section):
    table, findings = check(whole(section + "\n"), name="t.yaml", today=date(2026, 11, 20))
    assert table is None
    assert {one.id for one in findings} == {"value-error"}
