"""Outside its hours a place does not send callers to phones nobody sits at, and then away (rule A4).

A phone is attended while a place it rings for is open; one that rings for no place, or for one without hours, always.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from ivr.hours import Hours
from ivr.steps import Address, Department, Extension, Hold, Step
from ivr.table.build import Builder
from ivr.table.graph import hours_of, rings
from ivr.table.moments import combinations, told

__all__ = ["unattended"]

MOST_HOURS = 24


def unattended(made: Builder, today: date) -> None:
    nights = Nights(made)
    for step in made.steps.values():
        if isinstance(step, Department) and (own := hours_of(step)):
            ways = {"closed": step.closed} | ({"lunch": step.lunch} if own.has_lunch else {})
            for state, to in ways.items():
                if to in nights.risky and (found := nights.rung_off(own, state, to, today)):
                    _tell(made, step, state, *found)


def _tell(made: Builder, step: Department, state: str, when: str, way: list[Address]) -> None:
    path = ("operator",) if step.address == "operator" else ("departments", step.address.partition("/")[2])
    written = getattr(made.reading.root.find(path), "entries", {})
    key = next((key for key in (state, "closed") if key in written), None)
    message = f"on {when} nobody is at {' → '.join(way)}, and callers are rung off there; end it in a message box, or "
    message += "lead to somebody who is there"
    made.reading.error((*path, key) if key else path, message, "unattended", key=key is None)


class Nights:
    """Where callers come to while places are closed. `risky`: the steps that may lead to the goodbye unanswered."""

    def __init__(self, made: Builder):
        self.steps, self.zone = made.steps, made.zone
        self.phones = {step.number: step for step in made.steps.values() if isinstance(step, Extension)}
        self.places: dict[str, set[Hours | None]] = {}
        for step in made.steps.values():
            if isinstance(step, Department):
                for target in step.ring.targets:
                    self.places.setdefault(target, set()).add(hours_of(step))
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

    def rung_off(self, own: Hours, state: str, to: Address, today: date) -> tuple[str, list[Address]] | None:
        """The first moment, in words, at which who comes to `to` is rung off unanswered, and the steps he passes."""
        every = tuple(sorted({own, *self._deciding(to)}, key=lambda hours: hours.name))
        if len(every) > MOST_HOURS:
            return None
        for at, states in combinations(every, today):
            now = dict(zip(every, states, strict=True))
            if now[own] == state and (way := self._way(to, now)):
                return told(at, ZoneInfo(self.zone)), way
        return None

    def _deciding(self, to: Address) -> Iterable[Hours]:
        """The hours that decide where a caller comes to from here on."""
        seen, todo = set(), [to]
        while todo:
            address = todo.pop()
            if address in seen or address not in self.risky:
                continue
            seen.add(address)
            step = self.steps[address]
            places = {hours for target in _rung(step) for hours in self.places.get(target, ())}
            yield from (hours for hours in (hours_of(step), *places) if hours is not None)
            todo += _unanswered_ways(step)

    def _way(self, to: Address, states: Mapping[Hours, str]) -> list[Address]:
        """The steps passed on the way to the goodbye; none where somebody or something answers before."""
        passed: list[Address] = []
        while to != "goodbye":
            on = self._on(self.steps[to], states) if to in self.steps else None  # else back or top: a menu
            if on is None or to in passed:
                return []
            passed.append(to)
            to = on
        return passed

    def _on(self, step: Step, states: Mapping[Hours, str]) -> Address | None:
        """Where a caller goes on from a step that does not answer; None where it does."""
        state = states.get(hours_of(step), "open")
        if isinstance(step, Department):
            if state != "open":
                return step.closed if state == "closed" else step.lunch
            return None if rings(step, self.phones) else step.ends.do_not_disturb
        if isinstance(step, Extension):
            if hours_of(step) and state == "open":
                return step.quiet_to
            if not rings(step, self.phones):
                return step.ends.do_not_disturb
        if not isinstance(step, Extension | Hold) or any(self._attended(target, states) for target in _rung(step)):
            return None
        return step.leave if isinstance(step, Hold) else step.ends.no_answer

    def _attended(self, target: str, states: Mapping[Hours, str]) -> bool:
        places = self.places.get(target, {None})
        return any(hours is None or states[hours] == "open" for hours in places)


def _rung(step: Step) -> tuple[str, ...]:
    return step.ring.targets if isinstance(step, Extension | Hold) else ()


def _unanswered_ways(step: Step) -> tuple[Address, ...]:
    """Where a step may lead whom nobody answered, at whatever hour."""
    match step:
        case Department():
            return (
                (step.closed, step.lunch, step.ends.do_not_disturb) if hours_of(step) else (step.ends.do_not_disturb,)
            )
        case Extension():
            ways = (step.ends.no_answer, step.ends.do_not_disturb)
            return (*ways, step.quiet_to) if step.quiet else ways
        case Hold():
            return (step.leave,)
    return ()
