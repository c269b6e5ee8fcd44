"""Each fault of greenswitch 0.0.19: one scenario, told to the stock class and to ours. The stock one must still fail,
or the cure can be taken out."""

import warnings
from datetime import UTC, datetime

import gevent
import pytest
from gevent import socket
from gevent.event import Event
from greenswitch.esl import OutboundESLServer, OutboundSession

from ivr.clock import ManualClock
from ivr.errors import Refused, SettingsError
from ivr.esl.server import Server
from ivr.esl.session import Session
from ivr.switch.wire import notice
from tests.esl.peer import Peer, settle

pytestmark = pytest.mark.filterwarnings("ignore:The 'warn' function is deprecated:DeprecationWarning")


class Bench:
    """A line's end of one class, and its peer."""

    def __init__(self, cls, clock):
        self.cls, self.clock = cls, clock
        self.opened, self.greenlets = [], []

    def session(self, peer: Peer, connect: bool = True):
        arguments = (self.clock,) if issubclass(self.cls, Session) else ()
        session = self.cls(("127.0.0.1", 1), peer.line, *arguments)
        self.opened.append(session)
        if connect:
            self.does(session.connect)
        return session

    def does(self, function, *args, **kwargs) -> gevent.Greenlet:
        """Run it in a greenlet, until nothing moves any more. `.ready()` says whether it came to an end."""

        def run():
            try:
                return function(*args, **kwargs)
            except (Exception, gevent.Timeout) as error:  # noqa: BLE001 (told to the test)
                return error

        greenlet = gevent.spawn(run)
        self.greenlets.append(greenlet)
        settle()
        return greenlet

    def time_passes(self, seconds: float) -> None:
        """Deadlines of ours fire; the stock class has none."""
        self.clock.advance(seconds)
        settle()

    def close(self):
        for session in self.opened:
            session._run = False  # its bare `except:` swallows a kill (D22)
            for name in ("_receive_events_greenlet", "_process_events_greenlet"):
                if getattr(session, name, None) is not None:
                    getattr(session, name).kill()
            if isinstance(session, Session):
                session.close()
            else:
                session.sock_file.close()
                session.sock.close()
        gevent.killall(self.greenlets)


@pytest.fixture(params=[OutboundSession, Session], ids=["stock", "ours"])
def bench(request, monkeypatch):
    # A greenlet of the stock class that dies of its fault says so on the error output; it is what we want to see.
    monkeypatch.setattr(gevent.get_hub(), "NOT_ERROR", (Exception,))
    found = Bench(request.param, ManualClock(datetime(2026, 11, 20, tzinfo=UTC)))
    yield found
    found.close()


def decided(bench: Bench, well: bool) -> None:
    """The caller is well with ours, and is not with the stock class."""
    assert well is (bench.cls is Session)


def test_d1_a_line_feed_in_an_argument_makes_no_header_and_no_command(bench):
    with Peer() as peer:
        session = bench.session(peer)
        outcome = bench.does(session.call_command, "set", "name=Bob\nX-Forged: 1\n\napi shutdown")
        forged = [one.line for one in peer.commands if one.line.startswith("api")]
        decided(bench, not forged and isinstance(outcome.value, Refused))


def test_d2_an_encoded_line_feed_in_a_value_makes_no_header(bench):
    # Given a caller whose name holds a line feed and a number that is not his
    channel = {"Caller-Caller-ID-Name": "Bob\nCaller-Caller-ID-Number: 110", "Caller-Caller-ID-Number": "13800138000"}
    forged = {"Caller-Caller-ID-Number": "13800138000", "Caller-Caller-ID-Name": "Bob\nCaller-Caller-ID-Number: 110"}
    numbers = set()
    for order in (channel, forged):
        with Peer(order) as peer:
            # When the call arrives
            session = bench.session(peer)
            numbers.add(session.caller_id_number)
    # Then his number is his
    decided(bench, numbers == {"13800138000"})


