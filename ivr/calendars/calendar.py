"""The events of an iCalendar file, worked out month by month as they are asked for: a recurrence may have no end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

__all__ = ["AROUND", "Calendar", "Repeating", "Times"]

KEPT_MONTHS = 60
AROUND = timedelta(days=2)  # no zone is further from UTC; so a day's events are in the month of its date anywhere


@dataclass(frozen=True, slots=True)
class Times:
    """One time an event comes. Dates: whole days, `end` is the day after. Times without a zone hang on any wall."""

    begin: date | datetime
    end: date | datetime
    name: str

    def within(self, first: date, last: date) -> bool:
        """Does it touch these days, whatever its zone?"""
        return _day(self.begin) - AROUND <= last and first <= _day(self.end) + AROUND


class Repeating(Protocol):
    """Events that come more than once."""

    def between(self, first: date, last: date) -> list[Times]:
        """The times that touch these days, whatever their zone."""


class Calendar:
    """Events by day. `version`: SHA-256 of the file; two calendars of the same file are equal."""

    def __init__(self, version: str, once: Iterable[Times] = (), repeating: Repeating | None = None):
        self.version = version
        self._once = tuple(once)
        self._repeating = repeating
        self._months: dict[tuple[int, int], tuple[Times, ...]] = {}

    def on(self, day: date) -> str | None:
        """The name of an event that takes this whole date; None where none does."""
        for event in self._month(day):
            if type(event.begin) is date and event.begin <= day < event.end:
                return event.name
        return None

    def at(self, begin: datetime, end: datetime, zone: tzinfo) -> list[tuple[datetime, datetime, str]]:
        """The events of some hours that touch the time from `begin` to `end` (aware, at most some days): from, until,
        name, in UTC. Those that are written without a time zone are told on the walls of `zone`."""
        months = {(day.year, day.month): day for day in (begin.date(), end.date())}
        found = set()
        for event in (event for day in months.values() for event in self._month(day)):
            if isinstance(event.begin, datetime):
                first, last = _aware(event.begin, zone), _aware(event.end, zone)
                if first < end and begin < last:
                    found.add((first, last, event.name))
        return sorted(found)

    def coming(self, first: date, last: date) -> bool:
        """Is there any event from one date to another?"""
        day = first
        while day <= last:
            if any(_day(event.end) >= first and _day(event.begin) <= last for event in self._month(day)):
                return True
            day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        return False

    def _month(self, day: date) -> tuple[Times, ...]:
        month = (day.year, day.month)
        if month not in self._months:
            if len(self._months) >= KEPT_MONTHS:
                self._months.clear()
            first = day.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1)
            again = self._repeating.between(first, last) if self._repeating else []
            self._months[month] = (*(event for event in self._once if event.within(first, last)), *again)
        return self._months[month]

    def __eq__(self, other):
        return isinstance(other, Calendar) and self.version == other.version

    def __hash__(self):
        return hash(self.version)

    def __repr__(self):
        return f"Calendar({self.version[:12]!r})"


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
