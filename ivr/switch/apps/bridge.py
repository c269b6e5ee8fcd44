"""`bridge`: ring phones, and connect the caller with the one who answers first."""

import math
from uuid import uuid4

from ivr.switch.apps.plain import move
from ivr.switch.causes import dialstatus, sip_answer
from ivr.switch.dialstring import DialString, Leg
from ivr.switch.phones import Phone
from ivr.switch.session import Rest, Session, application
from ivr.switch.sounds import TICK, parts, seconds

__all__: list[str] = []


REFUSAL = ("sip_invite_failure_status", "sip_invite_failure_phrase")


class _Ringing:
    """One leg of a bridge: a phone that rings until something comes of it."""

    def __init__(self, leg: Leg, phone: Phone, at: float, wall: float):
        self.leg, self.phone, self.at = leg, phone, at
        self.uuid = str(uuid4())
        self.ends, self.cause, self.lifted = math.inf, "", False
        self.over = math.inf if leg.timeout is None else _whole(at, wall, leg.timeout)
        if phone.after is not None or not phone.rings:
            self.ends, self.cause = at + max(phone.after or 0.0, TICK if phone.rings else 0.0), phone.cause or "SUCCESS"
        if self.over < self.ends:
            self.ends, self.cause = self.over, "NO_ANSWER"

    def lifts(self, asked: tuple[str, str, int], at: float, wall: float) -> None:
        """Somebody lifted, and has not got the call yet: what they are told is played first, and where a key is asked
        for, it alone gives them the call. The phones beside this one ring on."""
        key, file, time = asked
        self.lifted = True
        self.ends = at + sum(seconds(part) or 0.0 for part in parts(file))
        if key not in ("exec", self.phone.presses):
            ends = math.inf if self.phone.talks is None else at + self.phone.talks
            self.ends, self.cause = ends, "NORMAL_CLEARING"
        over = _whole(at, wall, time) if time else self.over
        if over < self.ends:
            self.ends, self.cause = over, "ALLOTTED_TIMEOUT"


def _whole(at: float, wall: float, seconds: int) -> float:
    """When a timeout of whole clock seconds is over: up to a second early."""
    return at + math.floor(wall) + seconds - wall


