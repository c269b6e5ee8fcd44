"""One connection of a call with FreeSWITCH: greenswitch's outbound session, hardened.

    session = Session(address, sock, clock)
    session.open(commands.answer(uuid))          # connect, linger, myevents json and this, in one write
    event = session.run([commands.playback(…)], last=…, seconds=30, what="playback")

The verbs, and what they are called, are greenswitch's; the engine is not. Its reader, writer and waiting are replaced,
because in the stock class a caller's name can forge headers, a half frame stops the process, and a hang-up wakes
nobody; the ids D1–D27 at each cure name the fault, so that a cure can be taken out when upstream mends it.

There is no greenlet here. The event loop reads when bytes are there and sets what somebody waits for; nothing in that
path waits, so nothing can stop it. A thousand callers who listen to music cost no wake-ups.
"""

import os
from collections import deque
from collections.abc import Callable, Sequence

import gevent
import structlog

from ivr.clock import Clock
from ivr.errors import FrameError, GoneAway, Hangup, WireError
from ivr.esl import commands
from ivr.esl.codec import Decoder
from ivr.esl.frames import Event, Frame
from ivr.esl.outbox import Outbox
from ivr.esl.verbs import Verbs
from ivr.gevent_clock import SystemClock
from ivr.waits import Answer

__all__ = ["Session"]

log = structlog.get_logger(__name__)

READ = 64 * 1024
MOST_HANDLERS = 100
"""Handlers of one session that may run at once; past that an event is dropped for them, and counted (D26)."""
REPLY = 5.0
"""Seconds FreeSWITCH may take for a reply: it polls the socket every 20 ms."""
HEEDED = frozenset([b"CHANNEL_EXECUTE_COMPLETE", b"DTMF", b"CHANNEL_HANGUP", b"CHANNEL_HANGUP_COMPLETE"])
ASKING = HEEDED | {b"CHANNEL_EXECUTE"}
"""The events that `_happened` heeds; the second while it must be known when a question has begun."""
MODE = b"\nSocket-Mode: async\nControl: full"
"""How the reply to `connect` ends."""
_LINGER = commands.linger(5)


