"""`ivr serve` killed at one moment of a call after the other, behind a real FreeSWITCH."""

import time
from contextlib import ExitStack

from bench.live_chaos import bad_day
from ivr.telephones import Phone
from tests.live import sound
from tests.live.caller import Caller
from tests.live.freeswitch import BEEP
from tests.live.line import PHONE, Line, names, pitch


def test_killed_while_a_number_is_keyed_the_menu_is_said_again_and_the_number_taken(switch, line):
    with (
        Line(switch, host=1, prompts=line.prompts),
        Phone(switch.sip, "8001", "rings") as phone,
        Caller(switch.sip, "4000") as caller,
    ):
        # Given two keys of four
        caller.answered(5).hears(pitch("menu"))
        caller.press("80").said()
        # When the line dies before the third
        line.kill()
        killed = time.monotonic()
        # Then the menu is said again, and the two are forgotten
        caller.hears(pitch("menu"), since=killed)
        caller.press("8001#").hears(pitch("transfer-extension"), since=killed)
        assert phone.rung.wait(10)


def test_killed_while_a_phone_rings_it_rings_on_and_is_rung_once(switch, line):
    with (
        Phone(switch.sip, "8001", "answers", after=3, hertz=PHONE) as phone,
        Phone(switch.sip, "8002", "rings") as second,
        Caller(switch.sip, "4001") as caller,
    ):
        assert phone.rung.wait(20)
        line.kill()
        caller.hears(PHONE)
        line.start()
        phone.hang_up()
        caller.hears(pitch("goodbye"))
        caller.ended()
        assert (len(phone.calls), phone.cancelled, len(second.calls)) == (1, 0, 0)
    assert names(caller.pitches()) == ["greeting", "transfer", "music", "phone", "goodbye"]


def test_killed_while_nobody_answers_it_takes_the_message_that_follows(switch, line):
    with (
        Phone(switch.sip, "8001", "rings") as first,
        Phone(switch.sip, "8002", "rings") as second,
        Caller(switch.sip, "4001") as caller,
    ):
        assert first.rung.wait(20)
        line.kill()
        line.start()
        caller.hears(BEEP, 30)
        caller.speak(2, 700).said().press("#").hears(pitch("message-kept"))
        assert names(caller.pitches())[:6] == ["greeting", "transfer", "music", "no-answer", "message", "beep"]
        assert (len(first.calls), len(second.calls)) == (1, 1)
    assert [one["ended"] for one in line.messages(1)] == ["key"]


def test_killed_while_callers_hang_up_every_message_and_every_call_is_complete(switch, line):
    # Given eight callers who are being recorded, and four who hear the menu
    with ExitStack() as calls:
        recorded = {
            f"1380000000{turn}": calls.enter_context(Caller(switch.sip, "4002", number=f"1380000000{turn}"))
            for turn in range(8)
        }
        others = [calls.enter_context(Caller(switch.sip, "4000")) for _ in range(4)]
        hertz = {number: 600 + 100 * turn for turn, number in enumerate(recorded)}
        for number, caller in recorded.items():
            caller.hears(BEEP)
            caller.speak(2, hertz[number])
        for caller in others:
            caller.hears(pitch("menu"))
        for caller in recorded.values():
            caller.said()
        # When they hang up within a fifth of a second, and the line dies in the middle of it
        leaving = [*recorded.values()]
        leaving[2:2], leaving[8:8] = others[:2], others[2:]
        for turn, caller in enumerate(leaving):
            caller.hang_up(0)
            if turn == 5:
                line.kill()
            time.sleep(0.015)  # so that each is at another place on his way to the database
        for caller in leaving:
            caller.ended(5)
    line.start()
    # Then each message is there, whole, as soon as it has swept: it does so at once, since who had to is dead
    messages = line.messages(8, deadline=10)
    assert {one["ended"] for one in messages} == {"hangup"}
    for one in messages:
        assert sound.pitches(sound.load(switch.spool / one["recording"])) == [hertz[one["caller"]]]
    # And each call is closed
    found = line.ivr("calls", "list")
    assert [(one["cause"], bool(one["closed"])) for one in found] == [("NORMAL_CLEARING", True)] * 12


def test_a_bad_day(switch):
    # `make chaos-live` in short.
    for file in switch.data.glob("zongji.db*"):
        file.unlink()
    found = bad_day(switch, calls=6, rate=2.0, workers=3, every=1.5)
    print({key: found[key] for key in ("killed", "deaths_in_dialogue", "median_ms", "fallback", "seconds")})
    assert (found["dropped"], found["lost"], found["twice"]) == ([], [], [])
    # Whoever meets the fallback after his message is asked for another.
    assert 6 <= found["messages"] <= 6 + found["fallback"]
    assert found["killed"] >= 8
