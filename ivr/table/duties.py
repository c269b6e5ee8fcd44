"""`duties` of routes.yaml: who is on duty when (rule F1), typed; what does not fit together; and the Rota made of it.

A post, in `week`, `turn` and `except`, is an extension, or one for each shift: `8001` or `{early: 8001, late: 8002}`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator

from ivr.hours_text import minutes, overruled, weekdays
from ivr.rota import Post, Rota, Shift, Turn
from ivr.table import values
from ivr.table.models import EndsText, Text, Texts
from ivr.table.suggest import nearest
from ivr.table.told import told

__all__ = ["DutyText", "Misfit", "TurnText", "misfits", "people", "rota_of"]

EVERY = {"week": 7, "day": 1}
EXAMPLE = "8001, or one for each shift: {early: 8001, late: 8002}"


@values.written("[0-9]{1,2}:[0-9]{2}")
def clock(text: str) -> int:
    """08:00, the minute of the day."""
    try:
        minute = minutes(text)
    except ValueError as error:
        raise values.Fault(str(error)) from None
    if minute == 1440:
        raise values.Fault("24:00 is 00:00 of the next day; write 00:00")
    return minute


@values.words(*EVERY)
def turn_days(text: str) -> int:
    """week or day, in days."""
    if text not in EVERY:
        raise values.Fault(f"{text!r} is no length of a turn; a turn lasts a week or a day", nearest(text, EVERY))
    return EVERY[text]


@values.written(values.days.written["pattern"][2:-2])
def named_days(text: str) -> str:
    """mon-thu, kept as it is written, so that a fault finds its place."""
    values.days(text)
    return text


@values.written("[a-z0-9][a-z0-9_-]{0,39}")
def shift_name(text: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9_-]{0,39}", text):
        raise values.Fault(f"{text!r} is no name of a shift; it is written with a–z, 0–9, - and _")
    return text


def post(value):
    """{"": extension} or {shift: extension}."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise values.Fault(f"an extension is expected here, such as {EXAMPLE}")
    return {"": value}


def mapping(example: str) -> BeforeValidator:
    """A mapping, such as the example."""

    def check(value):
        if not isinstance(value, dict):
            raise values.Fault(f"a mapping is expected here, such as {example}")
        return value

    return BeforeValidator(check)


PostText = Annotated[dict[str, str], BeforeValidator(post)]
Day = Annotated[date, values.reads(values.day)]
Minute = Annotated[int, values.reads(clock)]
DaysKey = Annotated[str, AfterValidator(named_days)]
Swap = Annotated[dict[str, str], mapping("{8001: 8002}")]
ShiftName = Annotated[str, AfterValidator(shift_name)]


class TurnText(Text):
    """Who takes turns, and from when they are counted."""

    every: Annotated[int, values.reads(turn_days)] = told("how long a turn is: `week` or `day`", "`week`", 7)
    start: Day | None = told("the date on which the first turn begins", "must be written", alias="from")
    people: list[PostText] = told(
        "who takes turns, in order; before `from` they are counted backwards", "must be written", []
    )


class DutyText(Text):
    """A duty that somebody always has."""

    NEEDS: ClassVar[tuple[str, ...]] = ("name",)
    name: Texts | None = told("what callers hear", "must be written")
    handover: Minute | None = told("when one day's duty becomes the next one's", "`00:00`")
    shifts: Annotated[dict[ShiftName, Minute], mapping("{early: 06:00, late: 14:00}")] = told(
        "several a day: each one's name and when it begins; the last goes on until the first of the next day",
        "one, the whole day",
        {},
    )
    week: Annotated[dict[DaysKey, PostText], mapping("{mon-fri: 8001, sat-sun: 8002}")] = told(
        "who has it on which days of the week; with shifts, who has which", "none", {}
    )
    turn: TurnText | None = told("who takes turns, see below; counts where `week` names nobody", "none")
    exceptions: Annotated[dict[Day, PostText], mapping("{2026-12-24: 8001}")] = told(
        "single dates; they come before `week` and `turn`", "none", {}, alias="except"
    )
    swaps: Annotated[dict[Day, Swap], mapping("{2026-12-24: {8001: 8002}}")] = told(
        "on a date two people have each other's duty", "none", {}
    )
    timezone: Annotated[str, AfterValidator(values.zone)] | None = told("where the clock hangs", "`house.timezone`")
    ends: EndsText = told("as for departments", "the duty's own box, `message/<name>`", EndsText())


