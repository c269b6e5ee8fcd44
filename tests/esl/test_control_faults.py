"""Each fault of greenswitch 0.0.19's InboundESL (and of its server's shutdown): one scenario, told to the stock class
and to ours. The stock one must still fail, or the cure can be taken out."""

import logging
from datetime import UTC, datetime

import gevent
import pytest
from gevent import socket
from gevent.event import Event
from greenswitch.esl import InboundESL, OutboundESLServer

from ivr.clock import ManualClock
from ivr.errors import SettingsError
from ivr.esl.inbound import Inbound
from ivr.esl.server import Server
from ivr.esl.supervised import Supervised
from tests.esl.control_peer import PASSWORD, ControlPeer, idle
from tests.esl.peer import Peer

START = datetime(2026, 11, 20, tzinfo=UTC)


class Bench:
    """A client of one class, and what it left behind."""

    def __init__(self, cls):
        self.cls, self.clock = cls, ManualClock(START)
        self.ours = cls is Inbound
        self.made, self.greenlets, self.kept = [], [], []

    def client(self, peer: ControlPeer, password: str = PASSWORD, connect: bool = True):
        more = {"clock": self.clock} if self.ours else {}
        client = self.cls(*peer.address, password, **more)
        self.made.append(client)
        if connect:
            assert self.does(client.connect).ready()
        return client

    def subscribed(self, peer: ControlPeer, events: str = "ALL", form: str = "json"):
        client = self.client(peer)
        self.does(client.send, f"event {form} {events}")
        return client

    def does(self, function, *args) -> gevent.Greenlet:
        """Run it until nothing moves any more; its value is what came of it, or the error."""

        def run():
            try:
                return function(*args)
            except (Exception, gevent.Timeout) as error:  # noqa: BLE001 (told to the test)
                return error

        greenlet = gevent.spawn(run)
        self.greenlets.append(greenlet)
        idle()
        return greenlet

    def time_passes(self, seconds: float) -> None:
        """Deadlines of ours fire; the stock class has none."""
        self.clock.advance(seconds)
        idle()

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
                continue
            client._run = False  # its bare `except:` swallows a kill (D22)
            for name in ("_receive_events_greenlet", "_process_events_greenlet"):
                if getattr(client, name, None) is not None:
                    getattr(client, name).kill()
            if getattr(client, "sock_file", None) is not None:
                client.sock_file.close()
            if getattr(client, "sock", None) is not None:
                client.sock.close()
        gevent.killall(self.greenlets)
        idle()


@pytest.fixture(params=[InboundESL, Inbound], ids=["stock", "ours"])
def bench(request, monkeypatch):
    # A greenlet of the stock class that dies of its fault says so on the error output; it is what we want to see.
    monkeypatch.setattr(gevent.get_hub(), "NOT_ERROR", (Exception,))
    found = Bench(request.param)
    yield found
    found.close()


@pytest.fixture
def peer():
    with ControlPeer() as peer:
        yield peer


def decided(bench: Bench, well: bool) -> None:
    """All is well with ours, and is not with the stock class."""
    assert well is bench.ours


# D20 ------------------------------------------------------------------------------------------------------------------


class Stays:
    """An application that keeps its caller."""

    def __init__(self, session):
        self.session = session

    def run(self):
        Event().wait()


def test_d20_a_shutdown_ends_by_its_deadline(bench):
    # Given a line with a caller in it who stays
    if bench.ours:
        server = Server(("127.0.0.1", 0), lambda session: Stays(session).run(), clock=bench.clock)
        server.start()
        port = server.server_port
    else:
        port = free_port()
        server = OutboundESLServer(bind_port=port, application=Stays)
        listening = bench.does(server.listen)
    caller = socket.create_connection(("127.0.0.1", port))
    with Peer(sock=caller):
        arrived = (lambda: server.sessions) if bench.ours else (lambda: server.connection_count)
        assert within(lambda: arrived())
        # When it is told to stop
        if bench.ours:
            stopping = bench.does(server.drain, 10)
            bench.time_passes(10)
        else:
            server.stop()
            stopping = listening
            assert within(lambda: server.server.fileno() < 0)  # it listens no more, and now waits for the caller
        # Then that has an end
        decided(bench, stopping.ready())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def within(condition, seconds: float = 5) -> bool:
    """Wait for the stock server, which polls every 100 ms."""
    with gevent.Timeout(seconds, False):
        while not condition():
            gevent.get_hub().loop.update_now()
            gevent.idle()
        return True
    return False


