"""When: stretches of time in which nothing changes, and how many of them are told as one.

>>> zone = ZoneInfo("Asia/Shanghai")
>>> start = datetime(2026, 11, 23, tzinfo=zone)
>>> sundays = [(start + timedelta(days=6 + 7 * week, hours=9), start + timedelta(days=6 + 7 * week, hours=12))
...            for week in range(8)]
>>> when(sundays, (start, start + timedelta(days=56)), zone)
'every Sunday 09:00–12:00'
>>> when(sundays[:3] + sundays[4:], (start, start + timedelta(days=56)), zone)
'every Sunday 09:00–12:00, not on 2026-12-20'
>>> when(sundays[:1], (start, start + timedelta(days=56)), zone)
'on 2026-11-29 09:00–12:00'
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from ivr.ways import DECIDING

__all__ = ["Span", "joined", "named", "once", "stretches", "when"]

Span = tuple[datetime, datetime]
"""From, until: aware, half-open."""
Minutes = tuple[tuple[int, int], ...]
"""Ranges of one date, in minutes of the clock on the wall; 1440 is its end."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = timedelta(days=1)
MOST = 6
"""Exceptions that are told one by one."""


def stretches(rules: Sequence[Any], start: datetime, end: datetime) -> dict[tuple, list[Span]]:
    """The time from `start` to `end`, by what all the rules (`once`) answer: answers → the spans in which they do."""
    asked = [(rule, getattr(rule, verb_of(rule))) for rule in rules]
    marks = {start}
    for rule, _ in asked:
        at = start
        while (at := rule.next_change(at)) is not None and at < end:
            marks.add(at)
    found: dict[tuple, list[Span]] = defaultdict(list)
    ordered = [*sorted(marks), end]
    for begin, until in pairwise(ordered):
        answers = tuple(answer(begin) for _, answer in asked)
        spans = found[answers]
        if spans and spans[-1][1] == begin:
            spans[-1] = (spans[-1][0], until)
        else:
            spans.append((begin, until))
    return found


def verb_of(rule: Any) -> str | None:
    """How a rule of time is asked; None for another rule."""
    return next((verb for verb in DECIDING if hasattr(rule, verb)), None)


def once(rules: Iterable[Any]) -> list[Any]:
    """The rules of time, those that are equal once."""
    found: list[Any] = []
    for rule in rules:
        if verb_of(rule) and rule not in found:
            found.append(rule)
    return found


def named(rules: Sequence[Any], stretched: Mapping[tuple, Sequence[Span]]) -> dict[tuple[Span, ...], str]:
    """The times that have a name: spans → "while hours.office is open". A name that means two things is none."""
    found: dict[tuple[Span, ...], str] = {}
    names = Counter(rule.name for rule in rules)
    for index, rule in enumerate(rules):
        spans: dict[str, list[Span]] = defaultdict(list)
        for answers, some in stretched.items():
            for words in _named(rule, answers[index]):
                spans[words] += some
        if names[rule.name] == 1:
            found |= {tuple(joined(some)): words for words, some in reversed(spans.items())}
    return found


def _named(rule: Any, answer: str | None) -> Iterator[str]:
    if verb_of(rule) == "on":
        yield f"while {answer or 'nobody'} is on duty as {rule.name}"
        return
    yield f"while hours.{rule.name} is {'at lunch' if answer == 'lunch' else answer}"
    if answer != "open":
        yield f"while hours.{rule.name} is not open"


