"""`ivr serve` behind a real FreeSWITCH: what callers hear, and what is kept, whatever dies."""

import time
from contextlib import ExitStack

import pytest

from ivr.telephones import Phone
from tests.live import sipp, sound
from tests.live.caller import Caller
from tests.live.freeswitch import APOLOGY, BEEP, HOLD
from tests.live.line import PHONE, SHIPPED, Line, names, pitch, write_prompts


def heard(caller: Caller) -> list[str]:
    return names(caller.pitches())


def speak_after_the_beep(caller: Caller, hertz: int, since: float | None = None, end: str = "#") -> None:
    caller.hears(BEEP, 30, since)
    caller.speak(2, hertz).said()
    if end:
        caller.press(end).said()


def test_an_emergency_entry_comes_in_when_no_other_call_does(switch, line):
    # Given a line that takes two connections and has them, and a door for emergencies
    line.stop()
    line.options = ("--hard-limit", "2", "--emergency-listen", f"127.0.0.1:{switch.emergency_port}")
    line.start()
    with ExitStack() as calls:
        for _ in "12":
            calls.enter_context(Caller(switch.sip, "4000")).answered(5).hears(pitch("greeting"))
        # When another ordinary caller comes, then he has the dialplan's fallback
        with Caller(switch.sip, "4001") as ordinary:
            ordinary.answered(5).hears(APOLOGY, 10)
        # And an emergency is put through
        with (
            Phone(switch.sip, "8001", "answers", after=1, talks=2, hertz=PHONE),
            Caller(switch.sip, "4119") as emergency,
        ):
            emergency.hears(PHONE, 15)
            emergency.ended()


# A call -------------------------------------------------------------------------------------------------------------


def test_greeted_put_through_with_music_and_talking(switch, line):
    with (
        Phone(switch.sip, "8001", "answers", after=4, talks=2, hertz=PHONE),
        Caller(switch.sip, "4000") as caller,
    ):
        caller.answered(5).hears(pitch("greeting"))
        caller.press("1").ended()
    # No second of it was silent, neither while the phones rang nor between the parts
    assert heard(caller) == ["greeting", "transfer", "music", "phone", "goodbye"]
    assert sound.longest_silence(caller.heard()) < 1


def test_the_prompts_that_come_with_the_program_are_heard(switch, line):
    line.stop()
    line.prompts = SHIPPED
    line.start(240)
    with Caller(switch.sip, "4000") as caller:
        caller.answered(5)
        time.sleep(8)
        # The greeting, then the menu: speech from the first half second on, and no second without a word
        speech = sound.loudness(caller.heard())
        assert max(speech[:5]) > 0.02 and sum(value > 0.02 for value in speech) > len(speech) / 2
        assert sound.longest_silence(caller.heard()) < 1


def test_nobody_answers_and_a_message_is_kept(switch, line):
    with (
        Phone(switch.sip, "8001", "rings") as first,
        Phone(switch.sip, "8002", "rings") as second,
        Caller(switch.sip, "4001") as caller,
    ):
        speak_after_the_beep(caller.answered(5), 700)
        caller.hears(pitch("message-kept"))
        assert (first.cancelled, second.cancelled) == (1, 1)
        assert heard(caller)[:6] == ["greeting", "transfer", "music", "no-answer", "message", "beep"]
    [message] = line.messages(1)
    assert (message["box"], message["caller"], message["ended"]) == ("message/sales", "13800138000", "key")
    assert sound.pitches(sound.load(switch.spool / message["recording"])) == [700]


@pytest.mark.parametrize(
    ("manner", "word"),
    [("busy", "busy"), ("refuses", "refused"), ("do-not-disturb", "do-not-disturb"), (None, "unreachable")],
)
def test_each_unhappy_end_is_told_in_its_own_words(switch, line, manner, word):
    phones = [Phone(switch.sip, number, manner) for number in ("8001", "8002")] if manner else []
    try:
        with Caller(switch.sip, "4001") as caller:
            caller.answered(5).hears(BEEP, 30)
            told = [one for one in heard(caller) if one != "music"]
            assert told[:4] == ["greeting", "transfer", word, "message"]
    finally:
        for phone in phones:
            phone.__exit__()


