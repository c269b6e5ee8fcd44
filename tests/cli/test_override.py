"""`ivr override`: what is printed, whole."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click import ClickException
from click.testing import CliRunner

from ivr.cli.override import moment
from ivr.cli.override import override as command
from ivr.gevent_clock import SystemClock
from ivr.store import Changes, Overrides, Store
from ivr.table import load
from ivr.tables import Archive, Live
from tests.house import HOUSE

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A house whose table is live."""
    monkeypatch.setattr("ivr.cli.override.whoever", lambda: "李四")
    with closing(Store.under(tmp_path)) as store:
        store.migrate()
    archive, table = Archive(tmp_path / "tables"), load(HOUSE)
    archive.keep(table)
    archive.set_live(Live(table.version, datetime(2026, 11, 20, tzinfo=UTC), "start", "routes.yaml"))
    return tmp_path


def run(data, *args, code=0):
    given = [*args, "--data", str(data), "--timezone", "Asia/Shanghai"]
    result = CliRunner().invoke(command, given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_closed_by_hand_and_given_back(data):
    assert run(data, "office", "closed") == "office: closed until taken back\n"
    assert (
        run(data, "--list")
        == """
 hours    are      (Asia/Shanghai)    by
 ─────────────────────────────────────────
 office   closed   until taken back   李四

"""
    )
    assert run(data, "office", "--clear") == "office: as the table says\n"
    assert run(data, "office", "--clear") == "office: as the table says, as before\n"
    assert run(data, "--list") == "nothing stands by hand: all hours are as the table says\n"


def test_until_a_time(data):
    until = (SystemClock().now() + timedelta(days=1)).astimezone(SHANGHAI).replace(microsecond=0)
    written = until.strftime("%Y-%m-%d %H:%M")
    assert run(data, "office", "open", "--until", written) == f"office: open until {written}:00\n"
    stands = json.loads(run(data, "--list", "--json"))
    assert stands == {"office": {"state": "open", "until": stands["office"]["until"], "by": "李四"}}
    assert datetime.fromisoformat(stands["office"]["until"]) == until.replace(second=0)
    with closing(Store.under(data)) as store:
        assert Overrides(store).standing(until - timedelta(hours=1))["office"].state == "open"
        assert [(one.what, one.by) for one in Changes(store).list()] == [("override-set", "李四")]


def test_hours_that_the_table_has_not(data):
    assert run(data, "ofice", "closed", code=1) == (
        "Error: the live table has no hours 'ofice'. Did you mean office?\n"
    )
    assert run(data, "canteen", "closed", code=1) == (
        "Error: the live table has no hours 'canteen'. There are office.\n"
    )
    (data / "tables" / "live.json").unlink()
    assert run(data, "office", "closed", code=1) == (
        "Error: no table is live, so there are no hours to override; `ivr serve` makes one live\n"
    )


@pytest.mark.parametrize(
    "args",
    [(), ("office",), ("office", "closed", "--clear"), ("--clear",), ("office", "--clear", "--until", "18:00"),
     ("office", "--list", "--clear")],
)  # fmt: skip
def test_what_makes_no_sense(data, args):
    assert "Error: write HOURS and open or closed, or HOURS --clear, or --list\n" in run(data, *args, code=2)


NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("18:00", "2026-11-20 18:00"), ("9:00", "2026-11-21 09:00"), ("17:30", "2026-11-21 17:30"),
        ("90m", "2026-11-20 19:00"), ("12h", "2026-11-21 05:30"), ("3d", "2026-11-23 17:30"),
        ("2026-12-24 18:00", "2026-12-24 18:00"), ("2026-12-24T18:00+00:00", "2026-12-25 02:00"),
        ("2026-12-24", "2026-12-24 00:00"),
    ],
)  # fmt: skip
def test_a_time_as_it_is_typed(text, meant):
    assert moment(text, NOW, SHANGHAI).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("soon", "--until: 'soon' is no time; write 18:00, 2026-12-24 18:00, 90m or 12h"),
        ("25:00", "--until: '25:00' is no time; write 18:00, 2026-12-24 18:00, 90m or 12h"),
        ("", "--until: '' is no time; write 18:00, 2026-12-24 18:00, 90m or 12h"),
        ("2026-11-19", "--until: 2026-11-19 is over already"),
    ],
)
def test_what_is_no_time_or_over(text, fault):
    with pytest.raises(ClickException) as error:
        moment(text, NOW, SHANGHAI)
    assert error.value.message == fault
