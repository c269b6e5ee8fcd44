"""The control connection: every switch of the house, each kept connected, for what is not one call.

    control = Control([("127.0.0.1", 8021), ("10.0.0.7", 8021)], password, clock)
    control.on("CHANNEL_HANGUP_COMPLETE", lambda event: print(event["Unique-ID"]))
    control.start()
    for switch in control.switches:
        print(switch.name, switch.state, switch.health)

The verbs (`originate`, `lamp`, `channels`, …) are each switch's own: `ivr.esl.control_verbs`.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.clock import Clock
from ivr.errors import WireError
from ivr.esl import control_commands
from ivr.esl.control_verbs import Health
from ivr.esl.frames import Event
from ivr.esl.listeners import MOST, Listeners
from ivr.esl.sequence import Gap
from ivr.esl.supervised import EVERY, Supervised
from ivr.gevent_clock import SystemClock

__all__ = ["Control", "Report"]


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be known about one switch's connection, at a glance and for figures."""

    switch: str
    state: str
    why: str
    since: datetime
    core: str
    health: Health | None
    connections: int
    restarts: int
    events: int
    gaps: int
    last_gap: Gap | None


class Control:
    """`events`: what to subscribe to, on each connection once. `most`: events that wait for one handler, at most.
    `seed`: of the jitter, so that a test can tell the times."""

    def __init__(
        self,
        addresses: Sequence[tuple[str, int]],
        password: str,
        clock: Clock | None = None,
        *,
        events: Iterable[str] = control_commands.EVENTS,
        most: int = MOST,
        every: float = EVERY,
        seed: int | None = None,
    ):
        self.clock = clock or SystemClock()
        self.listeners = Listeners(most)
        self._up: list[Callable[[Supervised, Gap | None], None]] = []
        chance = random.Random(seed)
        names = tuple(events)
        control_commands.listen(names)  # a name that is none is told here, not by a connection that never comes up
        control_commands.auth(password)
        self.switches = [
            Supervised(address, password, self.clock, events=names, listeners=self.listeners, chance=chance,
                       every=every, on_up=self._came_up)
            for address in addresses
        ]  # fmt: skip

    def on(self, name: str, handler: Callable[[Event], None]) -> None:
        """Call `handler(event)`, in a greenlet of its own, for each event of this name from any of the switches."""
        self.listeners.register(name, handler)

    def on_up(self, function: Callable[[Supervised, Gap | None], None]) -> None:
        """Call `function(switch, gap)` for each connection made: the time to look at what was missed."""
        self._up.append(function)

    def _came_up(self, switch: Supervised, gap: Gap | None) -> None:
        for function in self._up:
            function(switch, gap)

    def start(self) -> None:
        """Begin to connect with every switch; returns at once."""
        for switch in self.switches:
            switch.start()

    def stop(self, seconds: float = 1.0) -> None:
        """Leave every switch, in `seconds` for each at most."""
        self.listeners.close()
        for switch in self.switches:
            switch.stop(seconds)

    @property
    def whole(self) -> bool:
        """Is every switch connected? Only then "it is nowhere" can be said of a call."""
        return all(switch.up for switch in self.switches)

    def where(self, channel: str) -> Supervised | None:
        """The switch that has this channel; None if none that is connected has it."""
        for switch in self.switches:
            try:
                if switch.up and switch.exists(channel):
                    return switch
            except WireError:
                continue
        return None

    def reports(self) -> list[Report]:
        """How it stands with each switch."""
        return [
            Report(
                one.name, one.state, one.why, one.since, one.core, one.health, one.connections,
                one.sequence.restarts, one.sequence.events, one.sequence.gap_count,
                one.sequence.gaps[-1] if one.sequence.gaps else None,
            )
            for one in self.switches
        ]  # fmt: skip
