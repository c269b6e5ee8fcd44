import os
import socket as plain
from contextlib import ExitStack
from datetime import UTC, datetime

import gevent
import pytest
from gevent import socket
from gevent.event import Event

from ivr.clock import ManualClock
from ivr.errors import SettingsError
from ivr.esl.server import Server
from tests.esl.peer import Peer, settle


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


class Doorstep:
    """A server that listens, and peers that come to it over the loopback."""

    def __init__(self, application, clock, **more):
        self.server = Server(("127.0.0.1", 0), application, clock=clock, **more)
        self.server.start()
        self.peers = []

    def comes(self, channel=None, **more) -> Peer:
        peer = Peer(channel, sock=socket.create_connection(("127.0.0.1", self.server.server_port)), **more)
        self.peers.append(peer)
        settle()
        return peer

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.server.stop(1)
        for peer in self.peers:
            peer.__exit__()
        settle()


def stays(session) -> None:
    session.live(3600)


def test_the_first_bytes_are_the_whole_opening(clock):
    with Doorstep(stays, clock) as door:
        peer = door.comes()
        assert len(peer.writes) == 1
        assert [command.line for command in peer.commands[:3]] == ["connect", "linger 5", "myevents json"]
        assert peer.executed() == [("multiset", "^^;ivr_up=1"), ("answer", "")]


def test_the_opening_is_out_before_the_call_has_a_greenlet(clock):
    # Given a connection
    server = Server(("127.0.0.1", 0), stays, clock=clock)
    switch, line = socket.socketpair()
    switch.setblocking(False)

    # When it is accepted, and nobody else has run
    server.do_handle(line, ("127.0.0.1", 5))

    # Then the whole opening has come
    assert switch.recv(4096).startswith(b"connect\n\nlinger 5\n\nmyevents json\n\nsendmsg\n")
    server.stop(1)
    switch.close()
    settle()


def test_who_comes_while_the_loop_stands_still_is_kept(clock):
    # Given a line whose loop is busy elsewhere
    server = Server(("127.0.0.1", 0), stays, clock=clock)
    server.start()

    # When three hundred come at once (gevent's own backlog is 256), each from a socket that stops the loop
    # Then the kernel keeps all of them
    with ExitStack() as callers:
        for _ in range(300):
            callers.enter_context(plain.create_connection(("127.0.0.1", server.server_port), timeout=5))
    server.stop()


def test_who_is_gone_when_accepted_is_not_counted(clock):
    # Given a peer that closed at once
    server = Server(("127.0.0.1", 0), stays, clock=clock)
    switch, line = socket.socketpair()
    switch.close()

    # When it is accepted
    server.do_handle(line, ("127.0.0.1", 5))
    settle()

    # Then its place is free again
    assert len(server.sessions) == 0 and server.figures.failed == 0
    server.stop(1)


def test_no_command_waits_for_an_acknowledgement_of_the_one_before(clock):
    # The kernel would hold a prompt back for 40 ms, and the caller hears nothing meanwhile
    with Doorstep(stays, clock) as door:
        door.comes()
        [session] = door.server.sessions
        assert session.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_calls_are_counted_and_given_back(clock):
    with Doorstep(stays, clock) as door:
        peers = [door.comes() for _ in range(3)]
        assert len(door.server.sessions) == 3
        for peer in peers:
            peer.hang_up()
        settle()
        assert len(door.server.sessions) == 0
        assert (door.server.figures.accepted, door.server.figures.most) == (3, 3)


def test_a_line_that_is_held_up_is_busy_however_few_its_calls(clock):
    busy = []
    lag = iter([0.0, 0.9])
    with Doorstep(lambda session: busy.append(session.busy), clock, pressed=lambda: next(lag) > 0.25) as door:
        door.comes()
        door.comes()
    assert busy == [False, True]


def test_past_the_soft_limit_a_call_is_told_and_not_answered(clock):
    seen = []

    def application(session):
        seen.append(session.busy)
        stays(session)

    with Doorstep(application, clock, soft=1) as door:
        peers = [door.comes(), door.comes()]
        assert seen == [False, True]
        assert peers[1].executed() == [("multiset", "^^;ivr_up=1")]


def test_past_the_hard_limit_the_dialplan_goes_on_at_once(clock):
    with Doorstep(stays, clock, hard=1) as door:
        door.comes()
        turned = door.comes()
        assert turned.closed.is_set() and turned.bytes == b""
        assert door.server.figures.over == 1
        # and when the first has gone there is a place again
        door.peers[0].hang_up()
        settle()
        assert not door.comes().closed.is_set()


