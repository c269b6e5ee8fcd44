"""What whoever lifts is told, and whose phone is left in peace (rules B3, B6, C3)."""

from datetime import datetime

import pytest

from ivr.call import Answered, NoAnswer
from ivr.handlers import installed
from ivr.prompt import Names, Prompt
from ivr.reception import Reception
from ivr.scripted import live_through
from tests.house import HOUSE, SHANGHAI, caller, house, lives_through

SALES = Names(zh="销售部", en="Sales")
OPERATOR = Names(zh="总机", en="the operator")
TOLD = (
    HOUSE.replace("country: CN", "country: CN\n  gateway: trunk")
    .replace("ring: {phones: [8001]}", "ring: {phones: [8001], announce: yes}")
    .replace("ends: {busy: hold/sales, otherwise: message/sales}", "ends: {otherwise: operator}")
    .replace("  8001: {name", '  8651: {outside: "+8613912345678"}\n  8001: {name')
)
QUIET = HOUSE.replace(
    "office: {mon-fri", 'night: {mon-sun: "23:00-07:00"}\n  office: {mon-fri'
).replace("8002: {name: {zh: 李四, en: Li Si}}", "8002: {quiet: {hours: night, to: operator}}")  # fmt: skip


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=SHANGHAI)


def test_the_next_person_is_told_who_calls_for_whom_and_who_was_tried():
    # Given a department that nobody answers, whose callers go on to an operator who is told first
    call = caller(table=house(TOLD), caller="+8613800138000", keys=["1"], phones={"8001": [NoAnswer(), Answered(5)]})
    lives_through(call)
    # Then only the operator is told, and what was tried before
    assert call.path[2:4] == ["department/sales", "operator"]
    assert call.whispered == [Prompt("whisper", to=OPERATOR, caller="8613800138000", tried=SALES)]


def test_who_came_straight_is_announced_without_a_past_and_a_withheld_number_without_digits():
    call = caller(table=house(TOLD), caller="", keys=["0"], phones={"8001": Answered(5)})
    lives_through(call)
    assert call.whispered == [Prompt("whisper", to=OPERATOR, caller="", tried=None)]


def test_who_must_take_the_call_by_key_is_told_for_whom_it_is():
    call = caller(table=house(TOLD), keys=["8651"], phones={"8651": Answered(5)})
    lives_through(call)
    name = call.table.step("extension/8651").name
    assert call.whispered == [Prompt("whisper", to=name, caller="13800138000", tried=None)]


def test_in_a_house_that_tells_nobody_nothing_is_said_and_nothing_is_carried():
    call = caller(keys=["1"], phones={"8001": NoAnswer(), "8002": NoAnswer()})
    lives_through(call)
    assert (call.whispered, call.carried) == ([], {})


def test_what_is_told_is_known_before():
    table = house(TOLD)
    handlers = installed()
    for address, name in (("operator", OPERATOR), ("extension/8651", table.step("extension/8651").name)):
        spoken = list(handlers[address.partition("/")[0]].speaks(table.step(address), table, at(10)))
        assert Prompt("whisper", to=name, caller="", tried=None) in spoken and Prompt("accept") in spoken
    assert Prompt("accept") not in list(handlers["department"].speaks(table.step("department/sales"), table, at(10)))


# Quiet hours ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "colleague", "rung"),
    [
        (at(22, 59), False, True),
        (at(23), False, False),
        (at(6, 59), False, False),
        (at(7), False, True),
        (at(23), True, True),  # a colleague may
    ],
)
def test_callers_from_outside_do_not_ring_a_phone_in_its_quiet_hours(when, colleague, rung):
    phones = {"8001": Answered(5), "8002": Answered(5)}
    call = caller(when, house(QUIET), keys=["8002"], by_colleague=colleague, phones=phones)
    lives_through(call)
    # Then it is told that this is no hour for it, and the caller goes where the table says
    assert ("8002" in call.rung[0].targets) is rung
    assert (Prompt("quiet", to=call.table.step("extension/8002").name) in call.heard) is not rung
    assert call.path[-2:] == (["extension/8002", "goodbye"] if rung else ["operator", "goodbye"])


def test_a_department_rings_its_other_phones_meanwhile():
    table = QUIET.replace("    hours: office\n    ring", "    ring").replace("    closed: message/sales\n", "")
    call = caller(at(23), house(table), dialled="2000", phones={"8001": Answered(5)})
    lives_through(call)
    assert call.rung[0].targets == ("8001",)


FLOWS = {
    "told": (TOLD, {"keys": ["1"], "phones": {"8001": [NoAnswer(), NoAnswer()]}}),
    "quiet": (QUIET, {"at": at(23), "keys": ["8002"], "phones": {"8001": Answered(5)}}),
}


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("end", ["hangs_up_at", "dies_at"])
def test_at_any_moment_nobody_is_lost(flow, end):
    text, script = FLOWS[flow]
    whole = caller(table=house(text), **script)
    lives_through(whole)
    for verb in range(1, whole.verbs + 1):
        call = caller(table=house(text), **script, **{end: verb})
        live_through(call, Reception(installed()))
        assert call.over, verb
        if end == "dies_at":
            assert list(dict.fromkeys(call.path)) == list(dict.fromkeys(whole.path)), verb
