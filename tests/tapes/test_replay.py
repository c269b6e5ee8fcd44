"""Replaying: what fits fits, and what does not is told so that one sees it."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from gevent.server import StreamServer

from ivr.errors import ScriptError
from ivr.table import load
from ivr.tapes.reading import Line, read
from ivr.tapes.replay import Replay, abroad, folded, run, table_for, told
from tests.tapes.flows import TABLE

CALLS = Path(__file__).parent / "calls"
FREESWITCH = Path(__file__).parent / "freeswitch"


def one(name: str):
    path = CALLS / f"{name}.jsonl.gz"
    return read(path), table_for(read(path), path)


def replayed(tape, table):
    with Replay() as replay:
        return replay.all([(tape, table)])[0]


def test_another_table_shows_what_callers_would_hear_and_where_it_parts():
    tape, _ = one("transfer-answered-01")
    verdict = replayed(tape, load(TABLE.replace("1: department/sales", "1: department/support"), name="house.yaml"))
    assert not verdict
    lines = verdict.lines()
    assert lines[0] == "transfer-answered-01: command 7 differs"
    assert "[1 销售部]" in lines[-4]
    assert "[1 技术支持]" in lines[-3]
    assert lines[-2].strip() == "^"
    assert lines[-1] == "       steps: greeting/1000 → menu/main"


def test_a_table_that_changes_nothing_for_the_caller_changes_nothing_on_the_tape():
    # Another version, another house behind the keys he did not press
    tape, table = one("transfer-answered-01")
    other = load(TABLE.replace("time: 20s", "time: 30s"), name="house.yaml")
    assert other.version != table.version
    assert replayed(tape, other)


@pytest.mark.parametrize("name", ["transfer-answered-02", "hold-check-in-04"])
def test_a_resumed_connection_lives_by_the_version_of_the_table_it_is_given(name):
    tape, _ = one(name)
    assert replayed(tape, load(TABLE.replace("time: 20s", "time: 30s"), name="house.yaml"))


def test_a_line_that_says_more_than_the_tape(tmp_path):
    tape, table = one("transfer-answered-01")
    app = [at for at, line in enumerate(tape.lines) if line.source == "app"]
    short = replace(tape, lines=(*tape.lines[: app[-1]], Line(99.0, "note", note="end", more={"end": "line"})))
    verdict = replayed(short, table)
    assert (verdict.difference.why, verdict.difference.came) == ("the tape is over", "exit")


def test_a_line_that_says_less_than_the_tape():
    tape, table = one("transfer-answered-01")
    more = replace(tape, lines=(*tape.lines[:-1], Line(99.0, "app", b"api status\n\n"), tape.lines[-1]))
    verdict = replayed(more, table)
    assert (verdict.difference.expected, verdict.difference.came) == ("api status", "(the line closed the connection)")


def test_a_cut_tape_is_replayed_to_where_it_ends():
    tape, table = one("killed-in-menu-01")
    assert tape.is_cut
    assert replayed(tape, table)


def test_at_its_own_pace_a_tape_gives_the_same_verdict():
    tape, table = one("greeting-busy-01")
    with Replay(speed=200) as replay:
        assert replay.all([(tape, table)])[0]


def test_tapes_of_others_are_passed_over_in_a_folder_and_refused_by_name():
    verdicts, passed = run(folded([FREESWITCH]))
    assert verdicts == []
    assert passed > 40
    path = FREESWITCH / "bridge_busy.jsonl"
    with pytest.raises(ScriptError, match=re.escape("not recorded by a line of ours")):
        run(folded([path]))


def test_a_tape_without_its_table_says_what_to_do(tmp_path):
    (tmp_path / "x.jsonl.gz").write_bytes((CALLS / "menu-key-01.jsonl.gz").read_bytes())
    with pytest.raises(ScriptError, match="is not beside it; say which to take with --table"):
        run(folded([tmp_path]))


class App:
    """An app of another make: it says what a tape's app had said, each word after a reply, or in `haste`."""

    def __init__(self, tape, wrong: int | None = None, haste: bool = False):
        self.commands = [line.data for line in tape.lines if line.source == "app"]
        self.wrong, self.haste = wrong, haste
        self.server = StreamServer(("127.0.0.1", 0), self.handle)
        self.server.start()

    def handle(self, sock, _):
        with suppress(OSError):  # whoever has heard enough closes
            for number, data in enumerate(self.commands):
                sock.sendall(data if number != self.wrong else b"api status\n\n")
                self.haste or sock.recv(65536)
            while sock.recv(65536):
                pass


def test_a_line_that_does_not_wait_for_the_callers_key_is_told():
    # Given a menu whose caller keys something after four seconds, and an app that goes on at once
    tape = read(FREESWITCH / "menu_digits.jsonl")
    app = App(tape, haste=True)
    try:
        verdict = abroad(tape, ("127.0.0.1", app.server.server_port))
    finally:
        app.server.stop(1)
    assert verdict.difference.why == "it did not wait for what the switch says"


@pytest.mark.parametrize(("wrong", "came"), [(None, None), (2, "api status")])
def test_a_tape_of_any_app_can_be_played_to_that_app(wrong, came):
    tape = read(FREESWITCH / "bridge_busy.jsonl")
    app = App(tape, wrong)
    try:
        verdict = abroad(tape, ("127.0.0.1", app.server.server_port))
    finally:
        app.server.stop(1)
    assert (verdict.difference and verdict.difference.came) == came, list(told([verdict]))
