"""Which words will be needed: everything the steps may say from now until tomorrow night. Pure.

So speech is made before a caller waits for it. What depends on the clock ("opens tomorrow at nine") changes only when
a place opens or closes, and at midnight; so those instants are enough.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.handlers import Handler, kind_of
from ivr.hours import Hours
from ivr.prompt import Prompt, Sound
from ivr.steps import Table

__all__ = ["instants", "needed"]

ALWAYS = (Prompt("apology"), Sound("beep"))
AHEAD = timedelta(hours=36)


def all_hours(table: Table) -> set[Hours]:
    """The different hours of a table: of places, those a switch opens and closes, those at which phones are quiet."""
    found: set[Hours] = set()
    for step in table.steps.values():
        hours = getattr(step, "hours", None) or ()
        found.update((hours,) if isinstance(hours, Hours) else hours)
        if getattr(step, "quiet", None) is not None:
            found.add(step.quiet)
    return found


def instants(table: Table, now: datetime, ahead: timedelta = AHEAD) -> list[datetime]:
    """Now, and every instant until `ahead` at which what is said may change."""
    found = {now}
    zones = {table.timezone, *(hours.zone for hours in all_hours(table))}
    for zone in map(ZoneInfo, zones):
        midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
        found |= {midnight + timedelta(days=n) for n in (1, 2)}
    for hours in all_hours(table):
        change = hours.next_change(now)
        while change is not None and change <= now + ahead:
            found.add(change)
            change = hours.next_change(change)
    return sorted(instant for instant in found if instant <= now + ahead)


def needed(table: Table, handlers: Mapping[str, Handler], at: Iterable[datetime]) -> list[Prompt | Sound]:
    """Everything the steps may say at those instants, each once."""
    found: dict[Prompt | Sound, None] = dict.fromkeys(ALWAYS)
    for instant in at:
        for address, step in table.steps.items():
            found.update(dict.fromkeys(handlers[kind_of(address)].speaks(step, table, instant)))
    return list(found)
