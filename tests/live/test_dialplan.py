"""The dialplan's promises, on a real FreeSWITCH, with a stand-in for the line.

These hold for any line: who is let in, and what becomes of him where nobody is there. What the line hands over to the
switch is in test_hand_overs.py, what `ivr serve` does with all of it in test_line.py.
"""

import threading
import time

import pytest

from ivr.telephones import Phone
from tests.live import sound
from tests.live.caller import Caller
from tests.live.freeswitch import APOLOGY, BEEP, HOLD, MESSAGE, THANKS
from tests.live.stand_in import serve

EMERGENCY = ("110", "119", "120", "122", "112", "911", "999")
PHONE = 1400  # what is heard from a telephone of the house


# Nobody there -------------------------------------------------------------------------------------------------------


def test_nobody_listening_the_caller_hears_the_fallback_and_his_message_is_kept_once(switch):
    # Given no line, and no operator registered
    # When somebody calls, and speaks after the beep
    with Caller(switch.sip, "4000") as caller:
        caller.answered().hears(BEEP)
        caller.speak(2, 1200).said().press("#").said()
        caller.ended()
    # Then he was answered at once, heard all of it in order, and one message is there
    assert caller.answered_at - caller.rang_at < 1
    assert caller.pitches() == [APOLOGY, MESSAGE, BEEP, THANKS]
    [message] = switch.spool.iterdir()
    assert message.name.startswith("fallback-") and len(message.name) == len("fallback-.wav") + 36
    assert 1200 in sound.pitches(sound.load(message))


def test_nobody_listening_the_operator_is_rung_with_music_and_takes_the_call(switch):
    with Phone(switch.sip, "8000", "answers", after=3, talks=1), Caller(switch.sip, "4000") as caller:
        caller.answered().ended()
    # No message is asked for after a conversation, and nothing of it was silent for a second.
    assert caller.pitches() == [APOLOGY, HOLD, PHONE]
    assert sound.longest_silence(caller.heard()) < 1
    assert list(switch.spool.iterdir()) == []


def test_a_line_that_accepts_and_closes_at_once_does_not_keep_the_caller(switch):
    def shut(call):
        return  # past its hard limit: the connection is closed unread

    with serve(switch, shut) as first, serve(switch, shut, 1) as second, Caller(switch.sip, "4000") as caller:
        caller.answered(2).hears(APOLOGY)
        assert (len(first.calls), len(second.calls)) == (1, 1)


def test_a_call_that_kills_line_after_line_ends_at_the_fallback_and_does_not_spin(switch):
    def die(call):
        call.open()
        call.execute("set", "ivr_at=menu/main")

    with serve(switch, die) as first, serve(switch, die, 1) as second, Caller(switch.sip, "4000") as caller:
        caller.answered(10).hears(APOLOGY)
        assert (len(first.calls), len(second.calls)) == (9, 9)
        assert [call["ivr_at"] for call in first.calls] == [""] + ["menu/main"] * 8


def test_the_second_host_takes_over_what_the_first_drops(switch):
    playing = threading.Event()
    taken_over = []

    def play(call):
        call.open()
        call.execute("answer")
        call.execute("multiset", "^^;ivr_at=menu/main;ivr_state=round~2")
        call.begin("playback", "tone_stream://%(20000,0,620)")
        playing.set()
        call.finish("never")

    def resume(call):
        taken_over.append(time.monotonic())
        call.open()
        call.hang_up()

    with serve(switch, play) as first, serve(switch, resume, 1) as second, Caller(switch.sip, "4000") as caller:
        playing.wait(10)
        caller.hears(620)
        died = time.monotonic()
        first.die()
        caller.ended()
        [call] = second.calls
        assert taken_over[0] - died < 0.2
        assert (call["ivr_at"], call["ivr_state"], call["ivr_dialled"]) == ("menu/main", "round~2", "4000")


# Emergencies --------------------------------------------------------------------------------------------------------


