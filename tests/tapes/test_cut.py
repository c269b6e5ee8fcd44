"""Cutting: whole frames, between two times, or one call's."""

from pathlib import Path

import pytest

from ivr.errors import ScriptError
from ivr.tapes.cut import cut, of_call
from ivr.tapes.framing import framed
from ivr.tapes.reading import Line, Tape, read

CALLS = Path(__file__).parent / "calls"
FREESWITCH = Path(__file__).parent / "freeswitch"


def test_a_part_in_whole_frames_however_they_were_recorded():
    whole = read(CALLS / "transfer-answered-01.jsonl.gz")
    pieces = [Line(line.t, line.source, line.data[n : n + 100], line.note, line.more)
              for line in whole.lines for n in range(0, max(1, len(line.data)), 100)]  # fmt: skip
    chopped = Tape("chopped", whole.about, tuple(pieces))
    assert list(framed(chopped.lines)) == list(framed(whole.lines))
    part = cut(chopped, 0.0, 0.03)
    assert part.is_cut and not whole.is_cut
    assert {line.t for line in part.lines} == {0.0, 0.02}
    assert list(framed(part.lines)) == list(part.lines)


def test_all_of_it_is_not_cut():
    whole = read(CALLS / "transfer-answered-01.jsonl.gz")
    assert not cut(whole).is_cut


def test_nothing_is_said():
    with pytest.raises(ScriptError, match=r"menu-key-01: nothing between 900 s and its end"):
        cut(read(CALLS / "menu-key-01.jsonl.gz"), 900)
    with pytest.raises(ScriptError, match=r"cid_number_notice: cannot be cut, the switch's side is no ESL"):
        cut(read(FREESWITCH / "cid_number_notice.jsonl"))


def test_a_call_is_known_on_our_tapes_and_on_others():
    ours, other = read(CALLS / "menu-key-01.jsonl.gz"), read(FREESWITCH / "bridge_busy.jsonl")
    assert of_call(ours, ours.about["call"]) and not of_call(ours, "x")
    uuid = other.said_by("switch").partition(b"Unique-ID: ")[2][:36].decode()
    assert of_call(other, uuid) and not of_call(other, ours.about["call"])
