"""Recording: what the wire carried, what a replay needs, and no call disturbed by it."""

import os
import stat
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from ivr.clock import ManualClock
from ivr.share import shared
from ivr.switch import Busy, Caller, Switch
from ivr.table import load
from ivr.tapes.framing import framed
from ivr.tapes.reading import read
from ivr.tapes.recording import Tap
from ivr.tapes.replay import folded, run
from ivr.tapes.replay import told as told_of
from ivr.tapes.shelf import Shelf
from ivr.tapes.tap import TapServer
from tests.house import HOUSE
from tests.switched import switched


def leaves_a_message(house):
    house.switch.phones["8002"] = Busy()
    return house.call(Caller().hears().waits(1).presses("8002").hears("beep").waits(0.5).says(3))


def test_a_call_is_a_tape_for_each_connection_and_replays(tmp_path):
    tapes = tmp_path / "tapes"
    with switched(tmp_path / "data", tapes=str(tapes)) as house:
        call = leaves_a_message(house)
    # Given the call of three connections
    assert sorted(path.name for path in tapes.glob("*.jsonl")) == [f"{call.uuid}-{n:02d}.jsonl" for n in (1, 2, 3)]
    first = read(tapes / f"{call.uuid}-01.jsonl")
    told = {key: first.about[key] for key in ("tape", "at", "call", "connection", "table")}
    assert told == {
        "tape": 1, "at": "2026-11-20T02:00:00+00:00", "call": call.uuid, "connection": 1, "table": house.table.version,
    }  # fmt: skip
    assert (tapes / f"{house.table.version}.yaml").read_text() == house.table.text
    prompts = [more["prompt"].partition("/")[0] for more in first.notes("files")]
    assert prompts == ["greeting", "menu", "transfer-extension", "hold"]
    # When they are replayed, then the line says the same
    verdicts, _ = run(folded([tapes]))
    assert list(told_of(verdicts)) == ["3 of 3 tapes as recorded, 30 commands"]


def test_a_table_of_several_files_lies_beside_its_tapes_in_one(tmp_path):
    (tmp_path / "main.yaml").write_text(f"include: [more.yaml]\n{HOUSE}")
    (tmp_path / "more.yaml").write_text("announcements: {more: {say: {zh: 好, en: More}}}")
    tapes = tmp_path / "tapes"
    table = load(tmp_path / "main.yaml")
    with switched(tmp_path / "data", table=table, tapes=str(tapes)) as house:
        leaves_a_message(house)
    (tmp_path / "more.yaml").unlink()
    verdicts, _ = run(folded([tapes]))
    assert list(told_of(verdicts)) == ["3 of 3 tapes as recorded, 30 commands"]


def test_tapes_are_for_their_owner_only(tmp_path):
    tapes = tmp_path / "tapes"
    with switched(tmp_path / "data", tapes=str(tapes)) as house:
        leaves_a_message(house)
    assert stat.S_IMODE(tapes.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in tapes.iterdir()} == {0o600}


def test_a_folder_that_cannot_be_written_costs_tapes_and_no_call(tmp_path, capsys):
    (tmp_path / "tapes").write_text("a file is in the way")
    with switched(tmp_path / "data", tapes=str(tmp_path / "tapes")) as house:
        call = leaves_a_message(house)
        assert call.cause == "NORMAL_CLEARING"
        assert house.path(call.uuid)[-1] == "goodbye"
        house.line.recorder.shelf.flush()
        assert house.line.recorder.shelf.lost > 0
    assert capsys.readouterr().out.count("tapes are not written; calls go on without") == 1


def test_a_tap_that_fails_costs_its_tape_and_no_call(tmp_path, monkeypatch):
    def broken(self, *_, **__):
        raise RuntimeError("a fault in the tap")

    monkeypatch.setattr(Tap, "_row", broken)
    with switched(tmp_path / "data", tapes=str(tmp_path / "tapes")) as house:
        call = leaves_a_message(house)
        assert house.path(call.uuid)[-1] == "goodbye"
        assert house.line.server.figures.failed == 0


def test_a_call_that_goes_on_for_hours_is_a_tape_of_its_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr("ivr.tapes.recording.MOST", 40_000)
    tapes = tmp_path / "tapes"
    with switched(tmp_path / "data", tapes=str(tapes)) as house:
        call = leaves_a_message(house)
        assert house.path(call.uuid)[-1] == "goodbye"
    path = tapes / f"{call.uuid}-01.jsonl"
    assert path.stat().st_size < 50_000
    assert list(read(path).notes("cut")) == [{"cut": True}]
    assert all(run([(path, True)])[0])


