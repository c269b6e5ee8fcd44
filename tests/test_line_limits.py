"""What a line does when there is too much of something, and what one line does for all when it dies."""

import pytest

from ivr.line import LEASE
from ivr.switch import Answers, Busy, Caller
from tests.house import HOUSE
from tests.switched import switched

EMERGENCY = HOUSE.replace(
    '  "*": {to: menu/main, hours: office}\n',
    '  "4119": {to: department/support, emergency: yes}\n  "*": {to: menu/main, hours: office}\n',
)
HELD_UP = {"lag_limit": -1.0}
"""A line whose event loop comes too late, always."""


@pytest.fixture
def housed(tmp_path):
    """`housed(**settings)`: a house where Sales answers."""
    opened = []

    def made(**settings):
        opened.append(switched(tmp_path, table=EMERGENCY, **settings))
        house = opened[0].__enter__()
        house.switch.phones |= {"8001": Answers(after=1, talks=3), "8003": Answers(after=1, talks=3)}
        return house

    yield made
    for one in opened:
        one.__exit__(None, None, None)


def to_sales():
    return Caller().hears().waits(1).presses("1")


def test_a_line_that_is_held_up_tells_ordinary_callers_so_before_it_answers(housed):
    house = housed(**HELD_UP)
    call = house.call(to_sales())
    assert (call.cause, call.channel.answered, house.line.busied) == ("USER_BUSY", False, 1)
    assert house.switch.dialled == []


def test_an_emergency_is_served_by_a_line_that_is_held_up_and_called_too_often(housed):
    house = housed(**HELD_UP, caller_limit=0, caller_rate=0)
    house.call(Caller().waits(60).hangs_up(), to="4119")
    assert house.switch.dialled == ["user/8003@house.example"]
    assert (house.line.busied, house.line.crowd.refused) == (0, 0)


def test_who_is_in_dialogue_is_served_to_the_end_by_a_line_that_is_held_up(housed):
    house = housed()
    house.switch.phones["8001"] = Answers(after=10, talks=3)
    call = house.switch.call(to="1000", script=to_sales())
    house.clock.sleep(15)
    # Given phones that rang when the line came to be held up
    for line in (house.line, house.second):
        line.server.pressed = lambda: True
    # Then who was rung for comes back to it, and nobody tells him that all lines are busy
    call.wait_ended(600)
    assert (call.cause, house.path(call.uuid)[-1]) == ("NORMAL_CLEARING", "goodbye")


def test_one_number_has_so_many_calls_at_once_and_others_are_served(housed):
    house = housed(caller_limit=2)
    stays = [house.switch.call(to="1000", frm="13800000001", script=Caller().waits(600)) for _ in "12"]
    house.clock.sleep(1)
    assert house.call(to_sales(), frm="13800000001").cause == "USER_BUSY"
    assert house.call(to_sales(), frm="13800000002").cause == "NORMAL_CLEARING"
    assert house.line.crowd.refused == 1
    # When one of them has hung up, the number may call again
    stays[0].hang_up()
    house.clock.sleep(10)
    assert house.call(to_sales(), frm="13800000001").cause == "NORMAL_CLEARING"


def test_one_number_has_so_many_calls_a_minute_though_each_is_short(housed):
    house = housed(caller_rate=3)

    def causes(calls: int) -> list[str]:
        return [house.call(Caller().hears().hangs_up(), frm="13800000001").cause for _ in range(calls)]

    assert causes(5) == ["NORMAL_CLEARING"] * 3 + ["USER_BUSY"] * 2
    house.clock.sleep(60)
    assert causes(1) == ["NORMAL_CLEARING"]


def test_past_the_hard_limit_the_dialplan_goes_on_without_the_line(housed):
    house = housed(soft_limit=1, hard_limit=1)
    for _ in "12":
        house.switch.call(to="1000", script=Caller().waits(600))
    house.clock.sleep(1)
    house.switch.phones["8001"] = Busy()
    call = house.call(Caller().hears("fallback-message").hangs_up())
    assert "fallback-apology" in str(call.heard)
    assert (house.line.server.figures.over, house.second.server.figures.over) == (2, 1)


def test_what_one_line_does_for_all_another_does_when_it_dies(housed):
    house = housed()
    first, other = house.line, house.new_line()
    other.name = "another-host:1"
    other.start()
    try:
        assert (first.leads, other.leads) == (True, False)
        # When the first is killed: nothing is given back
        for line in (first, house.second):
            line.chores.stop()
            house.kill(line)
        # Then another has the role when the lease has run out, and not before
        house.clock.sleep(LEASE / 2)
        assert not other.leads
        house.clock.sleep(LEASE)
        assert other.leads
    finally:
        other.stop(0)


def test_a_line_that_stops_gives_the_role_back_at_once(housed):
    house = housed()
    other = house.new_line()
    other.name = "another-host:1"
    other.start()
    try:
        for line in (house.line, house.second):
            line.stop(0)
        other.lead()
        assert other.leads
    finally:
        other.stop(0)
