"""Every fault at every place of the tapes: the call ends, its waiters wake, its place is given back, a message is
written down before it is recorded, and a clean call alongside notices nothing."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from gevent import socket

from ivr.esl.codec import Decoder
from ivr.tapes.reading import read
from ivr.tapes.replay import table_for
from ivr.tapes.script import script
from tests.faults.faulty import Case, as_tape, failures
from tests.faults.kinds import FAULTS, HARMLESS, merged, places, single
from tests.faults.shrink import shrunk

CALLS = Path(__file__).parents[1] / "tapes" / "calls"
LIVE = Path(__file__).parents[1] / "tapes" / "live"
EVERY = tuple(
    "greeting-busy-01 transfer-answered-02 message-hash-02 message-hash-03 hold-key-2-02 language-key-01".split()
)
"""Tapes with every fault at every place; of the others a few are drawn."""
DRAWN = 24
AT_ONCE = 250


def tape(path: Path):
    return read(path), table_for(read(path), path)


PATHS = sorted([*CALLS.glob("*.jsonl.gz"), *LIVE.glob("*.jsonl.gz")])
NEIGHBOUR = tape(CALLS / "hold-key-2-02.jsonl.gz")


def judge(cases: list[Case]) -> None:
    """Nothing fails; what does is shrunk to the smallest tape and printed."""
    for start in range(0, len(cases), AT_ONCE):
        for case, reason in failures(cases[start : start + AT_ONCE], NEIGHBOUR):
            told = f"{case.tape.name}, {case.name}: {reason}"
            if not case.strict:
                smallest = shrunk(case.steps, lambda steps, case=case: fails(replace(case, steps=steps)))
                told += f"\nthe smallest tape:\n{as_tape(replace(case, steps=smallest))}"
            pytest.fail(told, pytrace=False)


def fails(case: Case) -> bool:
    return bool(failures([case], NEIGHBOUR))


def faulted(path: Path, kinds: dict, strict: bool = False) -> list[Case]:
    one, table = tape(path)
    steps = single(script(one))
    found = []
    # Before the reply to `connect` nothing else comes from a FreeSWITCH: there are faults, and nothing harmless.
    for at in places(steps)[strict:]:
        for name, change in kinds.items():
            changed = change(steps, at, one.about["call"])
            if changed is not None:
                found.append(Case(one, table, f"{name} at {at}", changed, strict))
    return found


@pytest.mark.parametrize("name", EVERY)
def test_every_fault_at_every_place(name):
    judge(faulted(CALLS / f"{name}.jsonl.gz", FAULTS))


def test_any_fault_anywhere_in_all_other_tapes():
    dice = random.Random(20261122)
    cases = []
    for path in PATHS:
        if path.name.partition(".")[0] not in EVERY:
            cases += dice.sample(faulted(path, FAULTS), DRAWN)
    judge(cases)


def test_what_changes_nothing_changes_nothing():
    dice = random.Random(1)
    cases = []
    for path in PATHS:
        all_of_them = faulted(path, HARMLESS, strict=True)
        cases += all_of_them if path.name.startswith(EVERY) else dice.sample(all_of_them, 10)
    judge(cases)


# How it is cut --------------------------------------------------------------------------------------------------------


def test_frames_merged():
    """All that the switch says between two commands comes in one write."""
    cases = []
    for path in PATHS:
        one, table = tape(path)
        cases.append(Case(one, table, "merged", merged(script(one)), strict=True))
    judge(cases)


def by_bytes(sock: socket.socket, data: bytes) -> None:
    """One byte a write, each read by itself."""
    for n in range(len(data)):
        sock.send(data[n : n + 1])
        socket.wait_write(sock.fileno())


def by_pieces(sock: socket.socket, data: bytes, size: int = 97) -> None:
    for start in range(0, len(data), size):
        sock.sendall(data[start : start + size])
        socket.wait_write(sock.fileno())


def test_every_tape_in_small_pieces():
    judge([Case(*tape(path), "in pieces of 97 bytes", script(tape(path)[0]), True, by_pieces) for path in PATHS])


def test_a_tape_byte_by_byte():
    short = [CALLS / f"{name}.jsonl.gz" for name in ("greeting-busy-01", "message-hash-02")]
    judge([Case(*tape(path), "byte by byte", script(tape(path)[0]), True, by_bytes) for path in short])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name.partition(".")[0])
def test_the_decoder_gives_the_same_frames_wherever_it_is_split(path):
    data = tape(path)[0].said_by("switch")
    whole = Decoder().feed(data)
    step = max(1, len(data) // 150)
    for at in range(1, len(data), step):
        decoder = Decoder()
        assert decoder.feed(data[:at]) + decoder.feed(data[at:]) == whole


def test_every_single_split_of_a_short_tape():
    data = tape(CALLS / "greeting-busy-01.jsonl.gz")[0].said_by("switch")
    whole = Decoder().feed(data)
    for at in range(1, len(data)):
        decoder = Decoder()
        assert decoder.feed(data[:at]) + decoder.feed(data[at:]) == whole
