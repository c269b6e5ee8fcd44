"""The door: FreeSWITCH connects here once for each call, and again when it has done what the line asked for.

    server = Server(("127.0.0.1", 8084), application, clock=SystemClock())
    server.start()

`application(session)` is run for each connection, with a session that is open. Whatever goes wrong in it, the socket
is closed, so that the dialplan goes on to the next line or to its fallback: nobody is left parked in silence (D18).
"""

import ipaddress
import socket as plain
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog
from gevent import socket
from gevent.event import Event
from gevent.server import StreamServer

from ivr.clock import Clock
from ivr.errors import GoneAway, Hangup, WireError
from ivr.esl import commands
from ivr.esl.session import Session
from ivr.gevent_clock import SystemClock
from ivr.sockets import listening

__all__ = ["LOOPBACK", "Figures", "Server", "networks"]

log = structlog.get_logger(__name__)

LOOPBACK = ("127.0.0.0/8", "::1/128")
CONNECT = 5.0
"""Seconds a peer has to say who calls (D16); a FreeSWITCH answers in a tick."""
SAME_PEER = 60.0
"""Seconds in which a refused peer is named in the log once."""
_UP = (commands.multiset({"ivr_up": "1"}, commands.new_uuid()),)
_UP_AND_ANSWER = (*_UP, commands.answer(commands.new_uuid()))
"""The proof for the dialplan that a line took the call; and the call is answered at once (rule A1), unless it may hear
that all lines are busy, or that it rings first. Nobody waits for their completions, so the same bytes serve every
call."""
MOST_PEERS = 1000
"""Refused peers that are remembered for that."""


