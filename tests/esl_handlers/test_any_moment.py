"""Hang-up, or the death of a worker, at every verb of every flow: nothing stays open, nobody is lost."""

import pytest

from ivr.call import Answered, Busy, Ended, NoAnswer
from ivr.handlers import installed
from ivr.reception import Reception
from ivr.scripted import live_through
from tests.house import NIGHT, caller

FLOWS = {
    "talks": {"keys": ["1"], "phones": {"8001": Answered(30)}},
    "waits and leaves a message": {"keys": ["1"], "phones": {"8001": Busy(), "8002": Busy()}},
    "extension": {"keys": ["8999", "8002"], "phones": {"8002": NoAnswer()}},
    "night": {"at": NIGHT, "keys": ["1"], "says": [0.1, 5.0]},
    "silent": {"phones": {"8001": NoAnswer()}},
    "announcement, English": {"keys": ["9", "3", "7", "7", "7"]},
}


def lived(script, **end):
    call = caller(**script, **end)
    return call, live_through(call, Reception(installed()))


def verbs_of(script) -> int:
    return lived(script)[0].verbs


@pytest.mark.parametrize("flow", FLOWS)
def test_a_hang_up_at_any_moment_leaves_nothing_open(flow):
    for k in range(1, verbs_of(FLOWS[flow]) + 1):
        call, ended = lived(FLOWS[flow], hangs_up_at=k)
        assert isinstance(ended, Ended), k
        assert call.over and call.standing is None, k
        assert call.notes[-1][0] == "hangup", k


@pytest.mark.parametrize("flow", FLOWS)
def test_a_worker_killed_at_any_moment_costs_a_repeated_sentence_at_most(flow):
    whole, _ = lived(FLOWS[flow])
    for k in range(1, whole.verbs + 1):
        call, ended = lived(FLOWS[flow], dies_at=k)
        assert isinstance(ended, Ended), k
        steps = [step for i, step in enumerate(call.path) if i == 0 or step != call.path[i - 1]]
        expected = [step for i, step in enumerate(whole.path) if i == 0 or step != whole.path[i - 1]]
        assert steps == expected, k
        assert len([one for one in call.messages if one.ms]) == len([one for one in whole.messages if one.ms]), k
