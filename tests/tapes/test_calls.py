"""Every recorded call, replayed: the line says what it had said.

When a prompt's values or a handler's words have changed on purpose: python -m tests.tapes.record_calls
"""

from pathlib import Path

import pytest

from ivr.tapes.reading import read
from ivr.tapes.replay import folded, run, told
from tests.tapes.flows import FLOWS

HERE = Path(__file__).parent
AGAIN = "changed on purpose? python -m tests.tapes.record_calls"
LIVE = sorted((HERE / "live").glob("*.jsonl.gz"))


def test_all_calls_of_the_built_in_switch_at_once():
    verdicts, passed = run(folded([HERE / "calls"]))
    assert list(told(verdicts))[:-1] == [], AGAIN
    assert len(verdicts) > 60 and passed == 0


@pytest.mark.skipif(not LIVE, reason="no call of a real FreeSWITCH is recorded")
def test_all_calls_of_a_real_freeswitch_at_once():
    verdicts, _ = run([(path, True) for path in LIVE])
    assert list(told(verdicts))[:-1] == [], AGAIN + " --live"


def test_every_flow_is_there_with_each_of_its_connections():
    tapes = [read(path) for path in (HERE / "calls").glob("*.jsonl.gz")]
    flows = {tape.name.rpartition("-")[0] for tape in tapes}
    assert flows == set(FLOWS)
    for flow in flows:
        numbers = sorted(tape.name[-2:] for tape in tapes if tape.name.rpartition("-")[0] == flow)
        assert numbers == [f"{n:02d}" for n in range(1, len(numbers) + 1)]


def test_nobody_is_known_from_a_tape():
    for path in (HERE / "calls").glob("*.jsonl.gz"):
        tape = read(path)
        said = tape.said_by("switch") + tape.said_by("app")
        for known in (b"13800138000", b"Zhang%20San", b"Zhang San", b"02085550100", b"/tmp/"):
            assert known not in said, path
