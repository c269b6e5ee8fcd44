"""Ring plans, and what the caller hears while phones ring (freeswitch-facts, "Bridge results")."""

import pytest

from ivr.switch import Answers, Busy, Caller, Dead, DoNotDisturb, Refuses, Rings, Unregistered, Voicemail
from tests.switch.plain_line import bench


def ring(tmp_path, phones, dial, caller=None, **variables):
    """Bridge from the dialplan; the call."""
    sets = "".join(f'<action application="set" data="{name}={value}"/>' for name, value in variables.items())
    dialplan = (
        '<include><context name="ivr-entry"><extension name="all"><condition>'
        f'{sets}<action application="answer"/><action application="bridge" data="{dial}"/>'
        '<action application="set" data="after=1"/><action application="hangup" data="NORMAL_UNSPECIFIED"/>'
        "</condition></extension></context></include>"
    )
    with bench(tmp_path, None, dialplan) as bench_:
        bench_.switch.phones.update(phones)
        return bench_.call(caller)


@pytest.mark.parametrize(
    ("phone", "disposition", "status"),
    [
        (Answers(after=1, talks=5), "SUCCESS", "SUCCESS"),
        (Rings(), "NO_ANSWER", "NOANSWER"),
        (Busy(), "USER_BUSY", "BUSY"),
        (Refuses(after=2), "CALL_REJECTED", "DONTCALL"),
        (Unregistered(), "USER_NOT_REGISTERED", "USER_NOT_REGISTERED"),
        (None, "SUBSCRIBER_ABSENT", "SUBSCRIBER_ABSENT"),
        (Dead(), "NORMAL_TEMPORARY_FAILURE", "NORMAL_TEMPORARY_FAILURE"),
        (DoNotDisturb(), "NO_USER_RESPONSE", "NOANSWER"),
    ],
)
def test_what_becomes_of_one_phone(phone, disposition, status, tmp_path):
    # When it is rung for ten seconds
    call = ring(tmp_path, {"8001": phone} if phone else {}, "user/8001@pbx", continue_on_fail="true", call_timeout="10")

    # Then the variables say so, and the dialplan goes on
    assert (call.variables["originate_disposition"], call.variables["DIALSTATUS"]) == (disposition, status)
    assert call.variables["after"] == "1"


@pytest.mark.parametrize(
    ("phones", "answer"),
    [
        ({"8001": Busy()}, ("486", "Busy Here")),
        ({"8001": DoNotDisturb()}, ("480", "Do Not Disturb")),
        ({"8001": DoNotDisturb(), "8002": Rings()}, (None, None)),  # it says 100, and the words before are lost
        ({"8001": DoNotDisturb(), "8002": Answers(after=1, talks=1)}, (None, None)),
    ],
)
def test_the_words_of_the_phone_that_was_rung_last_are_kept(phones, answer, tmp_path):
    dial = "|".join(f"user/{number}@pbx" for number in phones)
    call = ring(tmp_path, phones, dial, continue_on_fail="true", call_timeout="10")
    kept = call.variables.get("sip_invite_failure_status"), call.variables.get("sip_invite_failure_phrase")
    assert kept == answer


@pytest.mark.parametrize(("phone", "cause"), [(Busy(), "USER_BUSY"), (Rings(), "NORMAL_UNSPECIFIED")])
def test_without_continue_on_fail_busy_clears_the_caller_and_no_answer_does_not(phone, cause, tmp_path):
    assert ring(tmp_path, {"8001": phone}, "user/8001@pbx", call_timeout="5").cause == cause


def test_together_the_first_to_answer_has_the_call(tmp_path):
    # Given three phones of which the second is quicker
    phones = {"8001": Answers(after=5), "8002": Answers(after=2, talks=3), "8003": Busy()}

    # When they ring together
    call = ring(tmp_path, phones, "user/8001@pbx,user/8002@pbx,user/8003@pbx", continue_on_fail="true")

    # Then
    assert [sound.what for sound in call.heard] == ["bridged to 8002"]
    assert call.variables["originate_causes"].count("NONE") == 2
    assert "LOSE_RACE" in call.variables["originate_causes"] and "USER_BUSY" in call.variables["originate_causes"]


def test_in_turn_each_has_its_own_time(tmp_path):
    # Given two phones in turn, five seconds each, of which the second answers after two
    call = ring(
        tmp_path,
        {"8001": Rings(), "8002": Answers(after=2, talks=1)},
        "[leg_timeout=5]user/8001@pbx|[leg_timeout=5]user/8002@pbx",
        continue_on_fail="true",
        call_timeout="30",
    )

    # Then the second was rung when the first's time was over
    [talk] = call.heard
    assert talk.what == "bridged to 8002" and 6.0 < talk.start < 7.2


def test_call_timeout_covers_the_whole_string(tmp_path):
    # Given two phones in turn without times of their own
    call = ring(
        tmp_path,
        {"8001": Rings(), "8002": Answers()},
        "user/8001@pbx|user/8002@pbx",
        continue_on_fail="true",
        call_timeout="4",
    )

    # Then the second is never tried
    assert call.variables["originate_disposition"] == "NO_ANSWER" and list(call.heard) == []


