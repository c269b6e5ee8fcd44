"""Whole calls over real sockets: line, dialplan, built-in switch, virtual time."""

from itertools import pairwise

from ivr.switch import Answers, Busy, Caller, DoNotDisturb, Refuses, Rings, Unregistered
from tests.switched import switched


def test_a_caller_talks_to_sales(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones |= {"8001": Answers(after=3, talks=20), "8002": Rings()}
        call = house.call(Caller().hears().waits(2).presses("1"))
        assert house.path(call.uuid) == ["greeting/1000", "menu/main", "department/sales", "goodbye"]
        assert call.cause == "NORMAL_CLEARING"
        row = house.journal(call.uuid)
        assert row.closed is not None
        assert house.line.server.sessions == house.second.server.sessions == set()


def test_nobody_answers_and_a_message_is_kept(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones |= {"8002": Rings()}
        call = house.call(Caller().hears().presses("8002").hears("beep").waits(0.5).says(6))
        assert house.path(call.uuid) == ["greeting/1000", "menu/main", "extension/8002", "message/8002", "goodbye"]
        [message] = house.line.messages.list()
        assert message.state == "new"
        assert 6000 <= message.ms <= 12000
        assert (house.settings.spool / message.name).stat().st_size > 90_000


def test_each_outcome_of_a_phone_is_told_apart(tmp_path):
    with switched(tmp_path) as house:
        for phone, outcome in [
            (Busy(), "Busy"), (Rings(), "NoAnswer"), (Refuses(), "Refused"), (Unregistered(), "Unreachable"),
            (DoNotDisturb(), "DoNotDisturb"), (Answers(after=1, talks=2), "Answered"),
        ]:  # fmt: skip
            house.switch.phones["8002"] = phone
            call = house.call(Caller().hears().presses("8002"))
            rang = [row.data["outcome"] for row in house.journal(call.uuid).events if row.event == "rang"]
            assert rang == [outcome]


def test_a_caller_who_hangs_up_while_phones_ring_is_in_the_journal(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones |= {"8001": Rings(), "8002": Rings()}
        call = house.call(Caller().hears().presses("1").waits(15).hangs_up())
        row = house.journal(call.uuid)
        assert row.closed is not None
        assert "call-record" in [event.event for event in row.events]


def test_a_caller_who_hangs_up_while_he_is_recorded_has_left_his_message(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones["8002"] = DoNotDisturb()
        house.call(Caller().hears().presses("8002").hears("beep").waits(0.5).says(4).hangs_up())
        house.settle()
        [message] = house.line.messages.list()
        assert (message.state, message.ended) == ("new", "hangup")


def test_there_is_never_a_second_of_silence_while_phones_ring(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones |= {"8001": Rings(), "8002": Rings()}
        call = house.call(Caller().hears().presses("1").waits(26).hangs_up())
        assert house.path(call.uuid)[-1] == "department/sales"
        sounds = sorted((sound.start, sound.end) for sound in call.heard)
        gaps = [after[0] - before[1] for before, after in pairwise(sounds) if before[1]]
        assert max(gaps, default=0.0) < 1.0, sounds


def test_nobody_listening_leads_to_the_fallback_and_its_message_is_collected_once(tmp_path):
    with switched(tmp_path) as house:
        house.kill(house.line)
        house.kill(house.second)
        house.switch.phones["8001"] = Rings()
        call = house.call(Caller().hears("fallback-message").hears("beep").waits(0.5).says(5))
        house.line.sweep()
        house.line.sweep()
        house.settle()
        [message] = house.line.messages.list()
        assert (message.state, message.name) == ("new", f"fallback-{call.uuid}.wav")


def test_a_colleague_transfers_a_caller_to_another(tmp_path):
    with switched(tmp_path) as house:
        # Given somebody of Sales who transfers the caller to 8003
        house.switch.phones |= {"8001": Answers(after=1, talks=5, transfers="8003"), "8002": Rings()}
        house.switch.phones["8003"] = Answers(after=2, talks=6)
        call = house.call(Caller().hears().waits(1).presses("1"))
        # Then 8003 is rung, and the caller is not greeted again
        assert house.path(call.uuid)[2:] == ["department/sales", "extension/8003", "goodbye"]


def test_from_outside_no_number_leads_to_an_extension(tmp_path):
    with switched(tmp_path) as house:
        call = house.call(Caller().waits(1).hangs_up(), to="8003")
        assert house.path(call.uuid)[0] == "greeting/any"


def test_a_number_the_house_calls_an_emergency_is_one(tmp_path):
    with switched(tmp_path) as house:
        house.switch.gateways["carrier"] = Answers(after=1, talks=30)
        house.call(Caller(), to="12395")
        assert house.switch.dialled == ["sofia/gateway/carrier/12395"]
        assert house.connections == []


def test_an_emergency_number_needs_no_line(tmp_path):
    with switched(tmp_path) as house:
        house.kill(house.line)
        house.kill(house.second)
        house.switch.gateways["carrier"] = Answers(after=1, talks=30)
        house.call(Caller(), to="120")
        assert house.switch.dialled == ["sofia/gateway/carrier/120"]
        assert house.connections == []
