"""What the connect reply says of a call: each value through the white list of its place, or not at all.

>>> block = b"Content-Type: command/reply\\nvariable_ivr_dialled: 1000\\nCaller-Caller-ID-Number: 110 ${x}"
>>> came = arrived(Frame(block), "6f1c8a1e-0000-4000-8000-000000000001")
>>> came.dialled, came.caller, came.entered_at
('1000', '', None)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr import outcome
from ivr.call import Rang, Recorded
from ivr.esl.frames import Frame, headers_named, unquoted
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
_RANG = ("originate_disposition", "originate_causes", "sip_invite_failure_phrase")
_RECORDED = ("ivr_record_file", "record_ms", "playback_terminator_used", "silence_hits_exhausted")
"""What the switch comes back with from ringing, and from recording."""
_VARIABLES = f"variable_(?:ivr_.*|{'|'.join(_RANG + _RECORDED)})"
_SAID = headers_named(f"{_VARIABLES}|Caller-C(?:aller-ID-Number|hannel-.*)|Answer-State|Event-Date-Timestamp")
"""What is read of a connect reply: 20 to 40 headers of 200."""


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
    said = channel.those(_SAID)

    def own(name: bytes, pattern: re.Pattern) -> str:
        value = unquoted(said.get(b"variable_ivr_" + name, b""))
        return value if pattern.fullmatch(value) else ""

    number = unquoted(said.get(b"Caller-Caller-ID-Number", b""))
    turn = int(own(b"turn", _TURN) or 0)
    entered_at = own(b"at", _ADDRESS) or None
    answered = said.get(b"Answer-State") == b"answered"
    return Arrival(
        caller=number if _CALLER.fullmatch(number) else "",
        dialled=own(b"dialled", _DIALLED),
        domain=own(b"domain", _DOMAIN),
        by_colleague=own(b"by_colleague", _TRUE) == "true",
        answered=answered,
        language=own(b"lang", _LANGUAGE),
        table_version=own(b"table", _VERSION),
        turn=turn,
        entered_at=entered_at,
        state=STATE.unpacked(unquoted(said.get(b"variable_ivr_state", b""))),
        carried=CARRIED.unpacked(unquoted(said.get(b"variable_ivr_carried", b""))),
        waited=_rang_before(said) if entered_at is None or not answered else 0.0,
        back=_back(said, own(b"done", _DONE), uuid, turn),
    )


def _rang_before(said: Mapping[bytes, bytes]) -> float:
    """Seconds the caller had rung. Who was answered before (a colleague gave him back to the house) has not been
    ringing since."""
    answered = said.get(b"Caller-Channel-Answered-Time") or b"0"
    until = answered if answered != b"0" else said.get(b"Event-Date-Timestamp", b"")
    return _between(said.get(b"Caller-Channel-Created-Time", b""), until)


def _back(said: Mapping[bytes, bytes], done: str, uuid: str, turn: int) -> Rang | Recorded | None:
    """With what the switch came back, if it is what the last hand-over asked for."""
    if done == f"ring:{turn}":
        talked = _between(said.get(b"Caller-Channel-Bridged-Time", b""), said.get(b"Event-Date-Timestamp", b""))
        return outcome.rang(_variables(said, _RANG), talked)
    if done == f"record:{turn}":
        recorded = outcome.recorded(_variables(said, _RECORDED))
        return Recorded(f"{uuid}-{turn}.wav", recorded.ms, recorded.ended)
    return None


def _between(start: bytes, end: bytes) -> float:
    """Seconds between two of FreeSWITCH's times in microseconds; 0 where one is missing."""
    if not start.isdigit() or not end.isdigit() or int(start) == 0:
        return 0.0
    return max(0.0, (int(end) - int(start)) / 1_000_000)


def _variables(said: Mapping[bytes, bytes], names: Sequence[str]) -> dict[str, str]:
    """Some of the channel's variables."""
    found = {name: unquoted(said.get(b"variable_" + name.encode(), b"_undef_")) for name in names}
    return {name: value for name, value in found.items() if value != "_undef_"}