# D21, D22 -------------------------------------------------------------------------------------------------------------


def test_d21_it_can_be_asked_and_stopped_before_connect(bench, peer):
    client = bench.client(peer, connect=False)
    decided(bench, bench.does(client.stop).value is None)


def test_d22_a_handler_without_a_name_that_fails_stops_no_other(bench, peer):
    client = bench.subscribed(peer, form="plain")
    seen = []

    class Nameless:
        def __call__(self, event):
            raise RuntimeError("on purpose")

    client.register_handle("HEARTBEAT", Nameless())
    client.register_handle("SHUTDOWN", seen.append)
    peer.event("HEARTBEAT")
    peer.event("SHUTDOWN")
    idle()
    decided(bench, len(seen) == 1)


def test_d22_a_handler_that_is_killed_is_gone(bench, peer):
    client = bench.subscribed(peer, form="plain")
    running = []

    def handler(event):
        running.append(gevent.getcurrent())
        Event().wait()

    client.register_handle("HEARTBEAT", handler)
    peer.event("HEARTBEAT")
    idle()
    [greenlet] = running
    greenlet.kill(block=False)
    idle()
    decided(bench, greenlet.dead)


# D24 ------------------------------------------------------------------------------------------------------------------


def test_d24_a_handler_may_wait_for_what_another_handler_hears(bench, peer):
    client = bench.subscribed(peer, form="plain")
    came, done = Event(), []
    client.register_handle("HEARTBEAT", lambda event: (came.wait(), done.append(True)))
    client.register_handle("BACKGROUND_JOB", lambda event: came.set())
    # When the first waits, inside its handler, for an event of the second's
    peer.event("HEARTBEAT")
    idle()
    peer.event("BACKGROUND_JOB")
    idle()
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
    # Given a client that listens
    if bench.ours:
        switch = Supervised(peer.address, PASSWORD, Waits(bench.clock))
        bench.kept.append(switch)
        switch.start()
        idle()
    else:
        bench.subscribed(peer)
    assert peer.subscriptions() == [1]
    # When the connection breaks, and a minute passes
    peer.last.close()
    idle()
    bench.time_passes(60)
    decided(bench, peer.subscriptions() == [1, 1] and peer.last.open)


class Waits:
    """A ManualClock on which one can wait: `sleep` ends when the test has let the time pass."""

    def __init__(self, clock: ManualClock):
        self.now, self.monotonic, self.call_later = clock.now, clock.monotonic, clock.call_later

    def sleep(self, seconds: float) -> None:
        done = Event()
        self.call_later(seconds, done.set)
        done.wait()


def test_d25_a_connection_that_is_silent_is_noticed(bench, peer):
    if bench.ours:
        switch = Supervised(peer.address, PASSWORD, Waits(bench.clock))
        bench.kept.append(switch)
        switch.start()
        idle()
    else:
        bench.subscribed(peer)
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
    idle()
    decided(bench, len(seen) == 1 and seen[0]["Event-Info"] == "a%0Ab")


def test_d26_events_that_nobody_works_off_are_dropped_and_counted(bench, peer):
    client = bench.subscribed(peer, form="plain")
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
        idle()
        assert client.listeners.dropped == 3000 - 1 - 1000
        assert seen[-1]["Event-Sequence"] == str(peer.number) and len(seen) == 1001


def waiting(bench, client) -> int:
    return client.listeners.waiting if bench.ours else client._esl_event_queue.qsize()


def test_d26_the_root_logger_is_left_alone(bench, peer, caplog):
    client = bench.subscribed(peer, form="plain")

    def fails(event):
        raise RuntimeError("on purpose")

    client.register_handle("HEARTBEAT", fails)
    with caplog.at_level(logging.DEBUG):
        peer.event("HEARTBEAT")
        idle()
    decided(bench, not [one for one in caplog.records if one.name == "root"])