@pytest.mark.parametrize("second", ["rings", "busy"])
def test_who_waits_is_asked_and_leaves_by_key_while_phones_ring(switch, line, second):
    with (
        Phone(switch.sip, "8001", "rings") as phone,
        Phone(switch.sip, "8002", second),
        Caller(switch.sip, "4003") as caller,
    ):
        caller.answered(5).hears(pitch("hold-check-in"))
        assert phone.rung.wait(15)
        caller.hears(HOLD, since=time.monotonic())  # after the question, not before
        caller.press("2").hears(pitch("hold-leave"), deadline=3)
        caller.hears(pitch("message"))
        assert heard(caller)[:6] == ["greeting", "hold-start", "music", "hold-check-in", "music", "hold-leave"]
        assert sound.longest_silence(caller.heard()) < 5


def test_a_language_by_key_lasts(switch, line):
    with Caller(switch.sip, "4000") as caller:
        caller.answered(5).hears(pitch("greeting"))
        caller.press("9").hears(pitch("menu", "en"))
        caller.press("2").hears(BEEP)
        assert heard(caller)[:4] == ["greeting", "language-changed/en", "menu/en", "message/en"]


def test_an_unambiguous_key_acts_at_once_and_an_extension_is_waited_for(switch, line):
    # Given extensions of four digits in the same menu
    with Caller(switch.sip, "4000") as caller:
        caller.answered(5).hears(pitch("greeting"))
        caller.press("2").said()
        pressed = time.monotonic()
        caller.hears(pitch("message"), since=pressed)
        began = next(at for at, _ in caller.media.arrived if at > pressed and caller.media.heard(at, at + 0.1).any())
        assert began - pressed < 0.5
    with Caller(switch.sip, "4000") as caller:
        caller.answered(5).hears(pitch("greeting"))
        caller.press("8001#").hears(pitch("transfer-extension"))
    with Caller(switch.sip, "4000") as caller:
        caller.answered(5).hears(pitch("greeting"))
        caller.press("8999").hears(pitch("extension-unknown"))


def test_a_recording_ended_by_hanging_up_is_a_message(switch, line):
    # The switch has the caller when he goes; the line learns it from the call record.
    with Caller(switch.sip, "4002") as caller:
        speak_after_the_beep(caller.answered(5), 700, end="")
        caller.hang_up()
    [message] = line.messages(1)
    assert (message["ended"], round(message["seconds"])) == ("hangup", 2)
    [call] = line.ivr("calls", "list")
    assert call["cause"] == "NORMAL_CLEARING" and call["closed"]


@pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "SIPp is there")
def test_twenty_callers_at_once_by_sipp_leave_twenty_messages(switch, line):
    part = sipp.script(
        ("silence", 2.5), ("keys", "2"), ("silence", 3.0), ("tone", 2.0), ("keys", "#"), ("silence", 2.0)
    )  # fmt: skip
    sipp.call(switch.sip, "4000", part, switch.folder / "sipp", calls=20)
    messages = line.messages(20)
    assert {one["ended"] for one in messages} == {"key"}
    assert all(1.5 < one["seconds"] < 4.5 for one in messages), [one["seconds"] for one in messages]
    assert all(440 in sound.pitches(sound.load(switch.spool / one["recording"])) for one in messages)
    switch.quiet()
    assert all(one["closed"] for one in line.ivr("calls", "list"))


# What dies ----------------------------------------------------------------------------------------------------------


def speak_while_the_line_is_dead(caller: Caller, line: Line) -> None:
    """Given a caller who is being recorded; the line that had him is killed, and is there again before he is done."""
    caller.answered(5).hears(BEEP)
    line.kill()
    caller.speak(2, 700).said()
    line.start()
    caller.press("#").said()


def test_killed_before_and_after_the_return_of_a_recording_both_messages_are_kept(switch, line):
    with Caller(switch.sip, "4002") as caller:
        speak_while_the_line_is_dead(caller, line)
        # When it is killed once more while it says that the message is kept, and is there again
        caller.hears(pitch("message-kept"))
        line.kill()
        line.start()
        # (FreeSWITCH did not wait: with nobody there, the caller had the fallback)
        caller.hears(500)
    assert [one["ended"] for one in line.messages(1)] == ["key"]


def test_killed_twice_with_a_second_host_both_messages_are_kept(switch, line):
    with Line(switch, host=1, prompts=line.prompts), Caller(switch.sip, "4002") as caller:
        speak_while_the_line_is_dead(caller, line)
        # When it is killed once more, in the middle of the return
        caller.hears(pitch("message-kept"))
        line.kill()
        killed = time.monotonic()
        # Then the other host says it again, and takes another message
        caller.hears(pitch("message-kept"), since=killed)
        caller.hears(pitch("menu"), since=killed)
        asked = time.monotonic()
        caller.press("2")
        speak_after_the_beep(caller, 860, since=asked)
        caller.hears(pitch("message-kept"), since=asked)
        caller.hang_up()
        first, other = sorted(line.messages(2), key=lambda one: one["recording"])
    assert sound.pitches(sound.load(switch.spool / first["recording"])) == [700]
    assert sound.pitches(sound.load(switch.spool / other["recording"])) == [860]


