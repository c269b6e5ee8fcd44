"""What will have to be said though nobody can know it yet: the numbers callers key, and the openings of coming days.

The handlers' `speaks` tell what is known now. These prompts beside them make the segments for the rest: all digits in
every place of a sentence, and for each place with hours the words around an opening, its times, and the coming dates.
Build them at start and once a day, so that no caller waits for speech (a step's own opening changes by the clock).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product

from ivr.prompt import Opening, Prompt
from ivr.steps import Department, Greeting, Table

__all__ = ["vocabulary"]

DAYS = 16
"""Dates that are made ready: the longest holidays of the calendar, with a weekend on either side."""
NUMBERS = {
    "extension-unknown": "number",
    "transfer-extension": "number",
    "message-number-read-back": "number",
    "message-kept": "reference",
}


def vocabulary(table: Table, at: datetime) -> Iterator[Prompt]:
    """Prompts whose segments are all that callers' keys and the days from `at` on may bring."""
    for name, value in NUMBERS.items():
        # Eleven digits are spoken in groups: each digit inside a group, at its end, and at the end of the number.
        yield from (Prompt(name, **{value: digit * 11}) for digit in "0123456789*#")
    today = at.date()
    openings = [Opening("today", today, time(9)), Opening("tomorrow", today, time(9)), None]
    told: set[time] = set()
    for step in table.steps.values():
        if not isinstance(step, Greeting | Department) or step.hours is None:
            continue
        for opens in openings:
            yield from _away(step, opens)
        for opening_time in _times(step.hours) - told:
            told.add(opening_time)
            for day in ("today", "tomorrow"):
                yield from _away(step, Opening(day, today, opening_time))
    yield from _days(table, today)


def _away(step: Greeting | Department, opens: Opening | None) -> Iterator[Prompt]:
    """What is said while a place is closed, or at lunch."""
    if isinstance(step, Department):
        yield from (Prompt(state, to=step.name, opens=opens) for state in ("closed", "lunch"))
        return
    parts = ("morning", "noon", "afternoon", "evening")
    for part, state, late in product(parts, ("closed", "lunch"), (False, True)):
        yield Prompt("greeting", house=step.house, part=part, state=state, opens=opens, late=late)


def _days(table: Table, today: date) -> Iterator[Prompt]:
    """Every weekday as tomorrow and within the week, and the coming dates, said by the first place with hours."""
    step = next((step for step in table.steps.values() if getattr(step, "hours", None)), None)
    if step is not None:
        for days in range(DAYS):
            for day in ("tomorrow", "week", "date"):
                yield from _away(step, Opening(day, today + timedelta(days), time(9)))


def _times(hours) -> set[time]:
    """Every time of day at which a place opens, after the night or after lunch."""
    days = (*hours.week, *hours.exceptions.values())
    return {time(start // 60 % 24, start % 60) for spans in days for start, _ in spans}
