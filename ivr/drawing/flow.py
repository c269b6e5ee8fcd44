"""The picture of a table before it has a shape: boxes, and the ways between them.

What only leads back, or only takes a message, is no box: it is told in a line of the box that leads there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ivr.drawing.lettering import STUCK, clipped
from ivr.drawing.wording import Wording, wording
from ivr.handlers import kind_of
from ivr.prompt import Names
from ivr.ring_plan import RingPlan
from ivr.steps import (
    BACK,
    TOP,
    Address,
    Announcement,
    DayNight,
    Department,
    Duty,
    Extension,
    Greeting,
    Hold,
    Menu,
    MessageBox,
    Step,
    Table,
)

__all__ = ["Box", "Flow", "Said", "Way", "flow"]

Said = tuple[str, str]
"""A small picture and words beside it. The pictures: phone, clock, envelope, hourglass, arrow, onward, speaker; "" is
none."""

ENDS = ("busy", "no_answer", "refused", "unreachable", "do_not_disturb")
SHUT = ("closed", "lunch", "quiet")
TITLE = 60
"""Characters of what is said that serve as a title where there is no name."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way on. `keys`: those that lead there. `when`: what else does, by its name in `Wording`, such as busy.
    `tells`: what happens on the way. `to`: the box it leads to, "" where all is told. `step`: the step it leads to,
    which may be told and have no box."""

    keys: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    tells: tuple[Said, ...] = ()
    to: Address = ""
    step: Address = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One step. `kind`: as in addresses, or number, emergency, callers. `title`: its name; `other`: its name in the
    house's other languages. `lines`: its hours, whom it rings. `shut`: is it closed at the instant of the picture?"""

    address: Address
    kind: str
    title: str
    other: str = ""
    lines: tuple[Said, ...] = ()
    ways: tuple[Way, ...] = ()
    shut: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The boxes in the order in which callers come to them, the numbers dialled first. `note`: beside the title."""

    title: str
    note: str
    boxes: tuple[Box, ...]
    words: Wording = field(repr=False)


def flow(table: Table, language: str | None = None, entries: Sequence[str] = ()) -> Flow:
    """All of a table, or what can be come to from the numbers `entries`; told in a language of the house."""
    return Drawer(table, language or table.languages[0]).flow(entries)


class Drawer:
    """Makes the boxes of one table."""

    def __init__(self, table: Table, language: str):
        self.table, self.language, self.words = table, language, wording(language)
        self.operator = "operator"

    def flow(self, entries: Sequence[str]) -> Flow:
        numbers = entries or tuple(self.table.numbers)
        operators = {self.table.greeting(number).operator for number in numbers}
        self.operator = operators.pop() if len(operators) == 1 else "operator"
        first = {box.address: box for box in (*self._numbers(numbers), *self._callers())}
        boxes, todo = {}, list(first)
        for address in todo:
            if address not in boxes:
                boxes[address] = first.get(address) or self.box(address)
                todo += [way.to for way in boxes[address].ways if way.to]
        title = " / ".join(filter(None, (self.name(self.table.house), self.others(self.table.house))))
        return Flow(title, self.table.source.rpartition("/")[2], tuple(boxes.values()), self.words)

    # Names ----------------------------------------------------------------------------------------------------------

    def name(self, names: Names) -> str:
        return names[self.language]

    def others(self, names: Names) -> str:
        told = dict.fromkeys(names[language] for language in self.table.languages if language != self.language)
        return " / ".join(name for name in told if name != self.name(names))

    # Boxes ----------------------------------------------------------------------------------------------------------

    def _numbers(self, entries: Sequence[str]) -> Iterator[Box]:
        """The numbers dialled; those that differ in nothing share a box."""
        alike: dict[Greeting, list[str]] = {}
        for number in entries:
            step = self.table.greeting(number)
            alike.setdefault(next((one for one in alike if _same_entry(one, step)), step), []).append(number)
        for step, numbers in alike.items():
            told = [number for number in numbers if number != "*"] + [self.words["other"]] * ("*" in numbers)
            lines = [self.words["other"]] if step.number == "*" and "*" not in numbers else []
            lines += [self.name(step.house)] if step.house != self.table.house else []
            lines += [self.words["emergency"]] if step.emergency else []
            lines += [self.words["rings"].format(step.rings)] if step.rings else []
            lines += [self._tongue(step.language)] if step.language not in (None, self.table.languages[0]) else []
            hours = [("clock", "\n".join(self.words.hours(step.hours)))] if step.hours else []
            ways = [self._way(step.to, step)]
            if step.operator != self.operator:
                ways.append(self._way(step.operator, step, "operator"))
            said = (*(("", line) for line in lines), *hours)
            kind = "emergency" if step.emergency else "number"
            yield Box(step.address, kind, "\n".join(told), "", said, tuple(ways))

    def _callers(self) -> Iterator[Box]:
        """The lists of callers that go elsewhere, whatever they dialled."""
        for one in self.table.callers:
            if one.to:
                lines = [*one.numbers, *one.countries]
                said = (("", self.words.join(lines)),) if lines else ()
                ways = (Way((), (), *self._leads(one.to, None), one.to),)
                yield Box(f"callers/{one.name}", "callers", one.name, self.words["callers"], said, ways)

    def box(self, address: Address) -> Box:
        step = self.table.step(address)
        title, other = address.partition("/")[2], ""
        if names := getattr(step, "name", None):
            title, other = self.name(names), self.others(names)
        elif isinstance(step, Announcement) and step.text:
            title = self._begins(step)
        return Box(address, kind_of(address), title, other, tuple(self._lines(step)), tuple(self._ways(step)))

    def _lines(self, step: Step) -> Iterator[Said]:
        match step:
            case Department():
                yield "clock", "\n".join(self.words.hours(step.hours))
            case Hold():
                yield "hourglass", _times(step)
            case DayNight():
                switched = self.words.join([hours.name for hours in step.hours])
                yield "clock", self.words["switched"].format(switched)
            case Menu():
                tongues = [f"{key} {self.name(name)}" for key, name in step.choices if _is_language(step.keys[key])]
                if tongues:
                    yield "", self.words.join(tongues)
                if step.direct_dial:
                    yield "phone", self.words["extensions"]
        if plan := getattr(step, "ring", None):
            yield "phone", self.phones(plan)
        if isinstance(step, Duty):
            yield "phone", self.words.join(list(dict.fromkeys(_people(step.rota))))

    def phones(self, plan: RingPlan) -> str:
        """8001 + 8002, 25 s"""
        groups = [" + ".join(self._phone(target) for target in group) for group in plan.groups]
        joined = (" ⇄ " if plan.rotate else " → ").join(groups) or self.words["nobody"]
        each = f"{self.words['each']}{STUCK}" if len(groups) > 1 else ""
        return f"{joined}, {each}{_seconds(plan.seconds)}"

    def _phone(self, target: str) -> str:
        return self.name(self.table.step(target).name) if target.startswith("duty/") else target

    # Ways -----------------------------------------------------------------------------------------------------------

    def _ways(self, step: Step) -> Iterator[Way]:
        """What leads to the same by the same is one way."""
        found: dict[tuple, Way] = {}
        for key, when, to in _exits(step):
            way = self._way(to, step, when)
            same = (way.tells, way.to)
            here = found.get(same, replace(way, when=()))
            keys = (*here.keys, key) if key else here.keys
            found[same] = replace(here, keys=keys, when=tuple(dict.fromkeys((*here.when, *way.when))))
        yield from found.values()

    def _way(self, to: Address, step: Step, when: str = "") -> Way:
        return Way((), (when,) if when else (), *self._leads(to, step), to)

    def _leads(self, to: Address, step: Step | None) -> tuple[tuple[Said, ...], Address]:
        """What is told of a way, and the box it leads to; "" where it needs none."""
        if to in (BACK, TOP):
            return (("arrow", self.words[to]),), ""
        if to == "goodbye":
            return (("", self.words["goodbye"]),), ""
        to = self.operator if to == "operator" else to
        there, own = self.table.steps[to], step.address.partition("/") if step else ("", "", "")
        if isinstance(there, MessageBox) and there.then == "goodbye":
            is_own = to.partition("/")[2] in (own[2], own[0])
            return (
                (
                    "envelope",
                    self.words["message"] if is_own else self.words["message_for"].format(self.name(there.name)),
                ),
            ), ""
        if isinstance(there, Announcement) and step and there.then in (step.address, BACK):
            return (("speaker", self._called(to, step)),), ""
        if isinstance(there, Announcement) and step and step.address != to and there.then not in (TOP, "goodbye"):
            return (("speaker", self._called(to, step)),), there.then
        if isinstance(there, Hold) and getattr(step, "ring", None) == there.ring:
            tells, box = self._leads(there.leave, step)
            return (("hourglass", self.words["waits"].format(_times(there)).replace(" ", STUCK)), *tells), box
        return (), to

    def _called(self, to: Address, step: Step) -> str:
        """What a menu calls a destination."""
        names = next((names for key, names in getattr(step, "choices", ()) if step.keys.get(key) == to), None)
        return self.name(names) if names else self._begins(self.table.step(to)) or to.partition("/")[2]

    def _begins(self, step: Announcement) -> str:
        """The first words of what is said; "" where that is a prompt of the site's own."""
        return clipped(self.name(step.text), TITLE, 1.8) if step.text else ""

    def _tongue(self, language: str) -> str:
        """A language, as the menus call it."""
        menus = (step for step in self.table.steps.values() if isinstance(step, Menu))
        named = (name for menu in menus for key, name in menu.choices if menu.keys[key] == f"language/{language}")
        names = next(named, None)
        return self.name(names) if names else language


