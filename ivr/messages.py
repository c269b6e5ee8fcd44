"""The rules of messages: their numbers, their states, their files' names, and when one is empty.

recording ──▶ new ──▶ delivered ──▶ heard ──▶ answered
    └───────▶ empty (nothing was said; kept all the same, rule D4)
"""

import re
from dataclasses import dataclass
from datetime import datetime

from ivr.journal import is_uuid

__all__ = [
    "EMERGENCY_BOX", "STATES", "TRANSITIONS", "Message", "Recording", "may_become", "named", "reference", "verdict",
]  # fmt: skip

EMERGENCY_BOX = "message/operator"
"""Where a recording goes that nobody can tell the box of: a person hears it, rather than nobody."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "recording": frozenset({"new", "empty"}),
    "new": frozenset({"delivered", "heard", "answered"}),
    "delivered": frozenset({"heard", "answered"}),
    "heard": frozenset({"answered"}),
    "answered": frozenset(),
    # A person may find words in what was judged empty.
    "empty": frozenset({"new", "heard"}),
}
STATES = tuple(TRANSITIONS)


def may_become(state: str, other: str) -> bool:
    """May a message in `state` become `other`? Staying is always allowed: marks may come twice.

    >>> may_become("new", "heard"), may_become("heard", "new")
    (True, False)
    """
    return state == other or other in TRANSITIONS.get(state, ())


# Reference numbers (rule D4: one is spoken to the caller) ------------------------------------------------------------

_BLOCKS = ((100_000, 900_000, 387_433), (1_000_000, 9_000_000, 3_873_779), (10_000_000, 80_000_000, 34_434_227))
"""First number, how many, and a step prime to it: each block is walked through once, in strides, so that two messages
taken one after the other have numbers nobody confuses. 90,000,000 and above are left to messages that were
taken while the database was not to be had (`ivr.store.sidecar`)."""


def reference(n: int) -> str:
    """The number of the n-th message, n ≥ 0: six digits for the first 900,000, no leading zero, none twice.

    >>> [reference(n) for n in range(3)], reference(900_000)
    (['100000', '487433', '874866'], '1000000')
    """
    for first, many, step in _BLOCKS:
        if n < many:
            return str(first + n * step % many)
        n -= many
    return str(100_000_000 + n)


# Names of files -------------------------------------------------------------------------------------------------------

_NAME = re.compile(
    r"(?P<fallback>fallback-)?(?P<uuid>[0-9a-f-]{36})(?:-(?P<turn>\d{1,6}))?(?P<again>(?:-again){1,5})?\.wav", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a recording's name says: whose call, which hand-over; `fallback` where the switch took it without a line
    (the second one of a call ends in -again)."""

    uuid: str
    turn: int | None
    fallback: bool


def named(name: str) -> Named | None:
    """What a recording's name says; None where it is no name of ours (and so no file of ours).

    >>> named("6a260ece-0ada-4bfb-b3f7-7b5a1771d19b-2.wav")
    Named(uuid='6a260ece-0ada-4bfb-b3f7-7b5a1771d19b', turn=2, fallback=False)
    >>> named("fallback-6a260ece-0ada-4bfb-b3f7-7b5a1771d19b.wav").fallback
    True
    >>> named("fallback-6a260ece-0ada-4bfb-b3f7-7b5a1771d19b-again.wav").fallback
    True
    >>> named("../zongji.db") is None
    True
    """
    found = _NAME.fullmatch(name)
    if found is None or not is_uuid(found["uuid"]) or (found["fallback"] is None) != (found["turn"] is not None):
        return None
    if found["again"] and not found["fallback"]:
        return None
    return Named(found["uuid"], None if found["turn"] is None else int(found["turn"]), found["fallback"] is not None)


# Emptiness ----------------------------------------------------------------------------------------------------------

_LEAST_VOICE = 200
"""Milliseconds of sound that count as something said: shorter is a click, a breath, a handset put down."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as it was measured. `ms`: its length; `voiced`: how much of it is louder than a quiet line.

    Both are None where the file could not be read or is of a kind we do not know.
    """

    ms: int | None
    voiced: int | None


def verdict(recording: Recording | None, shortest: float) -> str:
    """ "new" or "empty". In doubt "new": an empty message costs somebody ten seconds, a lost one costs a customer.

    >>> verdict(None, 1.0), verdict(Recording(0, 0), 1.0)       # no file; no RTP: a header of 44 bytes and nothing
    ('empty', 'empty')
    >>> verdict(Recording(5000, 40), 1.0), verdict(Recording(600, 500), 1.0)    # silence; a word cut off
    ('empty', 'empty')
    >>> verdict(Recording(5000, 1800), 1.0), verdict(Recording(None, None), 1.0)
    ('new', 'new')
    """
    if recording is None:
        return "empty"
    if recording.ms is None or recording.voiced is None:
        return "new"
    return "new" if recording.ms >= shortest * 1000 and recording.voiced >= _LEAST_VOICE else "empty"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is read back. `name` is its recording's file in the spool, `ms` its length, `ended` how it ended.

    `ended`: "key", "silence", "limit", "hangup"; "missing" where the recording never came; "" while it lasts.
    """

    reference: str
    name: str
    box: str
    state: str
    caller: str
    dialled: str
    language: str
    callback: str
    begun: datetime
    finished: datetime | None
    ms: int | None
    ended: str

    @property
    def uuid(self) -> str:
        """The call it was taken in."""
        found = named(self.name)
        return found.uuid if found else ""
