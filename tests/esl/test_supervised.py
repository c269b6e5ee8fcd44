"""One switch, kept connected: what it takes to lose it, and that it comes back."""

import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from ivr.esl.supervised import EVERY, REFUSED, STEADY, Supervised
from tests.esl.control_peer import CORE, PASSWORD

START = datetime(2026, 11, 20, tzinfo=UTC)
OTHER = "d3f451d8-1c2d-4de2-89f0-91d1587d219f"


@pytest.fixture
def switch(clock, peer):
    one = Supervised(peer.address, PASSWORD, clock, chance=random.Random(1))
    one.ups = []
    one.on_up = lambda switch, gap: one.ups.append(gap)
    one.start()
    clock.sleep(0.1)
    yield one
    one.stop()


def test_it_connects_subscribes_once_and_knows_how_the_switch_is(switch, peer):
    assert (switch.state, switch.core, switch.connections) == ("up", CORE, 1)
    assert str(switch.health) == "FreeSWITCH 1.10.12, up 26 h 3 min, 0 of 3000 sessions"
    assert peer.last.lines == [
        f"auth {PASSWORD}", "event json BACKGROUND_JOB CHANNEL_HANGUP_COMPLETE HEARTBEAT SHUTDOWN",
        "api global_getvar core_uuid", 'api json {"command":"status","data":""}',
    ]  # fmt: skip
    assert switch.ups == [None]


def test_lost_and_found_again_with_one_subscription_for_each_connection_and_a_gap_with_its_times(switch, peer, clock):
    # Given a switch that was heard last at its event 401
    clock.sleep(100)
    peer.event("HEARTBEAT")
    clock.sleep(1)
    # When the connection breaks, and eight events of all kinds happen until the next one is heard
    peer.last.close()
    clock.sleep(5)
    peer.event("HEARTBEAT", count=9)
    clock.sleep(1)
    # Then it is up again, it subscribed once more, and the gap says what was missed at most
    assert (switch.state, switch.connections, peer.subscriptions()) == ("up", 2, [1, 1])
    [gap] = switch.sequence.gaps
    assert switch.ups == [None, gap]
    assert gap.most == 8 and not gap.restarted
    assert START < gap.since < gap.until and 0.5 <= (gap.until - gap.since).total_seconds() <= 2


def test_a_switch_that_was_started_anew_is_noticed(switch, peer, clock):
    clock.sleep(100)
    peer.restart(OTHER)
    clock.sleep(10)
    [gap] = switch.sequence.gaps
    assert (switch.core, switch.sequence.restarts, gap.restarted, gap.most) == (OTHER, 1, True, None)
    assert str(gap).endswith("the switch was started anew")


def test_a_switch_that_falls_silent_is_connected_again(switch, peer, clock):
    # Given a connection that is open and says nothing more
    silent = peer.last
    peer.on = lambda connection, command: connection is silent
    # When the next look at its health is not answered
    clock.sleep(EVERY + 5 + 2)
    # Then it is closed, and another is up
    assert not silent.open
    assert (switch.state, switch.connections, len(peer.connections)) == ("up", 2, 2)
    [gap] = switch.sequence.gaps
    # The gap begins when the switch was last heard, not when that was found out
    assert (gap.until - gap.since).total_seconds() > EVERY


def test_a_switch_that_is_off_is_tried_later_each_time_with_jitter(switch, peer, clock):
    clock.sleep(100)
    peer.stop()
    tries = tried(switch, clock, 400)
    pauses = [after - before for before, after in pairwise(tries)]
    for n, pause in enumerate(pauses):
        most = min(60, 2 ** (n + 1))
        assert most / 2 <= pause <= most, pauses
    assert len(set(pauses)) == len(pauses)
    assert "Connection refused" in switch.why
    # When it is there again, it is found within a minute, and that counts as one gap
    peer.start()
    clock.sleep(61)
    assert switch.state == "up" and switch.sequence.gap_count == 1


def test_after_a_minute_without_a_break_the_next_one_is_the_first_again(switch, peer, clock):
    # Given a switch that has been lost again and again, once in a while
    for lost in range(1, 6):
        clock.sleep(STEADY)
        peer.last.close()
        # Then it is there again after a second each time: what was missed is not more for what was missed before
        clock.sleep(1.1)
        assert (switch.state, switch.connections) == ("up", lost + 1)


def tried(switch, clock, seconds: float) -> list[float]:
    """The times at which it began to connect."""
    found = []
    known = switch._once
    switch._once = lambda: (found.append(clock.monotonic()), known())
    clock.sleep(seconds)
    del switch._once
    return found


def test_two_lines_do_not_come_back_in_one_instant(clock, peer):
    lines = [Supervised(peer.address, PASSWORD, clock, chance=random.Random(seed)) for seed in (1, 2)]
    assert lines[0]._pause() != lines[1]._pause()


def test_a_wrong_password_is_told_and_seldom_tried(clock, peer):
    switch = Supervised(peer.address, "wr0ng-pass", clock)
    switch.start()
    clock.sleep(REFUSED - 1)
    assert switch.state == "refused"
    assert switch.why == (
        f"{switch.name}: the switch refused the password; give ivr_event_password of its vars.xml in"
        " IVR_CONTROL_PASSWORD or --control-password-file"
    )
    assert "wr0ng-pass" not in f"{switch.why} {switch!r} {switch._connection!r}"
    assert (len(peer.connections), peer.last.open) == (1, False)
    # When the password is mended on the switch, the next try has it
    peer.password = "wr0ng-pass"
    clock.sleep(2)
    assert switch.state == "up"
    switch.stop()


def test_a_machine_that_is_not_let_in_is_told_so(clock, peer):
    peer.rude = True
    switch = Supervised(peer.address, PASSWORD, clock)
    switch.start()
    clock.sleep(1)
    assert switch.state == "refused" and "apply-inbound-acl" in switch.why
    switch.stop()


def test_something_else_listens_there(clock, peer):
    # Neither a peer that says nothing nor one that says something else holds it up
    peer.greets = False
    switch = Supervised(peer.address, PASSWORD, clock)
    switch.start()
    clock.sleep(5.4)
    assert (switch.state, switch.why) == (
        "away", f"{switch.name} is silent: no greeting of an event socket from {switch.name} within 5 s"
    )  # fmt: skip
    peer.last.send(b"HTTP/1.1 400 Bad Request\n\n")
    switch.stop()
    assert not peer.last.open or clock.sleep(0.1) is None


def test_it_is_stopped_from_outside_in_bounded_time(switch, peer, clock):
    peer.mute = True
    before = clock.monotonic()
    switch.stop(1.0)
    assert clock.monotonic() - before <= 1.0
    clock.sleep(1)
    assert (switch.state, peer.last.open) == ("off", False)
    assert len(peer.connections) == 1