def rota_of(model: DutyText, name: str, zone: str) -> Rota:
    """The rota of a duty; `zone`: the house's, where the duty names none. What does not fit is left out."""
    shifts = tuple(sorted((Shift(*one) for one in model.shifts.items()), key=lambda shift: shift.minute))
    shifts = shifts or (Shift("", model.handover or 0),)

    def filled(written: dict[str, str]) -> Post:
        return tuple(written.get(shift.name, written.get("")) for shift in shifts)

    week: list[Post] = [()] * 7
    for days, written in model.week.items():
        for day in weekdays(days):
            week[day] = filled(written)
    turn = None
    if model.turn and model.turn.start and model.turn.people:
        turn = Turn(model.turn.start, model.turn.every, tuple(map(filled, model.turn.people)))
    exceptions = {day: filled(written) for day, written in model.exceptions.items()}
    swaps = {day: swap | {b: a for a, b in swap.items()} for day, swap in model.swaps.items()}
    return Rota(name, model.timezone or zone, shifts, tuple(week), turn, exceptions, swaps)


def people(model: DutyText) -> Iterator[tuple[tuple, str, bool]]:
    """Everybody a duty names: the path, the extension, and whether it stands in the key there."""
    for path, written in _posts(model):
        for shift, person in written.items():
            yield (*path, shift) if shift else path, person, False
    for day, swap in model.swaps.items():
        for one, other in swap.items():
            yield ("swaps", day.isoformat(), one), one, True
            yield ("swaps", day.isoformat(), one), other, False


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in a duty that does not go with the rest of it. `key`: its place is the key, not the value."""

    path: tuple
    message: str
    id: str
    near: str | None = None
    key: bool = True
    severity: str = "error"


def misfits(model: DutyText, written: Mapping) -> Iterator[Misfit]:
    """What does not fit together in a duty. `written`: what stands in the file; faults of single values are told."""
    if not {"week", "turn", "except"} & {*written}:
        yield Misfit((), "week or turn is missing: who is on duty? Write week: {mon-sun: 8001}", "missing")
    if model.shifts and model.handover is not None:
        yield Misfit(("handover",), "the shifts say when they begin; keep one of the two", "both")
    yield from _shifts(model, "shifts" in written)
    yield from _days(model)
    if model.turn:
        yield from _turn(model.turn, written["turn"], rota_of(model, "", "UTC").week)
    yield from _swaps(model)


def _posts(model: DutyText) -> Iterator[tuple[tuple, dict[str, str]]]:
    yield from ((("week", days), post) for days, post in model.week.items())
    if model.turn:
        yield from ((("turn", "people", index), post) for index, post in enumerate(model.turn.people))
    yield from ((("except", day.isoformat()), post) for day, post in model.exceptions.items())


def _shifts(model: DutyText, written: bool) -> Iterator[Misfit]:
    begins: dict[int, str] = {}
    for name, minute in model.shifts.items():
        if minute in begins:
            yield Misfit(("shifts", name), f"{begins[minute]} begins at the same time", "twice", key=False)
        begins.setdefault(minute, name)
    for path, post in _posts(model):
        for name in filter(None, post):
            if not written:
                message = f'there are no shifts; write one extension here, or shifts: {{{name}: "08:00", …}} beside'
                yield Misfit((*path, name), message, "unknown-shift")
            elif model.shifts and name not in model.shifts:
                message = f"there is no shift {name!r}; the shifts are {', '.join(model.shifts)}"
                yield Misfit((*path, name), message, "unknown-shift", nearest(name, model.shifts))


def _days(model: DutyText) -> Iterator[Misfit]:
    for days in overruled(model.week):
        message = f"{days} counts on no day: all of them are named again further down"
        yield Misfit(("week", days), message, "overruled", severity="warning")


def _turn(turn: TurnText, written: Mapping, week: tuple[Post, ...]) -> Iterator[Misfit]:
    if "from" not in written:
        message = "from is missing: on which date does the turn of the first of the people begin?"
        yield Misfit(("turn",), message, "missing")
    if "people" not in written:
        yield Misfit(("turn",), "people is missing; write people: [8001, 8002]", "missing")
    elif written["people"] == []:
        yield Misfit(("turn", "people"), "nobody is named; write people: [8001, 8002]", "missing")
    if all(post and None not in post for post in week):
        yield Misfit(
            ("turn",),
            "nobody's turn ever comes: week names somebody for every shift of every day; take turns or week out",
            "never",
        )


def _swaps(model: DutyText) -> Iterator[Misfit]:
    wrong = set()
    for day, swap in model.swaps.items():
        seen: set[str] = set()
        for one, other in swap.items():
            path = ("swaps", day.isoformat(), one)
            if one == other:
                wrong.add(day)
                yield Misfit(path, f"{one} cannot swap with himself; write with whom", "swap", key=False)
            for person in sorted({one, other} & seen):
                wrong.add(day)
                message = f"{person} swaps twice that day; write who has the duty under except"
                yield Misfit(path, message, "swap")
            seen |= {one, other}
    for day, one, other in rota_of(model, "", "UTC").idle_swaps():
        if day not in wrong and (model.week or model.turn or model.exceptions):
            path = ("swaps", day.isoformat(), one if one in model.swaps[day] else other)
            message = (
                f"neither {one} nor {other} has this duty on that day: the swap changes nothing; is the date right?"
            )
            yield Misfit(path, message, "swap-idle", severity="warning")
