"""The control connection with a real FreeSWITCH: what it tells, what it does, and what is known after it was gone."""

import os
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta

import gevent
import pytest

from ivr.errors import SettingsError
from ivr.esl import control_commands, supervised
from ivr.esl.commands import new_uuid
from ivr.esl.control import Control
from ivr.esl.inbound import Inbound
from ivr.gevent_clock import SystemClock
from ivr.records import CallRecords
from ivr.store import Changes, Journal, Messages, OffHub, Store
from ivr.telephones import Phone
from ivr.watch import Watch
from tests.live.caller import Caller
from tests.live.freeswitch import FreeSwitch
from tests.live.line import Line

CLOCK = SystemClock()


def until(condition, deadline: float = 20):
    """What comes of it, as soon as it is true."""
    end = time.monotonic() + deadline
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come to be"
        gevent.sleep(0.02)
    return found


@pytest.fixture
def controlled(switch):
    """The control connection, up; `heard` are its events."""
    control = Control([("127.0.0.1", switch.event_port)], switch.password, CLOCK, seed=1)
    control.heard = []
    control.on("*", control.heard.append)
    control.start()
    until(lambda: control.whole)
    yield control.switches[0]
    control.stop()
    gevent.sleep(0.1)


class House:
    """Books in a folder, and the watch over them."""

    def __init__(self, switch, folder, **watch):
        self.store = Store.under(folder)
        self.store.migrate()
        self.journal, self.messages = Journal(self.store), Messages(self.store, switch.spool)
        self.off_hub = OffHub(CLOCK)
        self.records = CallRecords(self.store, self.journal, self.messages, CLOCK)
        self.control = Control([("127.0.0.1", switch.event_port)], switch.password, CLOCK, every=1, seed=1)
        self.watch = Watch(self.control, CLOCK, self.journal, Changes(self.store), self.records, self.off_hub, **watch)
        self.control.start()
        until(lambda: self.control.whole)

    def close(self):
        self.control.stop()
        gevent.sleep(0.1)
        self.off_hub.close()
        self.store.close()


@pytest.fixture
def house(switch, tmp_path):
    house = House(switch, tmp_path)
    yield house
    house.close()


# What it tells ------------------------------------------------------------------------------------------------------


def test_up_and_known(controlled, switch):
    assert controlled.core == switch.api("global_getvar core_uuid")
    assert controlled.health.ready and controlled.health.most == 3000 and controlled.health.version.count(".") == 2
    assert controlled.channel_count() == 0 and controlled.channels() == {}
    assert not controlled.exists(new_uuid()) and not controlled.kill(new_uuid())
    assert supervised.look(("127.0.0.1", switch.event_port), switch.password, CLOCK).most == 3000


def test_a_wrong_password_is_told_at_once(switch):
    began = time.monotonic()
    with pytest.raises(SettingsError, match="the switch refused the password"):
        Inbound("127.0.0.1", switch.event_port, "wr0ng").connect()
    assert time.monotonic() - began < 2


def test_what_happened_while_nobody_listened_is_a_gap_with_its_times_and_a_bound(controlled, switch):
    leg = control_commands.phone("8001", "house.example")
    controlled.originate(leg, "4000")  # an event is heard
    # Given a connection that breaks, for some seconds
    controlled._failures = 4
    controlled._connection.close("by the test")
    until(lambda: controlled.state == "away")
    # When a whole call goes by
    with Caller(switch.sip, "4000") as caller:
        caller.answered(10)
    switch.quiet()
    until(lambda: controlled.up, 30)
    controlled.originate(leg, "4000")
    # Then it is known that something was missed, when, and how much at most
    [gap] = controlled.sequence.gaps
    assert 20 < gap.most < 200 and not gap.restarted
    assert 4 < (gap.until - gap.since).total_seconds() < 40


# What it does -------------------------------------------------------------------------------------------------------


def test_calls_are_placed_and_what_became_of_them_is_told(controlled, switch):
    leg = control_commands.phone("8001", "house.example")
    assert controlled.originate(leg, "4000").cause == "USER_NOT_REGISTERED"
    for manner, cause in (("busy", "USER_BUSY"), ("refuses", "CALL_REJECTED"), ("rings", "NO_ANSWER")):
        with Phone(switch.sip, "8001", manner):
            assert controlled.originate(leg, "4000", seconds=2).cause == cause
    with Phone(switch.sip, "8001", "answers", after=0.3):
        channel = new_uuid()
        placed = controlled.originate(leg, "4000", channel=channel, caller="1000")
        assert placed.ok and placed.uuid == channel
        assert controlled.exists(channel) and channel in controlled.channels()
        assert controlled.kill(channel)
        until(lambda: not controlled.exists(channel))


