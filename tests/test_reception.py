"""Whatever fails in a step, a person, a message box or an apology is next; never a dropped call (rule A4)."""

import pytest

from ivr.call import Answered, Busy, Ended, To
from ivr.errors import Refused
from ivr.handlers import Handler, installed
from ivr.prompt import Sound
from ivr.reception import RESUMES, Reception
from ivr.scripted import ScriptedCall, live_through
from tests.house import HOUSE, NIGHT, caller, house


def lives_with(call, **broken) -> Ended:
    """The whole call, with other handlers for some kinds of step."""
    handlers = installed() | {kind: Handler(kind, run, lambda *_: ()) for kind, run in broken.items()}
    return live_through(call, Reception(handlers))


def failures(call) -> list[tuple[str, str]]:
    return [(data["address"], data["error"].partition(":")[0]) for event, data in call.notes if event == "failed"]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [(None, "TypeError"), ("menu/nowhere", "LookupError"), (To("goodbye").state, "TypeError")],
    ids=["nothing", "nowhere", "no address"],
)
def test_a_handler_that_leads_nowhere_has_failed(outcome, error):
    call = caller(keys=["3"], phones={"8001": Answered(3)})
    lives_with(call, announcement=lambda call, step: outcome)
    assert failures(call) == [("announcement/address", error)]
    assert call.path[-2:] == ["operator", "goodbye"]


class Strict(ScriptedCall):
    """Takes no state that could not be written onto a channel."""

    def at(self, address, **state):
        if any(not key.islower() for key in state):
            raise Refused(f"state: {state}")
        super().at(address, **state)


def test_state_that_cannot_be_written_is_a_failure_of_the_step():
    plain = caller(keys=["3"], phones={"8001": Answered(3)})
    call = Strict(plain.table, plain.clock, keys=["3"], phones={"8001": Answered(3)})
    lives_with(call, announcement=lambda call, step: To("menu/main", Upper="1"))
    assert failures(call) == [("menu/main", "Refused")]
    assert call.path[-2:] == ["operator", "goodbye"]


def test_nobody_is_walked_in_circles_between_the_operator_and_what_fails():
    # Given an operator who is busy, and leads to a hold that fails
    def fails(call, step):
        raise RuntimeError("no music")

    table = HOUSE.replace("ring: {phones: [8001]}\n", "ring: {phones: [8001]}\n  ends: {busy: hold/sales}\n", 1)
    call = caller(table=house(table), keys=["0"], phones={"8001": Busy()})
    # When he is given back to the operator, each time after phones have rung
    lives_with(call, hold=fails)
    # Then he comes to an end
    assert call.path == [
        "greeting/1000", "menu/main", "operator", "hold/sales", "operator", "hold/sales", "operator", "hold/sales",
        "message/operator", "message/operator", "goodbye",
    ]  # fmt: skip
    assert call.messages[-1].ms


def test_nobody_is_walked_in_circles_by_a_step_that_fails_after_ringing():
    # Given an operator who is busy, and leads to a hold that writes its own state, rings, and then fails
    def fails(call, step):
        if call.back is not None:
            raise RuntimeError("no music")
        call.at(step.address, asked="1")
        return call.ring(step.ring, Sound("hold"))

    table = HOUSE.replace("ring: {phones: [8001]}\n", "ring: {phones: [8001]}\n  ends: {busy: hold/sales}\n", 1)
    call = caller(table=house(table), keys=["0"], phones={"8001": Busy(), "8002": Busy()})
    lives_with(call, hold=fails)
    # Then he is with the operator as often as with one that fails before, and leaves a message
    steps = [step for at, step in enumerate(call.path) if at == 0 or step != call.path[at - 1]]
    assert steps == ["greeting/1000", "menu/main", *["operator", "hold/sales"] * 3, "message/operator", "goodbye"]
    assert call.messages[-1].ms


def test_what_a_caller_carries_goes_with_him_from_step_to_step():
    def fetches(call, step):
        call.carry(trail="main", colour="red")
        return step.then

    def looks(call, step):
        seen.append(dict(call.carried))
        call.carry(colour="")
        call.at(step.address, tried="1")
        return "goodbye"

    seen = []
    table = HOUSE.replace("then: menu/main", "then: message/sales")
    call = caller(table=house(table), keys=["3"])
    lives_with(call, announcement=fetches, message=looks)
    assert seen == [{"trail": "main", "colour": "red"}]
    assert call.carried == {"trail": "main"}


@pytest.mark.parametrize(
    ("died_before", "path"),
    [
        (RESUMES - 1, ["announcement/address", "menu/main"]),
        (RESUMES, ["announcement/address", "operator", "goodbye"]),
    ],
)
def test_a_step_in_which_worker_after_worker_dies_is_left_for_the_operator(died_before, path):
    call = caller(phones={"8001": Answered(3)})
    call.entered_at, call.state = "announcement/address", {"again": str(died_before)}
    lives_with(call)
    assert call.path[: len(path)] == path


def test_who_was_to_hear_goodbye_is_let_go_and_nobody_is_rung():
    # Given a caller who was served, and under whose goodbye worker after worker died
    call = caller(phones={"8001": Answered(3)})
    call.entered_at, call.state = "goodbye", {"again": str(RESUMES)}
    # When it is the step that is blamed
    ended = lives_with(call)
    # Then he is let go
    assert (ended, call.path, call.rung) == (Ended("NORMAL_CLEARING"), ["goodbye"], [])
    assert failures(call) == [("goodbye", "RuntimeError")]


def test_who_was_in_a_step_that_the_new_table_has_not_is_greeted_anew():
    call = caller(keys=["3"])
    call.entered_at = "announcement/taken-out"
    lives_with(call)
    assert call.path[:3] == ["greeting/1000", "menu/main", "announcement/address"]
    assert failures(call) == []


def test_nobody_is_rung_at_night_because_a_message_box_failed():
    def fails_at_sales(call, step):
        if step.address == "message/sales":
            raise RuntimeError("no disk")
        return installed()["message"](call, step)

    call = caller(NIGHT, keys=["1"])
    lives_with(call, message=fails_at_sales)
    assert call.path[-3:] == ["message/operator", "message/operator", "goodbye"]
    assert call.rung == [] and call.messages[-1].box == "message/operator"