def _exits(step: Step) -> Iterator[tuple[str, str, Address]]:
    """Key, word and address of every way on, in the order in which a picture tells them."""
    for key, to in getattr(step, "keys", {}).items():
        if not _is_language(to):
            yield key, "", to
    if isinstance(step, Menu):
        yield "", "silence", step.silence
        yield "", "invalid", step.invalid
    if isinstance(step, Department) and step.hours is not None and not step.hours.always:
        yield "", "closed", step.closed
        if step.hours.has_lunch:
            yield "", "lunch", step.lunch
    if isinstance(step, Extension) and step.quiet:
        yield "", "quiet", step.quiet_to
    if ends := getattr(step, "ends", None):
        yield from (("", when, to) for when, to in _ends(ends))
    for name in ("then", "leave"):
        if to := getattr(step, name, None):
            yield "", "", to


def _ends(ends) -> Iterable[tuple[str, Address]]:
    """Each end that has a way of its own, and the rest as "otherwise"; "unanswered" where all are one."""
    ways: dict[Address, list[str]] = {}
    for end in ENDS:
        ways.setdefault(getattr(ends, end), []).append(end)
    if len(ways) == 1:
        return [("unanswered", to) for to in ways]
    rest = max(ways, key=lambda to: len(ways[to]))
    if len(ways[rest]) < 3:
        return [(end, to) for to, some in ways.items() for end in some]
    return [*((end, to) for to, some in ways.items() if to != rest for end in some), ("otherwise", rest)]


def _same_entry(one: Greeting, other: Greeting) -> bool:
    return replace(one, address="", number="") == replace(other, address="", number="")


def _is_language(to: Address) -> bool:
    return kind_of(to) == "language"


def _people(rota) -> Iterator[str]:
    for post in (*rota.week, *(rota.turn.posts if rota.turn else ())):
        yield from (person for person in post if person)


def _seconds(seconds: int) -> str:
    return f"{seconds}{STUCK}s"


def _times(hold: Hold) -> str:
    """6 × 20 s"""
    return f"{hold.rounds}{STUCK}×{STUCK}{_seconds(hold.every)}"