def test_a_peer_that_is_not_allowed_is_named_once_a_minute(clock, capsys):
    # D27
    with Doorstep(stays, clock, allowed=["10.0.0.0/8", "2001:db8::/32"]) as door:
        for seconds in (0, 1, 58, 2):
            clock.advance(seconds)
            peer = door.comes()
            assert peer.closed.is_set() and peer.bytes == b""
        assert door.server.figures.refused == 4
        assert capsys.readouterr().out.count("a peer that is not allowed was turned away") == 2


@pytest.mark.parametrize(
    ("peer", "may"),
    [
        ("10.1.2.3", True), ("11.0.0.1", False), ("::ffff:10.1.2.3", True), ("2001:db8::1", True), ("::1", False),
        ("", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_who_may_be_a_switch(peer, may, clock):
    server = Server(("127.0.0.1", 0), stays, clock=clock, allowed=["10.0.0.0/8", "2001:db8::/32"])
    assert (server._may(peer), server._may(peer)) == (may, may)


def test_strangers_from_everywhere_are_not_remembered_without_end(clock, monkeypatch):
    monkeypatch.setattr("ivr.esl.server.MOST_PEERS", 3)
    server = Server(("127.0.0.1", 0), stays, clock=clock, allowed=["10.0.0.0/8"])
    # Given more of them than are remembered
    for n in range(10):
        assert not server._may(f"192.0.2.{n}")
        server._name(f"192.0.2.{n}")
    # Then those who may come still may
    assert server._may("10.0.0.1") and not server._may("192.0.2.1")
    assert len(server._known) <= 3 and len(server._named) <= 3


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n\r\n\n\n", b"Content-Type: command/reply\nReply-T"])
def test_a_silent_peer_garbage_and_half_a_frame_disturb_nobody(clock, said):
    # D16
    with Doorstep(stays, clock) as door:
        good = door.comes()
        bad = door.comes(mute=True)
        bad.send(said)
        settle()
        clock.advance(5)
        settle()
        assert bad.closed.is_set()
        assert door.server.figures.dumb == 1
        assert not good.closed.is_set() and len(door.server.sessions) == 1


def test_an_application_that_fails_gives_the_caller_back(clock):
    # D18
    def fails(session):
        raise RuntimeError("on purpose")

    with Doorstep(fails, clock) as door:
        peer = door.comes()
        assert peer.closed.is_set()
        # closed, not left by `exit` and not hung up: the dialplan goes on
        assert "exit" not in [command.line for command in peer.commands]
        assert "hangup" not in [app for app, _ in peer.executed()]
        assert (door.server.figures.failed, len(door.server.sessions)) == (1, 0)


def test_draining_waits_for_those_in_dialogue(clock):
    # D20
    go = Event()
    with Doorstep(lambda session: go.wait(), clock) as door:
        peer = door.comes()
        draining = gevent.spawn(door.server.drain, 10)
        settle()
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", door.server.server_port), timeout=1)
        assert not draining.ready() and not peer.closed.is_set()
        go.set()
        settle()
        assert draining.value is True and peer.closed.is_set()


def test_draining_has_an_end(clock):
    with Doorstep(stays, clock) as door:
        peer = door.comes()
        draining = gevent.spawn(door.server.drain, 10)
        settle()
        clock.advance(10)
        settle()
        assert draining.value is False and peer.closed.is_set()
        assert len(door.server.sessions) == 0


def test_many_come_at_once_and_nothing_is_left_behind(clock):
    with Doorstep(lambda session: None, clock, soft=1000, hard=1000) as door:
        for _ in range(200):
            door.peers.append(Peer(sock=socket.create_connection(("127.0.0.1", door.server.server_port))))
        settle()
        settle()
        assert door.server.figures.accepted == 200
        assert all(peer.closed.is_set() for peer in door.peers)
        assert len(door.server.sessions) == 0 and clock.next_due is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_no_connection_leaves_a_descriptor_behind(clock, host):
    # Given a line with room for two
    try:
        server = Server((host, 0), lambda session: session.live(1), clock=clock, hard=2)
    except SettingsError:
        pytest.skip(f"no {host} here")
    server.start()
    before = len(os.listdir("/dev/fd"))

    # When one call comes to its end, one is cut off in half a frame, one is too many, and one comes from a stranger
    def comes(**how) -> Peer:
        peer = Peer(sock=socket.create_connection((host, server.server_port)), **how)
        settle()
        return peer

    peers = [comes(), comes(mute=True), comes()]
    peers[1].send(b"Content-Type: comm")
    peers[1].sock.shutdown(socket.SHUT_WR)
    settle()
    clock.advance(1)
    settle()
    server._known.clear()
    server.allowed = []
    peers.append(comes())
    assert all(peer.closed.is_set() for peer in peers)
    for peer in peers:
        peer.__exit__()
    settle()

    # Then all that was opened is closed, and by nobody but us
    assert (server.figures.accepted, server.figures.over, server.figures.refused) == (2, 1, 1)
    assert len(os.listdir("/dev/fd")) == before
    server.stop()