def test_every_emergency_number_reaches_the_gateway_with_no_line_running(switch):
    with Phone(switch.sip, None, "answers", after=0, port=switch.gateway_port) as gateway:
        for number in EMERGENCY:
            with Caller(switch.sip, number, max_forwards=1) as caller:
                caller.answered(5).hears(PHONE)
            gateway.over.clear()
        assert [invite.uri.split(":")[1].split("@")[0] for invite in gateway.calls] == list(EMERGENCY)


def test_an_emergency_that_the_carrier_refuses_twice_rings_the_operator(switch):
    with (
        Phone(switch.sip, None, "busy", port=switch.gateway_port) as gateway,
        Phone(switch.sip, "8000", "answers", after=0) as operator,
        Caller(switch.sip, "110") as caller,
    ):
        caller.answered(10).hears(PHONE)
        assert (len(gateway.calls), len(operator.calls)) == (2, 1)


# Strangers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["line", "fallback", "4000a", "%24%7Bsystem%20x%7D", "user", "400-0", "4" * 21, "4000%0Ax", "%23"]
)
def test_a_dialled_number_that_is_none_is_refused(switch, number):
    with Caller(switch.sip, number) as caller:
        caller.ended(5)
        assert caller.status == 404


def test_a_line_feed_behind_the_number_is_taken_off(switch):
    # The dollar of a regular expression also matches before a last line feed; what is kept is the capture.
    with serve(switch, lambda call: (call.open(), call.hang_up())) as line, Caller(switch.sip, "4000%0A") as caller:
        caller.ended()
        assert line.calls[0]["ivr_dialled"] == "4000"


def test_a_plus_in_front_is_taken_off(switch):
    with serve(switch, lambda call: (call.open(), call.hang_up())) as line, Caller(switch.sip, "+8620123") as caller:
        caller.ended()
        assert line.calls[0]["ivr_dialled"] == "8620123"


def test_a_hostile_caller_executes_nothing(switch):
    proof = switch.folder / "executed"
    shell = f"%24%7Bsystem%20touch%20{proof}%7D"
    brackets = f"%24%7Bsystem(touch%20{proof})%7D"

    def copies_what_the_caller_sent(call):  # as a careless line would
        call.open()
        call.execute("answer")
        for name in ("sip_from_display", "sip_h_X-Name", "sip_from_user", "sip_h_X-Other"):
            value = call[name].replace("\n", " ")  # two line feeds would be a new command: tests of the wire
            call.execute("set", f"ivr_digits={value}")
            call.execute("log", f"INFO {value}")
        call.execute("set", "ivr_digits=${sip_h_X-Name}")
        call.hang_up()

    headers = [("X-Name", shell), ("X-Other", brackets), ("X-Lines", "a%0AX: b"), ("P-Asserted-Identity", "<sip:%0A>")]
    name = f"{shell}%0Aapi system touch {proof}"
    with serve(switch, copies_what_the_caller_sent) as line:
        with Caller(switch.sip, "4000", number=shell, name=name, headers=headers) as it:
            it.ended()
        with Caller(switch.sip, "4000", name="Bob%0AX: y%0A%0Aapi status", headers=headers) as it:
            it.ended()
        assert len(line.calls) == 2
        assert all(call["ivr_dialled"] == "4000" for call in line.calls)
    # The fallback, which no line watches over, with the same caller
    with Caller(switch.sip, "4000", number=brackets, name=brackets, headers=headers) as it:
        it.answered().hears(APOLOGY)
    assert not proof.exists()


# Call records -------------------------------------------------------------------------------------------------------


def test_a_call_record_that_nobody_takes_waits_in_the_folder(switch):
    with serve(switch, lambda call: (call.open(), call.hang_up())), Caller(switch.sip, "4000") as caller:
        caller.ended()
    switch.quiet()
    end = time.monotonic() + 10
    while not list(switch.records.iterdir()) and time.monotonic() < end:
        time.sleep(0.1)
    [file] = switch.records.iterdir()
    assert file.name.endswith(".cdr.json") and len(file.name) == len(".cdr.json") + 36
