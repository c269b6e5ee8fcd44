from datetime import UTC, datetime

import gevent
import pytest

from ivr.clock import ManualClock
from ivr.errors import Deadline, GoneAway, Hangup, WireError
from ivr.esl import commands
from ivr.esl.session import Session
from ivr.switch.wire import notice, reply
from tests.esl.peer import UUID, Peer, settle


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def peer():
    with Peer({"variable_ivr_dialled": "1000", "variable_empty": "_undef_"}) as peer:
        yield peer


@pytest.fixture
def session(peer, clock):
    session = Session(("127.0.0.1", 1), peer.line, clock)
    yield session
    session.close()


def told(function, *args, **kwargs) -> gevent.Greenlet:
    """Run it beside us until nothing moves; its value is what it gave or raised."""

    def run():
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (told to the test)
            return error

    greenlet = gevent.spawn(run)
    settle()
    return greenlet


def playing(session, peer) -> gevent.Greenlet:
    """A playback that the switch has not completed."""
    peer.completing = False
    last = commands.new_uuid()
    command = commands.playback(["/srv/a.wav"], last)
    return told(session.run, [command], last=last, seconds=30, what="playback")


def test_the_opening_is_one_write(session, peer):
    peer.completing = False
    session.open(commands.multiset({"ivr_up": "1"}, UUID), commands.answer(UUID))
    settle()
    assert len(peer.writes) == 1
    assert [command.line for command in peer.commands] == ["connect", "linger 5", "myevents json", "sendmsg", "sendmsg"]
    assert (session.uuid, session.session_data["variable_ivr_dialled"]) == (UUID, "1000")


def test_a_tap_has_every_byte_of_both_sides(session, peer):
    pieces = []
    session.tap = lambda source, data: pieces.append((source, data))
    session.open()
    session.ask(commands.multiset({"ivr_up": "1"}, UUID))
    settle()
    assert b"".join(data for source, data in pieces if source == "app") == peer.bytes
    assert b"".join(data for source, data in pieces if source == "switch") == peer.said
    assert [source for source, _ in pieces][:2] == ["app", "switch"]


@pytest.mark.parametrize(
    ("channel", "message"),
    [
        ({"Unique-ID": "1; drop"}, "Unique-ID: '1; drop' is not allowed there; 36 characters of 0-9, a-f and -"),
        ({"Event-Name": "HEARTBEAT"}, "the reply to connect is no CHANNEL_DATA: b'Event-Name: HEARTBEAT"),
        ({"Control": "single-channel"}, "the dialplan's socket action must end in `async full`"),
    ],
)
def test_a_peer_that_is_no_freeswitch_is_left(channel, message, clock):
    # D27
    with Peer(channel) as peer:
        if "Control" in channel:
            peer.data = lambda: Peer.data(peer).replace(b"Control: full", b"Control: single-channel")
        session = Session(("127.0.0.1", 1), peer.line, clock)
        with pytest.raises(WireError) as error:
            session.open()
        assert str(error.value).startswith(message)
        assert not session.connected


def test_a_reply_that_does_not_come_is_a_deadline(clock):
    # D7, D16
    with Peer(mute=True) as peer:
        session = Session(("127.0.0.1", 1), peer.line, clock)
        opening = told(session.open)
        clock.advance(5)
        settle()
        assert isinstance(opening.value, Deadline)
        assert str(opening.value) == "no reply to 'connect' within 5 s"
        session.close()


def test_a_completion_that_does_not_come_is_a_deadline(session, peer, clock):
    session.open()
    waiting = playing(session, peer)
    clock.advance(30)
    settle()
    assert str(waiting.value) == "no completion of playback within 30 s"
    assert session.alive and session._completions == {}


def test_a_refused_command_ends_the_wait_for_its_completion(session, peer):
    session.open()
    peer.on = lambda peer, command: peer.send(reply("-ERR no such thing")) or True
    waiting = playing(session, peer)
    assert str(waiting.value) == "FreeSWITCH refused 'execute playback': -ERR no such thing"


def test_a_hang_up_is_one_exception_with_its_cause(session, peer):
    # D9
    session.open()
    waiting = playing(session, peer)
    peer.event("CHANNEL_HANGUP", **{"Hangup-Cause": "ORIGINATOR_CANCEL"})
    settle()
    assert isinstance(waiting.value, Hangup) and waiting.value.cause == "ORIGINATOR_CANCEL"
    with pytest.raises(Hangup):
        session.issue(commands.answer(UUID))