def test_d3_only_a_line_feed_ends_a_line_and_a_body_is_no_header(bench):
    with Peer() as peer:
        session = bench.session(peer)
        seen = []
        session.register_handle("CUSTOM" if bench.cls is Session else "x::y", seen.append)
        # When an event comes whose value holds U+2028, and which has a body of its own
        inner = "Event-Name: CUSTOM\nEvent-Subclass: x%3A%3Ay\nName: a\u2028b\x0bc\nContent-Length: 10\n\nNumber: 11"
        body = inner.encode()
        peer.send(b"Content-Length: %d\nContent-Type: text/event-plain\n\n%b" % (len(body), body))
        settle()
        # Then the value is whole and the body is no header
        event = seen[0] if bench.cls is Session else seen[0].headers
        decided(bench, event["Name"] == "a\u2028b\x0bc" and "Number" not in event)


def test_d4_a_frame_that_cannot_be_used_ends_the_wait_and_the_connection(bench):
    with Peer(mute=True) as peer:
        session = bench.session(peer, connect=False)
        waiting = bench.does(session.send, "status")
        peer.send(b"X-Nonsense: 1\n\n")
        settle()
        decided(bench, waiting.ready() and not session.connected)


def test_d5_a_peer_that_closes_inside_a_body_stops_nobody(bench):
    if bench.cls is OutboundSession:
        # The stock class loops here without ever yielding: shown on its loop alone, or this process would stand still.
        class Closed:
            reads = 0

            def read(self, length):
                self.reads += 1
                if self.reads > 50:
                    raise AssertionError("it asks for ever")
                return b""

        with warnings.catch_warnings(), pytest.raises(AssertionError, match="for ever"):
            warnings.simplefilter("ignore")
            OutboundSession._read_socket(Closed(), 10)
        return
    with Peer() as peer:
        session = bench.session(peer)
        waiting = bench.does(session.playback, "/srv/a.wav")
        peer.completing = False
        waiting = bench.does(session.playback, "/srv/b.wav")
        peer.send(b"Content-Type: text/event-json\nContent-Length: 100\n\n{")
        peer.hang_up()
        settle()
        assert waiting.ready()
        assert session.closed_because == "bytes that cannot be used: the peer closed after 1 of the 100 bytes of a body"


def test_d6_a_command_goes_out_whole(bench):
    # Given a switch that reads slowly
    with Peer() as peer:
        session = bench.session(peer)
        session.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        # When long commands are written by two greenlets
        bench.does(session.call_command, "set", "ivr_a=" + "a" * 100_000)
        bench.does(session.call_command, "set", "ivr_b=" + "b" * 100_000)
        # Then each arrives whole
        decided(bench, sorted(len(argument) for _, argument in peer.executed()) == [100_006, 100_006])


def test_d7_a_command_that_is_never_answered_ends_by_its_deadline(bench):
    with Peer() as peer:
        session = bench.session(peer)
        peer.completing = False
        waiting = bench.does(session.playback, "/srv/a.wav")
        peer.mute = True
        unanswered = bench.does(session.send, "status")
        bench.time_passes(60)
        decided(bench, waiting.ready() and unanswered.ready())


def test_d8_an_end_without_a_notice_wakes_everybody(bench):
    with Peer() as peer:
        session = bench.session(peer)
        peer.completing = False
        waiting = bench.does(session.playback, "/srv/a.wav")
        peer.hang_up()
        settle()
        decided(bench, waiting.ready())


def test_d9_a_hang_up_wakes_who_waits(bench):
    with Peer() as peer:
        session = bench.session(peer)
        peer.completing = False
        waiting = bench.does(session.playback, "/srv/a.wav")
        peer.event("CHANNEL_HANGUP", as_json=False, **{"Hangup-Cause": "NORMAL_CLEARING"})
        settle()
        decided(bench, waiting.ready())


def test_d10_stop_inside_a_handler_comes_to_an_end(bench):
    with Peer() as peer:
        session = bench.session(peer)
        stopped = []
        session.register_handle("CHANNEL_PARK", lambda event: (session.stop(), stopped.append(True)))
        peer.event("CHANNEL_PARK", as_json=False)
        settle()
        decided(bench, stopped == [True])


