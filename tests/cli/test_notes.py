"""`ivr notes`: what is printed, whole."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from ivr.cli.notes import notes as command
from ivr.store import Store
from ivr.table import load
from ivr.tables import Archive, Live
from tests.house import HOUSE

DUTIES = HOUSE + "duties:\n  manager: {name: {zh: 经理, en: the manager}, week: {mon-sun: 8001}}\n"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A house whose table is live."""
    monkeypatch.setattr("ivr.cli.notes.whoever", lambda: "李四")
    with closing(Store.under(tmp_path)) as store:
        store.migrate()
    archive, table = Archive(tmp_path / "tables"), load(DUTIES)
    archive.keep(table)
    archive.set_live(Live(table.version, datetime(2026, 11, 20, tzinfo=UTC), "start", "routes.yaml"))
    return tmp_path


def run(data, *args, code=0):
    given = [*args, "--data", str(data), "--timezone", "Asia/Shanghai"]
    result = CliRunner().invoke(command, given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_what_is_written_is_read_newest_first(data):
    assert run(data) == "there are no notes\n"
    assert run(data, "manager", "  the lift is\nout of order ") == "manager: written down\n"
    assert run(data, "duty/manager", "[1203] was called back") == "manager: written down\n"
    told = json.loads(run(data, "manager", "--json"))
    assert [(one["duty"], one["by"], one["note"]) for one in told] == [
        ("manager", "李四", "[1203] was called back"), ("manager", "李四", "the lift is out of order"),
    ]  # fmt: skip
    assert run(data, "--limit", "1").splitlines()[3].endswith("manager   李四   [1203] was called back")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("manger", "a"), "Error: the live table has no duty 'manger'. Did you mean manager?\n"),
        (("porter",), "Error: the live table has no duty 'porter'. There are manager.\n"),
        (("manager", " \n"), "Error: a note has 1 to 1000 characters; this one has 0\n"),
        (("manager", "a" * 1001), "Error: a note has 1 to 1000 characters; this one has 1001\n"),
    ],
)
def test_what_cannot_be_written(data, args, said):
    assert run(data, *args, code=1) == said