def networks(names: Iterable[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The access list: networks or single addresses. ValueError for what is neither.

    >>> [str(network) for network in networks(["127.0.0.0/8", "10.0.0.7"])]
    ['127.0.0.0/8', '10.0.0.7/32']
    """
    return [ipaddress.ip_network(name.strip()) for name in names if name.strip()]


@dataclass
class Figures:
    """What the door has seen."""

    accepted: int = 0
    refused: int = 0
    """Peers that are not on the access list."""
    over: int = 0
    """Connections past the hard limit."""
    dumb: int = 0
    """Peers that said nothing, or nothing a FreeSWITCH says."""
    failed: int = 0
    """Calls in which the application raised."""
    most: int = field(default=0)
    """Most connections at once."""


class Server(StreamServer):
    """Accepts always, and writes at once. `soft`: past it `session.busy` is set; `hard`: past it the socket is closed.

    `listener`: an address, or a socket that listens already. `pressed`: is the line held up? Then `session.busy` is set
    however few the calls are. `rings`: may a call have to ring before it is answered? Then none is answered unseen,
    which costs each of them a tick. `allowed`: who may be a FreeSWITCH (D27). `connect`: seconds a peer has to say who
    calls. StreamServer accepts by the event loop and survives EMFILE (D19).
    """

    def __init__(
        self,
        listener,
        application: Callable[[Session], object],
        *,
        clock: Clock | None = None,
        allowed: Iterable[str] = LOOPBACK,
        soft: int = 400,
        hard: int = 1000,
        connect: float = CONNECT,
        pressed: Callable[[], bool] = bool,
        rings: Callable[[], bool] = bool,
    ):
        super().__init__(listener, self._accepted)
        self.application, self.clock = application, clock or SystemClock()
        self.allowed = networks(allowed)
        self.soft, self.hard, self.connect, self.pressed, self.rings = soft, hard, connect, pressed, rings
        self.sessions: set[Session] = set()
        self.figures = Figures()
        self._known: dict[str, bool] = {}
        self._named: dict[str, float] = {}
        self._empty = Event()
        self._empty.set()

    @classmethod
    def get_listener(cls, address, backlog=None, family=None) -> socket.socket:
        """StreamServer's hook; its own backlog, 256, is a quarter of ours. SettingsError if the address can't be had
        (D19: no exit from inside a library)."""
        return socket.socket(fileno=listening(address, "listen").detach())

    def do_read(self) -> tuple[plain.socket, tuple] | None:
        """The next connection. Its socket is a plain one: the session reads and writes by itself, and what gevent's
        own has for waiting would be made and closed in vain with each call."""
        try:
            fd, address = self.socket._accept()
        except BlockingIOError:
            return None
        return plain.socket(self.socket.family, self.socket.type, self.socket.proto, fileno=fd), address

    def do_handle(self, sock: plain.socket, address) -> None:
        """One connection, in the event loop: the opening is written before its greenlet is even started, so that of a
        thousand who come together nobody waits for the dialogues of the others. Nothing here waits."""
        peer = address[0] if isinstance(address, tuple) else ""
        if not self._may(peer):
            self.figures.refused += 1
            self._name(peer)
            sock.close()
            return
        if len(self.sessions) >= self.hard:
            self.figures.over += 1
            sock.close()  # at once: the dialplan goes on in the same tick
            return
        session = Session(address, sock, self.clock)
        # Counted before `connect`, so that ten that come together are ten (D16, D17); given back whatever happens (D8).
        self.sessions.add(session)
        self._empty.clear()
        self.figures.accepted += 1
        self.figures.most = max(self.figures.most, len(self.sessions))
        session.busy = len(self.sessions) > self.soft or self.pressed()
        session.answering = not session.busy and not self.rings()
        try:
            if sock.family != socket.AF_UNIX:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._met(session, peer)
            session.greet(*(_UP_AND_ANSWER if session.answering else _UP))
            super().do_handle(sock, session)
        except (OSError, Hangup, GoneAway) as error:
            log.warning("a connection was lost at once", peer=peer, reason=str(error))
            self._over(session)

    def _accepted(self, _sock: plain.socket, session: Session) -> None:
        """One connection, in a greenlet of its own."""
        try:
            self._serve(session, session.client_address[0] if isinstance(session.client_address, tuple) else "")
        finally:
            self._over(session)

    def _met(self, session: Session, peer: str) -> None:
        """A session is there, and nothing is written or read yet. In the event loop: it must not wait."""

    def _over(self, session: Session) -> None:
        session.close()
        self.sessions.discard(session)
        if not self.sessions:
            self._empty.set()

    def _serve(self, session: Session, peer: str) -> None:
        try:
            session.open(seconds=self.connect)
        except Hangup:
            return
        except WireError as error:
            self.figures.dumb += 1
            log.warning("a connection that is no call", peer=peer, reason=str(error))
            return
        try:
            self.application(session)
        except (Hangup, GoneAway):
            pass
        except Exception:
            self.figures.failed += 1
            log.exception("a call failed; its dialplan goes on", call=session.uuid)

    def _may(self, peer: str) -> bool:
        known = self._known.get(peer)
        if known is None:
            try:
                address = ipaddress.ip_address(peer.partition("%")[0])
            except ValueError:
                return False
            address = getattr(address, "ipv4_mapped", None) or address
            known = any(address in network for network in self.allowed)
            if len(self._known) < MOST_PEERS:
                self._known[peer] = known
        return known

    def _name(self, peer: str) -> None:
        now = self.clock.monotonic()
        if now - self._named.get(peer, now - SAME_PEER) >= SAME_PEER:
            if len(self._named) >= MOST_PEERS:
                self._named.clear()
            self._named[peer] = now
            log.warning("a peer that is not allowed was turned away", peer=peer, refused=self.figures.refused,
                        do="if it is a FreeSWITCH of yours, add it to --switches")  # fmt: skip

    # Going away -----------------------------------------------------------------------------------------------------

    def drain(self, seconds: float) -> bool:
        """Accept no more, let those in dialogue finish for `seconds`, then close: the switch takes them elsewhere
        (`socket_resume`). True if nobody had to be cut off."""
        self.close()
        timer = self.clock.call_later(seconds, self._empty.set)
        try:
            self._empty.wait()
        finally:
            timer.cancel()
        left = list(self.sessions)
        for session in left:
            session.close()  # wakes whoever waits in it; its greenlet ends by itself
        return not left

    def stop(self, timeout: float | None = 1.0) -> None:
        """Accept no more and close everything now; bounded, from wherever it is called (D10)."""
        self.close()
        for session in list(self.sessions):
            session.close()
        super().stop(timeout)
