"""One caller's channel: its variables, its state, its keys, and the events that tell of them.

A channel is only data and notices; `ivr.switch.session` does what the dialplan and the line want.
"""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from gevent.event import Event

from ivr.switch.causes import q850
from ivr.switch.headers import BARE, headers
from ivr.switch.heard import Heard

__all__ = ["Channel", "Key", "Profile"]


class Key(tuple):
    """A key that was pressed: digit and source (RTP: the caller; APP: `uuid_recv_dtmf`)."""

    __slots__ = ()

    def __new__(cls, digit: str, source: str = "RTP"):
        return super().__new__(cls, (digit, source))


class Profile(dict):
    """Who calls whom: the caller profile. Names as in the dialplan: caller_id_number, destination_number, context …"""


class Channel:
    """The state of one call in the switch."""

    def __init__(self, clock, profile: Profile, variables: dict[str, str], core_uuid: str, uuid: str | None = None):
        self.clock = clock
        self.uuid = uuid or str(uuid4())
        self.core_uuid = core_uuid
        self.profile = profile
        self.name = profile["chan_name"]
        self.variables: dict[str, str] = {"direction": "inbound", "uuid": self.uuid, **variables}
        self.variables["call_uuid"] = self.uuid
        self.state, self.callstate = "CS_ROUTING", "RINGING"
        self.cause: str | None = None
        self.hung_up_here = False
        self.answered = self.early = self.bridged = self.transferred = self.broken = False
        self.times = {"created": self.micros(), "answered": 0, "hangup": 0, "bridged": 0, "transfer": 0, "progress": 0}
        self.keys: deque[Key] = deque()
        self.keyed: list[str] = []
        self.listeners: list = []
        self.heard = Heard()
        self.voice: list[tuple[float, float | None, str | None]] = []
        self.voice_changed = False
        self.sends_rtp = True
        self.wake = Event()
        self.over = Event()
        self.born = clock.monotonic()
        self.fired = 0
        self.on_fired: list = []
        self.sequence = 0

    # what it is ------------------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """May applications go on? Not after hang-up, not while being reset or transferred."""
        return self.state == "CS_EXECUTE"

    @property
    def down(self) -> bool:
        return self.cause is not None

    def seconds(self) -> float:
        """The call's clock: seconds since it came in."""
        return round(self.clock.monotonic() - self.born, 6)

    def get(self, name: str) -> str | None:
        """A variable, or a field of the caller profile."""
        value = self.variables.get(name)
        return value if value is not None else self.profile.get(name)

    def set(self, name: str, value: str | None, check: bool = True) -> None:
        """Set a variable; empty or None removes it. With `check` (as the core does), a value with `${` is dropped."""
        if not value or (check and "${" in value):
            self.variables.pop(name, None)
        else:
            self.variables[name] = value

    def true(self, name: str) -> bool:
        """FreeSWITCH's idea of true."""
        return (self.get(name) or "").lower() in ("yes", "on", "true", "t", "enabled", "active", "allow", "1")

    # what happens to it ----------------------------------------------------------------------------------------------

    def press(self, digit: str, source: str = "RTP") -> None:
        """A key was let go."""
        if not self.down:
            self.keys.append(Key(digit, source))
            self.wake.set()

    def take_key(self) -> str:
        """The application takes the next key: that is when its event is fired."""
        digit, source = self.keys.popleft()
        self.keyed.append(digit)
        self.fire("DTMF", (("DTMF-Digit", digit), ("DTMF-Duration", "800"), ("DTMF-Source", source)))
        return digit

    def answer(self) -> None:
        self.answered = True
        self.times["answered"] = self.micros()
        self.heard.answered_at = self.seconds()
        self.fire("CHANNEL_ANSWER")
        self.callstate = "ACTIVE"
        self.variables["endpoint_disposition"] = "ANSWER"
        self.fire("CHANNEL_CALLSTATE", (("Original-Channel-Call-State", "RINGING"),))

    def hang_up(self, cause: str, here: bool = True) -> None:
        """End the call; the first cause counts. `here`: by an application or command, not by the caller."""
        if self.down:
            return
        self.cause, self.hung_up_here = cause, here
        self.state = "CS_HANGUP"
        self.times["hangup"] = self.micros()
        self.heard.stops(self.seconds())
        if self.bridged:
            self.variables["last_bridge_role"] = "originator"
        if not here:
            self.variables["proto_specific_hangup_cause"] = "sip:200"
        self.fire("CHANNEL_HANGUP")
        for listener in list(self.listeners):
            listener.channel_down()
        self.wake.set()

    def hears(self, what: str | None) -> None:
        """From now on the caller hears this; None: nothing."""
        if what is None:
            self.heard.stops(self.seconds())
        elif not self.down:
            self.heard.starts(self.seconds(), what)

    # its events ------------------------------------------------------------------------------------------------------

    def fire(self, name: str, extra: Iterable[tuple[str, str]] = ()) -> None:
        """Tell every listener that wants to know."""
        self.fired += 1
        for hook in self.on_fired:
            hook(self.fired)
        wanting = [listener for listener in self.listeners if listener.wants(name)]
        if wanting:
            event = headers(self, name, name not in BARE)
            event.update(extra)
            if self.cause:
                event.setdefault("Hangup-Cause", self.cause)
            for listener in wanting:
                listener.deliver(event)

    @property
    def answer_state(self) -> str:
        if self.down:
            return "hangup"
        return "answered" if self.answered else "early" if self.early else "ringing"

    def micros(self) -> int:
        """The wall clock in microseconds, as FreeSWITCH stamps everything."""
        return round(self.clock.now().timestamp() * 1_000_000)

    # its end ---------------------------------------------------------------------------------------------------------

    def account(self) -> None:
        """The variables that stand in HANGUP_COMPLETE and in the call record: causes, stamps, durations."""
        variables, times = self.variables, self.times
        variables["hangup_cause"] = self.cause or "NORMAL_CLEARING"
        variables["hangup_cause_q850"] = str(q850(variables["hangup_cause"]))
        variables["digits_dialed"] = "".join(self.keyed) or "none"
        marks = {
            "start": times["created"], "profile_start": times["created"], "answer": times["answered"],
            "bridge": times["bridged"], "progress": times["progress"], "end": times["hangup"],
        }  # fmt: skip
        for name, micros in marks.items():
            if micros:
                stamp = datetime.fromtimestamp(micros / 1_000_000, UTC)
                variables[f"{name}_stamp"] = stamp.strftime("%Y-%m-%d %H:%M:%S")
        for name, micros in marks.items():
            variables[f"{name}_epoch"] = str(micros // 1_000_000)
            variables[f"{name}_uepoch"] = str(micros)
        total = times["hangup"] - times["created"]
        talked = times["hangup"] - times["answered"] if times["answered"] else 0
        whole = times["hangup"] // 1_000_000
        variables["last_app"] = variables.get("current_application", "")
        variables["last_arg"] = variables.get("current_application_data", "")
        variables["caller_id"] = f'"{self.profile["caller_id_name"]}" <{self.profile["caller_id_number"]}>'
        variables["duration"] = str(whole - times["created"] // 1_000_000)
        variables["billsec"] = str(whole - times["answered"] // 1_000_000 if times["answered"] else 0)
        variables["mduration"], variables["billmsec"] = str(total // 1000), str(talked // 1000)
        variables["uduration"], variables["billusec"] = str(total), str(talked)