def test_killed_while_it_speaks_the_caller_hears_the_same_step_from_the_other_host(switch, line):
    with Line(switch, host=1, prompts=line.prompts), Caller(switch.sip, "4000") as caller:
        caller.answered(5).hears(pitch("menu"))
        line.kill()
        killed = time.monotonic()
        caller.hears(pitch("menu"), since=killed + 0.1)
        gap = caller.media.longest_gap(killed - 0.2, killed + 0.7)
        print(f"silent for {1000 * gap:.0f} ms")
        assert gap < 0.3


def test_nobody_listening_the_message_of_the_fallback_is_collected_once(switch, line):
    line.stop()
    with Caller(switch.sip, "4000") as caller:
        speak_after_the_beep(caller.answered(5), 700)
        caller.ended()
        assert heard(caller) == ["fallback-apology", "fallback-message", "beep", "fallback-thanks"]
    switch.quiet()
    time.sleep(2.5)  # the second try of the call record is a second after the first
    assert len(list(switch.records.iterdir())) == 1
    line.start()
    [message] = line.messages(1)
    assert message["caller"] == "13800138000"
    line.stop()
    line.start()
    assert [one["reference"] for one in line.messages(1)] == [message["reference"]]
    assert list(switch.records.iterdir()) == []


def test_a_talk_goes_on_without_the_line(switch, line):
    with (
        Phone(switch.sip, "8001", "answers", after=0, hertz=PHONE) as phone,
        Caller(switch.sip, "4001") as caller,
    ):
        assert phone.talking.wait(10)
        line.kill()
        killed = time.monotonic()
        time.sleep(2)
        assert caller.is_up
        assert names(caller.pitches(since=killed)) == ["phone"]
        assert sound.longest_silence(caller.heard(since=killed)) < 0.3
        line.start()
        phone.hang_up()
        caller.hears(pitch("goodbye"))
        caller.ended()


def test_a_rolling_restart_keeps_a_caller_in_dialogue(switch, line):
    with Line(switch, host=1, prompts=line.prompts), Caller(switch.sip, "4000") as caller:
        caller.answered(5).hears(pitch("greeting"))
        caller.press("9").hears(pitch("menu", "en"))
        stopped = time.monotonic()
        line.process.terminate()
        caller.press("2").hears(pitch("message", "en"), 30, since=stopped)


def test_a_hundred_hand_overs_for_a_caller_with_max_forwards_5(switch, line):
    line.stop()
    line.prompts = write_prompts(switch.folder / "short", 0.25, {})
    line.start()
    with Caller(switch.sip, "4000", max_forwards=5) as caller:
        caller.answered(5).hears(pitch("menu"))
        for _ in range(100):
            since = time.monotonic()
            caller.press("3").hears(pitch("unreachable"), since=since)
            told = time.monotonic()
            caller.hears(pitch("menu"), since=told)
        since = time.monotonic()
        caller.press("2")
        speak_after_the_beep(caller, 700, since=since)
        caller.hears(pitch("message-kept"), since=since)
    [message] = line.messages(1)
    assert message["recording"].endswith("-101.wav")
    switch.quiet()
    assert list(switch.records.iterdir()) == []


# Strangers ----------------------------------------------------------------------------------------------------------


def test_a_hostile_caller_executes_nothing_and_is_served(switch, line):
    proof = switch.folder / "executed"
    shells = [f"%24%7Bsystem%20touch%20{proof}%7D", f"%24%7Bsystem(touch%20{proof})%7D"]
    feeds = f"Bob%0AX: y%0A%0Aapi system touch {proof}%0A%0A"
    for number, name in ((shells[0], shells[1]), ("13800138000", feeds), (f"1%0A%0A{shells[0]}", shells[0])):
        headers = [("X-Name", shells[0]), ("X-Other", shells[1]), ("X-Feeds", feeds)]
        with Caller(switch.sip, "4002", number=number, name=name, headers=headers) as caller:
            speak_after_the_beep(caller.answered(5), 700)
            caller.hears(pitch("message-kept"))
    assert not proof.exists()
    assert sorted(one["caller"] for one in line.messages(3)) == ["", "", "13800138000"]
    # Half a minute of the folder it would have been seen in: nothing of a caller's is in a file's name.
    assert all(len(file.stem.split("-")) == 6 for file in switch.spool.glob("*.wav"))
