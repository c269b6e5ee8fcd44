"""What must hold across the whole table. One function for each rule; `RULES` lists them.

A new rule is a function of a Reading (and the steps made of it) that adds findings.
"""

from datetime import date, timedelta

from ivr.handlers import kind_of
from ivr.holidays import Holidays
from ivr.hours_text import overruled
from ivr.steps import Department
from ivr.table.answers import duty_gaps, never_open, rung_off
from ivr.table.blanks import blanks_have_values
from ivr.table.build import Builder
from ivr.table.destinations import unknown_destination
from ivr.table.emergency import emergency
from ivr.table.graph import unreachable
from ivr.table.keys import keys_are_told_apart, languages_can_be_chosen, menus_can_be_used
from ivr.table.loops import loop
from ivr.table.night import unattended
from ivr.table.pins import pins_are_hard_to_guess
from ivr.table.prompts import prompts_can_be_spoken
from ivr.table.references import (
    duties_fit,
    outside_by_gateway,
    unknown_hours,
    unknown_house,
    unknown_language,
    unknown_phone,
)
from ivr.table.shelf import Shelf
from ivr.table.toll import outside_within_toll
from ivr.table.values import BESIDE_DAYS

__all__ = ["check_reading"]


def check_reading(made: Builder, today: date | None, prompts: Shelf | None) -> None:
    """Apply every rule to what was read."""
    reading = made.reading
    for rule in RULES:
        rule(made)
    emergency(made, today)
    loop(made, today)
    if prompts is not None:
        prompts_can_be_spoken(made, prompts)
    if today is not None:
        _published(made, today)
        _calendars_end(made, today)
    if reading.found.errors:
        return
    # What is left follows from a table that is whole.
    rung_off(made)
    if today is not None:
        for rule in (unattended, duty_gaps, never_open):
            rule(made, today)
    menus_can_be_used(made)
    languages_can_be_chosen(made)
    _default_number(made)
    unreachable(made)


def overruled_days(made: Builder) -> None:
    """Warn of days that are all named again further down: `fri` before `mon-fri` counts nowhere."""
    for name, _ in made.reading.things("hours"):
        written = getattr(made.reading.root.find(("hours", name)), "entries", ())
        for key in overruled(key for key in written if key not in BESIDE_DAYS):
            message = f"the ranges of {key} count on no day: all of them are named again further down"
            made.reading.warning(("hours", name, key), message, "overruled", key=True)


def closed_needs_a_way(made: Builder) -> None:
    """A place that is closed at times says where callers go then (rules A4, A7)."""
    for step in made.steps.values():
        if isinstance(step, Department) and step.hours is not None and not step.hours.always:
            path = ("operator",) if step.address == "operator" else ("departments", step.address.partition("/")[2])
            model = made.reading.operator if path == ("operator",) else made.reading.names("departments")[path[1]]
            written = getattr(made.reading.root.find(path), "entries", {})
            if model.closed is None and "closed" not in written:
                message = f"closed is missing: callers outside the hours {model.hours!r} need a way on; write "
                message += f"closed: message/{path[-1]}"
                made.reading.error(path, message, "missing", key=True)


def something_to_say(made: Builder) -> None:
    reading = made.reading
    for name, model in reading.things("announcements"):
        written = getattr(reading.root.find(("announcements", name)), "entries", {})
        if "say" not in written and "prompt" not in written:
            message = "say or prompt is missing: what do callers hear?"
            reading.error(("announcements", name), message, "missing", key=True)
        elif model.say and model.prompt:
            path = ("announcements", name, "prompt")
            reading.error(path, "there is say already; keep one of the two", "both", key=True)
    for name, model in reading.things("holds"):
        written = getattr(reading.root.find(("holds", name)), "entries", {})
        if "for" not in written and "ring" not in written:
            message = "for or ring is missing: for whom do callers wait?"
            reading.error(("holds", name), message, "missing", key=True)
        if model.ahead and model.ahead != "operator" and kind_of(model.ahead) not in ("department", "extension"):
            message = f"callers cannot wait for {model.ahead}; write operator, department/… or extension/…"
            reading.error(("holds", name, "for"), message, "for")


def offered_by_name(made: Builder) -> None:
    """A menu reads out the names of what its keys lead to."""
    reading = made.reading
    for menu, model in reading.things("menus"):
        if model.prompt:
            continue
        for key, to in model.keys.items():
            kind, _, name = to.partition("/")
            section = {"menu": "menus", "announcement": "announcements", "message": "messages"}.get(kind)
            thing = reading.names(section).get(name) if section else None
            if thing is None or thing.name or (kind == "message" and made.steps[to].name != made.house):
                continue
            message = f"{to} is offered by this key and has no name to read out; give it a name"
            reading.error(("menus", menu, "keys", key), message, "no-name")


def _default_number(made: Builder) -> None:
    numbers = made.reading.names("numbers")
    if not numbers:
        made.reading.error(("numbers",), "there is no number; the line would answer nobody", "missing", key=True)
    elif "*" not in numbers:
        first = next(iter(numbers))
        message = f'every other number is answered as {first}; write "*" to say otherwise'
        made.reading.found.add("note", made.reading.place(("numbers",), True), ("numbers",), message, "default-number")


# How far ahead a table must know its holidays; China publishes a year's in the November before it.
AHEAD = timedelta(days=60)


def _published(made: Builder, today: date) -> None:
    of: dict[Holidays, tuple[list[int], dict[date, str]]] = {}  # a thousand hours may have those of one country
    for name, model in made.reading.things("hours"):
        if model.holidays is None:
            continue
        if model.holidays not in of:
            years = sorted({today.year, (today + AHEAD).year})
            open_years = [year for year in years if not model.holidays.published(year)]
            of[model.holidays] = open_years, model.holidays.estimates(today, today + AHEAD)
        years, estimates = of[model.holidays]
        for year in years:
            country = model.holidays.country
            message = f"the days off and make-up workdays of {country} in {year} are not known yet; update the "
            message += "package holidays when they are published, or write them under except"
            made.reading.warning(("hours", name, "holidays"), message, "unpublished")
        for day, holiday in estimates.items():
            if day not in model.exceptions:
                message = f"{day} is an estimate: {holiday}; write the date under except when it is announced"
                made.reading.warning(("hours", name, "holidays"), message, "unpublished")


COMING = timedelta(days=400)


def _calendars_end(made: Builder, today: date) -> None:
    """Warn of calendars that say nothing of the time ahead: nobody has sent this year's."""
    for name, model in made.reading.things("hours"):
        for key in ("calendar", "open_calendar"):
            calendar = made.calendars.get(getattr(model, key))
            if calendar is not None and not calendar.coming(today, today + COMING):
                message = f"{getattr(model, key)} has no event in the next {COMING.days} days: is it an old one?"
                made.reading.warning(("hours", name, key), message, "calendar-past")


RULES = (
    unknown_destination, unknown_hours, unknown_house, unknown_language, unknown_phone, duties_fit, outside_by_gateway,
    outside_within_toll, overruled_days, closed_needs_a_way, something_to_say, blanks_have_values, offered_by_name,
    keys_are_told_apart, pins_are_hard_to_guess,
)  # fmt: skip