def test_a_stranger_who_talks_on_is_no_tape(tmp_path):
    # Given a peer that says much, and not who calls
    shelf = Shelf(tmp_path / "tapes")
    tap = Tap(SimpleNamespace(shelf=shelf, clock=ManualClock(datetime(2026, 11, 20, tzinfo=UTC))))
    for _ in range(10):
        tap.said("switch", b"x" * 60_000)
    assert tap.over and len(b"".join(tap._before)) < 200_000
    # When it says so at last
    tap.begin("a-01.jsonl", call="a")
    shelf.close()
    assert not (tmp_path / "tapes").exists()


def test_a_line_that_is_stopped_leaves_a_tape_that_replays_to_there(tmp_path):
    tapes = tmp_path / "tapes"
    with switched(tmp_path / "data", tapes=str(tapes)) as house:
        call = house.switch.call(to="1000", script=Caller().hears().waits(60))
        house.clock.sleep(5)
        house.line.server.stop(0)
        call.wait_ended(100)
    first = tapes / f"{call.uuid}-01.jsonl"
    assert read(first).is_cut
    assert all(run([(first, True)])[0])


def test_what_the_disk_does_not_take_is_dropped_and_the_tape_is_at_its_end(tmp_path):
    shelf = Shelf(tmp_path / "tapes", most=100)
    assert shelf.put("a.jsonl", b"x" * 60, new=True)
    assert not shelf.put("a.jsonl", b"y" * 101)
    assert shelf.flush()
    assert (tmp_path / "tapes" / "a.jsonl").read_bytes() == b"x" * 60
    assert shelf.lost == 1
    shelf.close()
    assert not shelf.put("a.jsonl", b"z")


def test_room_is_left_for_messages(tmp_path, capsys):
    shelf = Shelf(tmp_path, least_free=1 << 62)
    shelf.put("a.jsonl", b"x", new=True)
    shelf.close()
    assert os.listdir(tmp_path) == []
    assert "tapes are not written" in capsys.readouterr().out


def test_a_tape_whose_beginning_is_missing_is_not_begun_later(tmp_path, capsys):
    shelf = Shelf(tmp_path)
    shelf.put("a.jsonl", b"more\n")
    shelf.close()
    assert os.listdir(tmp_path) == []
    assert "No such file" in capsys.readouterr().out


def test_two_lines_that_have_one_connection_after_the_other_keep_both(tmp_path):
    first, second = Shelf(tmp_path), Shelf(tmp_path)
    assert first.put("a-01.jsonl", b"1\n", new=True) and first.flush()
    assert second.put("a-01.jsonl", b"2\n", new=True) and second.flush()
    assert second.put("a-01.jsonl", b"3\n") and first.put("a-01.jsonl", b"4\n")
    first.close()
    second.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a-01.jsonl": b"1\n4\n", "a-01.2.jsonl": b"2\n3\n",
    }  # fmt: skip


@pytest.fixture
def tapped(tmp_path):
    """A house whose switch reaches the line by way of a tap."""
    with switched(tmp_path / "data") as house:
        line = ("127.0.0.1", house.line.server.server_port)
        tap = TapServer(("127.0.0.1", 0), line, tmp_path / "tapes", clock=house.clock, switch="the built-in switch")
        tap.start()
        variables = house.variables() | {"ivr_line_1": f"127.0.0.1:{tap.server_port}"}
        house.switch = Switch(
            house.clock, shared("freeswitch-conf") / "dialplan", variables, records=house.line.records.take,
            records_folder=house.folder / "records",
        )  # fmt: skip
        yield house, tap
        tap.stop(1)


def test_a_tap_in_front_of_any_line_writes_the_same_bytes(tapped, tmp_path):
    house, tap = tapped
    call = leaves_a_message(house)
    assert house.path(call.uuid)[-1] == "goodbye"
    tap.shelf.close()
    tapes = [read(path) for path in sorted((tmp_path / "tapes").glob("*.jsonl"))]
    assert [tape.name for tape in tapes] == [f"{call.uuid}-{n:02d}" for n in (1, 2, 3)]
    assert {tape.end for tape in tapes} <= {"line", "switch"}
    assert tapes[0].about["switch"] == "the built-in switch"
    for tape in tapes:
        assert tape.said_by("app").startswith(b"connect\n\nlinger 5\n\nmyevents json\n\n")
        assert list(framed(tape.lines))


def test_a_tap_before_a_line_that_is_away_refuses_as_the_line_would(tapped):
    house, tap = tapped
    tap.to = ("127.0.0.1", 1)
    call = leaves_a_message(house)
    assert call.cause == "NORMAL_CLEARING"
