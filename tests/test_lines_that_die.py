"""One line after the other dies under a caller: he is served once, whatever he was at, and nothing is done twice."""

import gevent
import pytest

from ivr.line import Line
from ivr.reception import RESUMES
from ivr.switch import Answers, Busy, Caller, Rings
from ivr.switch.listener import Listener
from tests.switched import SwitchedHouse, switched

SOON = 0.1
"""Seconds from the beginning of what is heard to the death."""


class Deaths:
    """Whichever line has the caller dies `times` while he is at a step and hears something, and stands up again."""

    def __init__(self, house: SwitchedHouse, call, at: str, times: int, done: bool = False):
        self.house, self.session, self.at, self.left, self.done = house, call.session, at, times, done
        self.dead: list[Line] = []
        self._seen = 0
        call.channel.on_fired.append(self._fired)

    def _fired(self, _number: int) -> None:
        log, variables = self.session.log, self.session.channel.variables
        if not self.left or len(log) == self._seen or not variables.get("ivr_at", "").startswith(self.at):
            return
        self._seen = len(log)
        if log[-1][0] in ("playback", "play_and_get_digits") and bool(variables.get("ivr_done")) == self.done:
            self.left -= 1
            self.house.clock.call_later(SOON, gevent.spawn, self._die)

    def _die(self) -> None:
        for name in ("line", "second"):
            line: Line = getattr(self.house, name)
            if line.server.sessions:
                address = "{}:{}".format(*line.server.address[:2])
                self.house.kill(line)
                self.dead.append(line)
                anew = self.house.new_line(address)
                anew.start()
                setattr(self.house, name, anew)


def leaves_a_message():
    return Caller().hears().waits(1).presses("8002").hears("recording").waits(0.5).says(5).presses("#")


@pytest.fixture
def house(tmp_path):
    with switched(tmp_path) as one:
        one.switch.phones |= {"8002": Busy(), "8001": Rings()}
        yield one


def done_with(house, call) -> tuple[str, int, int, list[str]]:
    """How it ended; how often phones were rung and recorded; the messages' states."""
    call.wait_ended(900)
    house.clock.sleep(2)
    house.settle()
    names = [name for name, _, _ in call.session.log]
    assert house.switch.errors == []
    states = [message.state for message in house.line.messages.list(uuid=call.uuid)]
    return call.cause, names.count("bridge"), names.count("record"), states


@pytest.mark.parametrize("times", [1, 4, 7, 12])
def test_who_has_left_his_message_and_hears_goodbye_is_not_rung_or_recorded_again(house, times):
    call = house.switch.call(to="1000", script=leaves_a_message())
    # When line after line dies while it says goodbye
    deaths = Deaths(house, call, "goodbye", times)
    # Then he is let go, and has left one message
    assert done_with(house, call) == ("NORMAL_CLEARING", 1, 1, ["new"])
    assert deaths.left == max(0, times - RESUMES - 1)


@pytest.mark.parametrize("times", [1, RESUMES, 8])
def test_a_message_that_came_back_is_kept_once_however_many_lines_die_while_the_caller_hears_so(house, times):
    call = house.switch.call(to="1000", script=leaves_a_message())
    deaths = Deaths(house, call, "message/", times, done=True)
    assert done_with(house, call) == ("NORMAL_CLEARING", 1, 1, ["new"])
    assert deaths.left == 0


def test_phones_that_rang_are_rung_once_however_many_lines_die_while_the_caller_is_told(house):
    call = house.switch.call(to="1000", script=leaves_a_message())
    deaths = Deaths(house, call, "extension/", 8, done=True)
    assert done_with(house, call) == ("NORMAL_CLEARING", 1, 1, ["new"])
    assert deaths.left == 0


def test_phones_a_line_did_not_hear_it_had_asked_for_are_not_rung_when_it_dies_at_another_step(house, monkeypatch):
    # Given a line that is not told that its hand-over to 8002 is written
    write, unheard = Listener.write, []

    def deaf(listener, data):
        if b"CHANNEL_EXECUTE_COMPLETE" in data and b'"variable_ivr_next":"ring"' in data and not unheard:
            unheard.append(data)
        else:
            write(listener, data)

    monkeypatch.setattr(Listener, "write", deaf)
    call = house.switch.call(to="1000", script=leaves_a_message())
    # When it has led him to the operator, and dies as it says so
    deaths = Deaths(house, call, "operator", 1)
    # Then the operator is rung, and nobody else
    assert done_with(house, call) == ("NORMAL_CLEARING", 1, 1, ["new"])
    assert (len(unheard), deaths.left, house.switch.dialled) == (1, 0, ["user/8001@house.example"])


def test_a_talk_goes_on_while_every_line_dies_and_ends_once(house):
    house.switch.phones["8001"] = Answers(after=2, talks=30)
    call = house.switch.call(to="1000", script=Caller().hears().waits(1).presses("1"))
    house.clock.sleep(20)
    assert call.channel.bridged
    for line in (house.line, house.second):
        house.kill(line)
    house.clock.sleep(5)
    assert call.channel.bridged


def test_who_is_taken_by_a_line_that_dies_before_it_has_said_a_word_is_greeted_by_the_other(house):
    # Given a line that takes connections and is gone before it has asked who calls
    house.line.server.hard = 0
    call = house.switch.call(to="1000", script=leaves_a_message())
    assert done_with(house, call) == ("NORMAL_CLEARING", 1, 1, ["new"])
    assert (house.line.server.figures.accepted, "fallback" in str(call.heard)) == (0, False)


@pytest.mark.parametrize("moment", ["while he speaks", "when he has heard that it is kept"])
def test_a_call_that_ends_while_every_line_dies_is_whole_in_the_books_of_the_next(house, moment):
    # Given lines that die with all they had not written, and a switch whose records nobody takes
    def refused(_):
        raise OSError("nobody there")

    def die(_=None):
        house.switch.records = refused
        for line in (house.line, house.second):
            line.off_hub.close()
            line.back_office.close()
            house.kill(line)

    script = Caller().hears().waits(1).presses("8002").hears("recording").waits(0.5)
    if moment == "while he speaks":
        script = script.says(2).does(die).says(3).hangs_up()
    else:
        script = script.says(5).presses("#").hears().waits(0.1).does(die).hangs_up()
    call = house.switch.call(to="1000", script=script).wait_ended(600)
    assert list((house.folder / "records").iterdir())
    # When there is a line again, and it has swept
    house.clock.sleep(120)
    anew = house.new_line()
    anew.leads = True
    anew.store.migrate()
    anew.sweep()
    # Then the call is closed and the message is one
    (message,) = anew.messages.list(uuid=call.uuid)
    row = anew.journal.call(call.uuid)
    assert (message.state, row.closed is not None) == ("new", True)
    assert list((house.folder / "records").iterdir()) == []
    anew.stop(0)
