"""`ivr diff`: what a person sees, a program, and an exit status."""

import json

import pytest
from click.testing import CliRunner

from ivr.cli import main
from tests.difference.told import edited
from tests.house import HOUSE


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `ivr diff old.yaml new.yaml` in a folder that holds both."""
    monkeypatch.chdir(tmp_path)

    def command(new: str, *words: str, old: str = HOUSE):
        (tmp_path / "old.yaml").write_text(old)
        (tmp_path / "new.yaml").write_text(new)
        return CliRunner().invoke(main, ["diff", "old.yaml", "new.yaml", "--at", "2026-11-23", "--days", "28", *words])

    return command


NEW = edited(("3: announcement/address", "3: message/sales"))


def test_differences_are_told_and_counted(run):
    done = run(NEW)
    assert (done.exit_code, done.output) == (
        1,
        "always, number 1000 and every other number, key 3: message box Sales instead of the menu “main menu”\n"
        "1 difference for callers in the 28 days from 2026-11-23.\n",
    )


def test_no_difference_is_0(run):
    done = run(HOUSE + "# a comment\n")
    assert (done.exit_code, done.output) == (0, "No difference for callers in the 28 days from 2026-11-23.\n")


def test_lost_cover_is_2(run):
    new = edited(("  ring: {phones: [8001]}\n", "  ring: {phones: [8004]}\n"))
    done = run(new)
    assert done.exit_code == 2
    assert done.output.splitlines()[0] == (
        "LOST: always, number 1000 and every other number: the operator cannot be reached any more"
    )


def test_json(run):
    done = run(NEW, "--json")
    told = json.loads(done.output)
    assert done.exit_code == 1
    assert (told["old"]["file"], told["new"]["file"]) == ("old.yaml", "new.yaml")
    assert (told["from"], told["until"]) == ("2026-11-23T00:00:00+08:00", "2026-12-21T00:00:00+08:00")
    assert told["changes"] == [
        {
            "loss": None, "when": "always", "spans": [["2026-11-23T00:00:00+08:00", "2026-12-21T00:00:00+08:00"]],
            "numbers": ["1000", "*"], "callers": None, "paths": ["key 3"],
            "old": "the menu “main menu”", "new": "message box Sales",
        }
    ]  # fmt: skip


def test_a_table_with_errors_has_no_difference(run):
    done = run(HOUSE.replace("8001, 8002]", "8001, 8092]"))
    assert (done.exit_code, done.stderr) == (
        2,
        "new.yaml:30:27: departments.sales.ring.phones[1]: there is no extension '8092'. Did you mean 8002?\n",
    )
