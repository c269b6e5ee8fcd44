"""What the line uses the control connection for: calls that end out of its sight."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ivr.esl.control import Control
from ivr.records import CallRecords
from ivr.store import Changes, Journal, Messages, OffHub, Store
from ivr.switch import VirtualClock
from ivr.watch import GRACE, OLDER, Watch, record_of
from tests.esl.control_peer import PASSWORD, ControlPeer, uuid
from tests.sounds import put, speech
from tests.store.conftest import note

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
EARLIER = START - timedelta(hours=1)


class House:
    """A line's books and its watch, with two switches under control."""

    def __init__(self, folder, clock):
        self.clock = clock
        self.store = Store.under(folder)
        self.store.migrate()
        (folder / "spool").mkdir()
        self.spool = folder / "spool"
        self.journal, self.messages = Journal(self.store), Messages(self.store, self.spool)
        self.off_hub = OffHub(clock)
        self.records = CallRecords(self.store, self.journal, self.messages, clock)
        self.peers = [ControlPeer(), ControlPeer(core="d3f451d8-1c2d-4de2-89f0-91d1587d219f")]
        for peer in self.peers:
            peer.start()
        self.control = Control([peer.address for peer in self.peers], PASSWORD, clock, seed=1)
        self.watch = Watch(self.control, clock, self.journal, Changes(self.store), self.records, self.off_hub)
        self.control.start()
        clock.sleep(1)

    def close(self):
        self.control.stop()
        for peer in self.peers:
            peer.stop()
        self.off_hub.close()
        self.store.close()

    def looks(self, seconds: float) -> list[str]:
        """As the line does: every minute; the ids of calls given up."""
        found = []
        for _ in range(int(seconds // 60)):
            self.clock.sleep(60)
            found += self.watch.reconcile()
        return found


@pytest.fixture
def house(tmp_path):
    with VirtualClock(START) as clock:
        house = House(tmp_path, clock)
        yield house
        house.close()


def test_a_call_that_ends_on_the_switch_is_closed_at_once(house):
    # Given a caller who is being recorded, by the switch alone
    name = f"{uuid(1)}-2.wav"
    house.journal.opened(uuid(1), EARLIER, "13800138000", "9100")
    house.messages.begin(note(name, begun=START))
    put(house.spool / name, speech(4))
    # When he hangs up
    house.peers[0].hangs_up(uuid(1), ivr_record_file=name, end_uepoch="1795136460000000")
    house.clock.sleep(0.5)
    # Then the journal is closed and his message there, without a record
    call = house.journal.call(uuid(1))
    assert (call.cause, call.closed) == ("NORMAL_CLEARING", datetime.fromtimestamp(1795136460, UTC))
    [message] = house.messages.list()
    assert (message.state, message.ended, message.ms) == ("new", "hangup", 4000)
    assert house.watch.closed == 1


def test_record_and_event_in_any_order_are_written_once(house):
    variables = {"uuid": uuid(1), "direction": "inbound", "hangup_cause": "USER_BUSY", "end_uepoch": "1795136460000000",
                 "ivr_dialled": "9100"}  # fmt: skip
    record = json.dumps({"variables": variables}).encode()
    for order in ("record first", "event first"):
        channel = uuid(1 if order == "record first" else 2)
        mine = record.replace(uuid(1).encode(), channel.encode())
        house.journal.opened(channel, EARLIER, "13800138000", "9100")
        if order == "record first":
            house.records.take(mine)
        house.peers[0].hangs_up(channel, "USER_BUSY", **variables | {"uuid": channel})
        house.clock.sleep(0.5)
        if order == "event first":
            house.records.take(mine)
        call = house.journal.call(channel)
        assert (call.cause, [event.event for event in call.events]) == ("USER_BUSY", ["call-record"]), order


def test_the_called_legs_and_strangers_ends_are_nobodys_calls(house):
    house.peers[0].event("CHANNEL_HANGUP_COMPLETE", **{"Unique-ID": uuid(1), "Call-Direction": "outbound"})
    house.peers[0].event("CHANNEL_HANGUP_COMPLETE", **{"Unique-ID": "../../etc", "Call-Direction": "inbound"})
    house.peers[0].hangs_up(uuid(3))
    house.clock.sleep(0.5)
    assert house.journal.calls() == []


def test_a_call_that_is_nowhere_is_closed_as_lost_and_its_message_finished(house):
    # Given two open calls and a message; the switch was started anew, and one of them is gone with it
    name = f"{uuid(1)}-1.wav"
    for n in (1, 2):
        house.journal.opened(uuid(n), EARLIER)
    house.messages.begin(note(name, begun=START))
    put(house.spool / name, speech(4))
    house.peers[0].restart("0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11")
    house.peers[1].has(uuid(2))
    # When nobody has seen it for as long as a record may take
    assert house.looks(GRACE - 60) == []
    assert house.looks(180) == [uuid(1)]
    # Then it is closed, with a note, and its message is there
    call = house.journal.call(uuid(1))
    assert (call.cause, [event.event for event in call.events]) == ("LOST", ["message-begun", "lost", "message-kept"])
    assert [one.state for one in house.messages.list()] == ["new"]
    # And the other one lives
    assert house.journal.call(uuid(2)).closed is None


def test_a_record_that_comes_in_time_says_more_than_lost(house):
    house.journal.opened(uuid(1), EARLIER)
    assert house.looks(120) == []
    house.records.take(json.dumps({"variables": {"uuid": uuid(1), "hangup_cause": "NORMAL_CLEARING"}}).encode())
    assert house.looks(300) == []
    assert house.journal.call(uuid(1)).cause == "NORMAL_CLEARING"


def test_a_new_call_is_not_looked_for(house):
    house.journal.opened(uuid(1), house.clock.now() + timedelta(seconds=200 - OLDER))
    assert house.looks(180) == []


def test_no_call_is_given_up_while_a_switch_cannot_be_asked(house):
    house.journal.opened(uuid(1), EARLIER)
    house.peers[1].stop()
    assert house.looks(1200) == []
    # When it is back, without that call
    house.peers[1].start()
    assert house.looks(300) == [uuid(1)]


def test_no_call_is_given_up_while_a_switch_sends_calls_that_is_not_under_control(house):
    house.journal.opened(uuid(1), EARLIER)
    house.watch.saw("0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11")
    assert house.looks(600) == []
    # When it turns out to be one of the house's, started anew
    house.peers[0].restart("0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11")
    assert house.looks(300) == [uuid(1)]


def test_no_call_is_given_up_while_another_line_has_met_such_a_switch(house):
    # Given another line of the house, which a stranger has sent a call
    other = Watch(house.control, house.clock, house.journal, Changes(house.store), house.records, house.off_hub)
    house.journal.opened(uuid(1), EARLIER)
    other.saw("0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11")
    other.saw("no uuid")
    other.reconcile()
    # Then this one gives no call up, for a day
    assert house.looks(600) == []
    [told] = Changes(house.store).list()
    assert (told.what, told.data) == ("switch-unknown", {"core": "0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11"})
    house.clock.sleep(24 * 3600)
    assert house.looks(300) == [uuid(1)]


def test_a_call_that_comes_back_into_sight_is_counted_from_the_beginning(house):
    house.journal.opened(uuid(1), EARLIER)
    house.looks(120)
    house.peers[0].has(uuid(1))
    house.looks(60)
    house.peers[0].calls.clear()
    assert house.looks(120) == []


def test_a_record_out_of_an_event_has_lists_and_other_peoples_bytes_in_it():
    event = {"variable_uuid": uuid(1), "variable_DP_MATCH": ["4000", "4000"], "Caller-Context": "ivr-entry", "X": "y"}
    assert json.loads(record_of(event)) == {
        "variables": {"uuid": uuid(1), "DP_MATCH": ["4000", "4000"]},
        "callflow": [
            {"caller_profile": {"caller_id_number": "", "destination_number": "", "context": "ivr-entry"}}
        ],
    }  # fmt: skip
