"""Which ways through a table the call scripts have walked, and which none has. Pure.

There are four kinds of ways: each key of a menu; each end of what rings or leads on (answered, and where callers go
then); each state of each place with hours (open, lunch, closed, quiet); and each step that is written. An end that is
not written is served by `otherwise`, and walked with it. A phone no caller can come to is walked when it rings.

    ways = Ways(table)
    ways.walk(script.at, verdict.moments)
    ways.missed, ways.percent
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.handlers import kind_of
from ivr.hours import Hours
from ivr.rehearsal.ear import Moment
from ivr.steps import Address, Table
from ivr.table import models, reading_of
from ivr.table.duties import DutyText
from ivr.table.finding import beside
from ivr.table.graph import reached
from ivr.table.nodes import Place
from ivr.table.reading import SECTIONS, Reading

__all__ = ["KINDS", "Way", "Ways"]

KINDS = ("keys", "ends", "hours", "steps")
OUTCOMES = {
    "Answered": "answered", "Busy": "busy", "NoAnswer": "no_answer", "Refused": "refused",
    "Unreachable": "unreachable", "DoNotDisturb": "do_not_disturb",
}  # fmt: skip
SAYS = {
    "keys": "no call presses it",
    "ends": "no call has this end",
    "hours": "no call comes then",
    "steps": "no call comes here",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way. `what`: the key, the end or the state; "" for the step itself. `path`: as findings write it."""

    kind: str
    address: Address
    what: str
    place: Place
    path: str

    def missed(self, source: str) -> str:
        """As a finding of `ivr check` is written."""
        line, col, file = self.place
        return f"{beside(source, file) if file else source}:{line}:{col}: {self.path}: {SAYS[self.kind]}"


class Ways:
    """All ways of a table, and those that were walked."""

    def __init__(self, table: Table):
        self.table = table
        self.zone = ZoneInfo(table.timezone)
        self.all: dict[tuple[Address, str, str], Way] = {}
        self._written: dict[Address, Address] = {}
        """Sixty rooms of one range are written once: the first of them stands for all."""
        reading = reading_of(table)
        come_to = reached(reading, table.steps) | {f"callers/{name}" for name in reading.names("callers")}
        first: dict[int, Address] = {}
        for address, path, model in things(reading):
            self._written[address] = first.setdefault(id(model), address)
            if first[id(model)] == address:
                ways = [way for way in _ways(address, path, model, reading, table)
                        if way.kind == "steps" or address in come_to]  # fmt: skip
                self.all |= {(way.address, way.kind, way.what): way for way in ways}
        self.walked: set[tuple[Address, str, str]] = set()

    @property
    def missed(self) -> list[Way]:
        """Those that nobody walked, in the order of the file; of a step nobody came to, that alone."""
        missed = {key: way for key, way in self.all.items() if key not in self.walked}
        told = [way for way in missed.values() if way.kind == "steps" or (way.address, "steps", "") not in missed]
        return sorted(told, key=lambda way: (way.place[2], way.place))

    def count(self, kind: str) -> tuple[int, int]:
        """Of one kind: how many were walked, and how many there are."""
        keys = [key for key in self.all if key[1] == kind]
        return sum(key in self.walked for key in keys), len(keys)

    @property
    def percent(self) -> float:
        """Of all of them."""
        return 100 * len(self.walked) / len(self.all) if self.all else 100.0

    # What a call walked -----------------------------------------------------------------------------------------------

    def walk(self, at: datetime, moments: Iterable[Moment]) -> None:
        """One call, that began at `at` on the wall of the house."""
        began = at.replace(tzinfo=self.zone).timestamp()
        here, why = "", ""
        for moment in moments:
            match moment.kind:
                case "step":
                    if here and moment.what != here:
                        self._leave(here, why)
                    here, why = moment.what, ""
                    self._mark(here, "steps", "")
                    hours = getattr(self.table.steps.get(here), "hours", None)
                    if isinstance(hours, Hours):
                        self._mark(here, "hours", hours.state(datetime.fromtimestamp(began + moment.at, self.zone)))
                case "keyed":
                    self._mark(here, "keys", str(moment.data.get("keys", "")))
                    why = "keyed"
                case "listed":
                    self._mark(f"callers/{moment.data.get('list', '')}", "steps", "")
                case "quiet":
                    self._mark(here, "hours", "quiet")
                    why = "hours"
                case "silence" | "invalid":
                    why = moment.kind
                case "closed-place":
                    why = "hours"
                case "ring":
                    self._rings(here, moment.data["targets"])
                case "rang":
                    why = OUTCOMES.get(moment.data.get("outcome", ""), "")
                case "talks_to":
                    self._mark(here, "ends", "answered")
                case "hears" if moment.what == "do-not-disturb":
                    why = "do_not_disturb"

    def _rings(self, here: Address, numbers: Iterable[str]) -> None:
        """Phones, and the duties in whose place they ring."""
        for number in numbers:
            self._mark(f"extension/{number}", "steps", "")
        plan = getattr(self.table.steps.get(here), "ring", None)
        for target in plan.targets if plan else ():
            if target.startswith("duty/"):
                self._mark(target, "steps", "")

    def _leave(self, here: Address, why: str) -> None:
        """The caller goes from a step to another."""
        if why in ("silence", "invalid", "answered"):
            self._mark(here, "ends", why)
        elif why in OUTCOMES.values() and kind_of(here) != "hold":
            own = (self._written.get(here, here), "ends", why) in self.all
            self._mark(here, "ends", why if own else "otherwise")
        elif why not in ("keyed", "hours"):
            for name in LEADING:
                self._mark(here, "ends", name)

    def _mark(self, address: Address, kind: str, what: str) -> None:
        key = (self._written.get(address, address), kind, what)
        if key in self.all:
            self.walked.add(key)


