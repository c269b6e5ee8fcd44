"""What the clock means to a greeting."""

from zoneinfo import ZoneInfo

from ivr.call import Call

__all__ = ["part_of_day"]


def part_of_day(call: Call) -> str:
    """morning (from 5), noon (from 11:30), afternoon (from 13), evening (from 18): at the house, not at the caller."""
    now = call.now().astimezone(ZoneInfo(call.table.timezone))
    minutes = now.hour * 60 + now.minute
    if 5 * 60 <= minutes < 11 * 60 + 30:
        return "morning"
    if 11 * 60 + 30 <= minutes < 13 * 60:
        return "noon"
    return "afternoon" if 13 * 60 <= minutes < 18 * 60 else "evening"