def test_d11_the_end_of_the_music_is_not_the_end_of_the_prompt(bench):
    with Peer() as peer:
        session = bench.session(peer)
        peer.completing = False
        bench.does(session.playback, "/srv/music.wav", block=False)
        waiting = bench.does(session.playback, "/srv/a.wav")
        # When the music ends
        music = peer.commands[-2]
        peer.event("CHANNEL_EXECUTE_COMPLETE", as_json=False, variable_current_application="playback",
                   **{"Application-UUID": music.get("event-uuid")})  # fmt: skip
        settle()
        # Then the prompt is still waited for
        decided(bench, not waiting.ready())


def test_d12_a_wait_that_is_over_takes_nothing_from_the_next(bench):
    with Peer() as peer:
        session = bench.session(peer)
        peer.completing = False
        # Given a command whose deadline has passed, which is an Exception of ours
        late = bench.does(session.call_command, "playback", "/srv/a.wav", block=True, response_timeout=0.001)
        bench.time_passes(1)
        late.join()
        # When the next one completes
        waiting = bench.does(session.playback, "/srv/a.wav")
        for command in peer.commands[-1:]:
            peer.event("CHANNEL_EXECUTE_COMPLETE", as_json=False, variable_current_application="playback",
                       **{"Application-UUID": command.get("event-uuid", "")})  # fmt: skip
        settle()
        # Then whoever waits for it has it
        decided(bench, waiting.ready() and isinstance(late.value, Exception))


def test_d13_all_arguments_of_play_and_get_digits_are_there(bench):
    with Peer() as peer:
        session = bench.session(peer)
        bench.does(session.play_and_get_digits, max_digits=1, prompt_file="/srv/a.wav", variable="d",
                   digits_regex="[12]", block=False)  # fmt: skip
        decided(
            bench,
            peer.executed() == [("play_and_get_digits", "1 1 1 5000 # /srv/a.wav silence_stream://1 d [12] 5000")],
        )


def test_d14_a_handler_of_ones_own_does_not_switch_completion_off(bench):
    with Peer() as peer:
        session = bench.session(peer)
        session.register_handle("CHANNEL_EXECUTE_COMPLETE", lambda event: None)
        peer.completing = False
        waiting = bench.does(session.playback, "/srv/a.wav")
        peer.event("CHANNEL_EXECUTE_COMPLETE", as_json=False, variable_current_application="playback",
                   **{"Application-UUID": peer.commands[-1].get("event-uuid")})  # fmt: skip
        settle()
        decided(bench, waiting.ready())


def test_d15_a_handler_for_custom_is_called(bench):
    with Peer() as peer:
        session = bench.session(peer)
        seen = []
        session.register_handle("CUSTOM", seen.append)
        peer.event("CUSTOM", as_json=False, **{"Event-Subclass": "sofia::register"})
        settle()
        decided(bench, len(seen) == 1)


def test_d21_the_number_can_be_read_before_connect(bench):
    with Peer() as peer:
        session = bench.session(peer, connect=False)
        try:
            values = (session.uuid, session.caller_id_number)
        except AttributeError:
            values = None
        decided(bench, values == ("", ""))


def test_d22_a_handler_that_fails_stops_no_other(bench):
    with Peer() as peer:
        session = bench.session(peer)
        seen = []

        class Nameless:
            def __call__(self, event):
                raise RuntimeError("on purpose")

        session.register_handle("CHANNEL_PARK", Nameless())
        session.register_handle("CHANNEL_ANSWER", seen.append)
        peer.event("CHANNEL_PARK", as_json=False)
        peer.event("CHANNEL_ANSWER", as_json=False)
        settle()
        decided(bench, len(seen) == 1)


def test_d23_the_body_of_a_notice_is_no_frame(bench):
    with Peer() as peer:
        session = bench.session(peer)
        body = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
        peer.send(notice("x", "disconnect", body=body) + b"\n")
        settle()
        if bench.cls is Session:
            broken = session.closed_because != "FreeSWITCH ended the connection"
        else:
            broken = session._receive_events_greenlet.exception is not None
        decided(bench, not broken)