LEADING = ("to", "then", "leave")
"""Keys of things that lead on by one way."""


NOT_WALKED = ("hours", "houses")
"""Sections of things that are no place a caller can come to."""


def things(reading: Reading) -> Iterator[tuple[Address, tuple, models.Text]]:
    """Everything that is written and can be walked: address, path, model."""
    if reading.operator is not None:
        yield "operator", ("operator",), reading.operator
    for section, (_, kind) in SECTIONS.items():
        for name, model in reading.things(section) if section not in NOT_WALKED else ():
            kind = kind or {"numbers": "greeting"}.get(section, section)
            yield f"{kind}/{'any' if name == '*' else name}", (section, name), model


def _ways(address: Address, path: tuple, model: models.Text, reading: Reading, table: Table) -> Iterator[Way]:
    def way(kind: str, what: str, *rest: str) -> Way:
        written = getattr(reading.root.find((*path, *rest[:-1])), "entries", {})
        there = rest if rest and rest[-1] in written else rest[:-1]
        place = reading.place((*path, *there), key=True)
        return Way(kind, address, what, place, ".".join((*path, *rest)))

    yield way("steps", "")
    step = table.steps.get(address)
    hours = getattr(step, "hours", None)
    if isinstance(hours, Hours):
        yield way("hours", "open", "open")
        if hours.has_lunch:
            yield way("hours", "lunch", "lunch")
        if not hours.always:
            yield way("hours", "closed", "closed")
    if getattr(step, "quiet", None) is not None:
        yield way("hours", "quiet", "quiet")
    if isinstance(model, models.MenuText):
        yield from (way("keys", key, "keys", key) for key in model.keys)
        yield from (way("ends", end, end) for end in ("silence", "invalid"))
    if isinstance(model, models.DepartmentText | models.ExtensionText | DutyText):
        yield from _ends(model, way)
    if isinstance(model, models.HoldText):
        yield way("ends", "answered", "answered")
    for name in LEADING if not isinstance(model, models.CallersText) else ():
        if name in model.model_fields_set or (name == "leave" and isinstance(model, models.HoldText)):
            yield way("ends", name, name)


def _ends(model: models.DepartmentText | models.ExtensionText | DutyText, way) -> Iterator[Way]:
    """Answered, every end that is written, and `otherwise` where one is left for it."""
    written = [end for end in model.ends.model_fields_set if end != "otherwise"]
    if getattr(model, "do_not_disturb", False):
        end = "do_not_disturb" if "do_not_disturb" in written else "otherwise"
        yield way("ends", end, "ends", end)
        return
    yield way("ends", "answered", "answered")
    yield from (way("ends", end, "ends", end) for end in written)
    if len(written) < len(OUTCOMES) - 1:
        yield way("ends", "otherwise", "ends", "otherwise")
