"""Each fault of greenswitch 0.0.19's InboundESL: one scenario, told to the stock class and to ours
(tests/esl/bench.py)."""

import logging

import gevent
import pytest
from gevent.event import Event
from greenswitch.esl import InboundESL

from ivr.clock import ManualClock
from ivr.errors import SettingsError
from ivr.esl.inbound import Inbound
from ivr.esl.supervised import Supervised
from tests.esl.bench import Bench, decided, end, within
from tests.esl.control_peer import PASSWORD, ControlPeer
from tests.esl.peer import settle


class ClientBench(Bench):
    """A client of one class, and a switch to be controlled."""

    def __init__(self, cls):
        super().__init__(cls, ours=cls is Inbound)
        self.made, self.kept = [], []

    def client(self, peer: ControlPeer, password: str = PASSWORD, connect: bool = True):
        more = {"clock": self.clock} if self.ours else {}
        client = self.cls(*peer.address, password, **more)
        self.made.append(client)
        if connect:
            assert self.does(client.connect).ready()
        return client

    def subscribed(self, peer: ControlPeer, form: str = "plain"):
        """A client that is told all events."""
        client = self.client(peer)
        self.does(client.send, f"event {form} ALL")
        return client

    def stays_subscribed(self, peer: ControlPeer) -> None:
        """A client that is kept connected, where there is one."""
        if self.ours:
            switch = Supervised(peer.address, PASSWORD, Waits(self.clock))
            self.kept.append(switch)
            switch.start()
            settle()
        else:
            self.subscribed(peer)

    def alive(self) -> int:
        """Greenlets of the stock client that still run."""
        known = [
            getattr(client, name, None) for client in self.made
            for name in ("_receive_events_greenlet", "_process_events_greenlet")
        ]  # fmt: skip
        return sum(one is not None and not one.dead for one in known)

    def close(self):
        for one in self.kept:
            one.stop(0)
        for client in self.made:
            if self.ours:
                client.listeners.close()
                client.close()
            else:
                end(client)
        super().close()


class Waits:
    """A ManualClock on which one can wait: `sleep` ends when the test has let the time pass."""

    def __init__(self, clock: ManualClock):
        self.now, self.monotonic, self.call_later = clock.now, clock.monotonic, clock.call_later

    def sleep(self, seconds: float) -> None:
        done = Event()
        self.call_later(seconds, done.set)
        done.wait()


@pytest.fixture(params=[InboundESL, Inbound], ids=["stock", "ours"])
def bench(request, may_die):
    found = ClientBench(request.param)
    yield found
    found.close()


# D7 -------------------------------------------------------------------------------------------------------------------


def test_d7_a_switch_that_reads_no_more_is_given_up(bench, peer):
    client = bench.client(peer)
    reads = Event()
    peer.on = lambda connection, command: reads.wait()
    # Given a command that it reads, and one that is more than the kernel takes for it
    waiting = [bench.does(client.send, "api status"), bench.does(client.send, "api " + "x" * 20_000_000)]
    bench.time_passes(60)
    decided(bench, all(one.ready() for one in waiting) and not client.connected)
    reads.set()


# D21, D22 -------------------------------------------------------------------------------------------------------------


def test_d21_it_can_be_asked_and_stopped_before_connect(bench, peer):
    client = bench.client(peer, connect=False)
    decided(bench, bench.does(client.stop).value is None)


def test_d22_a_handler_without_a_name_that_fails_stops_no_other(bench, peer):
    client = bench.subscribed(peer)
    seen = []

    class Nameless:
        def __call__(self, event):
            raise RuntimeError("on purpose")

    client.register_handle("HEARTBEAT", Nameless())
    client.register_handle("SHUTDOWN", seen.append)
    peer.event("HEARTBEAT")
    peer.event("SHUTDOWN")
    settle()
    decided(bench, len(seen) == 1)


def test_d22_a_handler_that_is_killed_is_gone(bench, peer):
    client = bench.subscribed(peer)
    running = []

    def handler(event):
        running.append(gevent.getcurrent())
        Event().wait()

    client.register_handle("HEARTBEAT", handler)
    peer.event("HEARTBEAT")
    settle()
    [greenlet] = running
    greenlet.kill(block=False)
    settle()
    decided(bench, greenlet.dead)


# D24 ------------------------------------------------------------------------------------------------------------------


