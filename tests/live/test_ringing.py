"""Mobiles by the gateway, calls taken by key, and who is told before they are connected: on a real FreeSWITCH."""

import time
from pathlib import Path

import pytest

from ivr.telephones import Phone
from tests.live import sound
from tests.live.caller import Caller
from tests.live.line import PHONE, Line, names, pitch


@pytest.fixture(scope="module")
def line(running):
    with Line(running, table=Path(__file__).parent / "ringing.yaml") as one:
        yield one


def heard(one) -> list[str]:
    return names(sound.pitches(one.heard()))


def mobile(switch, **how) -> Phone:
    return Phone(switch.sip, None, "answers", port=switch.gateway_port, hertz=PHONE, **how)


def test_whoever_lifts_his_mobile_takes_the_call_by_key(switch, line):
    # Given somebody who lifts, hears who calls and for what, and presses 1
    with mobile(switch, after=2, presses="1", thinks=3, talks=7) as phone, Caller(switch.sip, "4001") as caller:
        caller.answered(5).ended()
        # Then his number was rung by the gateway, and he was asked
        assert [invite.uri.split(":")[1].split("@")[0] for invite in phone.calls] == ["+8613912345678"]
        assert heard(phone)[:2] == ["whisper", "accept"]
    # And the caller heard music until they talked
    assert heard(caller) == ["greeting", "transfer", "music", "phone", "goodbye"]
    assert sound.longest_silence(caller.heard()) < 1


@pytest.mark.parametrize("keys", ["", "2"])
def test_a_voicemail_takes_no_call_and_the_desk_phone_beside_it_rings_on(switch, line, keys):
    # Given a voicemail that lifts at once, and somebody at his desk who lifts later
    with (
        Phone(switch.sip, "8001", "answers", after=9, talks=2, hertz=PHONE) as desk,
        mobile(switch, after=0.5, presses=keys) as voicemail,
        Caller(switch.sip, "4002") as caller,
    ):
        caller.answered(5).ended()
        # Then the one at his desk has the call, and was asked nothing
        assert heard(voicemail)[:2] == ["whisper", "accept"]
        assert heard(desk) == []
        assert voicemail.over.is_set()
    assert heard(caller) == ["greeting", "transfer", "music", "phone", "goodbye"]


def test_a_voicemail_alone_is_nobody(switch, line):
    with mobile(switch, after=0.5), Caller(switch.sip, "4001") as caller:
        caller.answered(5).ended(60)
    assert heard(caller) == ["greeting", "transfer", "music", "no-answer", "goodbye"]


def test_who_is_told_first_is_connected_without_a_key_and_the_caller_hears_music(switch, line):
    with (
        Phone(switch.sip, "8001", "answers", after=1, talks=4, hertz=PHONE) as phone,
        Phone(switch.sip, "8002", "rings") as other,
        Caller(switch.sip, "4003") as caller,
    ):
        caller.answered(5).ended()
        assert heard(phone)[:1] == ["whisper"]
        assert other.cancelled == 1
    assert heard(caller) == ["greeting", "transfer", "music", "phone", "goodbye"]
    assert sound.longest_silence(caller.heard()) < 1


def test_each_group_rings_its_own_time(switch, line):
    # Given two groups of five seconds each
    with (
        Phone(switch.sip, "8001", "rings") as first,
        Phone(switch.sip, "8002", "rings") as second,
        Phone(switch.sip, "8003", "answers", after=1, talks=2, hertz=PHONE) as third,
        Caller(switch.sip, "4004") as caller,
    ):
        caller.answered(5)
        assert first.rung.wait(10) and second.rung.wait(10)
        began = time.monotonic()
        assert third.rung.wait(10)
        # Then the second is rung when the time of the first is over, up to a second early or late
        assert 4 <= time.monotonic() - began <= 6.5
        caller.ended()
        assert (first.cancelled, second.cancelled) == (1, 1)
    assert heard(caller) == ["greeting", "transfer", "music", "phone", "goodbye"]


# A number that rings before it is answered ---------------------------------------------------------------------------


def test_it_rings_twice_and_is_answered(switch, line):
    with Caller(switch.sip, "4005") as caller:
        time.sleep(5)
        assert (caller.status, caller.is_up) == (180, False)
        caller.answered(8)
        assert 9.9 <= caller.answered_at - caller.rang_at <= 10.5
        caller.hears(pitch("greeting"))


def test_who_hangs_up_while_it_rings_was_not_answered(switch, line):
    with Caller(switch.sip, "4005") as caller:
        time.sleep(3)
        caller.hang_up()
        assert caller.is_over
    [call] = line.ivr("calls", "list", "--limit", "1")
    row = line.ivr("calls", "show", call["call"])
    assert "answered" not in [event["event"] for event in row["events"]]
