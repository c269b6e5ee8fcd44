"""The same call scripts on a FreeSWITCH, in real time: SIP telephones are the caller and the phones of the house.

The line under test runs here, where the switch's dialplan looks for it, in place of `ivr serve`; its clock is turned to
the instant of each script. What it writes down goes into a database of its own.

    with LiveHouse(table, lab) as house:
        verdict = house.rehearse(script)
"""

import re
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import gevent

from ivr.errors import ScriptError, SettingsError, WireError
from ivr.gevent_clock import SystemClock
from ivr.line import Line
from ivr.rehearsal.afresh import afresh
from ivr.rehearsal.caller import Actor
from ivr.rehearsal.ear import Ear, Moment
from ivr.rehearsal.script import PhoneAct, Script
from ivr.rehearsal.values import WITHHELD
from ivr.rehearsal.verdict import Fault, Verdict, judged
from ivr.settings import Settings
from ivr.steps import Extension, Table
from ivr.telephones import Caller, Phone
from ivr.telephones.ulaw import tone

__all__ = ["Lab", "LiveHouse"]

PATIENCE = 90.0
"""Seconds a caller waits for what he expects."""
LONGEST = 600.0
SILENT = 5.0
"""Seconds until a switch says at least "trying"."""
LOOK = 0.05
BEEP = 0.8
"""Seconds from the hand-over to the end of the tone: the dialplan's own, 0.4 s, and the way there."""
WRITTEN = 15.0
"""Seconds until a call record of FreeSWITCH's has finished the message of a caller who hung up."""
MANNERS = {"do_not_disturb": "do-not-disturb", "voicemail": "answers"}


@dataclass(frozen=True, slots=True)
class Lab:
    """A switch to try things on. `sip`: where it takes calls; `domain`, `password`: of the house's phones
    (`ivr_domain`, `ivr_phone_password` of its vars.xml); `settings`: of the line under test."""

    sip: tuple[str, int]
    settings: Settings
    domain: str = "house.example"
    password: str = "change-me"


class LiveHouse:
    """A house of one table on the switch of a lab."""

    def __init__(self, table: Table, lab: Lab):
        self.table, self.lab = table, lab
        self.zone = ZoneInfo(table.timezone)
        self.clock = TurnedClock()
        self.ear = Ear(self.clock)
        self.ear.watchers.append(self._watched)
        steps = [step for step in table.steps.values() if isinstance(step, Extension)]
        self._extensions = {step.number: step for step in steps}
        self._phones: dict[str, Acting] = {}
        self._amiss: list[str] = []
        self._acts: dict[str, tuple[PhoneAct, ...]] = {}

    def __enter__(self) -> "LiveHouse":
        self._folder = tempfile.TemporaryDirectory(prefix="ivr-test-")
        settings = replace(self.lab.settings, database=f"sqlite:///{Path(self._folder.name) / 'test.db'}", control="")
        try:
            self.line = Line(settings, self.table, clock=self.clock, on_call=self.ear.listen)
            self.line.start()
        except SettingsError as error:
            self._folder.cleanup()
            raise ScriptError(
                f"the line under test stands in for `ivr serve`, which must be stopped, and listens where the switch "
                f"looks for it: --listen {settings.listen}, --records-listen {settings.records_listen} ({error})"
            ) from None
        self.here = _address_towards(self.lab.sip)
        return self

    def __exit__(self, *exception) -> None:
        for phone in self._phones.values():
            _aside(phone.__exit__)
        self.line.stop(1)
        self._folder.cleanup()

    def rehearse(self, script: Script, played_by: type[Actor] = Actor) -> Verdict:
        """Live through one script."""
        began = time.perf_counter()
        self.clock.turn(script.at.replace(tzinfo=self.zone))
        self.line.off_hub.run(afresh, self.line, script, deadline=10)
        self.line.speak()  # what is said at that instant
        self._amiss.clear()
        self._acts = {number: script.phones.get(number, script.phones["*"]) for number in self._extensions}
        for number, phone in self._phones.items():
            phone.acts(self._acts[number])
            if phone.unreachable:
                _aside(phone.register, 0)
        self.ear.begin()
        actor = played_by(script, self.ear, PATIENCE)
        number = "anonymous" if script.frm == WITHHELD else script.frm
        caller = Caller(self.lab.sip, script.to, number, "", host=self.here)
        acting = gevent.spawn(actor.live, InHand(caller, self.clock))
        try:
            late = self._lasts(caller)
            self.ear.tell("ended", cause_of(caller.cause))
            acting.join()
        finally:
            _aside(caller.__exit__)
        verdict = judged(script, self.ear.moments, actor.unmet, self._messages())
        if late:
            self._amiss.append(f"the call does not end: it was there after {LONGEST:g} s")
        if caller.status >= 300:
            self._amiss.append(f"the switch refuses the call: {caller.status}")
        verdict.faults[:0] = [Fault(script.place, message) for message in self._amiss]
        verdict.took = time.perf_counter() - began
        return verdict

    def _lasts(self, caller: Caller) -> bool:
        """Wait until the call is over; True where it had to be ended."""
        talking: set[str] = set()
        began = self.clock.monotonic()
        while not caller.is_over:
            for number, phone in self._phones.items():
                if not phone.takes_the_call:
                    talking.discard(number)
                elif number not in talking:
                    talking.add(number)
                    self.ear.tell("talks_to", number)
            if not caller.status and self.clock.monotonic() > began + SILENT:
                raise ScriptError(f"nobody answers a call at {self.lab.sip[0]}:{self.lab.sip[1]} (--sip)")
            if self.clock.monotonic() > began + LONGEST:
                caller.hang_up(0)
                return True
            self.clock.sleep(LOOK)
        return False

    def _watched(self, moment: Moment) -> None:
        """The phones that are about to ring are there by then; the tone is over when the caller speaks."""
        if moment.kind == "ring":
            for number in moment.data["targets"]:
                self._ready(number)
        elif moment.kind == "handed-over" and moment.data.get("part") == "record":
            self.clock.call_later(BEEP, self.ear.tell, "records")

    def _ready(self, number: str) -> None:
        acts, lab = self._acts[number], self.lab
        if self._extensions[number].outside or all(act.does == "unreachable" for act in acts):
            return  # a number outside is behind the gateway of the lab
        try:
            if number not in self._phones:
                accepts = self._extensions[number].accept
                self._phones[number] = _aside(Acting, lab, number, acts, self.here, accepts)
            elif self._phones[number].unreachable:
                _aside(self._phones[number].register)
        except WireError as error:
            self._amiss.append(f"{error} (--domain {lab.domain}, --phone-password)")

    def _messages(self) -> list:
        """What the call left, when nothing of it is in the making any more."""
        end = self.clock.monotonic() + WRITTEN
        while True:
            kept = self.line.off_hub.run(self.line.messages.list, uuid=self.ear.uuid, deadline=10)
            if not any(one.state == "recording" for one in kept) or self.clock.monotonic() > end:
                return [one for one in kept if one.state == "new"]
            self.clock.sleep(LOOK)