def test_d24_a_handler_may_wait_for_what_another_handler_hears(bench, peer):
    client = bench.subscribed(peer)
    came, done = Event(), []
    client.register_handle("HEARTBEAT", lambda event: (came.wait(), done.append(True)))
    client.register_handle("BACKGROUND_JOB", lambda event: came.set())
    # When the first waits, inside its handler, for an event of the second's
    peer.event("HEARTBEAT")
    settle()
    peer.event("BACKGROUND_JOB")
    settle()
    decided(bench, done == [True])


# D25 ------------------------------------------------------------------------------------------------------------------


def test_d25_a_peer_that_does_not_greet_is_given_up(bench, peer):
    peer.greets = False
    client = bench.client(peer, connect=False)
    waiting = bench.does(client.connect)
    bench.time_passes(60)
    decided(bench, waiting.ready())


def test_d25_a_password_that_is_not_answered_is_given_up(bench, peer):
    peer.mute = True
    client = bench.client(peer, connect=False)
    waiting = bench.does(client.connect)
    bench.time_passes(60)
    decided(bench, waiting.ready())


def test_d25_a_wrong_password_leaves_nothing_behind_and_is_in_no_message(bench, peer):
    # Given a switch that, having refused, does not close by itself
    peer.on = refuses
    client = bench.client(peer, "wr0ng-pass", connect=False)
    error = bench.does(client.connect).value
    # Then the connection is closed, and nothing goes on
    closed = not peer.last.open and bench.alive() == 0 and not client.connected
    told = isinstance(error, SettingsError) and "the switch refused the password" in str(error)
    assert "wr0ng-pass" not in f"{error} {client!r}"
    decided(bench, closed and told)


def refuses(connection, command) -> bool:
    if command.line.startswith("auth"):
        connection.send(b"Content-Type: command/reply\nReply-Text: -ERR invalid\n\n")
        return True
    return False


def test_d25_an_address_may_be_of_ipv6(bench):
    try:
        peer = ControlPeer(host="::1")
        peer.start()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    try:
        client = bench.client(peer, connect=False)
        error = bench.does(client.connect).value
        decided(bench, error is None and client.connected)
    finally:
        peer.stop()


def test_d25_a_connection_that_broke_is_made_again_and_subscribed_again_once(bench, peer):
    bench.stays_subscribed(peer)
    assert peer.subscriptions() == [1]
    # When the connection breaks, and a minute passes
    peer.last.close()
    settle()
    bench.time_passes(60)
    decided(bench, peer.subscriptions() == [1, 1] and peer.last.open)


def test_d25_a_connection_that_is_silent_is_noticed(bench, peer):
    bench.stays_subscribed(peer)
    silent = peer.last
    peer.on = lambda connection, command: connection is silent
    for _ in range(60):
        bench.time_passes(1)
    decided(bench, not silent.open and len(peer.connections) == 2)


# D26 ------------------------------------------------------------------------------------------------------------------


def test_d26_events_may_be_json(bench, peer):
    client = bench.subscribed(peer, form="json")
    seen = []
    client.register_handle("HEARTBEAT", seen.append)
    peer.event("HEARTBEAT", **{"Event-Info": "a%0Ab"})
    settle()
    decided(bench, len(seen) == 1 and seen[0]["Event-Info"] == "a%0Ab")


def test_d26_events_that_nobody_works_off_are_dropped_and_counted(bench, peer):
    client = bench.subscribed(peer)
    first = Event()
    seen = []

    def slow(event):
        first.wait()
        seen.append(event)

    client.register_handle("HEARTBEAT", slow)
    for _ in range(3000):
        peer.event("HEARTBEAT")
    assert within(lambda: waiting(bench, client) + (client.listeners.dropped if bench.ours else 0) >= 2998)
    kept = waiting(bench, client)
    decided(bench, kept <= 1000)
    if bench.ours:
        # The oldest are dropped, the newest are there, and none is dropped silently
        first.set()
        settle()
        assert client.listeners.dropped == 3000 - 1 - 1000
        assert seen[-1]["Event-Sequence"] == str(peer.number) and len(seen) == 1001


def waiting(bench, client) -> int:
    return client.listeners.waiting if bench.ours else client._esl_event_queue.qsize()


def test_d26_the_root_logger_is_left_alone(bench, peer, caplog):
    client = bench.subscribed(peer)

    def fails(event):
        raise RuntimeError("on purpose")

    client.register_handle("HEARTBEAT", fails)
    with caplog.at_level(logging.DEBUG):
        peer.event("HEARTBEAT")
        settle()
    decided(bench, not [one for one in caplog.records if one.name == "root"])
