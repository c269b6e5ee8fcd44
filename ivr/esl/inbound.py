"""One connection to a switch's own event socket: greenswitch's InboundESL, hardened.

    with Inbound("127.0.0.1", 8021, password) as switch:
        switch.send("api status").data

Names and arguments are greenswitch's; the engine is not (D25): every step has a deadline, IPv6 is an address like any
other, a wrong password is told in words and leaves nothing behind. A connection is used once; `ivr.esl.supervised`
makes the next one.
"""

import ipaddress
import socket as plain_socket
from collections import deque
from collections.abc import Callable, Iterable

import gevent
import structlog
from gevent import socket
from gevent.lock import BoundedSemaphore
from greenswitch.esl import InboundESL

from ivr.clock import Clock
from ivr.errors import Deadline, FrameError, GoneAway, SettingsError, WireError
from ivr.esl import commands, control_commands
from ivr.esl.codec import Decoder
from ivr.esl.frames import Event, Frame
from ivr.esl.listeners import Listeners
from ivr.gevent_clock import SystemClock
from ivr.waits import Answer, off_hub

__all__ = ["Inbound"]

log = structlog.get_logger(__name__)

CONNECT = 5.0
REPLY = 5.0
"""Seconds for each reply. `api` runs in the connection's own thread of the switch: nothing else delays it."""
READ = 64 * 1024
MOST_BODY = 16 * 1024 * 1024
"""Bytes: a channel has 970 in `show channels as json`, and a switch some thousands of channels."""


