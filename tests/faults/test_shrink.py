"""The harness sees a fault in a line, and shrinks it to the smallest tape."""

from dataclasses import replace

import pytest

from ivr.esl.server import Server
from ivr.tapes.script import Expect, Say, script
from tests.faults.faulty import Case, as_tape, failures
from tests.faults.kinds import FAULTS, places, single
from tests.faults.shrink import shrunk
from tests.faults.test_tapes import CALLS, NEIGHBOUR, tape


class Endless:
    """A clock whose deadlines do not pass."""

    def __init__(self, clock):
        self._clock = clock
        self.monotonic, self.sleep, self.now = clock.monotonic, clock.sleep, clock.now

    def call_later(self, seconds, function, *args):
        return self._clock.call_later(10**9, function, *args)


class Patient(Server):
    """A line that waits for ever, as the library it stands on does (D7)."""

    def _serve(self, session, peer):
        session.clock = Endless(self.clock)
        super()._serve(session, peer)


@pytest.fixture(scope="module")
def silent():
    """The switch falls silent while it plays."""
    one, table = tape(CALLS / "direct-dial-02.jsonl.gz")
    steps = single(script(one))
    [at] = [
        at for at in places(steps) if b"CHANNEL_EXECUTE_COMPLETE" in steps[at].data and b'"playback"' in steps[at].data
    ]
    return Case(one, table, "silent", FAULTS["silent_from_here"](steps, at, one.about["call"]))


def test_a_line_that_waits_for_ever_is_seen_and_ours_is_not(silent):
    [(_, reason)] = failures([silent], NEIGHBOUR, Patient)
    assert reason.startswith("the line was still there after ")
    assert failures([silent], NEIGHBOUR) == []


def test_the_case_is_shrunk_to_a_tape_one_can_read(silent):
    smallest = shrunk(silent.steps, lambda steps: bool(failures([replace(silent, steps=steps)], NEIGHBOUR, Patient)))
    # Whoever waits for ever waits for the very first reply, too
    assert len(smallest) == 1
    assert isinstance(smallest[0], Say | Expect)
    assert as_tape(replace(silent, steps=smallest)).startswith('{"tape":1,')
