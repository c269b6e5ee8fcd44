"""Which ways of repeating are read (RRULE, RFC 5545 section 3.3.10), and how often that is.

Calendar programs write rules by day, week, month or year, with an end or without. Refused is what nobody's calendar
needs, and what would keep a library busy for seconds looking for a day that never comes (30 February, tried on every
day until the year 9999: 5 s). A rule that names its own first day is not of that kind.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime

__all__ = ["LAST", "TIMES", "fault_of", "steps"]

LAST = date(2100, 1, 1)  # as far as the times of a rule are counted
TIMES = 500_000
"""How many times all repeating events of a file may come until `LAST`; working them all out takes 3 s."""

DAYS = {"DAILY": 1.0, "WEEKLY": 7.0, "MONTHLY": 30.4, "YEARLY": 365.2}
READ = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS")
ONCE = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST")
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LISTED = {
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": (*range(-31, 0), *range(1, 32)),
    "BYSETPOS": (-4, -3, -2, -1, 1, 2, 3, 4),
}

Rule = Mapping[str, list]


def fault_of(rule: Rule, start: date | datetime) -> str | None:
    """Why a rule is not read; None: it is, and comes again within some years of any day."""
    for name in rule:
        if name not in READ:
            return f"{name} is not read; the parts of a rule are {', '.join(READ)}"
        if name in ONCE and len(rule[name]) != 1:
            return f"{name} has one value"
    frequency = _one(rule, "FREQ", None)
    if frequency is None:
        return "FREQ is missing; it is written as FREQ=YEARLY"
    if frequency not in DAYS:
        return f"FREQ={frequency} is not read; it is {', '.join(DAYS)}"
    for name, most in (("INTERVAL", 999), ("COUNT", 99_999)):
        if not isinstance(_one(rule, name, 1), int) or not 1 <= _one(rule, name, 1) <= most:
            return f"{name} is a whole number from 1 to {most}"
    if "COUNT" in rule and "UNTIL" in rule:
        return "COUNT and UNTIL stand beside each other; keep one of the two"
    until = _one(rule, "UNTIL", start)
    if not isinstance(until, date):
        return "UNTIL is written as 20261224 or 20261224T090000Z"
    if _date(until) < _date(start):
        return "UNTIL lies before DTSTART"
    for name, allowed in LISTED.items():
        for value in rule.get(name, ()):
            if not isinstance(value, int) or value not in allowed:
                return f"{name}={value} is not read; it has numbers from {min(allowed)} to {max(allowed)}"
    return _days_fault(rule, frequency, _date(start))


def steps(rule: Rule, start: date | datetime) -> int:
    """How many steps it takes to work a rule out until `LAST`."""
    until = min(_date(_one(rule, "UNTIL", LAST)), LAST)
    several = max(len(rule.get(name, ())) for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"))
    step = DAYS[_one(rule, "FREQ", "")] * _one(rule, "INTERVAL", 1) / max(1, several)
    return min(int(max(0, (until - _date(start)).days) / step) + 1, _one(rule, "COUNT", TIMES))


def _days_fault(rule: Rule, frequency: str, start: date) -> str | None:
    by_day = [re.fullmatch(r"([+-]?[0-9]{1,2})?(..)", str(value).upper()) for value in rule.get("BYDAY", ())]
    if not all(match and match[2] in WEEK for match in by_day):
        return "BYDAY has days such as MO or, in a month or year, 1MO and -1FR"
    counted = [match for match in by_day if match[1]]
    if counted and frequency not in ("MONTHLY", "YEARLY"):
        return f"BYDAY={counted[0][0]} counts the days of a month or year, and FREQ is {frequency}"
    of_year = frequency == "YEARLY" and "BYMONTH" not in rule
    if "BYSETPOS" in rule and (frequency != "MONTHLY" or not by_day or counted or "BYMONTHDAY" in rule):
        return "BYSETPOS is read beside FREQ=MONTHLY and BYDAY with plain days only"
    if by_day and not any(_is(match, start, of_year) for match in by_day):
        return _another(start, "BYDAY")
    if "BYMONTH" in rule and start.month not in rule["BYMONTH"]:
        return _another(start, "BYMONTH")
    last = monthrange(start.year, start.month)[1]
    if "BYMONTHDAY" in rule and not {start.day, start.day - last - 1} & {*rule["BYMONTHDAY"]}:
        return _another(start, "BYMONTHDAY")
    return None


def _another(start: date, part: str) -> str:
    return f"DTSTART is {start:%A} {start}, which is not among the days of {part}; begin it on one of them"


def _is(day: re.Match, start: date, of_year: bool) -> bool:
    """Is the first day the n-th such weekday of its month or year?"""
    if WEEK.index(day[2]) != start.weekday():
        return False
    begin = date(start.year, 1, 1) if of_year else start.replace(day=1)
    end = date(start.year, 12, 31) if of_year else start.replace(day=monthrange(start.year, start.month)[1])
    return not day[1] or int(day[1]) in ((start - begin).days // 7 + 1, -((end - start).days // 7) - 1)


def _one(rule: Rule, name: str, default):
    return rule[name][0] if name in rule else default


def _date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
