"""One switch, kept connected: back-off, password and subscription again, health, and every gap written down.

    switch = Supervised(("127.0.0.1", 8021), password, clock)
    switch.start()
    switch.state, switch.health         # ("up", Health(…))

    off → connecting → up → away → connecting …       away: tried again, later each time, with jitter
                    ↘ refused → connecting …           refused: the password or the access list; tried again rarely

(D25.) What happens on a switch while nobody is connected to it is not told later. So each connection begins with
looking (`on_up`), and the time before it is kept as a gap.
"""

import random
from collections.abc import Callable, Iterable
from typing import NoReturn

import gevent
import structlog

from ivr.clock import Clock
from ivr.errors import Deadline, GoneAway, SettingsError, WireError
from ivr.esl import control_commands
from ivr.esl.control_verbs import ControlVerbs, Health
from ivr.esl.frames import Event, Frame
from ivr.esl.inbound import Inbound
from ivr.esl.listeners import Listeners
from ivr.esl.sequence import Gap, Sequence
from ivr.gevent_clock import SystemClock
from ivr.journal import is_uuid

__all__ = ["Supervised", "look"]

log = structlog.get_logger(__name__)

FIRST, LAST = 1.0, 60.0
"""Seconds until the first new try, and the most between two."""
REFUSED = 300.0
"""Seconds after a refusal: a wrong password does not become right by trying, and the switch logs each try."""
EVERY = 20.0
"""Seconds between two looks at its health."""
STEADY = 60.0
"""Seconds a connection must last for the next break to count as the first."""


class Supervised(ControlVerbs):
    """`events`: what to subscribe to. `on_up(switch, gap)`: called in a greenlet for each connection made."""

    def __init__(
        self,
        address: tuple[str, int],
        password: str,
        clock: Clock | None = None,
        *,
        events: Iterable[str] = control_commands.EVENTS,
        listeners: Listeners | None = None,
        chance: random.Random | None = None,
        every: float = EVERY,
        on_up: Callable[["Supervised", Gap | None], None] | None = None,
    ):
        super().__init__()
        self.address, self.clock = address, clock or SystemClock()
        self.events = tuple(events)
        self.listeners = Listeners() if listeners is None else listeners
        self.every, self.on_up = every, on_up
        self.state, self.why = "off", ""
        self.since = self.clock.now()
        self.health: Health | None = None
        self.connections = 0
        self.sequence = Sequence()
        self._password = password
        # Jitter: lines that lost a switch in one instant must not all come back in one.
        self._chance = chance or random.Random()
        self._connection: Inbound | None = None
        self._greenlet: gevent.Greenlet | None = None
        self._telling: gevent.Greenlet | None = None
        self._failures = 0

    def __repr__(self):
        return f"<Supervised {self.name}: {self.state}>"

    @property
    def name(self) -> str:
        host, port = self.address
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def up(self) -> bool:
        return self.state == "up"

    @property
    def core(self) -> str:
        """The Core-UUID of the switch's life that was last seen."""
        return self.sequence.core

    # A life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect; returns at once."""
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._run)

    def stop(self, seconds: float = 1.0) -> None:
        """Say goodbye and be gone, within `seconds` (D10, D20)."""
        connection, greenlet = self._connection, self._greenlet
        self._greenlet = None
        for one in (greenlet, self._telling):
            if one is not None:
                one.kill(block=False)
        if connection is not None:
            connection.stop(seconds)
        self._is("off")

    def ask(self, command: bytes, seconds: float | None = None, what: str = "command") -> Frame:
        connection = self._connection
        if connection is None:
            raise GoneAway(f"{self.name}: not connected ({self.state}{': ' + self.why if self.why else ''})")
        return connection.ask(command, seconds, what)

    def _run(self) -> None:
        while True:
            state, why, pause = self._try()
            if self._failures <= 1 or state == "refused":
                log.warning("a switch is not under control; it is tried again", switch=self.name, reason=why,
                            seconds=round(pause, 1))  # fmt: skip
            self._is(state, why)
            self.clock.sleep(pause)

    def _try(self) -> tuple[str, str, float]:
        """One connection, for as long as it lasts: the state after it, why it ended, seconds until the next try."""
        try:
            self._once()
        except SettingsError as error:
            return "refused", str(error), REFUSED
        except WireError as error:
            return "away", str(error), self._pause()
        except Exception as error:
            log.exception("the control connection failed", switch=self.name)
            return "away", repr(error), self._pause()

    def _once(self) -> NoReturn:
        """One connection, from its beginning to its end, which is always an error."""
        self._is("connecting", self.why)
        began: float | None = None
        host, port = self.address
        connection = Inbound(host, port, self._password, clock=self.clock, on_event=self._event)
        try:
            connection.connect()
            self._connection = connection
            # Once for each connection, here and nowhere else. What comes before the next lines is told to nobody yet.
            connection.listen(self.events)
            core = connection.ask(control_commands.CORE, what="core_uuid").data.strip()
            if not is_uuid(core):
                raise WireError(f"{self.name}: no Core-UUID, but {core[:80]!r}")
            gap = self._came_up(core)
            self.health = self.status()
            began = self.clock.monotonic()
            self._is("up")
            if self.on_up is not None:
                self._telling = gevent.spawn(self._tell_up, gap)
            while not connection.wait_closed(self.every):
                self.health = self.status()
            raise GoneAway(f"{self.name}: {connection.closed_because}")
        except Deadline as error:
            # Connected, and silent: a network that swallows everything looks like this for hours.
            raise GoneAway(f"{self.name} is silent: {error}") from None
        finally:
            self._connection = None
            connection.close("it was given up")
            self.sequence.down(connection.heard_at)
            self._jobs_lost(GoneAway(f"{self.name}: {connection.closed_because}"))
            if began is not None and self.clock.monotonic() - began >= STEADY:
                self._failures = 0

    def _came_up(self, core: str) -> Gap | None:
        restarts = self.sequence.restarts
        gap = self.sequence.up(core, self.clock.now())
        self.connections += 1
        if gap is not None:
            log.warning("a switch was not listened to for a time", switch=self.name, gap=str(gap))
        if self.sequence.restarts > restarts:
            log.warning("a switch was started anew: the calls it had are gone", switch=self.name, core=core)
        return gap

    def _tell_up(self, gap: Gap | None) -> None:
        try:
            self.on_up(self, gap)
        except Exception:
            log.exception("what follows a new connection failed", switch=self.name)

    def _pause(self) -> float:
        """Seconds until the next try: doubled each time up to LAST, and somewhere between half and all of it."""
        self._failures += 1
        return min(LAST, FIRST * 2 ** min(self._failures - 1, 16)) * self._chance.uniform(0.5, 1.0)

    def _is(self, state: str, why: str = "") -> None:
        if state != self.state:
            self.since = self.clock.now()
            if state == "up":
                log.info("a switch is under control", switch=self.name, core=self.core, health=str(self.health))
        self.state, self.why = state, why

    # Events ---------------------------------------------------------------------------------------------------------

    def _event(self, event: Event) -> None:
        """Called by the reader; never waits."""
        self.sequence.seen(event)
        if event.name == "BACKGROUND_JOB":
            self._job_done(event)
        self.listeners.tell(event)


def look(address: tuple[str, int], password: str, clock: Clock) -> Health:
    """How a switch is, by one short connection: for `ivr doctor`. Raises WireError, SettingsError."""
    one = Supervised(address, password, clock)
    one._connection = Inbound(*address, password, clock=clock)
    try:
        one._connection.connect()
        return one.status()
    finally:
        one._connection.stop()
