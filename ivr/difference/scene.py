"""A scene: what a caller lives through until something is asked of him, of phones, or of his voice; and what then.

Steps that only speak and lead on (a place that is closed, an announcement) are no scenes: two tables that come to the
same by another way are the same to a caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ivr.handlers import kind_of
from ivr.ring_plan import RingPlan
from ivr.steps import Address, Table
from ivr.ways import Act, Caller, Choice, Lives, Stand, Way

__all__ = ["Branch", "Phones", "Scene", "Scenes"]

MOST = 50
"""Steps that only speak, one after the other."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What comes of one answer: what the house does then, within the step, and where the caller stands."""

    acts: tuple[Act, ...]
    to: Stand | None


@dataclass(frozen=True)
class Scene:
    """`entered`: the step that led here. `acts`: what was heard on the way. `at`: where the caller stands now; None
    where the call ends. `asks`: what is asked for; None at the end. `ways`: those on from here."""

    entered: Address
    acts: tuple[Act, ...]
    at: Stand | None
    asks: Act | None
    ways: tuple[Way, ...] = ()

    @cached_property
    def branches(self) -> Mapping[tuple[Choice, ...], Branch]:
        """What comes of each answer. Most scenes are met again and again, and looked through once."""
        return {tuple(map(_named, way.choices)): Branch(_after(way.acts), way.to) for way in self.ways}

    @property
    def kind(self) -> str:
        """end, rings, records, or the kind of the step that asks: menu, hold, message …"""
        if self.asks is None:
            return "end"
        return self.asks.verb if self.asks.verb != "asks" else kind_of(self.at.address)


class Scenes:
    """The scenes of one table. The same one is the same object, whichever caller comes to it and when: what has been
    looked through once need not be looked through again."""

    def __init__(self, lives: Lives):
        self.lives, self.table = lives, lives.table
        self._known: dict[tuple[int, ...], tuple[tuple[Act, ...], Scene]] = {}

    def next(self, stand: Stand | None, at: datetime, caller: Caller, heard: tuple[Act, ...] = ()) -> Scene:
        """The next scene of a caller who stands somewhere and has heard something on the way there."""
        passed: list[tuple[Way, ...]] = []
        where = stand
        while where is not None and len(passed) < MOST:
            passed.append(self.lives.ways(where, at, caller))
            if passed[-1][0].choices:
                break
            where = passed[-1][0].to
        # All of these are kept, so that none of the ids is given to another.
        key = (id(heard), *map(id, passed))
        if key not in self._known:
            self._known[key] = heard, _scene(stand, passed, heard, where)
        return self._known[key][1]


def _scene(stand: Stand | None, passed: list[tuple[Way, ...]], heard: tuple[Act, ...], where: Stand | None) -> Scene:
    """`passed`: the ways through each step on the way; `where`: the caller stands at the last."""
    entered = stand.address if stand else ""
    asked = bool(passed and passed[-1][0].choices)
    for ways in passed[:-1] if asked else passed:
        heard = (*heard, *ways[0].acts)
    if not asked:
        return Scene(entered, heard, None, None)
    opening, asks = _until_asked(passed[-1][0].acts)
    return Scene(entered, (*heard, *opening), where, asks, passed[-1])


def _named(choice: Choice) -> Choice:
    """Whoever knows the PIN keys the one that is right."""
    return Choice("pin") if choice.kind == "pin" else choice


def _until_asked(acts: tuple) -> tuple[tuple[Act, ...], Act]:
    first = next(index for index, act in enumerate(acts) if isinstance(act, Choice))
    return acts[: first - 1], acts[first - 1]


def _after(acts: tuple) -> tuple[Act, ...]:
    first = next(index for index, act in enumerate(acts) if isinstance(act, Choice))
    return tuple(act for act in acts[first:] if isinstance(act, Act))


@dataclass(frozen=True, slots=True)
class Phones:
    """Who is really rung. `groups`: of (extension, the number outside in its place, must he accept by a key?)."""

    groups: tuple[tuple[tuple[str, str | None, bool], ...], ...]
    seconds: int
    rotate: bool
    announce: bool

    @classmethod
    def of(cls, plan: RingPlan, table: Table) -> "Phones":
        def phone(number: str) -> tuple[str, str | None, bool]:
            step = table.steps.get(f"extension/{number}")
            return (number, step.outside, step.accept) if step else (number, None, False)

        groups = tuple(tuple(phone(number) for number in group) for group in plan.groups)
        return cls(groups, plan.seconds, plan.rotate and len(groups) > 1, plan.announce)
