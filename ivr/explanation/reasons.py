"""Why a rule of the table decided, or did not: in words.

What is not named here is explained by its place alone, so a new kind of step costs nothing; a line in `WAYS` makes it
read better.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ivr.call import Answered, Busy, DoNotDisturb, NoAnswer, Rang, Refused, Unreachable
from ivr.caller_list import CallerList
from ivr.explanation.witness import Visit
from ivr.hours import Hours, Spans
from ivr.overrides import Override
from ivr.ring_plan import RingPlan
from ivr.rota import Rota
from ivr.steps import Address, Step, Table
from ivr.table.places import Place, Places
from ivr.watched import Asked, Path, Written

__all__ = ["DAYS", "OUTCOMES", "Ruling", "alternatives", "clock", "not_rung", "of_rule", "why", "why_not"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OUTCOMES: Mapping[type[Rang], str] = {
    Answered: "answered", Busy: "busy", NoAnswer: "no answer", Refused: "refused", Unreachable: "not reachable",
    DoNotDisturb: "do not disturb",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule of the table, where it stands, and what it said; `to` is where it leads, "" for one that only answers."""

    place: Place
    says: str
    to: Address = ""


# Where a step leads -------------------------------------------------------------------------------------------------


def alternatives(step: Step) -> Iterator[Written]:
    """Every way on that stands in a watched step, once for each place."""
    ways = {way.path: way for way in (*getattr(step, "keys", {}).values(), *step.exits()) if isinstance(way, Written)}
    yield from ways.values()


def why(path: Path, visit: Visit) -> str:
    """Why the way that stands at a path was taken."""
    return _way(path)[0](path, visit)


def why_not(path: Path, visit: Visit) -> str:
    """Why it was not."""
    return _way(path)[1](path, visit)


def _way(path: Path) -> tuple[Callable, Callable]:
    """By the key that leads somewhere, or the mapping it stands in."""
    return WAYS.get(path[-1]) or WAYS.get(path[-2]) or WAYS[""]


def _state(visit: Visit) -> str:
    return next((asked.answer for asked in reversed(visit.asked) if asked.verb == "state"), "open")


def _outcome(visit: Visit) -> str:
    rung = visit.last("rings")
    return OUTCOMES[type(rung.outcome)] if rung else "nobody was rung"


def _keyed(visit: Visit) -> str:
    pressed = visit.last("presses")
    return f"{pressed.what} was pressed" if pressed and pressed.what else "nothing was pressed"


WAYS: Mapping[str, tuple[Callable[[Path, Visit], str], Callable[[Path, Visit], str]]] = {
    "numbers": (lambda path, visit: "every number that is not written" if path[-1] == "*" else "the number dialled",
                lambda path, visit: "another number was dialled"),
    "keys": (lambda path, visit: f"key {path[-1]}", lambda path, visit: f"{_keyed(visit)}"),
    "silence": (lambda path, visit: "nothing was pressed", lambda path, visit: _keyed(visit)),
    "invalid": (lambda path, visit: "wrong keys only", lambda path, visit: _keyed(visit)),
    "closed": (lambda path, visit: "it is closed", lambda path, visit: f"it is {_said(_state(visit))}"),
    "lunch": (lambda path, visit: "it is the lunch break", lambda path, visit: f"it is {_said(_state(visit))}"),
    "ends": (lambda path, visit: _outcome(visit), lambda path, visit: _outcome(visit)),
    "quiet_to": (lambda path, visit: "it is an hour of peace", lambda path, visit: "it is no hour of peace"),
    "leave": (lambda path, visit: "he waits no longer", lambda path, visit: "he waits"),
    "to": (lambda path, visit: "", lambda path, visit: "a list of callers comes first"),
    "": (lambda path, visit: "", lambda path, visit: ""),
}  # fmt: skip
"""The key of a table that leads somewhere → why it did, and why it did not."""


def not_rung(visit: Visit, step: Step, table: Table, places: Places) -> Iterator[Ruling]:
    """The phones that a step's plan names and that were not rung, because their owners do not want it now."""
    rung = visit.last("rings")
    if rung is None and getattr(visit.to, "path", ())[-1:] != ("do_not_disturb",):
        return
    for number in getattr(step, "ring", RingPlan(())).targets:
        phone = table.steps.get(f"extension/{number}")
        if phone is None or (rung and number in rung.what.targets):
            continue
        if phone.do_not_disturb:
            yield Ruling(places.of(("extensions", number, "do_not_disturb")), "does not want to be disturbed")
        elif phone.quiet:
            yield Ruling(places.of(("extensions", number, "quiet")), f"is left in peace by hours.{phone.quiet.name}")


# The rules of time ---------------------------------------------------------------------------------------------------


