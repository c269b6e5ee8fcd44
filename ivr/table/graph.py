"""Where callers can go: rules of the table as a graph. No loop without an end (A4, A5); no step that nobody reaches."""

from collections.abc import Iterator, Mapping

from ivr.steps import BACK, TOP, Address, Department, Duty, Extension, Greeting, Menu, Step
from ivr.table.build import Builder
from ivr.table.duties import people
from ivr.table.reading import SECTIONS, Reading

__all__ = ["loop", "reached", "unreachable"]


def loop(made: Builder) -> None:
    """A caller who does nothing, whom nobody answers, must come to an end (rules A4, A5)."""
    menus = MenusBefore(made.steps)
    ways = {address: menus.led(address, _without_a_caller(step)) for address, step in made.steps.items()}
    if operators := {step.operator for step in made.steps.values() if isinstance(step, Greeting)} - {"operator"}:
        ways["operator"] = (*ways.get("operator", ()), *operators)  # those of other houses
    told_of = set()
    for ring in _cycles(ways):
        if frozenset(ring) in told_of:  # a menu's silence and its wrong keys may lead the same way
            continue
        told_of.add(frozenset(ring))
        first = min(ring, key=lambda address: made.lines.get(address, 0))
        turn = ring.index(first)
        told = " → ".join((*ring[turn:], *ring[:turn], first))
        place = made.reading.place(written_at(made, first), key=True)
        message = f"a caller who presses nothing can go round for ever: {told}; lead one of them elsewhere"
        made.reading.found.error(place, written_at(made, first), message, "loop")


def written_at(made: Builder, address: Address) -> tuple:
    """Where a step is written."""
    kind, _, name = address.partition("/")
    if kind == "greeting":
        return ("numbers", "*" if name == "any" else name)
    section = next((section for section, (_, kind_made) in SECTIONS.items() if kind_made == kind), None)
    if section is None:
        return (kind,)
    if made.own_box(address):
        return made.owner_of(name)
    return (section, name)


def _without_a_caller(step) -> tuple[Address, ...]:
    """The exits that are taken with nobody pressing a key and nobody answering."""
    if isinstance(step, Department):
        exits = list(step.exits())[2:]
        if step.hours is not None and not step.hours.always:
            exits.append(step.closed)
            if step.hours.has_lunch:
                exits.append(step.lunch)
        return tuple(exits)
    return (step.silence, step.invalid) if isinstance(step, Menu) else step.exits()


class MenusBefore:
    """Where `back` and `top` lead: to the menus a caller may have been in last; to those he came to first."""

    def __init__(self, steps: Mapping[Address, Step]):
        self.steps = steps
        self._from: dict[Address, list[Address]] = {}

    def led(self, address: Address, exits: tuple[Address, ...]) -> tuple[Address, ...]:
        """The exits of a step with back and top replaced."""
        if BACK not in exits and TOP not in exits:
            return exits
        menus = [exit for exit in exits if exit not in (BACK, TOP)]
        return tuple(dict.fromkeys((*menus, *(self.before(address) if BACK in exits else ()),
                                    *(self.first() if TOP in exits else ()))))  # fmt: skip

    def before(self, address: Address) -> list[Address]:
        """The menus that lead to a step with no other menu between."""
        if not self._from:
            for where, step in self.steps.items():
                for to in (*step.exits(), *getattr(step, "keys", {}).values()):
                    self._from.setdefault(to, []).append(where)
        found, seen, todo = [], {address}, [address]
        while todo:
            for where in self._from.get(todo.pop(), ()):
                if where in seen:
                    continue
                seen.add(where)
                (found if isinstance(self.steps[where], Menu) else todo).append(where)
        return found

    def first(self) -> list[Address]:
        """The menus numbers lead to."""
        greetings = [step.to for step in self.steps.values() if isinstance(step, Greeting)]
        return [to for to in dict.fromkeys(greetings) if isinstance(self.steps.get(to), Menu)]


def _cycles(ways: dict[Address, tuple[Address, ...]]) -> Iterator[tuple[Address, ...]]:
    """One cycle of each knot in the graph (depth first, without recursion: chains may be long)."""
    state: dict[Address, int] = {}
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
                    yield tuple(trail[trail.index(to) :])
                    continue
                state[to] = 1
                trail.append(to)
                todo.append(iter(ways[to]))
                break
            else:
                state[trail.pop()] = 2
                todo.pop()


def reached(reading: Reading, steps: Mapping[Address, Step]) -> set[Address]:
    """Every step a caller can come to, by a number, a list of callers, a key, an exit, or by dialling it."""
    seen = {"operator", "goodbye", "message/operator", *(a for a, s in steps.items() if isinstance(s, Greeting))}
    seen |= {step.operator for step in steps.values() if isinstance(step, Greeting)}
    seen |= {model.to for _, model in reading.things("callers") if model.to}
    todo, dialled = list(seen), False
    while todo:
        step = steps.get(todo.pop())
        if step is None:
            continue
        ways = set(step.exits())
        if isinstance(step, Menu) and step.direct_dial and not dialled:
            dialled = True
            ways.update(address for address, other in steps.items() if isinstance(other, Extension))
        if isinstance(step, Menu):
            ways.update(step.keys.values())
        todo.extend(ways - seen)
        seen |= ways
    return seen


def unreachable(made: Builder) -> None:
    """Warn of steps no caller comes to; a phone that rings for somebody else is not one."""
    reading, steps = made.reading, made.steps
    seen = reached(reading, steps)
    ringing = [step for step in steps.values() if hasattr(step, "ring")]
    rung = {phone for step in ringing for phone in step.ring.targets if phone != getattr(step, "number", None)}
    rung |= {person for _, model in reading.things("duties") for _, person, _ in people(model)}
    used = {model.hours for section in ("numbers", "departments") for _, model in reading.things(section)}
    used |= {model.quiet.hours for _, model in reading.things("extensions") if model.quiet}
    used.add(reading.operator.hours if reading.operator else None)
    for address, step in steps.items():
        if address in seen or (isinstance(step, Extension) and step.number in rung):
            continue
        if isinstance(step, Duty) and address in rung:
            continue
        if not made.own_box(address):
            reading.warning(written_at(made, address), "no caller can come here", "unreachable", key=True)
    for name in reading.names("hours"):
        if name not in used:
            reading.warning(("hours", name), "nothing has these hours", "unused", key=True)
