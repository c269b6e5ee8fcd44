"""Where callers can go: what a menu before leads to, and the steps nobody reaches."""

from collections.abc import Mapping

from ivr.hours import Hours
from ivr.steps import BACK, TOP, Address, Department, Duty, Extension, Greeting, Hold, Menu, Step
from ivr.table.build import Builder
from ivr.table.duties import people
from ivr.table.reading import SECTIONS, Reading

__all__ = ["MenusBefore", "hours_of", "reached", "rings", "unreachable", "written_at"]


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


def hours_of(step: Step) -> Hours | None:
    """The hours that decide where a step leads."""
    hours = step.hours if isinstance(step, Department) else step.quiet if isinstance(step, Extension) else None
    return None if hours is None or hours.always else hours


def rings(step: Department | Extension | Hold, phones: Mapping[str, Extension]) -> bool:
    """Is any phone rung here, at least at times? `phones`: the extensions by their numbers."""
    if isinstance(step, Extension) and step.do_not_disturb:
        return False
    # A duty is no extension, and is taken to ring.
    return any(target not in phones or not phones[target].do_not_disturb for target in step.ring.targets)


class MenusBefore:
    """Where `back` and `top` lead: to the menus a caller may have been in last; to those he came to first."""

    def __init__(self, steps: Mapping[Address, Step]):
        self.steps = steps
        self._from: dict[Address, list[Address]] = {}
        greetings = [step.to for step in steps.values() if isinstance(step, Greeting)]
        self.first = [to for to in dict.fromkeys(greetings) if isinstance(steps.get(to), Menu)]
        """The menus numbers lead to."""

    def led(self, address: Address, exits: tuple[Address, ...]) -> tuple[Address, ...]:
        """The exits of a step with back and top replaced."""
        if BACK not in exits and TOP not in exits:
            return exits
        menus = [exit for exit in exits if exit not in (BACK, TOP)]
        return tuple(dict.fromkeys((*menus, *(self.before(address) if BACK in exits else ()),
                                    *(self.first if TOP in exits else ()))))  # fmt: skip

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
    # Two phones that ring each other, and that nothing else rings, are two that nobody comes to.
    ringing = [s for a, s in steps.items() if hasattr(s, "ring") and (a in seen or not isinstance(s, Extension))]
    rung = {phone for step in ringing for phone in step.ring.targets}
    todo = [phone for phone in rung if phone in made.phones and made.phones[phone].address not in seen]
    while todo:
        more = set(made.phones[todo.pop()].ring.targets) - rung
        rung |= more
        todo += (phone for phone in more if phone in made.phones)
    rung |= {person for _, model in reading.things("duties") for _, person, _ in people(model)}
    used = {model.hours for section in ("numbers", "departments") for _, model in reading.things(section)}
    used |= {model.quiet.hours for _, model in reading.things("extensions") if model.quiet}
    used.add(reading.operator.hours if reading.operator else None)
    for address, step in steps.items():
        if address in seen or (isinstance(step, Extension) and step.number in rung):
            continue
        if isinstance(step, Duty) and address in rung:
            continue
        if isinstance(step, Extension):
            message = "nothing rings it and no menu dials directly; put it into a ring plan, or delete it"
            reading.warning(written_at(made, address), message, "unreachable-extension", key=True)
        elif not made.own_box(address):
            message = "no caller can come here; lead a key, a number or an end to it, or delete it"
            reading.warning(written_at(made, address), message, "unreachable", key=True)
    for name in reading.names("hours"):
        if name not in used:
            message = "nothing has these hours; name them where they belong, or delete them"
            reading.warning(("hours", name), message, "unused", key=True)