def of_rule(asked: Asked, places: Places) -> Ruling | None:
    """What a rule answered, and why; None where another answer of the same rule says it already."""
    match asked.rule:
        case Hours() if asked.verb == "state":
            return _of_hours(asked.rule, asked.at, places)
        case Override():
            return _of_override(asked, places)
        case Rota() if asked.verb == "on":
            return _of_rota(asked.rule, asked.at, places)
        case str() if asked.verb == "remembered":
            return Ruling(places.of(asked.path), f"he has chosen {asked.answer} by key before")
        case CallerList():
            says = f"callers.{asked.rule.name} is the first list he is on" if asked.answer else "he is not on this list"
            return Ruling(places.of(asked.path), says)
    return None


def clock(instant: datetime, beside: datetime) -> str:
    """A time of day, with its date where that is another than that of `beside`: both in one zone."""
    if instant.date() == beside.date():
        return f"{instant:%H:%M}"
    return f"{DAYS[instant.weekday()]} {instant:%Y-%m-%d %H:%M}"


def _of_hours(hours: Hours, instant: datetime, places: Places) -> Ruling:
    local, state = instant.astimezone(hours.tz), hours.state(instant)
    place, why = _event(hours, instant, places) or _day(hours, _day_that_decides(hours, local, state), places)
    change = hours.next_change(instant) if state == "open" else hours.next_opening(instant)
    then = "it never changes" if change is None else clock(change.astimezone(hours.tz), local)
    if change is not None:
        then = f"until {then}" if state == "open" else f"opens {then}"
    return Ruling(place, f"hours.{hours.name} is {_said(state)}: {why}; {then}")


def _event(hours: Hours, instant: datetime, places: Places) -> tuple[Place, str] | None:
    """An event of a calendar that has times and decides at an instant; what closes comes first."""
    local = instant.astimezone(hours.tz)
    if _day_that_decides(hours, local, hours.state(instant)) in hours.exceptions:
        return None
    for key, calendar in (("calendar", hours.closures), ("open_calendar", hours.openings)):
        for begins, ends, name in calendar.at(instant, instant + timedelta(seconds=1), hours.tz) if calendar else ():
            span = f"{clock(begins.astimezone(hours.tz), local)} to {clock(ends.astimezone(hours.tz), local)}"
            return places.of(("hours", hours.name, key)), f"{name}, {span} in the {key}"
    return None


def _day(hours: Hours, day: date, places: Places) -> tuple[Place, str]:
    """The rule that gives a date its ranges."""
    rule, spans = hours.why(day)
    ranges, own = _written(spans), ("hours", hours.name)
    match rule:
        case "exception":
            return places.of((*own, "except", day.isoformat())), f"{day} is written as {ranges or 'closed'}"
        case "make-up":
            like = f"like a {DAYS[hours.make_up]}: {ranges}"
            return places.of((*own, "make_up")), f"{day} is worked for a holiday, {like}"
        case "holiday" | "closure" | "opening":
            key = {"holiday": "holidays", "closure": "calendar", "opening": "open_calendar"}[rule]
            what = "a public holiday" if rule == "holiday" else f"in the {key}"
            said = (f"{day} is {what}", hours.occasion(day), ranges)
            return places.of((*own, key)), ", ".join(part for part in said if part)
    name = DAYS[day.weekday()]
    return places.day(hours.name, day.weekday()), f"{name} {ranges}" if spans else f"{name} has no range"


def _day_that_decides(hours: Hours, local: datetime, state: str) -> date:
    """A range past midnight belongs to the day it began."""
    yesterday = local.date() - timedelta(days=1)
    minute = local.hour * 60 + local.minute
    today = any(a <= minute < b for a, b in hours.why(local.date())[1])
    late = any(a <= minute + 1440 < b for a, b in hours.why(yesterday)[1])
    return yesterday if state == "open" and late and not today else local.date()


def _written(spans: Spans) -> str:
    """The ranges of a day, as they are written.

    >>> _written(((540, 720), (1320, 1800)))
    '09:00-12:00, 22:00-06:00'
    """
    return ", ".join(f"{_minute(a)}-{_minute(b if b <= 1440 else b - 1440)}" for a, b in spans)


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _said(state: str) -> str:
    return "at lunch" if state == "lunch" else state


def _of_override(asked: Asked, places: Places) -> Ruling:
    made, name = asked.answer, ".".join(asked.path)
    until = "until it is taken back"
    if made.until is not None:
        until = f"until {clock(made.until.astimezone(places.zone), asked.at.astimezone(places.zone))}"
    by = f", by {made.by}" if made.by else ""
    return Ruling(places.of(asked.path), f"{name} is {made.state}: by hand{by}; {until}")


def _of_rota(rota: Rota, instant: datetime, places: Places) -> Ruling:
    stint = rota.stint(instant)
    day = stint.day.isoformat()
    inside = {"exception": ("except", day), "week": ("week",), "turn": ("turn",)}.get(stint.rule, ())
    if stint.instead_of:
        inside = ("swaps", day)
    return Ruling(places.of(("duties", rota.name, *inside)), f"duties.{rota.name}: {rota.why(instant)}")