class Session(Verbs):
    """One connection. `clock` gives every deadline; `reply` is the one for replies, in seconds."""

    # Plain attributes, there before `connect` (D21); in the stock class they raise AttributeError.
    uuid = ""
    busy = False
    """The server is past its soft limit."""
    answering = False
    """`answer` went out with the opening."""

    def __init__(self, client_address, sock, clock: Clock | None = None, *, reply: float = REPLY):
        # Not super().__init__: it opens a buffered file on the socket and starts two greenlets, the first of which
        # dies of any exception (D4) or loops without yielding (D5), the second wakes every second for nothing.
        self.client_address, self.sock = client_address, sock
        self.clock = clock or SystemClock()
        self.reply = reply
        self.connected = True
        self.hung_up: str | None = None
        self.closed_because: str | None = None
        self.event_handlers: dict[str, list[Callable]] = {}
        self.expected_events: dict = {}
        self.dropped = 0
        self.on_key: Callable[[str, str], None] | None = None
        """Called from the event loop with each key and its DTMF-Source; it must not wait."""
        self.tap: Callable[[str, bytes], None] | None = None
        """Called with "switch" and each piece that came, with "app" and each that goes out, before it is looked at or
        sent; from the event loop too. It must not wait and not raise."""
        self.channel: Frame | None = None
        """The reply to `connect`."""
        self._greeted: Answer | None = None
        self._decoder = Decoder()
        self._replies: deque[tuple[Answer | None, bytes, str]] = deque()  # answer, what was sent, its Event-UUID
        self._completions: dict[str, Answer] = {}
        self._begun: tuple[bytes, Callable[[], None]] | None = None
        self._lives: set[Answer] = set()
        self._handlers = 0
        self._fd = sock.fileno()
        os.set_blocking(self._fd, False)
        self._outbox = Outbox(self._fd, self.clock, self.reply)
        self._reading = gevent.get_hub().loop.io(self._fd, 1)
        self._reading.start(self._readable)

    # What came ------------------------------------------------------------------------------------------------------

    def _readable(self) -> None:
        """Runs in the event loop: takes what is there and never waits."""
        try:
            data = os.read(self._fd, READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._gone(f"the socket failed: {error.strerror}")
            return
        try:
            if not data:
                self._decoder.close()  # a frame cut short is an error, and no reason to ask for more (D5)
                self._gone("FreeSWITCH closed the socket")
                return
            if self.tap is not None:
                self.tap("switch", data)
            # Half of the events are nobody's, and 5 KB each: nothing is made of them.
            self._decoder.heeded = None if self.event_handlers else HEEDED if self._begun is None else ASKING
            for frame in self._decoder.feed(data):
                self._take(frame)
                if not self.connected or self.hung_up is not None:
                    return
            if self._decoder.broken:
                raise FrameError(self._decoder.broken)
        except Exception as error:  # whatever it is, everybody who waits is told, and the connection ends (D4)
            if not isinstance(error, FrameError):
                log.exception("the reader failed", call=self.uuid)
            self._gone(f"bytes that cannot be used: {error}")

    def _take(self, frame: Frame) -> None:
        kind = frame.content_type
        if kind == "text/event-json" or kind == "text/event-plain":
            self._happened(frame.event)
        elif kind == "command/reply" or kind == "api/response":
            self._replied(frame)
        elif kind == "text/disconnect-notice":
            # Its body has been read with it (D23). A linger notice says that the caller has gone. It shows the
            # channel's name as the caller sent it, line feeds and all: nothing after it can be trusted.
            if frame.get("Content-Disposition") == "linger":
                self._hangup("NORMAL_CLEARING")
            else:
                self._gone("FreeSWITCH ended the connection")
        elif kind == "text/rude-rejection" or kind == "auth/request":
            raise FrameError(f"{kind}: this is not an outbound socket of a FreeSWITCH")

    def _replied(self, frame: Frame) -> None:
        if not self._replies:
            raise FrameError(f"a reply nobody asked for: {frame.block[:80]!r}")
        answer, sent, event_uuid = self._replies.popleft()
        if answer is not None:
            answer.set(frame)
        elif frame.refused:
            text = frame.data
            log.warning("FreeSWITCH refused a command", call=self.uuid, command=_name(sent), reply=text.strip())
            if (waiting := self._completions.get(event_uuid)) is not None:
                waiting.fail(WireError(f"FreeSWITCH refused {_name(sent)!r}: {text.strip()}"))

    def _happened(self, event: Event) -> None:
        name = event.name
        if name == "CHANNEL_EXECUTE_COMPLETE":
            # By the id we gave it, never by its name or "the next one" (D11), and whoever else listens (D14).
            waiting = self._completions.get(event.get("Application-UUID", ""))
            if waiting is not None:
                waiting.set(event)
        elif name == "CHANNEL_EXECUTE":
            if self._begun is not None and self._begun[0] in event.raw:
                self._begun[1]()
        elif name == "DTMF":
            if self.on_key is not None:
                self.on_key(event.get("DTMF-Digit", ""), event.get("DTMF-Source", ""))
        elif name == "CHANNEL_HANGUP" or name == "CHANNEL_HANGUP_COMPLETE":
            if not self.uuid or event.get("Unique-ID") == self.uuid:
                self._hangup(event.get("Hangup-Cause") or "NORMAL_CLEARING")
        if self.event_handlers:
            self._tell(event)

    def _tell(self, event: Event) -> None:
        """Those who registered a handler; each runs in a greenlet of its own, so none can stop a call (D22, D24)."""
        known = self.event_handlers
        found = known.get(event.name)
        if event.name == "CUSTOM":  # by its subclass, or by its name (D15)
            found = known.get(event.get("Event-Subclass", "")) or found
        for handler in list(found or known.get("*") or ()):
            if self._handlers >= MOST_HANDLERS:
                self.dropped += 1
                return
            self._handlers += 1
            gevent.spawn(self._safe_exec_handler, handler, event)

    def _safe_exec_handler(self, handler, event) -> None:
        try:
            handler(event)
        except Exception:
            log.exception("an event handler failed", call=self.uuid, handler=repr(handler), event_name=event.name)
        finally:
            self._handlers -= 1

    # Ends -----------------------------------------------------------------------------------------------------------

    def _hangup(self, cause: str) -> None:
        """The caller has hung up: everybody who waits hears of it now (D9)."""
        if self.hung_up is None:
            self.hung_up = cause
            self._lingering = True
            self._reading.stop()
            self._fail_all()

    def _gone(self, reason: str) -> None:
        """The connection is over, with or without a notice: everybody who waits hears of it (D8)."""
        if self.connected:
            self.closed_because = reason
            self.close()

    def _fail_all(self) -> None:
        waiting = [answer for answer, _, _ in self._replies if answer is not None]
        waiting += [*self._completions.values(), *self._lives]
        self._replies.clear()
        for answer in waiting:
            answer.fail(self._ended())

    def _ended(self) -> Hangup | GoneAway:
        if self.hung_up is not None:
            return Hangup(self.hung_up)
        return GoneAway(f"call {self.uuid or '(not yet known)'}: {self.closed_because or 'the session is closed'}")

    @property
    def alive(self) -> bool:
        """May a command still be sent?"""
        return self.connected and self.hung_up is None

    def close(self) -> None:
        """Close the socket at once. FreeSWITCH goes on in the dialplan; whoever waits gets GoneAway or Hangup."""
        if not self.connected:
            return
        self.connected = False
        self._reading.stop()
        self._reading.close()
        self._outbox.close()
        self.sock.close()
        self._fail_all()
        self.on_key = None

    def leave(self, seconds: float = 1.0) -> None:
        """Say `exit`, so that the dialplan goes on, and close; `seconds` at most, from wherever it is called (D10)."""
        if self.alive and self.channel is not None:
            try:
                self.ask(commands.EXIT, seconds=seconds)
            except (WireError, Hangup):
                pass
        self.close()

    # What goes out --------------------------------------------------------------------------------------------------

    def issue(self, *sent: bytes, last: str = "", answer: Answer | None = None, opening: Answer | None = None) -> None:
        """Commands in one write: they cost FreeSWITCH one tick together. Never waits.

        Each entry is one command. The places for their replies are taken in the same breath as the bytes leave: no
        other greenlet runs between (D6). `opening` gets the reply to the first, `answer` that to the last; `last` is
        the last one's Event-UUID.
        """
        if not self.alive:
            raise self._ended()
        end = len(sent) - 1
        for n, command in enumerate(sent):
            waiting = answer if n == end and answer is not None else opening if n == 0 else None
            self._replies.append((waiting, command, last if n == end else ""))
        data = b"".join(sent)
        if self.tap is not None:
            self.tap("app", data)
        self._outbox.write(data, self._gone)
        if not self.connected:
            raise self._ended()

    def ask(self, *sent: bytes, seconds: float | None = None) -> Frame:
        """Send, and wait for the reply to the last command. Raises Deadline, Hangup, GoneAway (D7)."""
        answer = Answer()
        self.issue(*sent, answer=answer)
        return answer.get(self.clock, seconds or self.reply, f"reply to {_name(sent[-1])!r}")

    def run(
        self,
        sent: Sequence[bytes],
        *,
        last: str,
        seconds: float,
        what: str,
        begun: Callable[[], None] | None = None,
    ) -> Event:
        """Send, and wait until the execute whose Event-UUID is `last` has completed. Raises Deadline, Hangup, GoneAway.
        `begun` is called, from the event loop, when FreeSWITCH has begun with it.

        A CR in an argument would be answered +OK and never executed: hence always a deadline (D7).
        """
        answer = self._completions[last] = Answer()
        if begun is not None:
            self._begun = (last.encode(), begun)
        try:
            self.issue(*sent, last=last)
            return answer.get(self.clock, seconds, f"completion of {what}")
        finally:
            self._begun = None
            del self._completions[last]  # what comes too late is nobody's, least of all the next one's (D12)

    def live(self, seconds: float) -> None:
        """Let time pass; a hang-up ends it. Raises Hangup, GoneAway."""
        if not self.alive:
            raise self._ended()
        answer = Answer()
        self._lives.add(answer)
        timer = self.clock.call_later(seconds, answer.set)
        try:
            answer.get(self.clock, seconds + self.reply, "end of a pause")
        finally:
            timer.cancel()
            self._lives.discard(answer)

    # The call -------------------------------------------------------------------------------------------------------

    def greet(self, *first: bytes) -> None:
        """Write the opening commands and `first`, in one write. Never waits."""
        self._greeted = Answer()
        self.issue(commands.CONNECT, _LINGER, commands.LISTEN, *first, opening=self._greeted)

    def open(self, *first: bytes, seconds: float | None = None) -> Frame:
        """Greet, unless that was done, and wait for the channel's data. Raises WireError if the peer is no FreeSWITCH
        that was told `async full` (D27), Deadline if it says nothing (D16)."""
        if self._greeted is None:
            self.greet(*first)
        return self._introduced(self._greeted.get(self.clock, seconds or self.reply, "reply to 'connect'"))

    def _introduced(self, frame: Frame) -> Frame:
        try:
            if frame.get("Event-Name") != "CHANNEL_DATA":
                raise WireError(f"the reply to connect is no CHANNEL_DATA: {frame.block[:80]!r}")
            uuid = commands.uuid(frame.get("Unique-ID", ""), "Unique-ID")
            # It is said at the very end: two hundred headers need not be searched for it.
            if not frame.block.endswith(MODE) and (frame.get("Socket-Mode"), frame.get("Control")) != ("async", "full"):
                raise WireError("the dialplan's socket action must end in `async full`")
        except WireError as error:
            self._gone(str(error))
            raise
        self.uuid, self.channel = uuid, frame
        return frame

    # Looked up when asked for: the line asks for neither.

    @property
    def call_uuid(self) -> str:
        return (self.channel.get("variable_call_uuid") or self.uuid) if self.channel is not None else ""

    @property
    def caller_id_number(self) -> str:
        return self.channel.get("Caller-Caller-ID-Number", "") if self.channel is not None else ""

    @property
    def session_data(self) -> dict[str, str]:
        """The channel's data as `connect` gave it; empty before."""
        return self.channel.headers if self.channel is not None else {}


def _name(command: bytes) -> str:
    """What a command is called in a message: its first line, or the application it executes."""
    text = command.decode("utf-8", "replace")
    _, found, rest = text.partition("\nexecute-app-name: ")
    return "execute " + rest.partition("\n")[0] if found else text.partition("\n")[0]
