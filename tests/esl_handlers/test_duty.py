"""Whoever is on duty now is rung, as long as they always ring; nobody there is an end like any other (rule F1)."""

from datetime import datetime

import pytest

from ivr.call import Answered, NoAnswer
from ivr.handlers import installed
from ivr.reception import Reception
from ivr.ring_plan import RingPlan
from ivr.scripted import live_through
from tests.house import HOUSE, SHANGHAI, caller, house, lives_through

DUTY = HOUSE.replace('"2000":', '"4000": {to: duty/manager}\n  "2000":').replace(
    "8002: {name: {zh: 李四, en: Li Si}}",
    "8002: {name: {zh: 李四, en: Li Si}, ring: {phones: [8002, 8003], how: in-turn, time: 10s}}",
) + (
    "duties:\n"
    "  manager: {name: {zh: 值班经理, en: the duty manager}, handover: '08:00',\n"
    "            week: {mon-thu: 8001, fri-sun: 8002}, except: {2026-12-24: 8004},\n"
    "            ends: {no_answer: operator, otherwise: message/sales}}\n"
)  # fmt: skip


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def manager(when: datetime, **script):
    return caller(when, house(DUTY), dialled="4000", **script)


@pytest.mark.parametrize(
    ("when", "plan"),
    [
        (at(20, 7, 59), RingPlan.together("8001")),  # Friday, and still Thursday's
        (at(20, 8), RingPlan.in_turn("8002", "8003", seconds=10)),  # his own two phones, in his own time
        (at(23, 7, 59), RingPlan.in_turn("8002", "8003", seconds=10)),
        (at(23, 8), RingPlan.together("8001")),
    ],
)
def test_who_is_on_duty_is_rung_from_one_handover_to_the_next(when, plan):
    call = manager(when, phones={"8001": Answered(5), "8002": Answered(5)})
    assert lives_through(call)[-2:] == ["transfer", "goodbye"]
    assert call.rung == [plan]


def test_nobody_takes_it_and_the_caller_goes_on_where_the_table_says():
    call = manager(at(20, 10), phones={"8002": NoAnswer(), "8003": NoAnswer(), "8001": Answered(5)})
    lives_through(call)
    assert call.path[1:] == ["duty/manager", "operator", "goodbye"]


def test_who_is_on_duty_and_does_not_want_to_be_disturbed_is_not_rung():
    call = manager(at(24, 10, month=12))
    heard = lives_through(call)
    assert call.rung == [] and "do-not-disturb" in heard and "transfer" not in heard
    assert call.path[2] == "message/sales"


def test_a_department_rings_the_phones_of_who_is_on_duty():
    table = DUTY.replace(
        "ring: {phones: [8001, 8002], how: together, time: 25s}", "ring: {phones: [8001, duty/manager]}"
    )
    call = caller(at(20, 10), house(table), dialled="2000", phones={"8003": Answered(5)})
    lives_through(call)
    assert call.rung == [RingPlan.together("8001", "8002", "8003")]


FLOW = {"phones": {"8002": NoAnswer(), "8003": NoAnswer(), "8001": Answered(5)}}


@pytest.mark.parametrize("end", ["hangs_up_at", "dies_at"])
def test_at_any_moment_nobody_is_lost(end):
    whole = manager(at(20, 10), **FLOW)
    lives_through(whole)
    for verb in range(1, whole.verbs + 1):
        call = manager(at(20, 10), **FLOW, **{end: verb})
        live_through(call, Reception(installed()))
        assert call.over, verb
        if end == "hangs_up_at":
            assert call.notes[-1][0] == "hangup", verb
        else:
            assert list(dict.fromkeys(call.path)) == list(dict.fromkeys(whole.path)), verb
