"""`ivr tape`: what is printed, and the exit status."""

import shutil

import pytest
from click.testing import CliRunner

from ivr.cli.tape import tape as command
from ivr.tapes.reading import read
from tests.tapes.few import CALLS, few

FREESWITCH = CALLS.parent / "freeswitch"


def run(*arguments, code: int = 0) -> list[str]:
    result = CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output.splitlines()


@pytest.fixture
def tapes(tmp_path):
    """Two tapes and their table."""
    return few(tmp_path / "tapes")


def test_replay_all_as_recorded(tapes):
    assert run("replay", tapes)[-1].startswith("2 of 2 tapes as recorded, ")
    assert run("replay", "-v", tapes)[0] == "greeting-busy-01: as on the tape, 5 commands"


def test_replay_tells_the_difference_and_fails(tapes):
    [table] = tapes.glob("*.yaml")
    other = tapes.parent / "other.yaml"
    other.write_text(table.read_text().replace("3: announcement/address", "4: announcement/address"))
    said = run("replay", tapes, "--table", other, code=1)
    assert said[0] == "menu-key-01: command 7 differs"
    assert said[-1].startswith("1 of 2 tapes as recorded, ")
    assert any(line.startswith("    the tape: ") for line in said)
    assert said[-2] == "       steps: greeting/1000 → menu/main"


def test_replay_of_nothing_is_no_success(tmp_path, tapes):
    assert run("replay", tmp_path / "empty", code=2) == ["0 of 0 tapes as recorded, 0 commands"]
    [table] = tapes.glob("*.yaml")
    name = table.name
    table.unlink()
    assert run("replay", tapes, code=2) == [
        f"{tapes}/greeting-busy-01.jsonl.gz: its table {name} is not beside it; say which to take with --table"
    ]
    assert run("replay", tapes, "--table", tapes / "none.yaml", code=2)


def test_show(tapes):
    said = run("show", tapes / "greeting-busy-01.jsonl.gz")
    assert said[:2] == ["greeting-busy-01: the line is past its soft limit: he hears busy", "   0.000 → connect"]
    assert run("show", tapes / "none.jsonl", code=2) == [
        f"{tapes}/none.jsonl: cannot be read: No such file or directory"
    ]


def test_scrub_writes_what_is_clean_and_names_what_is_not(tmp_path):
    for name in ("bridge_busy", "cid_number_notice"):
        shutil.copy(FREESWITCH / f"{name}.jsonl", tmp_path)
    said = run("scrub", tmp_path, "-o", tmp_path / "clean", "--key", "k", "--gz", code=2)
    assert said[0].startswith("1 tapes, ")
    assert said[1].startswith("cid_number_notice: cannot be scrubbed")
    assert [path.name for path in (tmp_path / "clean").iterdir()] == ["bridge_busy.jsonl.gz"]
    assert b"13800138000" not in read(tmp_path / "clean" / "bridge_busy.jsonl.gz").said_by("switch")


def test_cut(tapes, tmp_path):
    whole = tapes / "menu-key-01.jsonl.gz"
    assert run("cut", whole, "--to", "1", "-o", tmp_path / "a.jsonl") == [str(tmp_path / "a.jsonl")]
    assert max(line.t for line in read(tmp_path / "a.jsonl").lines) <= 1
    shutil.copy(next(tapes.glob("*.yaml")), tmp_path)
    run("replay", tmp_path / "a.jsonl")
    uuid = read(whole).about["call"]
    assert run("cut", tapes, "--call", uuid, "-o", tmp_path / "one")[-1] == str(
        tmp_path / "one" / "menu-key-01.jsonl.gz"
    )
    assert run("cut", tapes, "--call", "x", "-o", tmp_path / "none", code=2) == ["no tape of call x"]
    assert run("cut", tapes, "-o", tmp_path / "b.jsonl", code=2) == [
        f"{tmp_path}/b.jsonl: 2 tapes do not go into one file; give a folder"
    ]


def test_record_needs_an_address(tmp_path):
    [said] = run("record", "--to", "nowhere", "--folder", tmp_path, code=2)
    assert said == "--to: 'nowhere' is no address; write host:port, such as 127.0.0.1:8084"
