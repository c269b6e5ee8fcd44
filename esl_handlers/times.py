"""What the clock means to a caller: the part of the day, and whether a place is open."""

from zoneinfo import ZoneInfo

from ivr.call import Call
from ivr.hours import Hours
from ivr.prompt import Opening

__all__ = ["instant", "opening", "part_of_day", "state"]


def part_of_day(call: Call) -> str:
    """morning (from 5), noon (from 11:30), afternoon (from 13), evening (from 18): at the house, not at the caller."""
    now = call.now().astimezone(ZoneInfo(call.table.greeting(call.dialled).timezone))
    minutes = now.hour * 60 + now.minute
    if 5 * 60 <= minutes < 11 * 60 + 30:
        return "morning"
    if 11 * 60 + 30 <= minutes < 13 * 60:
        return "noon"
    return "afternoon" if 13 * 60 <= minutes < 18 * 60 else "evening"


def state(call: Call, hours: Hours | None) -> str:
    """What a place is now: open, lunch or closed. Without hours it is always open; what was switched by hand counts."""
    if hours is None:
        return "open"
    override = call.overridden(hours.name)
    return override.state if override else hours.state(call.now())


def opening(call: Call, hours: Hours) -> Opening | None:
    """When a place that is not open opens next (rule A7); None where that is not known."""
    override = call.overridden(hours.name)
    if override is None:
        return hours.opening(call.now())
    return None if override.until is None else hours.opening(call.now(), shut_until=override.until)


def instant(opens: Opening | None) -> str:
    """An opening as the journal has it."""
    return f"{opens.date} {opens.time:%H:%M}" if opens else ""
