"""Each fault of greenswitch 0.0.19's OutboundESLServer: one scenario, told to the stock class and to ours
(tests/esl/bench.py)."""

import os
import resource
from contextlib import contextmanager

import gevent
import pytest
from gevent import socket
from gevent.event import Event
from greenswitch.esl import OutboundESLServer, OutboundSession

from ivr.errors import SettingsError
from ivr.esl.server import Server
from tests.esl.bench import Bench, decided, end, within
from tests.esl.peer import Peer, settle


class Stays:
    """An application that keeps its caller."""

    running = 0

    def __init__(self, session):
        self.session = session

    def run(self):
        type(self).running += 1
        Event().wait()


class Door(Bench):
    """A server of one class. Peers are brought to it without a listener, or come by themselves once it `listens`."""

    def __init__(self, cls):
        super().__init__(cls, ours=cls is Server)
        self.peers: list[Peer] = []
        self.stock_sessions: list[OutboundSession] = []
        self.server = None
        Stays.running = 0

    def opens(self, application=Stays, limit: int = 100):
        """The server, which does not listen yet."""
        if self.ours:
            self.server = Server(
                ("127.0.0.1", 0), lambda session: application(session).run(), clock=self.clock, hard=limit
            )
        else:
            self.port = free_port()
            self.server = OutboundESLServer(bind_port=self.port, application=application, max_connections=limit)
        return self.server

    def listens(self, application=Stays) -> None:
        self.opens(application)
        if self.ours:
            self.server.start()
            self.port = self.server.server_port
        else:
            self.listening = self.does(self.server.listen)

    def enters(self, peer: Peer, address=("127.0.0.1", 5)) -> gevent.Greenlet:
        if self.ours:
            greenlet = gevent.spawn(self.server.do_handle, peer.line, address)
        else:
            session = OutboundSession(address, peer.line)
            self.stock_sessions.append(session)
            greenlet = gevent.spawn(self.server._accept_call, session)
        self.greenlets.append(greenlet)
        return greenlet

    def comes(self, sock: socket.socket | None = None) -> None:
        """A switch connects."""
        sock = sock or socket.socket()
        sock.connect(("127.0.0.1", self.port))
        self.peers.append(Peer(sock=sock))

    @property
    def open(self) -> bool:
        """Does it still listen?"""
        return self.server.started if self.ours else not self.listening.ready()

    @property
    def stumbled(self) -> bool:
        """Could it not accept?"""
        return self.server.delay > self.server.min_delay if self.ours else not self.open

    @property
    def counted(self) -> int:
        return len(self.server.sessions) if self.ours else self.server.connection_count

    def close(self):
        for peer in self.peers:
            peer.__exit__()
        if self.ours:
            self.server.stop(0)
        else:
            handlers = list(self.server._greenlets)
            self.stock_sessions += [handler.session for handler in handlers]
            for session in self.stock_sessions:
                end(session)
            gevent.killall(handlers)
            if self.server.server is not None:
                self.server.server.close()
        super().close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def no_handle_left():
    """Every file handle this process may have is taken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    last = os.open(os.devnull, os.O_RDONLY)  # the lowest that was free
    resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.close(last)


@pytest.fixture(params=[OutboundESLServer, Server], ids=["stock", "ours"])
def door(request, may_die):
    found = Door(request.param)
    yield found
    found.close()


def test_d16_a_silent_peer_is_counted_and_turned_away(door):
    door.opens()
    with Peer(mute=True) as peer:
        door.enters(peer)
        settle()
        counted = door.counted
        door.time_passes(60)
        decided(door, counted == 1 and peer.closed.is_set())


def test_d17_the_limit_holds_for_those_who_come_together(door):
    door.opens(limit=2)
    door.peers = [Peer() for _ in range(10)]
    for peer in door.peers:
        door.enters(peer)
    settle()
    decided(door, Stays.running == 2)


def test_d18_an_application_that_fails_gives_the_caller_back_to_the_dialplan(door):
    class Fails:
        def __init__(self, session):
            raise RuntimeError("on purpose")

    door.opens(Fails)
    with Peer() as peer:
        door.enters(peer)
        settle()
        decided(door, peer.closed.is_set())


def test_d19_a_port_that_is_taken_is_an_error_and_no_exit(door):
    door.opens()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = taken.getsockname()
        if door.ours:
            with pytest.raises(SettingsError, match="Address already in use; give a free port of this machine"):
                Server(address, Stays).start()
        else:
            door.server.bind_port = [address[1]]
            with pytest.raises(SystemExit):
                door.server.listen()


def test_d19_a_process_without_a_free_file_handle_takes_callers_again_when_it_has_one(door):
    # Given a line whose process has no handle left
    door.listens()
    caller = socket.socket()
    with no_handle_left():
        # When somebody calls
        door.comes(caller)
        assert within(lambda: door.stumbled)
    # Then he is taken as soon as there is one again
    assert within(lambda: door.counted or not door.open)
    decided(door, door.counted == 1)


def test_d19_who_comes_is_not_left_until_the_next_look(door, monkeypatch):
    # Given a line to which nobody comes; the fourth time it sleeps, it is left asleep
    looks, sleep = [], gevent.sleep

    def sleeps(seconds=0, ref=True):
        looks.append(seconds)
        sleep(0) if len(looks) < 4 else Event().wait()

    monkeypatch.setattr(gevent, "sleep", sleeps)
    door.listens()
    settle()
    # Then it does not look every 100 ms whether somebody has come: a caller wakes it
    decided(door, looks == [])
    if not door.ours:
        assert looks == [0.1] * 4


def test_d20_a_shutdown_ends_by_its_deadline(door):
    # Given a line with a caller in it who stays
    door.listens()
    door.comes()
    assert within(lambda: door.counted)
    # When it is told to stop
    if door.ours:
        stopping = door.does(door.server.drain, 10)
        door.time_passes(10)
    else:
        door.server.stop()
        stopping = door.listening
        assert within(lambda: door.server.server.fileno() < 0)  # it listens no more, and now waits for the caller
    # Then that has an end
    decided(door, stopping.ready())


def test_d27_a_peer_that_is_not_allowed_hears_nothing(door):
    door.opens()
    with Peer() as peer:
        door.enters(peer, address=("192.0.2.7", 5))
        settle()
        decided(door, peer.bytes == b"" and peer.closed.is_set())
