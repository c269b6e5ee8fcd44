"""What a line hands over to a real FreeSWITCH, and how it comes back: ringing, recording, and the loop of both.

With a stand-in for the line: this holds for any.
"""

import threading
import time

import pytest

from ivr.telephones import Phone
from tests.live import sound
from tests.live.caller import Caller
from tests.live.freeswitch import BEEP, HOLD
from tests.live.records import Records
from tests.live.stand_in import serve

PHONE = 1400  # what is heard from a telephone of the house


def user(extension: str) -> str:
    return f"[leg_timeout=25]user/{extension}@house.example"


# Ringing ------------------------------------------------------------------------------------------------------------


def ring_once(extension: str, seconds: int = 5, ringback: str = "tone_stream://%(60000,0,300)"):
    """A conversation: answer, have one extension rung, then hang up."""

    def conversation(call):
        call.open()
        if call.done:
            return call.hang_up()
        call.execute("answer")
        call.hand_over("ring", dial=user(extension), seconds=seconds, ringback=ringback)

    return conversation


@pytest.mark.parametrize(
    ("manner", "disposition"),
    [
        ("busy", "USER_BUSY"),
        ("refuses", "CALL_REJECTED"),
        ("rings", "NO_ANSWER"),
        (None, "USER_NOT_REGISTERED"),
    ],
)
def test_a_ring_comes_back_with_what_became_of_it(switch, manner, disposition):
    phone = Phone(switch.sip, "8001", manner) if manner else None
    try:
        with serve(switch, ring_once("8001", seconds=3)) as line, Caller(switch.sip, "4000") as caller:
            caller.answered().ended()
            _, back = line.calls
        assert back.done == "ring:1"
        assert back["ivr_next"] == ""
        assert back["originate_disposition"] == disposition
        assert back["ivr_up"] == ""
    finally:
        if phone:
            phone.__exit__()


def test_an_unknown_extension_is_told_from_one_that_is_not_registered(switch):
    with serve(switch, ring_once("8999")) as line, Caller(switch.sip, "4000") as caller:
        caller.answered().ended()
        assert line.calls[1]["originate_disposition"] == "SUBSCRIBER_ABSENT"


def test_no_second_is_silent_while_a_phone_rings_and_then_they_talk(switch):
    music = str(switch.data / "static" / "hold.wav")
    with (
        Phone(switch.sip, "8001", "answers", after=6, talks=2) as phone,
        serve(switch, ring_once("8001", seconds=20, ringback=music)) as line,
        Caller(switch.sip, "4000") as caller,
    ):
        caller.answered().speak(12, 1200).ended()
        assert line.calls[1]["originate_disposition"] == "SUCCESS"
        assert line.calls[1]["bridge_hangup_cause"] == "NORMAL_CLEARING"
        assert caller.pitches() == [HOLD, PHONE]
        assert sound.longest_silence(caller.heard()) < 1
        assert 1200 in sound.pitches(phone.heard())


def test_a_pair_goes_on_talking_when_the_line_dies_and_the_call_comes_back(switch):
    with (
        Phone(switch.sip, "8001", "answers", after=0) as phone,
        serve(switch, ring_once("8001")) as line,
        Caller(switch.sip, "4000") as caller,
    ):
        phone.talking.wait(10)
        # When every process of ours is gone while they talk
        line.die()
        time.sleep(1.5)
        assert caller.is_up and not phone.over.is_set()
        # And one is there again when they are done
        line.start()
        phone.hang_up()
        caller.ended()
        assert [call.done for call in line.calls] == ["", "ring:1"]


# Recording ----------------------------------------------------------------------------------------------------------


def record(call, limit: int = 20, silence: int = 3) -> None:
    call.hand_over("record", file=f"{call['uuid']}-{call.turn + 1}.wav", limit=limit, silence=silence)


def test_a_recording_comes_back_with_how_it_ended(switch):
    def conversation(call):
        call.open()
        call.execute("answer")
        record(call) if not call.done else call.hang_up()

    with serve(switch, conversation) as line, Caller(switch.sip, "4000") as caller:
        caller.answered().hears(BEEP)
        caller.speak(2, 1200).said().press("#").said()
        caller.ended()
        back = line.calls[1]
    [file] = switch.spool.iterdir()
    assert file.name == f"{back['uuid']}-1.wav"
    assert (back.done, back["playback_terminator_used"], back["silence_hits_exhausted"]) == ("record:1", "#", "false")
    assert 1700 < int(back["record_ms"]) < 2600  # he begins while the last 0.2 s of the beep are played
    assert sound.pitches(sound.load(file)) == [1200]


def test_a_recording_ended_by_silence_says_so(switch):
    def conversation(call):
        call.open()
        call.execute("answer")
        record(call, silence=1) if not call.done else call.hang_up()

    with serve(switch, conversation) as line, Caller(switch.sip, "4000") as caller:
        caller.answered().hears(BEEP)
        caller.speak(1, 1200)
        caller.ended()
        assert line.calls[1]["silence_hits_exhausted"] == "true"
        assert line.calls[1]["playback_terminator_used"] == ""


