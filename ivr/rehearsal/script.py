"""A call script: who calls when, what he does and expects, and how the phones of the house behave. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.rehearsal.values import Span

__all__ = ["Ends", "PhoneAct", "Script", "Step"]

Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class PhoneAct:
    """What a phone does when it is rung once.

    `does`: answers, busy, refuses, rings, voicemail, unreachable or do_not_disturb. `after`: seconds of ringing;
    `talks`: seconds until it hangs up, or `transfers` the caller to a number.
    """

    does: str
    after: float = 0.0
    talks: float | None = None
    transfers: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the caller's part. `does`: a key of `StepText`, or hangs_up; `value`: as it was typed."""

    does: str
    value: object
    place: Place


@dataclass(frozen=True, slots=True)
class Ends:
    """How the call is to end. `how`: with, message, goodbye or hangs_up; `who`: the extension or the box."""

    how: str
    place: Place
    who: str = ""
    lasts: Span | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """One call. `at` is on the wall of the house; `phones`: extension → what it does at each ring in turn, the last one
    for ever after ("*": every other extension); `hours`: those that somebody has made open or closed by hand; `chose`:
    the language the caller chose in a call before, or ""."""

    name: str
    file: str
    place: Place
    at: datetime
    to: str
    frm: str
    phones: Mapping[str, tuple[PhoneAct, ...]] = field(default_factory=dict)
    hours: Mapping[str, str] = field(default_factory=dict)
    chose: str = ""
    steps: tuple[Step, ...] = ()
    ends: Ends | None = None
    lasts: Span | None = None
    never_hears: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where its parts are written: key → place."""
