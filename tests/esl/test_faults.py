"""Each fault of greenswitch 0.0.19's session: one scenario, for the stock class and for ours (tests/esl/bench.py)."""

import gevent
import greenswitch.esl
import pytest
from gevent import socket
from greenswitch.esl import OutboundSession

from ivr.errors import Refused
from ivr.esl.session import Session
from ivr.switch.wire import notice
from tests.esl.bench import Bench, decided, end
from tests.esl.peer import Peer, settle

pytestmark = pytest.mark.filterwarnings("ignore:The 'warn' function is deprecated:DeprecationWarning")


class SessionBench(Bench):
    """A line's end of one class, and its peer."""

    def __init__(self, cls):
        super().__init__(cls, ours=cls is Session)
        self.opened = []

    def session(self, peer: Peer, connect: bool = True):
        arguments = (self.clock,) if self.ours else ()
        session = self.cls(("127.0.0.1", 1), peer.line, *arguments)
        self.opened.append(session)
        if connect:
            self.does(session.connect)
        return session

    def close(self):
        for session in self.opened:
            session.close() if self.ours else end(session)
        super().close()


@pytest.fixture(params=[OutboundSession, Session], ids=["stock", "ours"])
def bench(request, may_die):
    found = SessionBench(request.param)
    yield found
    found.close()


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
        session.register_handle("CUSTOM" if bench.ours else "x::y", seen.append)
        # When an event comes whose value holds U+2028, and which has a body of its own
        inner = "Event-Name: CUSTOM\nEvent-Subclass: x%3A%3Ay\nName: a\u2028b\x0bc\nContent-Length: 10\n\nNumber: 11"
        body = inner.encode()
        peer.send(b"Content-Length: %d\nContent-Type: text/event-plain\n\n%b" % (len(body), body))
        settle()
        # Then the value is whole and the body is no header
        event = seen[0] if bench.ours else seen[0].headers
        decided(bench, event["Name"] == "a\u2028b\x0bc" and "Number" not in event)


def test_d4_a_frame_that_cannot_be_used_ends_the_wait_and_the_connection(bench):
    with Peer(mute=True) as peer:
        session = bench.session(peer, connect=False)
        waiting = bench.does(session.send, "status")
        peer.send(b"X-Nonsense: 1\n\n")
        settle()
        decided(bench, waiting.ready() and not session.connected)


def test_d5_a_peer_that_closes_inside_a_body_stops_nobody(bench, monkeypatch):
    with Peer() as peer:
        session = bench.session(peer)
        peer.completing = False
        waiting = bench.does(session.playback, "/srv/b.wav")
        others = Others(monkeypatch)
        # When the switch dies in the middle of an event
        peer.send(b"Content-Type: text/event-plain\nContent-Length: 100\n\n{")
        peer.hang_up()
        settle()
        # Then every other call of the process has its turn, and who waits in this one is told
        decided(bench, others.had_their_turn and waiting.ready())
        if bench.ours:
            assert session.closed_because == (
                "bytes that cannot be used: the peer closed after 1 of the 100 bytes of a body"
            )


class Others:
    """Another call of the process, which wants its turn when the stock class asks a closed socket for more. It asks for
    ever: after a thousand times it is let go, or this process would stand still with it."""

    def __init__(self, monkeypatch):
        self.asked = 0
        self.had_their_turn = True
        monkeypatch.setattr(greenswitch.esl.logging, "warn", self._asks)

    def _asks(self, *_) -> None:
        self.asked += 1
        if self.asked == 1:
            self.other = gevent.spawn(int)
        if self.asked == 1000:
            self.had_their_turn = self.other.ready()
            raise AssertionError("it asks for ever")


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
        if bench.ours:
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
