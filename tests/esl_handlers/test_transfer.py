"""Each end of ringing has words of its own, and its own way on (rule B4)."""

import pytest

from ivr.call import Answered, Busy, NoAnswer, Refused, Unreachable
from tests.house import HOUSE, LUNCH, NIGHT, caller, house, lives_through


@pytest.mark.parametrize(
    ("result", "prompt"),
    [(Busy(), "busy"), (NoAnswer(), "no-answer"), (Refused(), "refused"), (Unreachable(), "unreachable")],
)
def test_each_outcome_is_told_in_its_own_words_and_ends_in_a_message(result, prompt):
    call = caller(keys=["8002"], phones={"8002": result})
    heard = lives_through(call)
    assert heard[:4] == ["greeting", "menu", "transfer-extension", prompt]
    assert heard[-4:] == ["message", "beep", "message-kept", "goodbye"]


def test_do_not_disturb_is_looked_at_before_ringing():
    call = caller(keys=["8004"], phones={"8004": Answered(5)})
    assert lives_through(call)[2] == "do-not-disturb"
    assert call.rung == []


def test_phones_that_do_not_want_to_be_disturbed_are_left_out_of_a_department():
    call = caller(keys=["2"], phones={"8003": Answered(5)})
    lives_through(call)
    assert call.rung[0].groups == (("8003",),)


def test_do_not_disturb_holds_for_every_phone_of_an_extension():
    # Given a person whose second phone is somebody's who does not want to be disturbed
    table = HOUSE.replace("8001: {name: {zh: 张三, en: Zhang San}", "8001: {ring: {phones: [8001, 8004]}")
    call = caller(table=house(table), keys=["8001"])
    lives_through(call)
    assert [plan.targets for plan in call.rung] == [("8001",)]


def test_a_closed_department_says_when_it_opens_and_takes_a_message():
    call = caller(NIGHT, keys=["1"])
    heard = lives_through(call)
    assert heard[2:] == ["closed", "message", "beep", "message-kept", "goodbye"]
    assert call.rung == []


def test_at_lunch_a_department_says_so():
    call = caller(LUNCH, keys=["1"])
    assert lives_through(call)[2] == "lunch"


def test_a_failing_step_ends_at_the_operator():
    call = caller(keys=["1"], phones={"8001": [RuntimeError, Answered(5)]})
    call._phone = lambda number, real=call._phone: raising(real(number))
    heard = lives_through(call)
    assert heard == ["greeting", "menu", "transfer", "transfer-operator", "goodbye"]
    assert [event for event, _ in call.notes if event == "failed"] == ["failed"]


def raising(result):
    if result is RuntimeError:
        raise RuntimeError("the script says so")
    return result