def test_d24_a_blocking_verb_in_a_handler_comes_to_an_end(bench):
    with Peer() as peer:
        session = bench.session(peer)
        done = []
        session.register_handle("CHANNEL_PARK", lambda event: (session.playback("/srv/a.wav"), done.append(True)))
        peer.on = completes_plainly
        peer.event("CHANNEL_PARK", as_json=False)
        settle()
        decided(bench, done == [True])


def completes_plainly(peer, command) -> bool:
    if command.line != "sendmsg":
        return False
    peer.send(b"Content-Type: command/reply\nReply-Text: +OK\n\n")
    peer.event("CHANNEL_EXECUTE_COMPLETE", as_json=False, variable_current_application="playback",
               **{"Application-UUID": command.get("event-uuid")})  # fmt: skip
    return True


# The server's -------------------------------------------------------------------------------------------------------


class Door:
    """A server of one kind, to which peers are brought without a listener's delays."""

    def __init__(self, bench: Bench, application, limit: int = 100, **more):
        self.bench, self.stock = bench, bench.cls is OutboundSession
        if self.stock:
            self.server = OutboundESLServer(application=application, max_connections=limit)
        else:
            self.server = Server(
                ("127.0.0.1", 0), lambda session: application(session).run(), clock=bench.clock, hard=limit, **more
            )

    def enters(self, peer: Peer, address=("127.0.0.1", 5)) -> gevent.Greenlet:
        if self.stock:
            session = OutboundSession(address, peer.line)
            self.bench.opened.append(session)
            greenlet = gevent.spawn(self.server._accept_call, session)
        else:
            greenlet = gevent.spawn(self.server.do_handle, peer.line, address)
        self.bench.greenlets.append(greenlet)
        return greenlet

    @property
    def counted(self) -> int:
        return self.server.connection_count if self.stock else len(self.server.sessions)


class Stays:
    """An application that keeps its caller."""

    running = 0

    def __init__(self, session):
        self.session = session

    def run(self):
        type(self).running += 1
        Event().wait()


@pytest.fixture(autouse=True)
def nobody_runs():
    Stays.running = 0


def test_d16_a_silent_peer_is_counted_and_turned_away(bench):
    door = Door(bench, Stays)
    with Peer(mute=True) as peer:
        door.enters(peer)
        settle()
        counted = door.counted
        bench.time_passes(60)
        decided(bench, counted == 1 and peer.closed.is_set())


def test_d17_the_limit_holds_for_those_who_come_together(bench):
    door = Door(bench, Stays, limit=2)
    peers = [Peer() for _ in range(10)]
    for peer in peers:
        door.enters(peer)
    settle()
    decided(bench, Stays.running == 2)
    for peer in peers:
        peer.__exit__()
    bench.close()


def test_d18_an_application_that_fails_gives_the_caller_back_to_the_dialplan(bench):
    class Fails:
        def __init__(self, session):
            raise RuntimeError("on purpose")

    door = Door(bench, Fails)
    with Peer() as peer:
        door.enters(peer)
        settle()
        decided(bench, peer.closed.is_set())


def test_d19_a_port_that_is_taken_is_an_error_and_no_exit(bench):
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    address = taken.getsockname()
    if bench.cls is OutboundSession:
        server = OutboundESLServer(*address, application=Stays)
        with pytest.raises(SystemExit):
            server.listen()
        server.server.close()
    else:
        with pytest.raises(SettingsError, match="Address already in use; give a free port of this machine"):
            Server(address, Stays).start()
    taken.close()


def test_d27_a_peer_that_is_not_allowed_hears_nothing(bench):
    door = Door(bench, Stays)
    with Peer() as peer:
        door.enters(peer, address=("192.0.2.7", 5))
        settle()
        decided(bench, peer.bytes == b"" and peer.closed.is_set())
