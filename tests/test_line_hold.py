"""Waiting, on the wire: asked every 20 seconds, heard at any moment (rule A8)."""

import itertools
from datetime import timedelta

import pytest

from ivr.switch import Busy, Caller, Refuses, Rings, Script, Unregistered
from tests.house import HOUSE
from tests.switched import switched

LONG = HOUSE.replace("rounds: 3}", "rounds: 5}")
TIMEOUT = 4.0
"""Seconds the check-in waits for a key."""


def check_ins(house, call) -> list[tuple[float, float]]:
    """When each check-in began, and when its words ended; by what the line said it played."""
    words = {str(path) for position in (1, None) for path in files(house, position)}
    own = words - {str(path) for path in files(house, 2)}
    heard = [sound for sound in call.heard if sound.what in own or sound.what in words]
    spans: list[list[float]] = []
    for sound in heard:
        if spans and sound.start - spans[-1][1] < 0.5:
            spans[-1][1] = sound.end
        else:
            spans.append([sound.start, sound.end])
    return [(start, end) for start, end in spans if end - start > 3]


def files(house, position):
    from esl_handlers.hold import check_in_words

    return house.voice.files(check_in_words(house.table.step("hold/sales"), position), "zh") or ()


@pytest.mark.parametrize("phones", [Busy(), Rings(), Script(Busy(), Rings(), Busy(), Rings(), Busy())])
def test_he_is_asked_every_twenty_seconds_whatever_the_phones_do(tmp_path, phones):
    with switched(tmp_path, table=LONG) as house:
        house.switch.phones |= {"8001": Busy(), "8002": phones}
        call = house.call(Caller().hears().waits(1).presses("1").waits(140).hangs_up())
        asked = check_ins(house, call)
        assert len(asked) >= 3
        for (_, end), (begin, _) in itertools.pairwise(asked):
            assert 19 <= begin - end - TIMEOUT <= 21.5, asked


@pytest.mark.parametrize("phones", [Busy(), Rings(), Refuses(after=9)], ids=["busy", "rings", "refuses late"])
def test_who_waits_is_counted_until_he_is_heard_of_again(tmp_path, phones):
    joined = []
    with switched(tmp_path, table=LONG) as house:
        join = house.line.books.waiting.join
        house.line.books.waiting.join = lambda *given: (joined.append(given[2:]), join(*given))
        house.switch.phones |= {"8001": Busy(), "8002": Script(Busy(), *[phones] * 5)}
        house.call(Caller().hears().waits(1).presses("1").waits(140).hangs_up())
    assert len(joined) >= 4
    for (_, until), (at, _) in itertools.pairwise(joined):
        # not longer than a round more, or he would be counted long after somebody took his call
        assert timedelta(seconds=0) <= until - at <= timedelta(seconds=50), joined


@pytest.mark.parametrize("second", [Rings(), Busy(), Unregistered()], ids=["rings", "busy", "unregistered"])
def test_the_key_that_leaves_is_heard_while_phones_ring(tmp_path, second):
    with switched(tmp_path, table=LONG) as house:
        # Given a caller who waits, and phones that ring
        house.switch.phones |= {"8001": Script(Busy(), Rings()), "8002": Script(Busy(), second)}
        call = house.switch.call(to="1000", script=Caller().hears().waits(1).presses("1").hears("ringback").hears(
            "ringback").waits(5).presses("2").hears("recording").waits(0.5).says(4))  # fmt: skip
        call.wait_ended(600)
        # Then 2 leads to the message within a second, not at the end of the ringing
        assert house.path(call.uuid)[-3:] == ["hold/sales", "message/sales", "goodbye"]
        rings = [sound for sound in call.heard if sound.what.startswith("ringback")]
        assert rings[-1].end - rings[-1].start < 6
        assert [message.state for message in house.line.messages.list()] == ["new"]