def test_the_line_killed_before_and_after_the_return_of_a_recording_loses_neither_message(switch):
    returned = threading.Event()
    lives = []

    def conversation(call):
        lives.append(call)
        call.open()
        if len(lives) == 1:
            call.execute("answer")
            record(call)
        elif len(lives) == 2:  # the return of the first recording: this process dies with it
            returned.set()
            call.finish("never")
        elif len(lives) == 3:  # the same return once more: nothing may be recorded again
            record(call)
        else:
            call.hang_up()

    with serve(switch, conversation) as line, Caller(switch.sip, "4000") as caller:
        # Given a caller who is being recorded
        caller.answered().hears(BEEP)
        # When the line is killed, and is there again before he is done
        line.die()
        caller.speak(2, 1200).said()
        line.start()
        caller.press("#").said()
        # And killed again right after the return, and there again
        assert returned.wait(10)
        again = time.monotonic()
        line.die()
        line.start()
        # Then he is asked to speak again, not recorded over
        caller.hears(BEEP, since=again)
        caller.speak(2, 1600).said().press("#").said()
        caller.ended()
    assert [call.done for call in lives] == ["", "record:1", "record:1", "record:2"]
    first, second = sorted(switch.spool.iterdir())
    assert (first.name[-6:], second.name[-6:]) == ("-1.wav", "-2.wav")
    assert sound.pitches(sound.load(first)) == [1200]
    assert sound.pitches(sound.load(second)) == [1600]


def test_a_caller_who_hangs_up_while_he_is_recorded_is_in_the_call_records(switch):
    def conversation(call):
        call.open()
        call.execute("answer")
        call.execute("multiset", "^^;ivr_at=message/sales;ivr_table=0123456789ab")
        record(call)

    with Records(switch.records_port) as records, serve(switch, conversation), Caller(switch.sip, "4000") as caller:
        caller.answered().hears(BEEP)
        caller.speak(1, 1200).said().hang_up()
        [taken] = records.wait()
        variables = taken["variables"]
        assert records.kinds == ["application/json"]
        assert (variables["ivr_dialled"], variables["ivr_turn"], variables.get("ivr_done")) == ("4000", "1", None)
        assert variables["ivr_at"] == "message/sales"
        assert int(variables["record_ms"]) > 700
        assert variables["hangup_cause"] == "NORMAL_CLEARING"
        assert list(switch.records.iterdir()) == []


# The loop -----------------------------------------------------------------------------------------------------------


def test_a_hundred_hand_overs_for_a_caller_with_max_forwards_5(switch):
    def conversation(call):
        call.open()
        if call.turn == 0:
            call.execute("answer")
        if call.turn == 100:
            return call.hang_up()
        call.hand_over("ring", dial=user("8009"), seconds=5, ringback="silence_stream://100")

    with (
        Records(switch.records_port) as records,
        serve(switch, conversation) as line,
        Caller(switch.sip, "4000", max_forwards=5) as caller,
    ):
        caller.answered().ended(60)
        assert [call.done for call in line.calls] == ["", *(f"ring:{n}" for n in range(1, 101))]
        # Nothing that rides in a connect reply grows with the hand-overs.
        assert len(line.calls[100].headers) - len(line.calls[2].headers) < 3
        assert line.calls[100]["transfer_history"] == ""
        # The call record does, 4 kB each: it lists every action that was run. What takes it must take this.
        records.wait()
        assert len(records.bodies[0]) < 600_000


@pytest.mark.parametrize(("sent", "arrives"), [(70, "69"), (5, "4"), (1, "1"), (0, "1")])
def test_telephones_are_rung_with_the_hops_the_caller_has_left(switch, sent, arrives):
    # So a call that a telephone forwards back to the house, over and over, comes to an end.
    with (
        Phone(switch.sip, "8001", "busy") as phone,
        serve(switch, ring_once("8001")) as line,
        Caller(switch.sip, "4000", max_forwards=sent) as caller,
    ):
        caller.answered().ended()
        assert [invite.get("Max-Forwards") for invite in phone.calls] == [arrives]
        assert line.calls[1]["originate_disposition"] == "USER_BUSY"


def test_a_person_who_sends_the_caller_back_to_the_house_starts_a_new_entry(switch):
    def conversation(call):
        call.open()
        if call["ivr_dialled"] == "4001":
            return call.hang_up()
        call.execute("answer")
        call.execute("multiset", "^^;ivr_at=menu/main;ivr_state=round~2;ivr_lang=en")
        call.hand_over("ring", dial=user("8001"), seconds=10, ringback="silence_stream://100")

    with (
        Phone(switch.sip, "8001", "answers", after=0) as phone,
        serve(switch, conversation) as line,
        Caller(switch.sip, "4000") as caller,
    ):
        assert phone.talking.wait(10)
        time.sleep(0.5)
        phone.refer("4001")
        caller.ended()
        entry = line.calls[-1]
        assert (entry["ivr_dialled"], entry["ivr_at"], entry["ivr_state"], entry["ivr_lang"], entry.done) == (
            "4001", "", "", "", "",
        )  # fmt: skip
        # Kept, or the next recording of this channel would have the name of one before.
        assert entry["ivr_turn"] == "1"


@pytest.mark.parametrize("number", ["line", "asked", "left", "fallback"])
def test_nobody_can_be_sent_into_the_lines_own_context(switch, number):
    with (
        Phone(switch.sip, "8001", "answers", after=0) as phone,
        serve(switch, ring_once("8001")) as line,
        Caller(switch.sip, "4000") as caller,
    ):
        assert phone.talking.wait(10)
        time.sleep(0.5)
        phone.refer(number)
        caller.ended()
        assert len(line.calls) == 1
