"""Every recorded call, replayed: the line says what it had said.

When a prompt's values or a handler's words have changed on purpose: make tapes
"""

from pathlib import Path

import pytest

from ivr.esl.codec import Decoder
from ivr.outcome import recorded
from ivr.tapes.reading import Tape, read
from ivr.tapes.replay import folded, run, told
from tests.tapes.flows import FLOWS

HERE = Path(__file__).parent
AGAIN = {"calls": "changed on purpose? make tapes", "live": "changed on purpose? make tapes FREESWITCH=…"}


@pytest.fixture(params=AGAIN)
def tapes(request) -> list[Tape]:
    """The tapes of the built-in switch, and those of a real FreeSWITCH."""
    return [read(path) for path in sorted((HERE / request.param).glob("*.jsonl.gz"))]


def flow(tape: Tape) -> str:
    return tape.name.rpartition("-")[0]


@pytest.fixture(scope="module", params=AGAIN)
def replayed(request):
    """All tapes of a folder, replayed at once; what to do where they differ."""
    verdicts, passed = run(folded([HERE / request.param]))
    assert len(verdicts) > 60 and passed == 0
    return verdicts, AGAIN[request.param]


def test_the_line_says_what_it_had_said(replayed):
    verdicts, again = replayed
    assert list(told(verdicts))[:-1] == [], again


def test_what_became_of_the_phones_is_what_the_flow_is_called(replayed):
    verdicts, _ = replayed
    rang = {flow(verdict.tape): data["outcome"] for verdict in verdicts for event, data in verdict.notes
            if event == "rang" and flow(verdict.tape).startswith("extension-")}  # fmt: skip
    assert rang == {
        "extension-busy": "Busy", "extension-do-not-disturb": "DoNotDisturb", "extension-no-answer": "NoAnswer",
        "extension-refused": "Refused", "extension-unregistered": "Unreachable",
    }  # fmt: skip


def test_how_a_message_ended_is_what_the_flow_is_called(tapes):
    # The third connection begins with what was recorded
    ended = {flow(tape): recorded(variables(tape)).ended for tape in tapes if tape.name.endswith("-03")}
    for name, end in {"message-silence": "silence", "message-hash": "key", "message-limit": "limit"}.items():
        assert ended[name] == end, name


def variables(tape: Tape) -> dict[str, str]:
    """The channel's variables when the connection began."""
    reply = Decoder().feed(tape.said_by("switch"))[0].headers
    return {name.removeprefix("variable_"): value for name, value in reply.items() if name.startswith("variable_")}


def test_every_flow_is_there_with_each_of_its_connections(tapes):
    assert set(map(flow, tapes)) == set(FLOWS)
    for name in FLOWS:
        numbers = [tape.name[-2:] for tape in tapes if flow(tape) == name]
        assert numbers == [f"{n:02d}" for n in range(1, len(numbers) + 1)]


def test_nobody_is_known_from_a_tape(tapes):
    for tape in tapes:
        said = tape.said_by("switch") + tape.said_by("app")
        for known in (b"13800138000", b"Zhang%20San", b"Zhang San", b"02085550100", b"/tmp/"):
            assert known not in said, tape.name
