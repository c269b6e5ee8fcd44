"""`socket host1|host2`: two lines at two addresses, in one action of the dialplan; one dies, the other goes on."""

import pytest

from ivr.switch import Busy, Caller
from tests.switched import switched


@pytest.fixture
def house(tmp_path):
    """Two lines at one port of two addresses; the dialplan asks the one first, in its second action the other."""
    with switched(tmp_path) as house:
        port = house.line.server.server_port
        house.second.stop(0)
        house.second = house.new_line(f"127.0.0.2:{port}")
        house.second.start()
        one, other = f"127.0.0.1:{port}", f"127.0.0.2:{port}"
        house.switch = house.new_switch(ivr_line_1=f"{one}|{other}", ivr_line_2=f"{other}|{one}")
        house.switch.phones["8002"] = Busy()
        yield house


def leaves_a_message():
    return Caller().hears().waits(1).presses("8002").hears("recording").waits(0.5).says(5).presses("#")


def is_served(house, call) -> bool:
    """Has he left one message, and been rung and recorded once?"""
    house.settle()
    names = [name for name, _, _ in call.session.log]
    states = [message.state for message in house.line.messages.list(uuid=call.uuid)]
    return (call.cause, names.count("bridge"), names.count("record"), states) == ("NORMAL_CLEARING", 1, 1, ["new"])


def taken(house) -> tuple[int, int]:
    """How many connections each has had."""
    return house.line.server.figures.accepted, house.second.server.figures.accepted


def test_while_both_live_the_first_has_the_call(house):
    assert is_served(house, house.call(leaves_a_message()))
    assert taken(house) == (3, 0)


def test_where_the_first_is_dead_the_second_is_asked_in_the_same_action(house):
    house.kill(house.line)
    call = house.call(leaves_a_message())
    assert is_served(house, call)
    assert taken(house) == (0, 3)
    assert [name for name, _, _ in call.session.log].count("socket") == 3


def test_the_first_dies_in_the_menu_and_the_second_goes_on_with_it(house):
    script = Caller().hears().waits(1).does(lambda _: house.kill(house.line)).waits(1).presses("8002")
    call = house.call(script.hears("recording").waits(0.5).says(5).presses("#"))
    assert is_served(house, call)
    assert taken(house) == (1, 3)
    assert house.path(call.uuid) == ["greeting/1000", "menu/main", "extension/8002", "message/8002", "goodbye"]


def test_one_that_is_full_and_closes_at_once_is_passed_over(house):
    # (Of one action's hosts the next is not tried then: so the second action names them the other way round.)
    house.line.server.hard = 0
    assert is_served(house, house.call(leaves_a_message()))
    assert taken(house) == (0, 3)
