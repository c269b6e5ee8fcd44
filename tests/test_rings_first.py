"""A number that rings before the line answers (rule A1): what the caller has of it, and who may hang up or die."""

import pytest

from ivr.switch import Caller, Rings
from tests.house import HOUSE
from tests.switched import switched

TWICE = HOUSE.replace('"2000": {', '"2000": {rings: 2, ')


@pytest.fixture
def house(tmp_path):
    with switched(tmp_path, table=TWICE) as one:
        one.switch.phones |= {"8001": Rings(), "8002": Rings()}
        yield one


def noted(house, call, event: str) -> list[dict]:
    return [dict(row.data) for row in house.journal(call.uuid).events if row.event == event]


def test_it_rings_twice_and_is_answered(house):
    # When somebody calls the number
    call = house.call(Caller().waits(12).hangs_up(), to="2000")
    # Then his telephone rings for ten seconds, and he is greeted when it is answered
    ringing, greeting = call.heard[:2]
    assert (ringing.what, ringing.start < 0.1) == ("ringback", True)
    assert 10 <= call.heard.answered_at <= greeting.start <= 10.1
    assert noted(house, call, "answered") == [{"waited": 10.0}]


def test_other_numbers_of_the_table_are_answered_at_once(house):
    call = house.call(Caller().waits(12).hangs_up(), to="1000")
    assert call.heard.answered_at <= 0.1
    assert noted(house, call, "answered") == [{"waited": 0.0}]


def test_who_hangs_up_while_it_rings_was_not_answered(house):
    call = house.call(Caller().waits(4).hangs_up(), to="2000")
    house.settle()
    # Then the call is over and in the journal, without an answer
    assert (call.channel.answered, 4 <= call.heard.ended_at <= 4.1) == (False, True)
    row = house.journal(call.uuid)
    assert row.closed is not None
    assert {one.event for one in row.events} == {"step", "hangup", "call-record"}
    assert house.line.server.sessions == house.second.server.sessions == set()


def test_a_line_that_dies_while_it_rings_makes_it_ring_no_longer(house):
    # Given a line that dies four seconds after the call came
    call = house.switch.call(to="2000", script=Caller().waits(12).hangs_up())
    house.clock.sleep(4)
    assert call.channel.heard[-1].what == "ringback"
    house.kill(house.line)
    call.wait_ended(60)
    # Then another lets it ring the rest of the time, and its answer is noted once
    assert [one.what for one in call.channel.heard[:2]] == ["ringback", "ringback"]
    assert 10 <= call.heard.answered_at <= 10.2
    assert noted(house, call, "answered") == [{"waited": 10.0}]