def test_an_originate_does_not_hold_up_the_connection(controlled, switch):
    with Phone(switch.sip, "8001", "rings"):
        leg = control_commands.phone("8001", "house.example")
        placing = gevent.spawn(controlled.originate, leg, "4000", seconds=2)
        until(lambda: controlled.channel_count() == 1)
        began = time.monotonic()
        controlled.status()
        assert time.monotonic() - began < 0.5 and not placing.ready()
        until(placing.ready)
        assert placing.value.cause == "NO_ANSWER"


def test_a_message_lamp_is_lit_and_put_out(controlled, switch):
    with Phone(switch.sip, "8001", "rings") as phone:

        def told() -> list[str]:
            return [one.body.splitlines()[0] for one in phone.received if one.method == "NOTIFY"]

        controlled.lamp("8001", "house.example", new=2)
        until(lambda: told() == ["Messages-Waiting: yes"])
        controlled.lamp("8001", "house.example", new=0)
        until(lambda: told() == ["Messages-Waiting: yes", "Messages-Waiting: no"])


# A call's end -------------------------------------------------------------------------------------------------------


def test_the_event_writes_what_the_record_writes(house, switch):
    # Given nobody who takes call records, and a caller with the switch alone
    with Caller(switch.sip, "4000") as caller:
        caller.answered(10)
        [channel] = until(lambda: house.control.switches[0].channels())
        assert house.journal.call(channel) is None
        # When he hangs up
        caller.hang_up()
        hung_up = time.monotonic()
        until(lambda: house.watch.closed)
        print(f"closed {time.monotonic() - hung_up:.2f} s after the caller hung up")
    call = house.journal.call(channel)
    assert (call.caller, call.dialled, call.cause) == ("13800138000", "4000", "NORMAL_CLEARING") and call.closed
    assert [event.event for event in call.events] == ["call-record"]
    # Then the record, found by the sweep, changes nothing
    until(lambda: list(switch.records.glob("*.json")))
    assert house.records.sweep(switch.records).taken
    assert house.journal.call(channel) == call


def test_ivr_serve_closes_calls_that_the_switch_has_though_no_record_comes(switch, monkeypatch):
    # Given a line that no call record reaches, with a control connection
    for file in switch.data.glob("zongji.db*"):
        file.unlink()
    monkeypatch.setenv("IVR_CONTROL", f"127.0.0.1:{switch.event_port}")
    monkeypatch.setenv("IVR_CONTROL_PASSWORD", switch.password)
    with Line(switch, host=1) as line:
        with Phone(switch.sip, "8001", "rings") as phone, Caller(switch.sip, "4001") as caller:
            caller.answered(10)
            assert phone.rung.wait(15)
            # When the caller hangs up while phones ring
            caller.hang_up()
        switch.quiet()
        # Then his call is closed
        end = time.monotonic() + 15
        while not (calls := [one for one in line.ivr("calls", "list") if one["closed"]]):
            assert time.monotonic() < end, line.said
            time.sleep(0.2)
        assert [one["cause"] for one in calls] == ["NORMAL_CLEARING"]
        assert list(switch.records.glob("*.json")), "the record was posted to nobody"
        assert "a switch is under control" in line.said and switch.password not in line.said


# When it breaks -----------------------------------------------------------------------------------------------------


@pytest.fixture
def mortal(tmp_path):
    """A FreeSWITCH of this test's own, to be killed."""
    switch = FreeSwitch(os.environ["FREESWITCH"], tmp_path / "freeswitch")
    switch.folder.mkdir()
    switch.start()
    yield switch
    switch.stop()


def test_killed_and_started_anew_it_is_found_and_its_calls_are_closed_as_lost(mortal, tmp_path):
    (tmp_path / "books").mkdir()
    house = House(mortal, tmp_path / "books", older=0, grace=2)
    [switch] = house.control.switches
    first = switch.core
    try:
        with Caller(mortal.sip, "4000") as caller:
            caller.answered(10)
            [channel] = until(switch.channels)
            house.journal.opened(channel, datetime.now(UTC) - timedelta(minutes=5), "13800138000", "4000")
            assert house.watch.reconcile() == []
            # When the switch is killed
            mortal._process.send_signal(signal.SIGKILL)
            mortal._process.wait(10)
            until(lambda: switch.state == "away")
            assert house.watch.reconcile() == []
            caller._finish("the switch is dead")
        # And started anew
        shutil.rmtree(mortal.folder / "conf")
        mortal.start()
        until(lambda: switch.up, 60)
        # Then it is another life of it, and the call of before is closed
        assert switch.core != first and switch.sequence.restarts == 1 and switch.sequence.gaps[0].restarted
        until(lambda: house.watch.reconcile() or house.watch.lost, 20)
        call = house.journal.call(channel)
        assert (call.cause, call.events[-1].event) == ("LOST", "lost")
        # And it is subscribed again: the next call is closed by its event
        with Caller(mortal.sip, "4000") as caller:
            caller.answered(10)
            [channel] = until(switch.channels)
            caller.hang_up()
            until(lambda: house.watch.closed == 1)
    finally:
        house.close()
