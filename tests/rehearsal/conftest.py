"""One house for all scripts of a module: calls come one after the other, as in `ivr test`."""

import pytest

from ivr.rehearsal.check import fitting
from ivr.rehearsal.house import House
from ivr.rehearsal.reading import read
from ivr.rehearsal.script import Script
from ivr.share import shared
from ivr.table.finding import Findings
from tests import house as tests_house

PROMPTS = {path.stem for path in shared("prompts").glob("zh/*.j2")}
HEAD = 'every: {at: 2026-11-20 10:00, to: "1000"}\ncalls:\n'


def scripts(text: str, table=None) -> list[Script]:
    """The calls of a text, which are all right."""
    found = Findings("calls.yaml")
    read_ = fitting(read((HEAD + text).encode(), found).scripts, table or tests_house.house(), PROMPTS, found)
    assert [str(finding) for finding in found] == []
    return read_


@pytest.fixture(scope="module")
def house():
    with House(tests_house.house(), [shared("prompts")]) as one:
        yield one


@pytest.fixture
def rehearsed(house):
    """The verdict on the one call of a text."""

    def rehearse(text: str):
        [script] = scripts(text, house.table)
        return house.rehearse(script)

    return rehearse
