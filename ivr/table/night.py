"""Nobody is put through to phones nobody sits at, and then rung off (rule A4).

A phone is attended while a place with hours it rings for is open; who is on duty always is. Where no hours say that
somebody is there, nobody knows: such a place or phone ends in a message box, or has hours of 00:00-24:00.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ivr.hours import Hours
from ivr.steps import Address, Announcement, Department, Extension, Greeting, Hold, Menu, Step
from ivr.table.build import Builder
from ivr.table.graph import hours_of, rings, written_at
from ivr.table.moments import combinations, told

__all__ = ["unattended"]

MOST_HOURS = 24
MOST_STEPS = 10
"""Steps that lead on to each other while nobody answers; ten of them ring for minutes, and are not followed further."""


def unattended(made: Builder, today: date) -> None:
    nights, ended = Nights(made), set()
    for step in made.steps.values():
        if isinstance(step, Department) and (own := hours_of(step)):
            ways = {"closed": step.closed} | ({"lunch": step.lunch} if own.has_lunch else {})
            for state, to in ways.items():
                if to in nights.risky and (found := nights.rung_off(to, today, own, state)):
                    ended.add(found.way[-1])
                    _tell(made, written_at(made, step.address), (state, "closed"), found)
    looked_at = set()
    for to in _come_to_at_every_hour(made):
        if to not in nights.risky or nights.alike(to) in looked_at:
            continue
        looked_at.add(nights.alike(to))
        if (found := nights.rung_off(to, today)) and found.way[-1] not in ended:
            ended.add(found.way[-1])
            _tell(made, written_at(made, found.way[-1]), ("leave", "ends"), found)


def _come_to_at_every_hour(made: Builder) -> Iterator[Address]:
    """Where callers are led by a number, a list of callers, an announcement, or a key, whatever the hour."""
    greetings = [step for step in made.steps.values() if isinstance(step, Greeting)]
    todo = [to for step in greetings for to in (step.to, step.operator)]
    todo = list(dict.fromkeys([*todo, *(model.to for _, model in made.reading.things("callers") if model.to)]))
    seen, dialled = set(todo), False
    for address in todo:
        yield address
        step = made.steps.get(address)
        ways = step.exits() if isinstance(step, Menu | Announcement) else ()
        if isinstance(step, Menu) and step.direct_dial and not dialled:
            dialled = True
            ways = (*ways, *(phone.address for phone in made.phones.values()))
        for to in ways:
            if to not in seen:
                seen.add(to)
                todo.append(to)


@dataclass(frozen=True, slots=True)
class Found:
    """A way on which callers are rung off unanswered. `when`: the first such moment, in words; "" where no hours say
    that anybody is ever there."""

    when: str
    way: tuple[Address, ...]


def _tell(made: Builder, path: tuple, keys: tuple[str, ...], found: Found) -> None:
    """At the first of the keys that is written."""
    written = getattr(made.reading.root.find(path), "entries", {})
    key = next((key for key in keys if key in written), None)
    there = f"at {' → '.join(found.way)}, and callers are rung off there; end it in a message box, or"
    message = f"no hours say when somebody is {there} give hours to a place that rings there"
    if found.when:
        message = f"on {found.when} nobody is {there} lead to somebody who is there"
    made.reading.error((*path, key) if key else path, message, "unattended", key=key is None)


class Nights:
    """Where callers come to whom nobody answers. `risky`: the steps that may lead to the goodbye then."""

    def __init__(self, made: Builder):
        self.made, self.steps, self.phones = made, made.steps, made.phones
        self.places: dict[str, set[Hours]] = {}
        """The hours of the places a phone rings for, of those that have hours."""
        for step in self.steps.values():
            if isinstance(step, Department) and step.hours is not None:
                for target in step.ring.targets:
                    self.places.setdefault(target, set()).add(step.hours)
        self.switched = {name for _, model in made.reading.things("switches") for name in model.hours}
        self.risky = self._risky()

    def _risky(self) -> set[Address]:
        leading: dict[Address, list[Address]] = {}
        for address, step in self.steps.items():
            for to in _unanswered_ways(step):
                leading.setdefault(to, []).append(address)
        found, todo = set(), ["goodbye"]
        while todo:
            for address in leading.get(todo.pop(), ()):
                if address not in found:
                    found.add(address)
                    todo.append(address)
        return found

    def alike(self, to: Address) -> object:
        """The same for sixty rooms of one range that ring for the same places."""
        kind, _, number = to.partition("/")
        model = self.made.reading.names("extensions").get(number) if kind == "extension" else None
        return (id(model), frozenset(self.places.get(number, ()))) if model else to

    def rung_off(self, to: Address, today: date, own: Hours | None = None, state: str = "") -> Found | None:
        """How who comes to `to` is rung off unanswered; `own`, `state`: because these hours are closed or at lunch,
        whatever rings then, and closed at any moment where somebody can close them by hand; else after a phone rang,
        and where no hours lead elsewhere."""
        deciding = self._deciding(to)
        if deciding is None or len(deciding) > MOST_HOURS:
            return None
        every = tuple(sorted({*deciding, *([own] if own else [])}, key=lambda hours: hours.name))
        for at, states in combinations(every, today):
            now = dict(zip(every, states, strict=True))
            by_hand = own is not None and now[own] != state
            if by_hand and not (own.name in self.switched and state == "closed"):
                continue
            if way := self._way(to, now if own is None else {**now, own: state}, straight=own is None):
                when = self._when(at, way)
                return Found(f"{when}, with {own.name} closed by hand," if when and by_hand else when, tuple(way))
        return None

    def _when(self, at: datetime, way: list[Address]) -> str:
        steps = [self.steps[address] for address in way]
        known = any(hours_of(step) or not rings(step, self.phones) for step in steps)
        known = known or any(self.places.get(target) for step in steps for target in _rung(step))
        return told(at, ZoneInfo(self.made.zone)) if known else ""

    def _deciding(self, to: Address) -> set[Hours] | None:
        """The hours that decide where a caller comes to from here on; None where that is too far."""
        found, seen, todo = set(), set(), [to]
        while todo:
            address = todo.pop()
            if address in seen or address not in self.risky:
                continue
            seen.add(address)
            if len(seen) > MOST_STEPS:
                return None
            step = self.steps[address]
            places = (hours for target in _rung(step) for hours in self.places.get(target, ()))
            found.update(hours for hours in (hours_of(step), *places) if hours is not None and not hours.always)
            todo += _unanswered_ways(step)
        return found

    def _way(self, to: Address, states: Mapping[Hours, str], straight: bool) -> list[Address]:
        """The steps passed on the way to the goodbye; none where somebody or something answers before."""
        passed: list[Address] = []
        rang = not straight
        while to != "goodbye":
            step = self.steps.get(to)  # none: back or top, a menu
            if step is None or to in passed or (straight and isinstance(step, Department) and hours_of(step)):
                return []
            on, rung = self._on(step, states)
            if on is None:
                return []
            passed.append(to)
            to, rang = on, rang or rung
        return passed if rang else []

    def _on(self, step: Step, states: Mapping[Hours, str]) -> tuple[Address | None, bool]:
        """Where a caller goes on from a step that does not answer, None where it does; and did a phone ring?"""
        state = states.get(hours_of(step), "open")
        if isinstance(step, Department) and state != "open":
            return (step.closed if state == "closed" else step.lunch), False
        if isinstance(step, Extension) and hours_of(step) and state == "open":
            return step.quiet_to, False
        if not isinstance(step, Department | Extension | Hold):
            return None, False
        if not isinstance(step, Hold) and not rings(step, self.phones):
            return step.ends.do_not_disturb, False
        if not _rung(step) or any(self._attended(target, states) for target in _rung(step)):
            return None, True
        return (step.leave if isinstance(step, Hold) else step.ends.no_answer), rings(step, self.phones)

    def _attended(self, target: str, states: Mapping[Hours, str]) -> bool:
        places = self.places.get(target, ())
        return target.startswith("duty/") or any(states.get(hours, "open") == "open" for hours in places)


def _rung(step: Step) -> tuple[str, ...]:
    """The phones that may be unattended: who sits at those of a place with hours, they say."""
    if isinstance(step, Extension | Hold) or (isinstance(step, Department) and step.hours is None):
        return step.ring.targets
    return ()


def _unanswered_ways(step: Step) -> tuple[Address, ...]:
    """Where a step may lead whom nobody answered, at whatever hour."""
    match step:
        case Department() if hours_of(step):
            return step.closed, step.lunch, step.ends.do_not_disturb
        case Department():
            unanswered = (step.ends.no_answer,) if step.hours is None else ()
            return (*unanswered, step.ends.do_not_disturb)
        case Extension():
            ways = (step.ends.no_answer, step.ends.do_not_disturb)
            return (*ways, step.quiet_to) if step.quiet else ways
        case Hold():
            return (step.leave,)
    return ()
