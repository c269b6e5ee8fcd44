"""docs/routes.md: every example is a table that loads, every key is explained, none that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from ivr.table import check, models
from ivr.table.build import EMERGENCY
from ivr.table.reading import SECTIONS, SINGLE
from ivr.table.report import lines
from ivr.table.told import rows
from tests.docs import tables

PATH = Path(__file__).parents[2] / "docs/routes.md"
PAGE = PATH.read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)

# What an example leaves out: a table in which each section an example shows can be put in place of ours.
REST = {
    "house": "{name: Acme, timezone: Asia/Shanghai, languages: {zh: 普通话, en: English}}",
    "numbers": '{"*": {to: menu/main}}',
    "hours": '{office: {mon-fri: "09:00-12:00, 13:30-18:00"}}',
    "operator": "{name: the operator, ring: {phones: [8000]}}",
    "menus": "{main: {name: main, keys: {1: department/sales}}}",
    "departments": "{sales: {name: a, ring: {phones: [8001]}}, support: {name: b, ring: {phones: [8002]}}}",
    "extensions": "{8000: , 8001: , 8002: , 8003: }",
    "holds": "{sales: {for: department/sales}, operator: {for: operator}}",
}
# What lies beside an example.
BESIDE = dict.fromkeys(("closures.ics", "sundays.ics"), b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")


@pytest.mark.parametrize("example", EXAMPLES[1:], ids=lambda text: text.split(":")[0])
def test_every_example_loads(example):
    sections = re.findall(r"^(\w+):", example, re.M)
    rest = "".join(f"{name}: {text}\n" for name, text in REST.items() if name not in sections)
    table, findings = check(example + rest, name="docs/routes.md", files=BESIDE)
    assert table is not None, lines(findings)


def test_the_smallest_table_is_whole():
    assert [str(finding) for finding in check(EXAMPLES[0])[1]] == []


def models_in(model: type[models.Text]) -> Iterator[type[models.Text]]:
    """A model, and those inside it."""
    yield model
    for info in model.model_fields.values():
        for inner in kinds_in(info.annotation):
            yield from models_in(inner)


def kinds_in(kind) -> Iterator[type[models.Text]]:
    if isinstance(kind, type) and issubclass(kind, models.Text):
        yield kind
    for inner in get_args(kind):
        yield from kinds_in(inner)


@pytest.mark.parametrize("page", tables.TABLES, ids=lambda page: page.name)
def test_the_tables_say_what_the_models_tell(page):
    assert page.read_text("utf-8") == tables.filled(page.read_text("utf-8"), tables.TABLES[page]), "run `make docs`"


def test_every_model_has_a_table_and_every_key_an_example():
    written = {model for top, _ in SECTIONS.values() for model in models_in(top)}
    written |= {model for top in SINGLE.values() for model in models_in(top)}
    shown = "".join(EXAMPLES)
    assert written == set(tables.TABLES[PATH].values())
    keys = {key for model in written for key, _, _ in rows(model) if key not in tables.NO_WORDS}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}:", shown)] == []


def test_a_key_that_nothing_is_told_of_is_no_key():
    class Door(models.Text):
        pin: str | None = None

    with pytest.raises(ValueError, match=re.escape("Door.pin: nothing is told of this key; give it told(…)")):
        list(rows(Door))


def test_the_emergency_numbers_are_those_of_the_code():
    assert PAGE.count(" ".join(EMERGENCY)) == 2
