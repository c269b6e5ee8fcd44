"""What a switch can be asked that is not about the caller at hand: calls placed, lamps lit, counts, health.

    placed = switch.originate(phone("8001", "pbx.example"), "4000", seconds=20)
    placed.ok, placed.cause         # (False, "USER_BUSY")

Whoever mixes this in has `ask` (a command and its reply), `clock`, `name`.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from ivr.clock import Clock
from ivr.errors import WireError
from ivr.esl import commands, control_commands
from ivr.esl.frames import Event, Frame
from ivr.journal import is_uuid
from ivr.waits import Answer

__all__ = ["ControlVerbs", "Health", "Placed"]

ROUND = 10.0
"""Seconds that `originate` may take beyond its ringing."""
_UNITS = {"years": 365 * 86400, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_CAUSE = re.compile(r"-ERR ([A-Z][A-Z_]{2,60})\b")


@dataclass(frozen=True, slots=True)
class Health:
    """How a switch is. `total`: calls since it was started; `rate`: calls begun in the last second."""

    at: datetime
    version: str
    ready: bool
    uptime: int
    """Seconds since it was started."""
    sessions: int
    most: int
    total: int
    rate: int

    def __str__(self):
        hours, minutes = divmod(self.uptime // 60, 60)
        state = "" if self.ready else ", not ready"
        return f"FreeSWITCH {self.version}{state}, up {hours} h {minutes} min, {self.sessions} of {self.most} sessions"


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of an `originate`: SUCCESS, or FreeSWITCH's cause, such as USER_BUSY. `uuid`: its channel's id."""

    uuid: str
    cause: str

    @property
    def ok(self) -> bool:
        return self.cause == "SUCCESS"


class ControlVerbs:
    """The verbs. All of them wait for the switch, with a deadline; they raise Deadline, GoneAway and WireError."""

    name: str
    clock: Clock

    def __init__(self):
        self._jobs: dict[str, Answer] = {}

    def ask(self, command: bytes, seconds: float | None = None, what: str = "command") -> Frame:
        raise NotImplementedError

    # Questions ------------------------------------------------------------------------------------------------------

    def status(self, seconds: float | None = None) -> Health:
        """Uptime and sessions, as the switch says now."""
        found = self._json(control_commands.STATUS, "status", seconds)
        try:
            told = found["response"]
            counts = told["sessions"]["count"]
            return Health(
                at=self.clock.now(),
                # "1.10.12-release  64bit": the number alone.
                version=str(told["version"]).partition("-")[0][:40],
                ready=told["systemStatus"] == "ready",
                uptime=sum(int(told["uptime"][unit]) * seconds for unit, seconds in _UNITS.items()),
                sessions=int(counts["active"]),
                most=int(counts["limit"]),
                total=int(counts["total"]),
                rate=int(told["sessions"]["rate"]["current"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise WireError(f"{self.name}: a status that cannot be read: {error!r}") from None

    def channel_count(self) -> int:
        """How many channels there are: a call put through has two."""
        try:
            return int(self._json(control_commands.COUNT, "show channels count")["row_count"])
        except (KeyError, TypeError, ValueError) as error:
            raise WireError(f"{self.name}: a count that cannot be read: {error!r}") from None

    def channels(self) -> dict[str, dict[str, Any]]:
        """Every channel by its id, with what `show channels` says of it."""
        rows = self._json(control_commands.CHANNELS, "show channels").get("rows", [])
        if not isinstance(rows, list):
            raise WireError(f"{self.name}: channels that cannot be read: {rows!r:.80}")
        return {row["uuid"]: row for row in rows if isinstance(row, dict) and is_uuid(row.get("uuid"))}

    def exists(self, channel: str) -> bool:
        """Is this channel there?"""
        return self.ask(control_commands.exists(channel), what="uuid_exists").data.strip() == "true"

    # Orders ---------------------------------------------------------------------------------------------------------

    def kill(self, channel: str, cause: str = "MANAGER_REQUEST") -> bool:
        """End a channel; False if there is none."""
        return self.ask(control_commands.kill(channel, cause), what="uuid_kill").data.startswith("+OK")

    def lamp(self, extension: str, domain: str, new: int, old: int = 0) -> None:
        """Light a telephone's message lamp, or put it out with `new=0`."""
        reply = self.ask(control_commands.lamp(extension, domain, new, old), what="sendevent MESSAGE_WAITING")
        if not reply.data.startswith("+OK"):
            raise WireError(f"{self.name}: the message lamp was refused: {reply.data.strip()[:80]}")

    def originate(
        self, leg: str, to: str, *, seconds: int = 30, caller: str = "", context: str = "ivr-entry",
        channel: str | None = None,
    ) -> Placed:  # fmt: skip
        """Ring `leg`, and connect whoever answers with number `to`. Waits until it is answered, or is not.

        GoneAway and Deadline say nothing about the call: choose its id (`channel`) beforehand and ask `exists`.
        """
        job, channel = commands.new_uuid(), channel or commands.new_uuid()
        command = control_commands.originate(
            leg, to, job=job, channel=channel, seconds=seconds, caller=caller, context=context
        )
        # Before it is sent: a call that fails at once is told of before its reply has been looked at.
        answer = self._jobs[job] = Answer()
        try:
            reply = self.ask(command, what="bgapi originate").data
            if not reply.startswith("+OK"):
                raise WireError(f"{self.name}: originate was refused: {reply.strip()[:80]}")
            said = answer.get(self.clock, seconds + ROUND, f"end of an originate on {self.name}").strip()
        finally:
            del self._jobs[job]
        if said.startswith("+OK"):
            return Placed(channel, "SUCCESS")
        found = _CAUSE.match(said)
        if found is None:
            raise WireError(f"{self.name}: originate answered {said[:80]!r}")
        return Placed(channel, found[1])

    # What comes back ------------------------------------------------------------------------------------------------

    def _job_done(self, event: Event) -> None:
        """A BACKGROUND_JOB: whoever waits for it, by its Job-UUID, has its result; the others are nobody's."""
        waiting = self._jobs.get(str(event.get("Job-UUID", "")))
        if waiting is not None:
            _ = event.headers  # the content is there when they have been parsed
            waiting.set(event.content.decode("utf-8", "replace"))

    def _jobs_lost(self, error: WireError) -> None:
        for waiting in list(self._jobs.values()):
            waiting.fail(error)

    def _json(self, command: bytes, what: str, seconds: float | None = None) -> dict:
        text = self.ask(command, seconds, what).body
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            # A caller's name stands in the list of channels, and it may be no UTF-8.
            try:
                found = orjson.loads(text.decode("utf-8", "replace"))
            except orjson.JSONDecodeError:
                found = None
        if not isinstance(found, dict):
            raise WireError(f"{self.name}: {what} was answered {text[:80]!r}")
        return found
