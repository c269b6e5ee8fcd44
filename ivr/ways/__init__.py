"""What can become of a caller: every way through a table at an instant, lived with the real handlers.

    lives = Lives(table, handlers)
    for way in lives.ways(Stand(), at, Caller("02085550100")): …         # and on from way.to

What was lived once is not lived again while all that was asked then — hours, rotas — answers the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ivr.handlers import Handler
from ivr.reception import Reception
from ivr.steps import Address, Table
from ivr.watched import Asked, rules_of, watched
from ivr.ways.probe import OUTCOMES, Act, Choice, Probe, Stand, Way, ways

__all__ = ["ANY_OTHER", "DECIDING", "OUTCOMES", "Act", "Caller", "Choice", "Lives", "Stand", "Way"]

ANY_OTHER = "00000000000000000000"
"""What is dialled for "*": a number of no table."""
DECIDING = ("state", "on")
"""The verbs of the rules of time that decide something; the others tell a caller when."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls which number. `number`: his own, "" where it is withheld."""

    dialled: str
    number: str = "13800138000"


@dataclass(frozen=True, slots=True)
class Lived:
    """What was lived, and what hours and rotas had answered: (rule, verb, answer). `dialled`, `number`: those of the
    caller, where they were looked at; else None: they are no matter."""

    ways: tuple[Way, ...]
    answers: tuple[tuple[Any, str, Any], ...]
    dialled: str | None
    number: str | None

    def holds(self, at: datetime, caller: Caller) -> bool:
        """Would it be lived the same at another instant, by another caller?"""
        same = self.dialled in (None, caller.dialled) and self.number in (None, caller.number)
        return same and all(getattr(rule, verb)(at) == answer for rule, verb, answer in self.answers)


class Lives:
    """A table and its handlers. `dials`: the extensions that callers dial, where a menu lets them."""

    def __init__(self, table: Table, handlers: Mapping[str, Handler], dials: Sequence[str] = ()):
        self.table, self.dials = table, tuple(dials)
        self._watched = watched(table, self._hear, self._see)
        self._reception = Reception(handlers)
        self._asked: list[Asked] = []
        self._dialled_seen = self._caller_seen = False
        self._lived: dict[Stand, list[Lived]] = {}

    def ways(self, stand: Stand, at: datetime, caller: Caller) -> tuple[Way, ...]:
        """Every way through the step a caller stands at."""
        known = self._lived.setdefault(stand, [])
        for lived in known:
            if lived.holds(at, caller):
                return lived.ways
        self._asked.clear()
        self._dialled_seen, self._caller_seen = stand.address == "", False
        call = partial(Probe, self._watched, dialled=caller.dialled, caller=caller.number, dials=self.dials,
                       on_caller=self._see_caller)  # fmt: skip
        found = tuple(ways(self._reception, stand, at, call))
        answers = {(each.path, each.verb): each for each in self._asked if each.verb in DECIDING}
        told = tuple((each.rule, each.verb, each.answer) for each in answers.values())
        own = caller.dialled if self._dialled_seen else None, caller.number if self._caller_seen else None
        known.append(Lived(found, told, *own))
        return found

    def stands(self, at: datetime, caller: Caller) -> Iterator[tuple[Stand, tuple[Way, ...]]]:
        """Everywhere this caller can come to, and the ways through it; the nearest first."""
        seen, todo = {Stand()}, [Stand()]
        for stand in todo:
            found = self.ways(stand, at, caller)
            yield stand, found
            for to in (way.to for way in found if way.to is not None and way.to not in seen):
                seen.add(to)
                todo.append(to)

    def rules(self) -> list[Any]:
        """Every rule of time in the table, once."""
        return list({id(rule): rule for step in self.table.steps.values() for rule in rules_of(step)}.values())

    def _hear(self, asked: Asked) -> None:
        self._asked.append(asked)

    def _see(self, address: Address) -> None:
        self._dialled_seen = self._dialled_seen or address.startswith("greeting/")

    def _see_caller(self) -> None:
        self._caller_seen = True
