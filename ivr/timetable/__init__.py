"""What changes when: every opening, closing, lunch break and hand-over of a duty in the days to come, in order. Pure.

>>> office = Hours.weekly({"mon-fri": "09:00-18:00"}, zone="Asia/Shanghai", name="office", holidays=Holidays("CN"))
>>> friday = datetime(2026, 10, 2, tzinfo=office.tz)
>>> for change in changes_of_hours(office, friday, friday + timedelta(days=7)):
...     print(change.at, change.of, change.now)
2026-10-08 01:00:00+00:00 office open
2026-10-08 10:00:00+00:00 office closed
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.holidays import Holidays  # noqa: F401 (the example)
from ivr.hours import Hours, Spans
from ivr.overrides import Override
from ivr.rota import Rota
from ivr.steps import Table

__all__ = ["Change", "Member", "SpecialDay", "Timetable", "changes_of_hours", "timetable"]

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Member:
    """Hours or a duty. `name` is as in `Change.of`; `at_first`: what it is when the timetable begins; `used_by`: the
    addresses of the steps that go by it, in the order of the table. `is_quiet`: while they are "open", phones are not
    rung, and nothing else goes by them."""

    name: str
    zone: str
    at_first: str | None
    used_by: tuple[str, ...]
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One change, at an instant of UTC; it is told on the wall of `zone`.

    `of`: the name of hours, or duty/<name>. `was`, `now`: "open", "lunch" or "closed"; of a duty the extension of who
    has it, None: nobody. `why`: the event, the hand or the rule that makes it; "" where it is the week's.
    """

    at: datetime
    zone: str
    of: str
    was: str | None
    now: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date on which hours have other ranges than on its day of the week; `rule` as `Hours.why` tells it, `occasion`:
    what the date is called, where it has a name."""

    day: date
    of: str
    rule: str
    occasion: str | None
    ranges: Spans


@dataclass(frozen=True, slots=True)
class Timetable:
    """The days from `begin` to `end` (aware, in the zone of the house). `unpublished`: (hours, country, year) whose
    holidays are not known yet, so that what is told of them may change."""

    begin: datetime
    end: datetime
    members: tuple[Member, ...]
    changes: tuple[Change, ...]
    days: tuple[SpecialDay, ...]
    unpublished: tuple[tuple[str, str, int], ...]


def timetable(
    table: Table, first: date, days: int, now: datetime, overrides: Mapping[str, Override] | None = None
) -> Timetable:
    """The timetable of some days. `overrides`: what stands at `now`, by the names of hours; before, nothing is known
    of it."""
    zone = ZoneInfo(table.timezone)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone)
    last = first + timedelta(days=days)
    end = datetime(last.year, last.month, last.day, tzinfo=zone)
    members, changes, special, unpublished = [], [], [], []
    for hours, used_by in hours_of(table).items():
        by_hand = (overrides or {}).get(hours.name)
        quiet = all(hours == getattr(table.steps[address], "quiet", None) for address in used_by)
        members.append(Member(hours.name, hours.zone, _state(hours, begin, by_hand, now), used_by, quiet))
        changes += changes_of_hours(hours, begin, end, by_hand, now)
        special += special_days(hours, begin, end)
        unpublished += _unpublished(hours, begin, end)
    for name, rota in rotas_of(table).items():
        of = f"duty/{name}"
        members.append(Member(of, rota.zone, rota.on(begin), (of,)))
        changes += changes_of_rota(of, rota, begin, end)
    order = {member.name: number for number, member in enumerate(members)}
    return Timetable(
        begin=begin,
        end=end,
        members=tuple(members),
        changes=tuple(sorted(changes, key=lambda change: (change.at, order[change.of]))),
        days=tuple(sorted(special, key=lambda day: (day.day, order[day.of]))),
        unpublished=tuple(unpublished),
    )


def hours_of(table: Table) -> dict[Hours, tuple[str, ...]]:
    """The hours of a table, each with the addresses of who has them."""
    found: dict[Hours, list[str]] = {}
    for step in table.steps.values():
        for hours in (getattr(step, "hours", None), getattr(step, "quiet", None)):
            for one in hours if isinstance(hours, tuple) else (hours,):
                if one is not None:
                    found.setdefault(one, []).append(step.address)
    return {hours: tuple(addresses) for hours, addresses in found.items()}


def rotas_of(table: Table) -> dict[str, Rota]:
    """The rotas of a table by the names of their duties."""
    return {step.rota.name: step.rota for step in table.steps.values() if hasattr(step, "rota")}


def changes_of_hours(
    hours: Hours, begin: datetime, end: datetime, by_hand: Override | None = None, now: datetime | None = None
) -> Iterator[Change]:
    """The changes from `begin`, one at that very moment included, to before `end`. `by_hand` stands since `now`."""
    at = begin - MOMENT
    was = _state(hours, at, by_hand, now)
    hand = [moment for moment in (now, by_hand.until) if moment] if by_hand else []
    while True:
        marks = [mark for mark in (hours.next_change(at), *hand) if mark is not None and mark > at]
        if not marks or min(marks) >= end:
            return
        at = min(marks).astimezone(UTC)
        state = _state(hours, at, by_hand, now)
        if state != was:
            yield Change(at, hours.zone, hours.name, was, state, _cause(hours, at, state, by_hand, now))
            was = state


def changes_of_rota(of: str, rota: Rota, begin: datetime, end: datetime) -> Iterator[Change]:
    """The hand-overs from `begin`, one at that very moment included, to before `end`."""
    at = begin - MOMENT
    while (handed := rota.next_change(at)) is not None and handed < end:
        yield Change(handed, rota.zone, of, rota.on(at), rota.on(handed), rota.why(handed))
        at = handed


def special_days(hours: Hours, begin: datetime, end: datetime) -> Iterator[SpecialDay]:
    """The dates, on the wall of the hours, that are not as their day of the week."""
    day, last = begin.astimezone(hours.tz).date(), (end - MOMENT).astimezone(hours.tz).date()
    while day <= last:
        rule, ranges = hours.why(day)
        if ranges != hours.week[day.weekday()]:
            yield SpecialDay(day, hours.name, rule, hours.occasion(day), ranges)
        day += timedelta(days=1)


def _state(hours: Hours, at: datetime, by_hand: Override | None, now: datetime | None) -> str:
    stands = by_hand is not None and at >= now and by_hand.stands(at)
    return by_hand.state if stands else hours.state(at)


def _cause(hours: Hours, at: datetime, state: str, by_hand: Override | None, now: datetime | None) -> str:
    """What makes a change that the week, the date and its ranges do not."""
    if by_hand is not None and at == now:
        return f"by hand of {by_hand.by}" if by_hand.by else "by hand"
    if by_hand is not None and at == by_hand.until:
        return "no longer by hand"
    calendar = {"closed": hours.closures, "open": hours.openings}.get(state)
    events = calendar.at(at, at + MOMENT, hours.tz) if calendar else ()
    return next((name for begins, _, name in events if begins == at), "")


def _unpublished(hours: Hours, begin: datetime, end: datetime) -> Iterator[tuple[str, str, int]]:
    for year in range(begin.year, (end - MOMENT).year + 1):
        if hours.holidays is not None and not hours.holidays.published(year):
            yield hours.name, hours.holidays.country, year
