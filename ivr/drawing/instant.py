"""A flow as it is at one instant: only the ways that callers can go then, lived with the real handlers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.drawing.flow import SHUT, Box, Drawer, Flow, Said, Way
from ivr.handlers import Handler
from ivr.ring_plan import RingPlan
from ivr.steps import BACK, TOP, Address, Department, Extension, Table
from ivr.ways import ANY_OTHER, Act, Caller, Lives
from ivr.ways import Way as Lived

__all__ = ["flow_at"]


def flow_at(
    table: Table, handlers: Mapping[str, Handler], at: datetime, language: str | None, entries: Sequence[str] = ()
) -> Flow:
    """What `flow` gives, with what is closed at an aware instant shown as closed, and who is rung then."""
    drawer = Drawer(table, language or table.languages[0])
    whole = drawer.flow(entries)
    lives, lived = Lives(table, handlers), defaultdict(list)
    for number in entries or table.numbers:
        for stand, ways in lives.stands(at, Caller(ANY_OTHER if number == "*" else number)):
            lived[stand.address] += ways
    boxes = {box.address: Then(box, lived, drawer, at).box() for box in whole.boxes}
    kept = _reached(boxes)
    local = at.astimezone(ZoneInfo(table.timezone))
    day = drawer.words["days"].split()[local.weekday()]
    note = f"{whole.note}, {drawer.words['at'].format(day, f'{local:%Y-%m-%d %H:%M}')}"
    return replace(whole, note=note, boxes=tuple(box for box in boxes.values() if box.address in kept))


class Then:
    """One box at an instant."""

    def __init__(self, box: Box, lived: Mapping[Address, Sequence[Lived]], drawer: Drawer, at: datetime):
        self.whole, self.lived, self.drawer, self.at = box, lived.get(box.address, ()), drawer, at

    def box(self) -> Box:
        if self.whole.kind in ("number", "emergency", "callers"):
            return self.whole
        # Where nothing is asked and nobody rung, the step only says something and leads on.
        shut = all(not way.choices for way in self.lived) and any(set(way.when) & set(SHUT) for way in self.whole.ways)
        ways = tuple(way for way in map(self._way, self.whole.ways) if way is not None)
        return replace(self.whole, ways=ways, shut=shut, lines=tuple(self._lines()))

    def _way(self, way: Way) -> Way | None:
        """The way as it is then; None where nobody can take it."""
        shut = self._shut()
        when = tuple(each for each in way.when if each == shut or (shut is None and each not in SHUT))
        if shut is not None:
            return replace(way, keys=(), when=when) if shut in way.when else None
        leads = {lived.to.address for lived in self.lived if lived.to}
        if way.step not in leads and way.step not in (BACK, TOP) and not self._means(way.step, leads):
            return None
        return replace(way, when=when) if when or way.keys or not way.when else None

    def _means(self, to: Address, leads: Iterable[Address]) -> bool:
        """The operator of the house that is called."""
        return to == "operator" and any(self.drawer.table.greeting(number).operator in leads
                                        for number in self.drawer.table.numbers)  # fmt: skip

    def _shut(self) -> str | None:
        """Why callers are only told that it is not open: closed, lunch, or quiet; None where they are not."""
        step = self.drawer.table.step(self.whole.address)
        if any(way.choices for way in self.lived):
            return None
        if isinstance(step, Department) and step.hours:
            state = step.hours.state(self.at)
            return state if state in SHUT else None
        return "quiet" if isinstance(step, Extension) and step.quiet and step.quiet.state(self.at) == "open" else None

    def _lines(self) -> Iterable[Said]:
        """With those who are rung then."""
        plans = [act.what for way in self.lived for act in way.acts if isinstance(act, Act) and act.verb == "rings"]
        plan = next((plan for plan in plans if isinstance(plan, RingPlan)), None)
        for icon, text in self.whole.lines:
            rung = icon == "phone" and self.whole.kind != "menu"
            if not rung:
                yield icon, text
            elif plan is not None:
                yield icon, self.drawer.phones(plan)


def _reached(boxes: Mapping[Address, Box]) -> set[Address]:
    """What can be come to from the numbers by the ways that are left."""
    todo = [address for address, box in boxes.items() if box.kind in ("number", "emergency", "callers")]
    reached = set(todo)
    while todo:
        for to in (way.to for way in boxes[todo.pop()].ways if way.to and way.to not in reached):
            reached.add(to)
            todo.append(to)
    return reached
