"""The call scripts that come with the program: each call goes as written, and no way through a table is left out."""

import pytest

from ivr.rehearsal.house import House
from ivr.rehearsal.season import Season
from ivr.share import shared
from tests.rehearsal.conftest import PROMPTS

FILES = sorted((shared("examples") / "calls").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_as_written_and_nothing_left_out(path):
    season = Season(lambda table: House(table, [shared("prompts")]), PROMPTS)
    season.read([path])
    assert [str(finding) for finding in season.findings] == []
    assert [line for verdict in season.verdicts() for line in verdict.lines()] == []
    [ways] = season.ways
    assert [way.missed(ways.table.source) for way in ways.missed] == []
    assert ways.percent == 100


def test_every_example_has_its_calls():
    tables = {path.stem for path in shared("examples").glob("*.yaml")}
    assert {path.stem for path in FILES} == {*tables, "company"}
