"""What the connect reply says of a call: each value through the white list of its place, or not at all.

>>> block = b"Content-Type: command/reply\\nvariable_ivr_dialled: 1000\\nCaller-Caller-ID-Number: 110 ${x}"
>>> came = arrived(Frame(block), "6f1c8a1e-0000-4000-8000-000000000001")
>>> came.dialled, came.caller, came.entered_at
('1000', '', None)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr import outcome
from ivr.call import Rang, Recorded
from ivr.esl.codec import Frame
from ivr.esl.packing import CARRIED, STATE
from ivr.steps import Address

__all__ = ["Arrival", "arrived"]

_ADDRESS = re.compile(r"[a-z][a-z_]{0,31}(/[A-Za-z0-9_.-]{1,64})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CALLER = re.compile(r"\+?[0-9]{1,32}")
_DIALLED = re.compile(r"[0-9]{1,32}")
_DOMAIN = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_TURN = re.compile(r"[0-9]{1,6}")
_DONE = re.compile(r"(ring|record):[0-9]{1,6}")
_TRUE = re.compile("true")
_VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(slots=True)
class Arrival:
    """A call as it comes in or comes back; the names are those of `ivr.call.Call`, "" where nothing clean is said."""

    caller: str
    dialled: str
    domain: str
    """Where the house's telephones are registered: of user/EXTENSION@DOMAIN."""
    by_colleague: bool
    answered: bool
    language: str
    table_version: str
    turn: int
    """The number of the last hand-over; 0 before the first."""
    entered_at: Address | None
    state: dict[str, str]
    carried: dict[str, str]
    waited: float
    back: Rang | Recorded | None


def arrived(channel: Frame, uuid: str) -> Arrival:
    """Read a connect reply of the call `uuid`. A value that does not pass is as if it were not there."""
    ours = channel.beginning("variable_ivr_")

    def own(name: str, pattern: re.Pattern) -> str:
        value = ours.get(name, "")
        return value if pattern.fullmatch(value) else ""

    number = channel.get("Caller-Caller-ID-Number") or ""
    turn = int(own("turn", _TURN) or 0)
    entered_at = own("at", _ADDRESS) or None
    return Arrival(
        caller=number if _CALLER.fullmatch(number) else "",
        dialled=own("dialled", _DIALLED),
        domain=own("domain", _DOMAIN),
        by_colleague=own("by_colleague", _TRUE) == "true",
        answered=channel.get("Answer-State") == "answered",
        language=own("lang", _LANGUAGE),
        table_version=own("table", _VERSION),
        turn=turn,
        entered_at=entered_at,
        state=STATE.unpacked(ours.get("state", "")),
        carried=CARRIED.unpacked(ours.get("carried", "")),
        waited=_rang_before(channel) if entered_at is None else 0.0,
        back=_back(channel, own("done", _DONE), uuid, turn),
    )


def _rang_before(channel: Frame) -> float:
    """Seconds the caller had rung. Who was answered before (a colleague gave him back to the house) has not been
    ringing since."""
    answered = channel.get("Caller-Channel-Answered-Time") or "0"
    until = answered if answered != "0" else channel.get("Event-Date-Timestamp")
    return _between(channel.get("Caller-Channel-Created-Time"), until)


def _back(channel: Frame, done: str, uuid: str, turn: int) -> Rang | Recorded | None:
    """With what the switch came back, if it is what the last hand-over asked for."""
    if done == f"ring:{turn}":
        talked = _between(channel.get("Caller-Channel-Bridged-Time"), channel.get("Event-Date-Timestamp"))
        return outcome.rang(_Variables(channel), talked)
    if done == f"record:{turn}":
        recorded = outcome.recorded(_Variables(channel))
        return Recorded(f"{uuid}-{turn}.wav", recorded.ms, recorded.ended)
    return None


def _between(start: str | None, end: str | None) -> float:
    """Seconds between two of FreeSWITCH's times in microseconds; 0 where one is missing."""
    if not start or not end or not start.isdecimal() or not end.isdecimal() or int(start) == 0:
        return 0.0
    return max(0.0, (int(end) - int(start)) / 1_000_000)


class _Variables(Mapping):
    """The channel's variables."""

    def __init__(self, channel: Frame):
        self._channel = channel

    def __getitem__(self, name: str) -> str:
        value = self._channel.get(f"variable_{name}")
        if value is None or value == "_undef_":
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix("variable_") for name in self._channel.headers if name.startswith("variable_"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