class TurnedClock(SystemClock):
    """Real time on a wall clock that can be set."""

    _ahead = timedelta()

    def turn(self, at: datetime) -> None:
        """Now it is `at`."""
        self._ahead = at.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


class Acting(Phone):
    """A phone that does what a script says, ring after ring."""

    def __init__(self, lab: Lab, number: str, acts: tuple[PhoneAct, ...], host: str, accepts: bool):
        self._left, self._accepts, self._records = list(acts), accepts, False
        super().__init__(lab.sip, number, "rings", host=host, domain=lab.domain, password=lab.password)

    @property
    def unreachable(self) -> bool:
        """Is it not registered?"""
        return self._expires == 0 or all(act.does == "unreachable" for act in self._left)

    @property
    def takes_the_call(self) -> bool:
        """Does somebody talk there, and no machine?"""
        return self.talking.is_set() and not self._records

    def acts(self, acts: tuple[PhoneAct, ...]) -> None:
        """From now on; nothing is left of the call before."""
        self._left = list(acts)
        self.talking.clear()

    def comes(self) -> None:
        act = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        self.manner = MANNERS.get(act.does, act.does)
        self._records = act.does == "voicemail"
        self.presses = "1" if self._accepts and not self._records else ""
        self.after, self.talks, self.transfers = act.after or None, act.talks, act.transfers
        self.talking.clear()
        self.over.clear()


class InHand:
    """The telephone of a caller. Nothing here waits but by the clock: the line runs in the same thread."""

    def __init__(self, caller: Caller, clock: SystemClock):
        self._caller, self._clock = caller, clock

    def press(self, keys: str) -> None:
        self._caller.press(keys)

    def say(self, seconds: float) -> None:
        self._caller.media.speak(tone(440, seconds))
        self._clock.sleep(seconds)

    def hang_up(self) -> None:
        self._caller.hang_up(0)


def cause_of(reason: str) -> str:
    """FreeSWITCH's word out of SIP's Reason.

    >>> cause_of('Q.850;cause=17;text="USER_BUSY"'), cause_of("caller")
    ('USER_BUSY', 'NORMAL_CLEARING')
    """
    found = re.search('text="([A-Z_]+)"', reason)
    return found[1] if found else "NORMAL_CLEARING"


def _address_towards(switch: tuple[str, int]) -> str:
    """This machine's address, as the switch sees it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(switch)
        return probe.getsockname()[0]


def _aside(function: Callable, *given):
    """What waits as threads do, in a thread."""
    return gevent.get_hub().threadpool.apply(function, given)
