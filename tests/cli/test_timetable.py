"""`ivr timetable`: what is printed, whole."""

import json
import re

import pytest
from click.testing import CliRunner

from ivr.cli import main
from ivr.overrides import Override
from ivr.store import Overrides, Store
from tests.timetable.house import CLOSURES, NOW, TABLE

DAYS = """\
routes.yaml, version VERSION: 6 days from Tuesday, 24 November 2026, times of Asia/Shanghai

               at 00:00   used by
office         closed     operator, 2 numbers
berlin         closed     department/berlin (in Europe/Berlin)
night          quiet      extension/8001
duty/manager   8000

Tuesday, 24 November 2026
  00:00    berlin        closes at Mon 17:00 in Europe/Berlin
  06:00    night         quiet ends
  09:00    office        opens
  12:00    office        lunch
  13:30    office        opens
  15:30    office        closes (Fire drill)
  16:00    berlin        opens at 09:00 in Europe/Berlin
  16:30    office        opens
  18:00    office        closes
  22:00    night         quiet begins

Wednesday, 25 November 2026
  special  office        closed (calendar: Stocktaking)
  00:00    berlin        closes at Tue 17:00 in Europe/Berlin
  06:00    night         quiet ends
  16:00    berlin        opens at 09:00 in Europe/Berlin
  22:00    night         quiet begins

Thursday, 26 November 2026
  special  office        09:00-12:00 (exception)
  00:00    berlin        closes at Wed 17:00 in Europe/Berlin
  06:00    night         quiet ends
  08:00    duty/manager  8001 takes over from 8000
  09:00    office        opens
  12:00    office        closes
  16:00    berlin        opens at 09:00 in Europe/Berlin
  22:00    night         quiet begins

Friday, 27 November 2026
  00:00    berlin        closes at Thu 17:00 in Europe/Berlin
  06:00    night         quiet ends
  08:00    duty/manager  nobody takes over from 8001
  09:00    office        opens
  12:00    office        lunch
  13:30    office        opens
  16:00    berlin        opens at 09:00 in Europe/Berlin
  18:00    office        closes
  22:00    night         quiet begins

Saturday, 28 November 2026
  00:00    berlin        closes at Fri 17:00 in Europe/Berlin
  06:00    night         quiet ends
  08:00    duty/manager  8001 takes over
  22:00    night         quiet begins

Sunday, 29 November 2026
  06:00    night         quiet ends
  22:00    night         quiet begins
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `ivr timetable` in a folder that holds a table as routes.yaml."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "closures.ics").write_bytes(CLOSURES)

    def command(*words: str, table: str = TABLE, code: int = 0) -> str:
        (tmp_path / "routes.yaml").write_text(table)
        result = CliRunner().invoke(main, ["timetable", *words], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return re.sub("version [0-9a-f]{12}", "version VERSION", result.output)

    return command


def test_days_for_people(run):
    assert run("--from", "2026-11-24", "--days", "6") == DAYS


def test_days_on_which_nothing_changes_and_holidays_that_are_not_known(run):
    quiet = TABLE.replace("  night: {mon-sun: 22:00-06:00}", "  night: {mon: 22:00-06:00}")
    quiet = quiet.replace("berlin: {mon-fri: 09:00-17:00", "berlin: {mon: 09:00-17:00, holidays: CN")
    assert (
        run(
            "--from",
            "2091-01-05",
            "--days",
            "3",
            table=quiet.replace("mon-fri: 09:00-12:00, 13:30-18:00", "fri: closed"),
        )
        == """\
routes.yaml, version VERSION: 3 days from Friday, 5 January 2091, times of Asia/Shanghai

               at 00:00    used by
office         closed      operator, 2 numbers
berlin         closed      department/berlin (in Europe/Berlin)
night          not quiet   extension/8001
duty/manager   8001
office, berlin: the holidays of CN in 2091 are not published yet; what is told of them may change

Friday, 5 January 2091
  08:00    duty/manager  nobody takes over from 8001

Saturday, 6 January 2091
  08:00    duty/manager  8001 takes over

Sunday, 7 January 2091
  nothing changes
"""
    )


def test_for_programs(run):
    told = json.loads(run("--from", "2026-11-26", "--days", "1", "--json"))
    assert list(told) == ["version", "from", "until", "timezone", "members", "changes", "days", "unpublished"]
    assert (told["from"], told["until"]) == ("2026-11-26T00:00:00+08:00", "2026-11-27T00:00:00+08:00")
    assert told["members"][1] == {
        "of": "berlin", "timezone": "Europe/Berlin", "at_first": "closed", "used_by": ["department/berlin"],
    }  # fmt: skip
    assert told["changes"][0] == {
        "at": "2026-11-25T17:00:00+01:00", "of": "berlin", "was": "open", "is": "closed", "why": "",
    }  # fmt: skip
    assert told["changes"][2] == {
        "at": "2026-11-26T08:00:00+08:00", "of": "duty/manager", "was": "8000", "is": "8001",
        "why": "8001 by week: Thursday 2026-11-26, from 08:00",
    }  # fmt: skip
    assert told["days"] == [
        {"date": "2026-11-26", "of": "office", "rule": "exception", "occasion": None, "ranges": ["09:00-12:00"]}
    ]


def test_for_calendar_programs(run):
    told = run("--from", "2026-11-26", "--days", "1", "--ical")
    assert told.splitlines()[:4] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zongji//ivr timetable//EN", "X-WR-CALNAME:恒信科技",
    ]  # fmt: skip
    assert told.count("BEGIN:VEVENT") == 7


def test_what_was_switched_by_hand_counts(run, tmp_path):
    store = Store.under(tmp_path / "data")
    store.migrate()
    Overrides(store).set("night", Override("closed", by="8000"), NOW)
    store.close()
    # Given night hours that are closed by hand until somebody takes it back, they never open again
    told = run("--from", "2090-11-24", "--days", "2", "--data", "data")
    assert "night          not quiet   extension/8001" in told
    assert "night         quiet begins" not in told


def test_from_today_where_nothing_is_said(run):
    assert run("--days", "1").startswith("routes.yaml, version VERSION: 1 day from ")


def test_a_table_with_errors(run):
    assert run(table="hours: 1\n", code=2).startswith("routes.yaml:1:1: house: this section is missing")


def test_a_day_that_is_none(run):
    assert "'31.12.2026' does not match the format '%Y-%m-%d'" in run("--from", "31.12.2026", code=2)