def when(
    spans: Iterable[Span], window: Span, zone: ZoneInfo, names: Mapping[tuple[Span, ...], str] | None = None
) -> str:
    """Spans within a window of whole dates as people tell them: always; every Sunday 09:00–12:00, not on 2026-12-20;
    on 2026-12-31. `names`: the times that have one."""
    spans = joined(spans)
    if spans == [window]:
        return "always"
    by_date, dates = _by_date(spans, zone), list(_by_date([window], zone))
    weekly = _weekly(by_date, dates)
    told = _every(weekly)
    if name := (names or {}).get(tuple(spans)):
        return f"{name} ({told})" if told else name
    odd = {day: found for day in dates if (found := by_date.get(day, ())) != weekly[day.weekday()]}
    parts = [told] if told else []
    if missing := [(day, ()) for day, found in odd.items() if not found]:
        parts.append(f"not on {_listed(missing)}")
    if others := [(day, found) for day, found in odd.items() if found]:
        parts.append(f"{'but ' if told else ''}on {_listed(others)}")
    return ", ".join(parts)


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, and those that touch as one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and found[-1][1] >= begin:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _dates(span: Span, zone: ZoneInfo) -> Iterator[tuple[date, tuple[int, int]]]:
    """The dates a span touches, each with its minutes."""
    begin, end = (edge.astimezone(zone) for edge in span)
    day = begin.date()
    while day <= end.date():
        first = begin.hour * 60 + begin.minute if day == begin.date() else 0
        last = end.hour * 60 + end.minute if day == end.date() else 1440
        if first < last:
            yield day, (first, last)
        day += DAY


def _by_date(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, Minutes]:
    found: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        for day, minutes in _dates(span, zone):
            found[day].append(minutes)
    return {day: tuple(minutes) for day, minutes in found.items()}


def _weekly(by_date: dict[date, Minutes], dates: Sequence[date]) -> list[Minutes]:
    """What each day of the week has on most of its dates; nothing where that is no rule."""
    found: list[Minutes] = []
    for weekday in range(7):
        counted = Counter(by_date.get(day, ()) for day in dates if day.weekday() == weekday)
        [(minutes, times)] = counted.most_common(1) or [((), 0)]
        found.append(minutes if times > sum(counted.values()) / 2 and times > 1 else ())
    return found


def _every(weekly: Sequence[Minutes]) -> str:
    """every Monday–Friday 12:00–13:30; every Saturday, Sunday"""
    if all(weekly) and len(set(weekly)) == 1:
        return f"every day{_clock(_around(weekly[0]))}"
    parts = []
    for minutes in dict.fromkeys(minutes for minutes in weekly if minutes):
        days = [day for day in range(7) if weekly[day] == minutes]
        parts.append(f"every {_weekdays(days)}{_clock(minutes)}")
    return "; ".join(parts)


def _around(minutes: Minutes) -> Minutes:
    """What is so every day goes on past midnight: 22:00–06:00."""
    if len(minutes) > 1 and minutes[0][0] == 0 and minutes[-1][1] == 1440:
        return (*minutes[1:-1], (minutes[-1][0], minutes[0][1]))
    return minutes


def _weekdays(days: Sequence[int]) -> str:
    runs = []
    for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        run = [day for _, day in run]
        runs.append(f"{DAYS[run[0]]}–{DAYS[run[-1]]}" if len(run) > 2 else ", ".join(DAYS[day] for day in run))
    return ", ".join(runs)


def _clock(minutes: Minutes) -> str:
    """09:00–12:00, 13:30–18:00; nothing for a whole day"""
    if minutes in ((), ((0, 1440),)):
        return ""
    return " " + ", ".join(f"{_minute(a)}–{_minute(b)}" for a, b in minutes)


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _listed(days: Sequence[tuple[date, Minutes]]) -> str:
    """2026-10-01 to 2026-10-07; 2026-12-31 09:00–12:00 and 3 more"""
    runs: list[list] = []
    for day, minutes in days:
        if runs and runs[-1][1] + DAY == day and runs[-1][2] == minutes:
            runs[-1][1] = day
        else:
            runs.append([day, day, minutes])
    told = "; ".join(f"{a}{f' to {b}' if b > a else ''}{_clock(minutes)}" for a, b, minutes in runs[:MOST])
    return told if len(runs) <= MOST else f"{told} and {len(runs) - MOST} more"
