"""A line that is told to stop: no new call, ten seconds for callers in dialogue, and the rest goes on with another."""

from contextlib import ExitStack

import gevent
import pytest
from gevent import socket

from ivr.line import DRAIN
from ivr.switch import Answers, Busy, Caller
from tests.esl.peer import Peer
from tests.switched import switched


@pytest.fixture
def house(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones |= {"8001": Answers(after=1, talks=60), "8002": Busy()}
        yield house


def stops(house):
    """Told by SIGTERM, as `ivr serve` does it; its value says whether nobody was cut off."""
    return gevent.spawn(house.line.stop)


def served(house, call, times: int) -> None:
    call.wait_ended(600)
    house.clock.sleep(2)
    house.settle()
    assert (call.cause, house.path(call.uuid)[-1]) == ("NORMAL_CLEARING", "goodbye")
    assert house.second.server.figures.accepted == times


def test_who_is_in_a_menu_and_done_in_time_is_served_to_the_end(house):
    call = house.switch.call(to="1000", script=Caller().hears().waits(3).presses("3").waits(4).hangs_up())
    house.clock.sleep(2)
    stopping = stops(house)
    call.wait_ended(600)
    assert stopping.get(timeout=20) is True
    assert house.second.server.figures.accepted == 0


def test_who_is_in_a_menu_for_longer_hears_it_again_from_the_other_and_keys_there(house):
    # Given somebody who thinks about it
    script = Caller().hears().waits(DRAIN + 4).presses("1")
    call = house.switch.call(to="1000", script=script)
    house.clock.sleep(2)
    # When the line stops
    stopping = stops(house)
    # Then the other has him, at the same step, and puts him through
    served(house, call, 2)
    assert stopping.get(timeout=20) is False
    assert house.path(call.uuid)[:3] == ["greeting/1000", "menu/main", "department/sales"]
    # And no new call came to the one that stopped
    assert house.line.server.figures.accepted == 1


def test_whoever_stays_at_whichever_door_is_waited_for_once(tmp_path):
    with switched(tmp_path, emergency_listen="127.0.0.1:0") as house, ExitStack() as callers:
        # Given a caller at each, to whom something is played that does not end
        for door in (house.line.server, house.line.emergencies):
            sock = socket.create_connection(("127.0.0.1", door.server_port))
            caller = callers.enter_context(Peer({"variable_ivr_dialled": "1000"}, sock=sock))
            caller.completing = False
        house.clock.sleep(1)
        assert len(house.line.server.sessions) == len(house.line.emergencies.sessions) == 1
        # When the line stops, then both are cut off in the same moment
        stopping = stops(house)
        house.clock.sleep(DRAIN + 1)
        assert house.line.server.sessions == house.line.emergencies.sessions == set()
        assert stopping.get(timeout=20) is False


def test_a_recording_and_a_talk_go_on_and_come_back_to_the_other(house):
    spoken = Caller().hears().presses("8002").hears("recording").waits(0.5).says(30).presses("#")
    recorded = house.switch.call(to="1000", script=spoken)
    talking = house.switch.call(to="1000", script=Caller().hears().waits(1).presses("1"))
    house.clock.sleep(35)
    assert talking.channel.bridged
    stopping = stops(house)
    house.clock.sleep(DRAIN)
    assert stopping.get(timeout=20) is True
    assert talking.channel.bridged
    recorded.wait_ended(600)
    served(house, talking, 2)
    [message] = house.second.messages.list(uuid=recorded.uuid)
    assert (message.state, message.ended, round(message.ms / 1000)) == ("new", "key", 30)