class Inbound(InboundESL):
    """One connection. `timeout`: seconds to connect; `reply`: for each reply; `on_event`: called by the reader."""

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        timeout: float = CONNECT,
        *,
        clock: Clock | None = None,
        reply: float = REPLY,
        on_event: Callable[[Event], None] | None = None,
        listeners: Listeners | None = None,
    ):
        # Not super().__init__: its queue has no bound (D26). Every attribute is there before `connect` (D21).
        self.host, self.port, self.password, self.timeout = host, port, password, timeout
        self.clock, self.reply = clock or SystemClock(), reply
        self.listeners = Listeners() if listeners is None else listeners
        self.on_event = on_event or self.listeners.tell
        self.connected = False
        self.sock = None
        self.closed_because = "it is not connected"
        self.heard_at = self.clock.now()
        """When the switch last said anything."""
        self._decoder = Decoder(most_body=MOST_BODY)
        self._replies: deque[Answer] = deque()
        self._greeting = Answer()
        self._ended: Answer | None = None
        self._writing = BoundedSemaphore()

    def __repr__(self):
        return f"<Inbound {self.name}>"  # never the password (D25)

    @property
    def name(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    # Coming up ------------------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Connect and authenticate. Deadline or GoneAway: nobody there; SettingsError: this machine is not let in.

        Whatever it raises, nothing is left open (D25).
        """
        self.sock = self._connected()
        self.connected, self.closed_because = True, ""
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            gevent.spawn(self._read, self.sock)
            # A peer that accepts and says nothing is not waited for without end (D25).
            self._greeting.get(self.clock, self.reply, f"greeting of an event socket from {self.name}")
            self.authenticate()
        except BaseException as error:
            self.close(str(error))
            raise

    def authenticate(self) -> None:
        reply = self.ask(control_commands.auth(self.password), what="auth")
        if not reply.data.startswith("+OK"):
            raise SettingsError(
                f"{self.name}: the switch refused the password; give ivr_event_password of its vars.xml in"
                " IVR_CONTROL_PASSWORD or --control-password-file"
            )

    def _connected(self) -> socket.socket:
        """A socket to the first of the host's addresses, IPv4 and IPv6, that takes it, within `timeout`."""
        until = self.clock.monotonic() + self.timeout
        reason = "no address"
        for family, address in self._addresses():
            left = until - self.clock.monotonic()
            if left <= 0:
                raise Deadline(f"{self.name}: no connection within {self.timeout:g} s")
            sock = socket.socket(family, socket.SOCK_STREAM)
            late = []
            timer = self.clock.call_later(left, lambda sock=sock, late=late: (late.append(True), sock.close()))
            try:
                sock.connect(address)
                return sock
            except OSError as error:
                sock.close()
                if late:
                    raise Deadline(f"{self.name}: no connection within {self.timeout:g} s") from None
                reason = error.strerror or str(error)
            except BaseException:
                sock.close()
                raise
            finally:
                timer.cancel()
        raise GoneAway(f"{self.name}: {reason}")

    def _addresses(self) -> list[tuple[int, tuple]]:
        try:
            found = ipaddress.ip_address(self.host)
            return [(socket.AF_INET6 if found.version == 6 else socket.AF_INET, (self.host, self.port))]
        except ValueError:
            pass
        try:
            found = off_hub(self.clock, self.timeout, f"address of {self.host}", plain_socket.getaddrinfo, self.host,
                            self.port, 0, socket.SOCK_STREAM)  # fmt: skip
        except OSError as error:
            raise GoneAway(f"{self.name}: {error.strerror or error}") from None
        return [(family, address) for family, _, _, _, address in found]

    def listen(self, events: Iterable[str]) -> None:
        """Subscribe, as JSON. Once for each connection: it is used up with it."""
        reply = self.ask(control_commands.listen(events), what="event json")
        if not reply.data.startswith("+OK"):
            raise WireError(f"{self.name}: events were refused: {reply.data.strip()}")

    # What comes -----------------------------------------------------------------------------------------------------

    def _read(self, sock: socket.socket) -> None:
        try:
            while self.connected:
                data = sock.recv(READ)
                self.heard_at = self.clock.now()
                if not data:
                    self._decoder.close()
                    raise GoneAway("the switch closed the connection")
                for frame in self._decoder.feed(data):
                    self._take(frame)
                if self._decoder.broken:
                    raise FrameError(self._decoder.broken)
                gevent.sleep(0)  # a peer that never stops does not keep the others from their turn
        except FrameError as error:
            self.close(f"bytes that cannot be used: {error}")
        except (OSError, GoneAway) as error:
            self.close(getattr(error, "strerror", None) or str(error))
        except Exception as error:  # whatever it is, everybody who waits is told (D4)
            log.exception("the reader failed", switch=self.name)
            self.close(f"the reader failed: {error}")

    def _take(self, frame: Frame) -> None:
        kind = frame.content_type
        if kind == "text/event-json" or kind == "text/event-plain":
            self.on_event(frame.event)
        elif kind == "command/reply" or kind == "api/response":
            if not self._replies:
                raise FrameError(f"a reply nobody asked for: {frame.block[:80]!r}")
            # Also where its deadline has passed: the next command's reply is the next one (D12).
            self._replies.popleft().set(frame)
        elif kind == "auth/request":
            self._greeting.set(frame)
        elif kind == "text/rude-rejection":
            self._greeting.fail(
                SettingsError(
                    f"{self.name}: the switch lets nobody in from this machine; its event_socket.conf.xml says who"
                    " may (apply-inbound-acl)"
                )
            )
        elif kind == "text/disconnect-notice":
            said = frame.body.decode("utf-8", "replace").partition("\n")[0]
            self.close(f"the switch said: {said[:80]}")

    # What goes out --------------------------------------------------------------------------------------------------

    def ask(self, command: bytes, seconds: float | None = None, what: str = "command") -> Frame:
        """One command, and its reply. Raises Deadline, GoneAway."""
        answer = Answer()
        with self._writing:  # whole, and its reply's place taken in the same breath (D6)
            if not self.connected:
                raise self._gone()
            self._replies.append(answer)
            slow = self.clock.call_later(self.reply, self.close, "the switch does not read")
            try:
                self.sock.sendall(command)
            except OSError as error:
                self.close(error.strerror or str(error))
            finally:
                slow.cancel()
        return answer.get(self.clock, seconds or self.reply, f"reply to {what} from {self.name}")

    def send(self, data: str) -> Frame:
        """One command of one line, as greenswitch takes it; anything with a line feed is Refused (D1)."""
        return self.ask(commands.line(data), what=data.partition(" ")[0])

    def register_handle(self, name: str, handler: Callable) -> None:
        self.listeners.register(name, handler)

    def unregister_handle(self, name: str, handler: Callable) -> None:
        self.listeners.unregister(name, handler)

    # Ends -----------------------------------------------------------------------------------------------------------

    def wait_closed(self, seconds: float) -> bool:
        """Wait until the connection is over; False if it is still there after `seconds`."""
        if not self.connected:
            return True
        self._ended = Answer()
        try:
            self._ended.get(self.clock, seconds, "end of the connection")
            return True
        except Deadline:
            return not self.connected
        finally:
            self._ended = None

    def close(self, reason: str = "it was closed here") -> None:
        """Close at once; whoever waits gets GoneAway. Never waits itself: timers and the reader call it."""
        if not self.connected:
            return
        self.connected, self.closed_because = False, reason
        self.sock.close()
        waiting = [self._greeting, *self._replies]
        self._replies.clear()
        for answer in waiting:
            answer.fail(self._gone())
        if self._ended is not None:
            self._ended.set()

    def stop(self, seconds: float = 1.0) -> None:
        """Say `exit` and close: within `seconds`, from wherever it is called, also before `connect` (D10, D21)."""
        if self.connected:
            try:
                self.ask(commands.EXIT, seconds, "exit")
            except WireError:
                pass
        self.close()

    def _gone(self) -> GoneAway:
        return GoneAway(f"{self.name}: {self.closed_because}")
