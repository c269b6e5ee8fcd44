"""No loop without an end: a caller who presses nothing, and whom nobody answers, comes to a message box or the goodbye.

A place that is closed leads elsewhere than one that is open. So a loop through several opening hours is one only if
there is a moment at which they are so; each combination of states of the next 400 days is looked at.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice, product
from zoneinfo import ZoneInfo

from ivr.hours import Hours
from ivr.steps import Address, Department, Extension, Greeting, Menu, Step
from ivr.table.build import Builder
from ivr.table.graph import MenusBefore, hours_of, written_at
from ivr.table.moments import combinations, told

__all__ = ["loop"]

Ways = Mapping[Address, tuple[Address, ...]]
MOST_HOURS = 24
"""Different opening hours in one knot whose combinations are lived through; with more of them a table is not readable,
and every loop that could be is told."""
MOST_SWITCHED = 4
SHOWN = 6
TOLD = 3
"""Loops that are told of one knot: mending one of them often mends all."""


def loop(made: Builder, today: date | None) -> None:
    """A caller who does nothing, whom nobody answers, must come to an end (rules A4, A5)."""
    menus = MenusBefore(made.steps)
    operators = {step.operator for step in made.steps.values() if isinstance(step, Greeting)} - {"operator"}

    def ways(address: Address, states: Mapping[Hours, str] | None = None) -> tuple[Address, ...]:
        found = menus.led(address, _ways(made.steps[address], states))
        return (*found, *operators) if address == "operator" else found  # those of other houses

    switched = {name for _, model in made.reading.things("switches") for name in model.hours}
    everything = {address: ways(address) for address in made.steps}
    order = {address: n for n, address in enumerate(made.steps)}
    for knot in _knots(everything):
        for when, states in _states(made, knot, switched, today):
            within = {
                address: tuple(to for to in ways(address, states) if to in knot)
                for address in sorted(knot, key=order.__getitem__)
            }
            if rings := list(islice(_cycles(within), TOLD)):
                for ring in rings:
                    _tell(made, ring, when, states)
                break


def _tell(made: Builder, ring: tuple[Address, ...], when: datetime | None, states: Mapping[Hours, str]) -> None:
    first = min(ring, key=lambda address: made.lines.get(address, 0))
    turn = ring.index(first)
    steps = [*ring[turn:], *ring[:turn], first]
    if len(steps) > 2 * SHOWN:
        steps[SHOWN:-SHOWN] = [f"({len(steps) - 2 * SHOWN} more)"]
    needed = {hours: states[hours] for address in ring if (hours := hours_of(made.steps[address])) in states}
    why = ""
    if when is not None and len(needed) > 1:
        why = f" on {told(when, ZoneInfo(made.zone))}"
    elif needed and any(state != "open" for state in needed.values()):
        said = sorted(f"{hours.name} is {'at lunch' if state == 'lunch' else state}" for hours, state in needed.items())
        why = f" while {' and '.join(said)}"
    message = (
        f"a caller who presses nothing can go round for ever{why}: {' → '.join(steps)}; lead one of them elsewhere"
    )
    path = written_at(made, first)
    made.reading.found.error(made.reading.place(path, key=True), path, message, "loop")


def _ways(step: Step, states: Mapping[Hours, str] | None) -> tuple[Address, ...]:
    """The exits that are taken with nobody pressing a key and nobody answering, at any time or with these states."""
    if isinstance(step, Menu):
        return (step.silence, step.invalid)
    hours = hours_of(step)
    if hours is None:
        return _ends(step) if isinstance(step, Department | Extension) else step.exits()
    state = states.get(hours) if states is not None else None
    if isinstance(step, Extension):
        return {"open": (step.quiet_to,), None: (*_ends(step), step.quiet_to)}.get(state, _ends(step))
    found = _ends(step) if state in (None, "open") else ()
    if state in (None, "closed"):
        found = (*found, step.closed)
    if state == "lunch" or (state is None and hours.has_lunch):
        found = (*found, step.lunch)
    return found


def _ends(step: Department | Extension) -> tuple[Address, ...]:
    ends = step.ends
    return (ends.busy, ends.no_answer, ends.refused, ends.unreachable, ends.do_not_disturb)


def _states(
    made: Builder, knot: set[Address], switched: set[str], today: date | None
) -> Iterator[tuple[datetime | None, Mapping[Hours, str] | None]]:
    """The states the hours of a knot are in together at some moment."""
    every = dict.fromkeys(hours for address in knot if (hours := hours_of(made.steps[address])) is not None)
    free = [hours for hours in every if hours.name in switched]  # by hand, at any moment
    timed = tuple(sorted((hours for hours in every if hours.name not in switched), key=lambda hours: hours.name))
    if len(free) > MOST_SWITCHED or len(timed) > MOST_HOURS:
        yield None, {}
        return
    by_hand = [dict(zip(free, states, strict=True)) for states in product(("open", "closed"), repeat=len(free))]
    if not timed:
        moments = ((None, ()),)
    elif len(timed) == 1:
        states = ("open", "closed", "lunch") if timed[0].has_lunch else ("open", "closed")
        moments = ((None, (state,)) for state in states)
    elif today is not None:
        moments = combinations(timed, today)
    else:
        moments = ()  # without a date nobody can tell
    for when, states in moments:
        for switches in by_hand:
            yield when, dict(zip(timed, states, strict=True)) | switches


def _knots(ways: Ways) -> Iterator[set[Address]]:
    """The parts of a graph in which every step leads to every other (Tarjan, without recursion: chains may be long)."""
    number: dict[Address, int] = {}
    low: dict[Address, int] = {}
    stack: list[Address] = []
    held: set[Address] = set()
    for start in ways:
        if start in number:
            continue
        todo = [(start, iter(ways[start]))]
        number[start] = low[start] = len(number)
        stack.append(start)
        held.add(start)
        while todo:
            address, exits = todo[-1]
            for to in exits:
                if to not in ways:
                    continue
                if to not in number:
                    number[to] = low[to] = len(number)
                    stack.append(to)
                    held.add(to)
                    todo.append((to, iter(ways[to])))
                    break
                if to in held:
                    low[address] = min(low[address], number[to])
            else:
                todo.pop()
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[address])
                if low[address] == number[address]:
                    knot = set()
                    while address not in knot:
                        knot.add(stack.pop())
                    held -= knot
                    if len(knot) > 1 or address in ways[address]:
                        yield knot


def _cycles(ways: Ways) -> Iterator[tuple[Address, ...]]:
    """A cycle for each way back in the graph, each once (depth first, without recursion)."""
    state: dict[Address, int] = {}
    told_of = set()
    for start in ways:
        if start in state:
            continue
        trail, todo = [start], [iter(ways[start])]
        state[start] = 1
        while trail:
            for to in todo[-1]:
                if to not in ways or state.get(to) == 2:
                    continue
                if state.get(to) == 1:
                    ring = tuple(trail[trail.index(to) :])
                    if frozenset(ring) not in told_of:  # a menu's silence and its wrong keys may lead the same way
                        told_of.add(frozenset(ring))
                        yield ring
                    continue
                state[to] = 1
                trail.append(to)
                todo.append(iter(ways[to]))
                break
            else:
                state[trail.pop()] = 2
                todo.pop()