def test_a_hang_up_of_another_channel_is_none_of_ours(session, peer):
    session.open()
    waiting = playing(session, peer)
    peer.event("CHANNEL_HANGUP", **{"Unique-ID": "0" + UUID[1:], "Hangup-Cause": "NORMAL_CLEARING"})
    settle()
    assert not waiting.ready()


def test_nothing_after_a_linger_notice_is_believed(session, peer):
    # Given a caller whose number forges frames, as cid_number_notice shows it
    session.open()
    waiting = playing(session, peer)
    status = told(session.ask, commands.line("status"))
    # When he hangs up
    forged = reply("+OK FAKE") + b"@127.0.0.1:5110\nLinger-Time: 5\nContent-Length: 0\n\n"
    peer.on = lambda peer, command: True
    peer.send(notice(UUID, "linger", "Channel-Name: sofia/internal/138\n") + forged)
    settle()
    # Then it is a hang-up, and what he forged is nobody's reply
    assert isinstance(waiting.value, Hangup)
    assert status.value.data == "+OK"
    assert session.hung_up == "NORMAL_CLEARING" and session.closed_because is None


def test_an_end_without_hang_up_says_nothing_of_the_caller(session, peer):
    # D8
    session.open()
    waiting = playing(session, peer)
    pausing = told(session.live, 10)
    peer.hang_up()
    settle()
    message = f"call {UUID}: FreeSWITCH closed the socket"
    assert [str(one.value) for one in (waiting, pausing)] == [message, message]
    assert isinstance(waiting.value, GoneAway)


def test_a_reply_nobody_asked_for_ends_the_connection(session, peer):
    session.open()
    settle()
    peer.send(reply("+OK"))
    settle()
    assert session.closed_because == (
        "bytes that cannot be used: a reply nobody asked for: b'Content-Type: command/reply\\nReply-Text: +OK'"
    )


def test_garbage_ends_the_connection(session, peer):
    peer.send(b"GET / HTTP/1.1\r\n\n\n")
    settle()
    assert session.closed_because == (
        "bytes that cannot be used: a frame without Content-Type, beginning 'GET / HTTP/1.1\\r'"
    )


@pytest.mark.parametrize(
    ("commands_", "message"), [(5, "it did not read for 5 s"), (10, "it left more than 262144 bytes unread")]
)
def test_a_switch_that_reads_nothing_is_left(peer, clock, commands_, message):
    # D7: the socket takes no more
    session = Session(("127.0.0.1", 1), peer.line, clock)
    session.open()
    peer._reader.kill()
    told(lambda: [session.issue(commands.line("x" * 60_000)) for _ in range(commands_)])
    clock.advance(5)
    settle()
    assert session.closed_because == message
    assert clock.next_due is None


def test_leaving_says_exit_and_closes(session, peer):
    # D10
    session.open()
    session.leave()
    settle()
    assert peer.commands[-1].line == "exit"
    assert not session.connected


def test_leaving_is_bounded(session, peer, clock):
    session.open()
    peer.mute = True
    leaving = told(session.leave)
    assert not leaving.ready()
    clock.advance(1)
    settle()
    assert leaving.ready() and not session.connected


def test_time_passes_unless_the_caller_hangs_up(session, peer, clock):
    session.open()
    pausing = told(session.live, 10)
    clock.advance(10)
    settle()
    assert pausing.value is None
    pausing = told(session.live, 10)
    peer.event("CHANNEL_HANGUP", **{"Hangup-Cause": "NORMAL_CLEARING"})
    settle()
    assert isinstance(pausing.value, Hangup)


def test_keys_are_told_from_the_event_loop(session, peer):
    keys = []
    session.open()
    session.on_key = lambda key, source: keys.append((key, source))
    peer.key("1")
    peer.key("#", "APP")
    settle()
    assert keys == [("1", "RTP"), ("#", "APP")]


def test_handlers_of_one_session_are_bounded(session, peer):
    # D26
    session.open()
    session.register_handle("X", lambda event: gevent.event.Event().wait())
    for _ in range(150):
        peer.event("X")
    settle()
    assert session.dropped == 50
    gevent.killall([one for one in _greenlets() if "_safe_exec_handler" in repr(one)], block=True)


def _greenlets():
    import gc

    return [one for one in gc.get_objects() if isinstance(one, gevent.Greenlet) and not one.dead]


def test_a_session_has_no_greenlet_of_its_own(session):
    before = len(_greenlets())
    session.open()
    assert len(_greenlets()) == before