@pytest.mark.parametrize(
    ("phones", "dial", "disposition"),
    [
        ([Busy(), Rings()], "user/8001@pbx,user/8002@pbx", "NO_ANSWER"),  # anybody timed out
        ([Busy(), Refuses(after=1)], "user/8001@pbx,user/8002@pbx", "USER_BUSY"),  # the first leg's
        ([Refuses(), Busy()], "user/8001@pbx|user/8002@pbx", "USER_BUSY"),  # the last tried
    ],
)
def test_the_disposition_of_a_group(phones, dial, disposition, tmp_path):
    phones = dict(zip(("8001", "8002"), phones, strict=True))
    call = ring(tmp_path, phones, dial, continue_on_fail="true", call_timeout="5")
    assert call.variables["originate_disposition"] == disposition


def test_an_answered_caller_hears_dead_silence_without_instant_ringback(tmp_path):
    # Given `ringback`, which is not used for a caller already answered
    silent = ring(tmp_path, {"8001": Rings()}, "user/8001@pbx", ringback="tone.wav", call_timeout="6")

    # Then he hears nothing; with transfer_ringback and instant_ringback he does
    assert len(silent.heard.silences(1.0)) == 1
    (tmp_path / "2").mkdir()
    loud = ring(
        tmp_path / "2", {"8001": Rings()}, "user/8001@pbx",
        transfer_ringback="tone.wav", instant_ringback="true", call_timeout="6",
    )  # fmt: skip
    assert loud.heard.silences(0.5) == [] and [sound.what for sound in loud.heard] == ["ringback tone.wav"]


def test_a_caller_who_hangs_up_while_phones_ring(tmp_path):
    call = ring(tmp_path, {"8001": Rings()}, "user/8001@pbx", Caller().waits(3).hangs_up(), call_timeout="20")
    assert call.variables["originate_disposition"] == "ORIGINATOR_CANCEL"
    assert call.variables["DIALSTATUS"] == "CANCEL"


# Asked, or told, before they are connected ----------------------------------------------------------------------------

ASKED = "group_confirm_key=1,group_confirm_file=silence_stream://3000,group_confirm_timeout=6"
TOLD = "group_confirm_key=exec,group_confirm_file=playback silence_stream://3000,group_confirm_timeout=20"
MOBILE = "sofia/gateway/trunk/+8613912345678"


@pytest.mark.parametrize(
    ("phone", "disposition", "cause"),
    [
        (Answers(after=1, talks=5), "SUCCESS", "NONE"),
        (Voicemail(after=1), "ALLOTTED_TIMEOUT", "ALLOTTED_TIMEOUT"),
        (Voicemail(after=1, talks=4), "NORMAL_CLEARING", "NORMAL_CLEARING"),
        (Busy(), "USER_BUSY", "USER_BUSY"),
    ],
)
def test_a_mobile_takes_the_call_by_key_alone(phone, disposition, cause, tmp_path):
    # When a mobile is rung through a gateway, and whoever lifts is asked
    dial = f"[leg_timeout=5,{ASKED}]{MOBILE}"
    call = ring(tmp_path, {"+8613912345678": phone}, dial, continue_on_fail="true", call_timeout="30")

    # Then only who presses the key has it, once he has heard the question
    assert call.variables["originate_disposition"] == disposition
    assert call.variables["originate_causes"].endswith(f";{cause}")
    talks = [(sound.what, round(sound.start)) for sound in call.heard]
    assert talks == ([("bridged to +8613912345678", 4)] if disposition == "SUCCESS" else [])


def test_a_voicemail_that_lifts_does_not_cut_the_desk_phone_beside_it(tmp_path):
    # Given a voicemail that lifts after a second, and somebody at his desk after nine
    phones = {"+8613912345678": Voicemail(after=1), "8001": Answers(after=9, talks=2)}

    # When both ring together
    dial = f"[leg_timeout=12,{ASKED}]{MOBILE},[leg_timeout=12]user/8001@pbx"
    call = ring(tmp_path, phones, dial, continue_on_fail="true", call_timeout="30")

    # Then he has the call
    [talk] = call.heard
    assert talk.what == "bridged to 8001" and 8.9 < talk.start < 9.1


@pytest.mark.parametrize("dial", [f"{{{TOLD}}}[leg_timeout=8]user/8001@pbx", f"[leg_timeout=8,{TOLD}]user/8001@pbx"])
def test_who_is_told_first_is_connected_when_all_is_said(dial, tmp_path):
    call = ring(tmp_path, {"8001": Answers(after=1, talks=2)}, dial, continue_on_fail="true", call_timeout="30")
    [talk] = call.heard
    assert talk.what == "bridged to 8001" and 3.9 < talk.start < 4.1


def test_who_is_still_listening_when_another_presses_the_key_loses_the_call(tmp_path):
    phones = {"8001": Answers(after=4), "+8613912345678": Answers(after=1, talks=1)}
    dial = f"[leg_timeout=8,{TOLD}]user/8001@pbx,[leg_timeout=8,{ASKED}]{MOBILE}"
    call = ring(tmp_path, phones, dial, continue_on_fail="true", call_timeout="30")
    assert [sound.what for sound in call.heard] == ["bridged to +8613912345678"]
    assert "LOSE_RACE" in call.variables["originate_causes"]
