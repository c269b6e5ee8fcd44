"""At every instant a place is open, at lunch or closed: what the clock on its wall says.

    >>> office = Hours.weekly({"mon-fri": "09:00-12:00, 13:30-18:00"}, zone="Asia/Shanghai", holidays=Holidays("CN"))
    >>> monday = datetime(2026, 11, 23, tzinfo=office.tz)
    >>> [office.state(monday.replace(hour=h)) for h in (8, 9, 12, 14, 18)]
    ['closed', 'open', 'lunch', 'open', 'closed']
    >>> office.opening(monday.replace(hour=18))
    Opening(day='tomorrow', date=datetime.date(2026, 11, 24), time=datetime.time(9, 0))

Which ranges a date has: those of a dated exception; else none where a calendar has it closed; else, where one has it
open, those of its weekday or, if that has none, of the weekday `make_up`; else none on a holiday; else, on a weekend
day worked in exchange for a holiday (调休), those of `make_up`; else those of its weekday. Ranges are half-open,
18:00:00 is closed; one past midnight belongs to the day it began.

Then the events of calendars that have times: they close and open whatever the ranges say, except on the date of an
exception; of two at one time the one that closes counts.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from ivr.calendars import Calendar
from ivr.holidays import Holidays
from ivr.hours_text import spans, weekdays
from ivr.prompt import Opening

__all__ = ["Hours", "Spans"]

Spans = tuple[tuple[int, int], ...]

# A gap between two ranges of one day is called lunch where it lies in the one part of the day and touches the other: at
# 19:00 nobody says "we are at lunch" though the evening surgery opens at 20:00, nor at 10:45 or in the afternoon.
MIDDAY, NOON = (10 * 60, 16 * 60), (11 * 60, 14 * 60)
DAY = 86_400
KEPT_DAYS = 1_024  # of 0.5 kB: two years and more, so looking a year ahead stays in the cache
LOOK_AHEAD = 400  # days; after that nothing but a dated exception can bring a change


@dataclass(frozen=True, eq=True)
class Hours:
    """The opening hours of one place, in its own time zone. Build it with `weekly`.

    `week`: the ranges of Monday … Sunday, minutes of the day. `make_up`: whose ranges a make-up workday has (0 Monday).
    `closures`, `openings`: during their events it is closed, or open.
    """

    name: str
    zone: str
    week: tuple[Spans, ...]
    holidays: Holidays | None = None
    make_up: int = 0
    exceptions: Mapping[date, Spans] = field(default_factory=dict, hash=False)
    closures: Calendar | None = None
    openings: Calendar | None = None

    @classmethod
    def weekly(
        cls,
        week: Mapping[str, str],
        zone: str,
        *,
        name: str = "",
        holidays: Holidays | None = None,
        make_up: str = "mon",
        exceptions: Mapping[date, str] | None = None,
        closures: Calendar | None = None,
        openings: Calendar | None = None,
    ) -> "Hours":
        """Hours from their written form; days not named are closed. ValueError says what cannot be read."""
        by_day: list[Spans] = [()] * 7
        for days, text in week.items():
            for day in weekdays(days):
                by_day[day] = spans(text)
        dated = {day: spans(text) for day, text in (exceptions or {}).items()}
        return cls(name, zone, tuple(by_day), holidays, weekdays(make_up)[0], dated, closures, openings)

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def state(self, instant: datetime) -> str:
        """What it is at an aware instant: "open", "lunch" or "closed"."""
        at = _seconds(instant)
        starts, states = self._day(int(at // DAY))
        return states[bisect_right(starts, at) - 1]

    def next_change(self, instant: datetime) -> datetime | None:
        """The first moment after `instant` at which the state is another, in UTC; None if it stays for ever."""
        now = self.state(instant)
        return self._first(_seconds(instant), lambda state: state != now)

    def next_opening(self, instant: datetime) -> datetime | None:
        """The first moment after `instant` at which a door opens that was shut, in UTC; None if none ever does."""
        if self.state(instant) == "open":
            shut = self.next_change(instant)
            return None if shut is None else self._first(_seconds(shut), lambda state: state == "open")
        return self._first(_seconds(instant), lambda state: state == "open")

    def opening(self, instant: datetime, shut_until: datetime | None = None) -> Opening | None:
        """When it opens next, as said to a caller at `instant` (rule A7); None while open, or if it never does.

        `shut_until`: whatever the hours say, it is closed until then.
        """
        if shut_until is None and self.state(instant) == "open":
            return None
        since = shut_until or instant
        opens = since if shut_until and self.state(since) == "open" else self.next_opening(since)
        if opens is None:
            return None
        here, there = instant.astimezone(self.tz), opens.astimezone(self.tz)
        days = (there.date() - here.date()).days
        word = "today" if days <= 0 else "tomorrow" if days == 1 else "week" if days <= 6 else "date"
        return Opening(word, there.date(), there.time().replace(tzinfo=None, fold=0))

    def why(self, day: date) -> tuple[str, Spans]:
        """The rule that gives a date its ranges, and the ranges.

        The rule is "exception", "closure", "opening", "holiday", "make-up" or "week".
        """
        if day in self.exceptions:
            return "exception", self.exceptions[day]
        if self.closures and self.closures.on(day):
            return "closure", ()
        own, worked = self.week[day.weekday()], self.week[self.make_up]
        if self.openings and self.openings.on(day):
            return "opening", own or worked
        kind = self.holidays.day(day) if self.holidays else None
        if kind == "holiday":
            return kind, ()
        return (kind, worked) if kind else ("week", own)

    def occasion(self, day: date) -> str | None:
        """What the date is called by the rule that gives it its ranges: a holiday's name, an event's."""
        match self.why(day)[0]:
            case "closure":
                return self.closures.on(day)
            case "opening":
                return self.openings.on(day)
            case "holiday":
                return self.holidays.name(day)
        return None

    @cached_property
    def always(self) -> bool:
        """Open at every instant, whatever the date?"""
        every_day = self.holidays is self.closures is None and all(day == ((0, 1440),) for day in self.week)
        return every_day and all(day == ((0, 1440),) for day in self.exceptions.values())

    @cached_property
    def has_lunch(self) -> bool:
        """Is there a lunch break on any day?"""
        return any(_gaps(day) for day in (*self.week, *self.exceptions.values()))

    # The precomputed days: per day of UTC, the seconds at which a state begins ------------------------------------

    @cached_property
    def _days(self) -> dict[int, tuple[tuple[float, ...], tuple[str, ...]]]:
        return {}

    def _day(self, number: int) -> tuple[tuple[float, ...], tuple[str, ...]]:
        """The states of day `number` since 1970 in UTC: when each begins, and which."""
        known = self._days.get(number)
        if known is None:
            if len(self._days) >= KEPT_DAYS:
                self._days.clear()
            known = self._days[number] = self._work_out(number)
        return known

    def _work_out(self, number: int) -> tuple[tuple[float, ...], tuple[str, ...]]:
        begin, end = number * DAY, (number + 1) * DAY
        closed, opened = (self._events(calendar, begin, end) for calendar in (self.closures, self.openings))
        marks = {*_shifts(self.zone, number), *(mark for event in (*closed, *opened) for mark in event)}
        # A clock shows one time twice, or leaves it out, only where it is changed.
        folds = (0, 1) if any(_shifts(self.zone, number + n) for n in (-1, 0, 1)) else (0,)
        first = (_utc(begin).astimezone(self.tz) - timedelta(days=1)).date()
        for day in (first + timedelta(days=n) for n in range(4)):
            midnight = datetime.combine(day, time())
            for minute in {0, *(minute for span in self.why(day)[1] for minute in span)}:
                wall = (midnight + timedelta(minutes=minute)).replace(tzinfo=self.tz)
                marks.update(int(wall.replace(fold=fold).timestamp()) for fold in folds)
        starts, states = [], []
        for mark in (begin, *sorted(mark for mark in marks if begin < mark < end)):
            state, dated = self._on_the_wall(_utc(mark).astimezone(self.tz))
            if not dated and any(a <= mark < b for a, b in closed):
                state = "closed"
            elif not dated and any(a <= mark < b for a, b in opened):
                state = "open"
            if not states or states[-1] != state:
                starts.append(mark)
                states.append(state)
        return tuple(starts), tuple(states)

    def _events(self, calendar: Calendar | None, begin: int, end: int) -> list[tuple[float, float]]:
        """The events that have times between two moments, in seconds."""
        if calendar is None:
            return []
        return [(a.timestamp(), b.timestamp()) for a, b, _ in calendar.at(_utc(begin), _utc(end), self.tz)]

    def _on_the_wall(self, local: datetime) -> tuple[str, bool]:
        """The state by the ranges of the day, and whether an exception decides it."""
        minute = local.hour * 60 + local.minute + local.second / 60
        before = local.date() - timedelta(days=1)
        today, yesterday = self.why(local.date())[1], self.why(before)[1]
        dated = local.date() in self.exceptions
        if any(a <= minute + 1440 < b for a, b in yesterday):
            return "open", dated or before in self.exceptions
        if any(a <= minute < b for a, b in today):
            return "open", dated
        return ("lunch" if any(a <= minute < b for a, b in _gaps(today)) else "closed"), dated

    def _first(self, after: float, wanted) -> datetime | None:
        number = int(after // DAY)
        last = number + LOOK_AHEAD
        if self.holidays is self.closures is self.openings is None and not self.exceptions:
            last = number if self.always or not any(self.week) else number + 9
        for day in (*range(number, last + 1), *self._dated(last)):
            for start, state in zip(*self._day(day), strict=True):
                if start > after and wanted(state):
                    return _utc(start)
        return None

    def _dated(self, last: int) -> list[int]:
        """The days after day `last` on which an exception may count: what years of weeks do not change, one may."""
        numbers = (day.toordinal() - date(1970, 1, 1).toordinal() for day in self.exceptions)
        return sorted({number + n for number in numbers for n in range(-1, 4) if number + n > last})


def _seconds(instant: datetime) -> float:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; take it from a Clock")
    return instant.timestamp()


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _gaps(day: Spans) -> Spans:
    """The breaks of a day that are called lunch."""
    gaps = ((before[1], after[0]) for before, after in pairwise(day))
    return tuple((a, b) for a, b in gaps if MIDDAY[0] <= a < min(b, NOON[1]) and NOON[0] < b <= MIDDAY[1])


@lru_cache(maxsize=4_096)
def _shifts(zone: str, number: int) -> tuple[int, ...]:
    """The seconds in day `number` (UTC) at which the zone's clocks are changed; almost always none."""
    tz, found = ZoneInfo(zone), []

    def offset(seconds: int) -> timedelta | None:
        return _utc(seconds).astimezone(tz).utcoffset()

    # Every quarter of an hour: no zone changes twice within one.
    begin = number * DAY
    if offset(begin) == offset(begin + DAY) == offset(begin + DAY // 2):
        return ()
    for low in range(begin, begin + DAY, 900):
        high = low + 900
        if offset(low) == offset(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
        found.append(high)
    return tuple(found)
