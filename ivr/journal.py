"""What happened: one row per call, one per event (rule H1). These are the entries; `ivr.store.journal` keeps them.

An entry may be written twice, late, or out of order, and the journal reads the same: the line and FreeSWITCH's call
records both report, each may repeat itself, and neither waits for the other.

    >>> at = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    >>> Noted("6a260ece-0ada-4bfb-b3f7-7b5a1771d19b", at, "keyed", {"keys": "1"}).text
    '{"keys": "1"}'
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime  # noqa: F401 — the examples need UTC
from typing import Any

__all__ = ["EVENTS", "CallRow", "Closed", "Entry", "EventRow", "Noted", "Opened", "is_uuid"]

EVENTS: Mapping[str, str] = {
    "answered": "the line took the call (A1); `waited` seconds after it arrived",
    "resumed": "another worker took the call over; `at`, `again`",
    "step": "the caller is at a step of the table; `address`",
    "listed": "the caller is on a list of the table; `list`",
    "language": "the caller chose a language; `language`",
    "remembered": "the caller is greeted in the language he chose in a call before (A3); `language`",
    "keyed": "the caller keyed something that means something; `keys`, `to`",
    "silence": "the caller keyed nothing (A5); `tried`",
    "invalid": "the caller keyed something that means nothing (A5), or no extension (A6); `keys`, `tried`",
    "prompt-missing": "a prompt could not be spoken; `prompt`",
    "closed-place": "the place was closed or at lunch (A7); `address`, `state`, `opens`",
    "quiet": "the phone is not rung at this hour (C3); `address`",
    "ring": "phones are to be rung (B1, B2); `address`, `targets`, `seconds`, `together`",
    "rang": "what became of it (B4, B5); `address`, `outcome`",
    "hold": "a waiting caller is asked whether he goes on waiting (A8); `address`, `round`, `position`",
    "pin-wrong": "the caller keyed another PIN (C4); `address`",
    "override": "the caller opened or closed hours by key, or gave them back to the table; `hours`, `state`, `until`",
    "handed-over": "the switch has the caller, and brings him back; `part`, `turn`",
    "message-begun": "a message is written down, its recording begins (D1); `reference`, `box`, `name`",
    "message-kept": "a message is there (D4); `reference`, `ms`, `ended`",
    "message-empty": "a recording held nothing; `reference`, `ms`, `ended`",
    "message-missing": "a recording was to be made, and no file came; `reference`",
    "message-refused": "no message could be taken: neither database nor spool would; `address`, `reason`",
    "fallback": "the switch took a message without a line (A4); `reference`, `name`",
    "failed": "a step failed, the caller went to the operator; `address`, `error`",
    "hangup": "the caller hung up while the line had him; `cause`",
    "call-record": "FreeSWITCH's own record; `answered`, `seconds`, `address`, `disposition`, `recording`, `done`",
    "lost": "nobody saw it end, and no switch has it any more (docs/control.md); `nowhere_since`",
}
"""The events the house writes, with their meaning and their data. A site's own steps may add others."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_EVENT = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_MOST_DATA = 4000
"""Characters of an event's data; what is longer is cut, so that one caller cannot fill the disk."""


def is_uuid(text: object) -> bool:
    """Is this a channel's id, as FreeSWITCH makes them?

    >>> is_uuid("6a260ece-0ada-4bfb-b3f7-7b5a1771d19b"), is_uuid("../../etc/passwd"), is_uuid(None)
    (True, False, False)
    """
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Opened:
    """A call arrived. `caller` and `dialled` are digits, or empty; `table` is the version that serves it."""

    uuid: str
    at: datetime
    caller: str = ""
    dialled: str = ""
    table: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something happened in a call."""

    uuid: str
    at: datetime
    event: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        if not _EVENT.fullmatch(self.event):
            raise ValueError(f"{self.event!r} is no event's name: write a-z, 0-9 and -, beginning with a letter")

    @property
    def text(self) -> str:
        """The data as JSON, the same for the same data."""
        text = json.dumps(dict(self.data), sort_keys=True, ensure_ascii=False, default=str)
        return text if len(text) <= _MOST_DATA else json.dumps({"cut": text[: _MOST_DATA // 2]}, ensure_ascii=False)

    @property
    def digest(self) -> str:
        """What tells two events of one kind in one instant apart, and a repeated one from a new one."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Closed:
    """A call is over. The first to say so is believed."""

    uuid: str
    at: datetime
    cause: str = ""


Entry = Opened | Noted | Closed


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as it is read back."""

    at: datetime
    event: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as it is read back. `closed` is None while it lasts; `events` are there where one call was asked for."""

    uuid: str
    at: datetime
    caller: str
    dialled: str
    table: str
    language: str
    closed: datetime | None
    cause: str
    events: tuple[EventRow, ...] = ()

    @property
    def seconds(self) -> float | None:
        """How long it lasted; None while it lasts."""
        return None if self.closed is None else max(0.0, (self.closed - self.at).total_seconds())