class _Bridge:
    """One `bridge` from the first ring to the result."""

    def __init__(self, session: Session, text: str):
        self.session, self.channel, self.clock = session, session.channel, session.clock
        self.string = DialString.parse(text)
        self.causes: list[tuple[str, str]] = []
        self.legs: list[str] = []

    def originate(self) -> tuple[str, _Ringing | None]:
        """Ring group after group. Returns the disposition, and the leg that answered."""
        channel = self.channel
        forwards = channel.get("max_forwards") or ""
        if forwards.isdigit() and int(forwards) <= 1:
            return "EXCHANGE_ROUTING_ERROR", None
        total = self.string.variables.get("call_timeout") or channel.get("call_timeout") or ""
        over = _whole(channel.seconds(), self._wall(), int(total)) if total.isdigit() else channel.seconds() + 60
        disposition = "DESTINATION_OUT_OF_ORDER"
        for group in self.string.groups:
            disposition, answered = self._group(group, over)
            if answered or disposition in ("ORIGINATOR_CANCEL", "CANCELLED"):
                return disposition, answered
            if channel.seconds() + 1e-6 >= over:
                break
        return disposition, None

    def _group(self, group: list[Leg], over: float) -> tuple[str, _Ringing | None]:
        """Everybody in it at once."""
        channel, ringing, failed = self.channel, [], []
        for leg in group:
            phone = self.session.switch.phone(leg)
            channel.variables["dialed_user"], channel.variables["dialed_domain"] = leg.number, _domain(leg)
            if isinstance(phone, str) or phone.cause == "USER_NOT_REGISTERED":
                failed.append(phone if isinstance(phone, str) else phone.cause)  # never a leg of its own: no uuid
                if isinstance(phone, str):
                    channel.variables.pop("dialed_user"), channel.variables.pop("dialed_domain")
                continue
            ringing.append(_Ringing(leg, phone, channel.seconds(), self._wall()))
            self._no_refusal()
            self.legs.append(ringing[-1].uuid + f";Outbound Call;{leg.number}")
            channel.variables["originate_signal_bond"] = ringing[-1].uuid
            if phone.rings and not channel.times["progress"]:
                channel.times["progress"] = round(self.clock.now().timestamp() * 1_000_000)
        self._music(any(leg.phone.rings for leg in ringing))
        while ringing:
            first = min(ringing, key=lambda leg: leg.ends)
            due = min(first.ends, over)
            if due == math.inf:
                due = channel.seconds() + 3600
            why = self._rest(due)
            if why is Rest.KEY:  # this group only, the next one is tried; LOSE_RACE where several rang (measured)
                cause = "NO_ANSWER" if len(group) == 1 else "LOSE_RACE"
                self._end(ringing, cause)
                return cause, None
            if why is Rest.GONE:
                self._end(ringing, "ORIGINATOR_CANCEL")
                return "ORIGINATOR_CANCEL", None
            if first.ends > channel.seconds() + 1e-6:
                if channel.seconds() + 1e-6 < over:
                    continue
                self._end(ringing, "NO_ANSWER")
                return "NO_ANSWER", None
            asked = None if first.lifted or first.cause != "SUCCESS" else first.leg.confirm(self.string.variables)
            if asked is not None:
                self.session.switch.told.append((first.leg.number, asked[1]))
                first.lifts(asked, channel.seconds(), self._wall())
                continue
            ringing.remove(first)
            if first.cause == "SUCCESS":
                self._end(ringing, "LOSE_RACE")
                return "SUCCESS", first
            self._end([first], first.cause)
            failed.append(first.cause)
        return ("NO_ANSWER" if "NO_ANSWER" in failed else failed[0] if failed else "DESTINATION_OUT_OF_ORDER"), None

    def _rest(self, due: float) -> Rest:
        """Wait; keys typed while phones ring are told, and lost, but for the one that cancels (`Rest.KEY`)."""
        while (why := self.session.rest(max(0.0, due - self.channel.seconds()))) is Rest.KEY:
            if self.channel.take_key() == self.channel.get("origination_cancel_key") and not self.channel.bridged:
                break
        return why

    def _end(self, legs: list[_Ringing], cause: str) -> None:
        for leg in legs:
            self.causes.append((leg.uuid, cause))
            if cause not in ("LOSE_RACE", "ORIGINATOR_CANCEL"):
                self.channel.variables["last_bridge_hangup_cause"] = cause
                if (answer := sip_answer(cause)) is not None:
                    status, words = str(answer[0]), leg.phone.words or answer[1]
                    self.channel.variables["last_bridge_proto_specific_hangup_cause"] = f"sip:{status}"
                    self.channel.variables |= dict(zip(REFUSAL, (status, words), strict=True))

    def _no_refusal(self) -> None:
        """A phone that says 100 or 200 makes forgotten what another said before (sofia.c)."""
        for name in REFUSAL:
            self.channel.variables.pop(name, None)

    def _music(self, ringing: bool) -> None:
        """What the caller hears while phones ring. A caller already answered hears dead silence, unless
        `transfer_ringback` is set with `instant_ringback=true`: `ringback` is not used then."""
        channel = self.channel
        if channel.answered:
            sound = channel.get("transfer_ringback")
            if sound and channel.true("instant_ringback"):
                channel.hears(f"ringback {sound}")
        elif ringing:
            channel.hears("ringback")

    def result(self, disposition: str) -> None:
        """The variables that tell what became of it."""
        variables = self.channel.variables
        for name, values in (
            ("originated_legs", self.legs),
            ("originate_causes", [f"{uuid};{cause}" for uuid, cause in self.causes]),
        ):
            if values:
                variables[name] = values[0] if len(values) == 1 else "ARRAY::" + "|:".join(values)
        variables["originate_disposition"] = disposition
        variables["DIALSTATUS"] = dialstatus(disposition)
        if disposition != "SUCCESS":
            variables["originate_failed_cause"] = disposition

    def connect(self, leg: _Ringing) -> None:
        """They talk, until one of them hangs up."""
        channel = self.channel
        if not channel.answered:
            channel.answer()
        # each leg stands twice in the lists of an answered bridge (tapes)
        self.legs = [f"{leg.uuid};Outbound Call;{leg.leg.number}"] * 2
        self.causes = [(leg.uuid, "NONE")] * 2 + [cause for cause in self.causes if cause[0] != leg.uuid]
        self.result("SUCCESS")
        channel.times["bridged"] = round(self.clock.now().timestamp() * 1_000_000)
        channel.variables["signal_bond"] = leg.uuid
        channel.variables.pop("originate_signal_bond", None)
        self._no_refusal()
        channel.fire("CHANNEL_BRIDGE", (("Other-Leg-Unique-ID", leg.uuid), ("Bridge-B-Unique-ID", leg.uuid)))
        channel.variables.update(bridge_to=leg.uuid, last_bridge_to=leg.uuid, bridge_uuid=leg.uuid)
        channel.variables["bridge_channel"] = f"sofia/internal/{leg.leg.number}@{_domain(leg.leg)}"
        channel.hears(f"bridged to {leg.leg.number}")
        talks = leg.phone.talks
        channel.bridged = True
        why = self._rest(math.inf if talks is None else channel.seconds() + talks)
        channel.bridged = False
        cause = "NORMAL_CLEARING"
        if why is Rest.GONE:
            self.session.pause()
        else:
            channel.variables["last_bridge_hangup_cause"] = cause
            channel.variables["last_bridge_proto_specific_hangup_cause"] = "sip:200"
        channel.hears(None)
        channel.variables.pop("bridge_to", None)
        channel.variables["bridge_hangup_cause"] = cause
        channel.fire("CHANNEL_UNBRIDGE", (("Other-Leg-Unique-ID", leg.uuid),))

    def _wall(self) -> float:
        return self.clock.now().timestamp()


def _domain(leg: Leg) -> str:
    return leg.endpoint.partition("@")[2]


@application("bridge")
def bridge(session: Session, data: str) -> None:
    """A dial string. Without `continue_on_fail`, busy and the like clear the caller; no answer never does."""
    channel = session.channel
    attempt = _Bridge(session, data)
    disposition, leg = attempt.originate()
    channel.hears(None)
    if leg is not None:
        attempt.connect(leg)
        if leg.phone.transfers and channel.ready:
            move(session, leg.phone.transfers)
        elif channel.ready and channel.true("hangup_after_bridge"):
            channel.hang_up(channel.get("bridge_hangup_cause") or "NORMAL_CLEARING")
        return
    attempt.result(disposition)
    if disposition in ("NO_ANSWER", "NO_USER_RESPONSE", "ORIGINATOR_CANCEL"):
        return
    go_on = channel.get("continue_on_fail") or ""
    if not channel.true("continue_on_fail") and disposition not in go_on.replace(",", " ").split():
        channel.hang_up(disposition)
