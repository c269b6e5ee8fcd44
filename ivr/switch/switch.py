"""The built-in switch: a FreeSWITCH stand-in that calls the line over real sockets.

    with VirtualClock(start) as clock:
        switch = Switch(clock, Path("freeswitch-conf/dialplan"), {"ivr_line_1": "127.0.0.1:8040", "ivr_data": "data"})
        switch.phones["8001"] = Answers(after=3, talks=10)
        call = switch.call(to="9000", frm="13800138000", script=Caller().hears("menu").presses("8001#"))
        call.wait_ended(600)
        print(call.heard, call.cause)

Its dialplan is that of freeswitch-conf.
"""

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import gevent
from gevent.event import Event

from ivr.clock import Clock
from ivr.errors import Deadline
from ivr.switch import apps  # noqa: F401 - registers the applications
from ivr.switch.call_records import call_record, send
from ivr.switch.callers import Caller
from ivr.switch.channel import Channel, Profile
from ivr.switch.dialplan import Dialplan
from ivr.switch.dialstring import Leg
from ivr.switch.heard import Heard
from ivr.switch.invite import profiled, sip_variables
from ivr.switch.phones import Phone
from ivr.switch.session import Session

__all__ = ["Switch", "SwitchCall"]


class Switch:
    """A switch: dialplan, phones, calls.

    `dialplan`: a folder of FreeSWITCH's XML files, or a Dialplan. `variables`: the `$${…}` of vars.xml.
    `records`: takes each call's record (bytes of JSON); when it raises, or is None, a file in `records_folder` is left.
    `name_of`: what a sound's path means, for scripts and traces. `api_in_text`: `${api arguments}` met in an argument;
    as with `api-expansion=false` the answer is a refusal, and the attempt stands in `expansions`.
    """

    def __init__(
        self,
        clock: Clock,
        dialplan: Path | Dialplan,
        variables: Mapping[str, str] | None = None,
        *,
        records: Callable[[bytes], None] | None = None,
        records_folder: Path | None = None,
        name_of: Callable[[str], str] = str,
        api: Callable[[str, str], str] | None = None,
        seed: int | None = None,
    ):
        self.clock, self.name_of = clock, name_of
        self.variables = dict(variables or {})
        self.variables.setdefault("domain", self.variables.get("ivr_domain", "127.0.0.1"))
        self.dialplan = dialplan if isinstance(dialplan, Dialplan) else Dialplan.load(Path(dialplan), self.variables)
        self.records, self.records_folder = records, records_folder
        self.phones: dict[str, Phone] = {}
        self.gateways: dict[str, Phone] = {}
        self.dialled: list[str] = []
        self.told: list[tuple[str, str]] = []
        """Who lifted and heard something before they were connected: the number, and the files."""
        self.recordings: list[str] = []
        self.expansions: list[tuple[str, str]] = []
        self.logged: list[tuple[str, str, str]] = []
        self.errors: list[tuple[str, Exception]] = []
        self.sessions: dict[str, Session] = {}
        self._api = api
        self._dice = random.Random(seed)
        self.core_uuid = self._uuid()

    # calls -----------------------------------------------------------------------------------------------------------

    def call(
        self,
        to: str,
        frm: str = "13800138000",
        script: Caller | None = None,
        *,
        display: str | None = None,
        headers: Mapping[str, str] | None = None,
        context: str = "ivr-entry",
        max_forwards: int = 70,
        variables: Mapping[str, str] | None = None,
        address: str = "127.0.0.1:5080",
        uuid: str | None = None,
    ) -> "SwitchCall":
        """A call comes in. `frm` and `display` are the raw From user and display name: they may be hostile."""
        script = script or Caller()
        display = frm if display is None else display
        user, name = profiled(frm), profiled(display)
        profile = Profile(
            username=user,
            caller_id_name=name,
            caller_id_number=user,
            ani=user,
            network_addr="127.0.0.1",
            destination_number=to,
            context=context,
            chan_name=f"sofia/internal/{unquote(frm, errors='surrogateescape')}@{address}",
        )
        channel = Channel(self.clock, profile, {}, self.core_uuid, uuid or self._uuid())
        for variable, value in sip_variables(to, frm, display, headers or {}, max_forwards, address).items():
            channel.set(variable, value)
        channel.variables.update(variables or {})
        channel.sends_rtp = script.sends_rtp
        session = Session(self, channel)
        self.sessions[channel.uuid] = session
        if script.hang_up_event is not None:
            number = script.hang_up_event
            channel.on_fired.append(lambda fired: fired == number and channel.hang_up("NORMAL_CLEARING", here=False))
        greenlet = gevent.spawn(session.run)
        acting = gevent.spawn(script.live, channel, self.name_of)
        greenlet.link(lambda _: self.sessions.pop(channel.uuid, None))
        return SwitchCall(session, greenlet, acting)

    def phone(self, leg: Leg) -> Phone | str:
        """Who is behind a leg of a dial string; a cause when nobody is."""
        self.dialled.append(leg.endpoint)
        kind, _, rest = leg.endpoint.partition("/")
        if kind == "user":
            phone = self.phones.get(leg.number)
            return phone.next() if phone is not None else "SUBSCRIBER_ABSENT"
        if kind == "sofia" and rest.startswith("gateway/"):
            gateway = self.phones.get(leg.number) or self.gateways.get(rest.split("/")[1])
            return gateway.next() if gateway is not None else "INVALID_GATEWAY"
        return "CHAN_NOT_IMPLEMENTED"

    # what sessions report --------------------------------------------------------------------------------------------

    def report(self, session: Session) -> None:
        """A call has ended: its record."""
        send(call_record(session), session.channel.uuid, self.records, self.records_folder)

    def failed(self, uuid: str, error: Exception) -> None:
        """The switch itself failed in a call; tests look here."""
        self.errors.append((uuid, error))

    def api_in_text(self, name: str, arguments: str) -> str:
        self.expansions.append((name, arguments))
        return self._api(name, arguments) if self._api else "<API Execute Permission Denied>"

    def _uuid(self) -> str:
        return str(UUID(int=self._dice.getrandbits(128), version=4))


class SwitchCall:
    """One call, seen from outside."""

    def __init__(self, session: Session, greenlet: gevent.Greenlet, acting: gevent.Greenlet):
        self.session, self._greenlet, self._acting = session, greenlet, acting
        self.channel = session.channel

    @property
    def uuid(self) -> str:
        return self.channel.uuid

    @property
    def heard(self) -> Heard:
        return self.channel.heard

    @property
    def variables(self) -> dict[str, str]:
        return self.channel.variables

    @property
    def cause(self) -> str | None:
        """Why it ended; None while it lasts."""
        return self.channel.cause

    def press(self, keys: str) -> None:
        for key in keys:
            self.channel.press(key)

    def hang_up(self) -> None:
        self.channel.hang_up("NORMAL_CLEARING", here=False)

    def wait_ended(self, deadline: float) -> "SwitchCall":
        """Wait until the call is over and its record written; Deadline after so many seconds of its clock."""
        done = Event()
        self._greenlet.link(lambda _: done.set())
        timer = self.channel.clock.call_later(deadline, done.set)
        done.wait()
        timer.cancel()
        if not self._greenlet.dead:
            raise Deadline(f"the call {self.uuid} did not end within {deadline} s; it heard {[*map(str, self.heard)]}")
        self._acting.kill()
        return self
