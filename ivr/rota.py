"""At every instant one person is on duty, or nobody is: who the rota names (rule F1).

    >>> berlin = Rota(zone="Europe/Berlin", shifts=(Shift("day", 480), Shift("night", 1200)),
    ...               week=(("8001", "8003"),) * 5 + (("8002", "8003"),) * 2)
    >>> saturday = datetime(2026, 11, 21, 7, 59, tzinfo=berlin.tz)
    >>> berlin.on(saturday), berlin.on(saturday + timedelta(minutes=1))
    ('8003', '8002')
    >>> berlin.why(saturday)
    '8003 by week: night of Friday 2026-11-20, from 20:00'

Who has a shift: whom an exception of its date names; else the week; else the turn. Then, if two have swapped that
date, the other one. A shift lasts until the next begins; what goes past midnight belongs to the day it began.

A shift begins when the clock on the wall shows its time, or a later one, for the first time: in the hour that comes
twice in autumn nothing is handed back, in the one that is left out in spring hand-over is when the clock jumps.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

__all__ = ["Post", "Rota", "Shift", "Stint", "Turn"]

Post = tuple[str | None, ...]
"""Who has each shift of a day, in the order of the shifts: extension numbers, None where none is named."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """`name` is what it is called; `minute` of the day is when it begins."""

    name: str
    minute: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Posts that take turns, `days` each, counted from a date (before it, backwards): the first has it then."""

    start: date
    days: int
    posts: tuple[Post, ...]

    def number(self, day: date) -> int:
        """Which of the posts has a day, from 0.

        >>> weekly = Turn(date(2026, 1, 5), 7, (("8001",), ("8002",), ("8003",)))
        >>> [weekly.number(date(2026, 1, n)) for n in (4, 5, 11, 12, 26)]
        [2, 0, 0, 1, 0]
        """
        return (day - self.start).days // self.days % len(self.posts)


@dataclass(frozen=True, slots=True)
class Stint:
    """One shift of one day. `person`: an extension's number, or None. `rule`: exception, week, turn, or "" where none
    names anybody; `instead_of`: who would have it had the two not swapped. `begins` is in UTC."""

    day: date
    shift: Shift
    begins: datetime
    person: str | None
    rule: str
    instead_of: str | None = None


@dataclass(frozen=True)
class Rota:
    """Who is on duty, in the rota's own time zone.

    `shifts`: in the order of the day; a single one without a name where there is one hand-over a day. `week`: the posts
    of Monday … Sunday. `swaps`: date → who → instead of whom, both ways.
    """

    name: str = ""
    zone: str = "UTC"
    shifts: tuple[Shift, ...] = (Shift("", 0),)
    week: tuple[Post, ...] = ((),) * 7
    turn: Turn | None = None
    exceptions: Mapping[date, Post] = field(default_factory=dict, hash=False)
    swaps: Mapping[date, Mapping[str, str]] = field(default_factory=dict, hash=False)

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def on(self, instant: datetime) -> str | None:
        """The extension number of who is on duty at an aware instant; None: nobody is."""
        return self._decided(*self._slot(instant))[0]

    def next_change(self, instant: datetime) -> datetime | None:
        """The first moment after `instant` at which somebody else is on duty, in UTC; None if that never comes."""
        return self._change(instant, self._settled(self._slot(instant)[0]))

    def _change(self, instant: datetime, last: date) -> datetime | None:
        """The next change in a shift of a day up to `last`."""
        now, slot = self.on(instant), self._slot(instant)
        while (slot := self._after(*slot))[0] <= last:
            if self._decided(*slot)[0] != now:
                begins = self._begins(*slot)
                if self.on(begins) != now:  # a shift of a day that the calendar leaves out never comes
                    return begins
        return None

    def stint(self, instant: datetime) -> Stint:
        """The shift that runs at an instant, and the rule that decides whose it is."""
        day, number = self._slot(instant)
        return Stint(day, self.shifts[number], self._begins(day, number), *self._decided(day, number))

    def why(self, instant: datetime) -> str:
        """Who is on duty and by which rule, in words."""
        stint = self.stint(instant)
        clock = f"{stint.shift.minute // 60:02}:{stint.shift.minute % 60:02}"
        shift = f"{stint.shift.name} of " if stint.shift.name else ""
        when = f"{shift}{DAYS[stint.day.weekday()]} {stint.day}, from {clock}"
        if stint.rule == "":
            return f"nobody: no rule names anybody for {when}"
        rule = stint.rule
        if rule == "turn":
            every = "week" if self.turn.days == 7 else "day"
            count = f"{self.turn.number(stint.day) + 1} of {len(self.turn.posts)}"
            rule = f"turn, {count}, every {every} since {self.turn.start}"
        if stint.instead_of:
            return f"{stint.person} by swap with {stint.instead_of}, who has it by {rule}: {when}"
        return f"{stint.person} by {rule}: {when}"

    def gaps(self, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """When nobody is on duty in the days from `start`: from, until, in UTC."""
        at, end = start.astimezone(UTC), start.astimezone(UTC) + timedelta(days=days)
        while at < end:
            last = min(self._settled(self._slot(at)[0]), end.date() + DAY)
            until = min(self._change(at, last) or end, end)
            if self.on(at) is None:
                yield at, until
            at = until

    def idle_swaps(self) -> Iterator[tuple[date, str, str]]:
        """The swaps that change nothing, because neither of the two has a shift that day: date, who, with whom."""
        for day, pairs in self.swaps.items():
            named = {self._named(day, number)[0] for number in range(len(self.shifts))}
            yield from ((day, a, b) for a, b in pairs.items() if a < b and not {a, b} & named)

    # Shifts are counted by their day and their number on it ---------------------------------------------------------

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(shift.minute for shift in self.shifts)

    def _named(self, day: date, number: int) -> tuple[str | None, str]:
        """Whom the rules name for a shift before any swap, and which rule."""
        rules = [("exception", self.exceptions.get(day, ())), ("week", self.week[day.weekday()])]
        if self.turn:
            rules.append(("turn", self.turn.posts[self.turn.number(day)]))
        for rule, post in rules:
            if number < len(post) and post[number] is not None:
                return post[number], rule
        return None, ""

    def _decided(self, day: date, number: int) -> tuple[str | None, str, str | None]:
        """Who has a shift, by which rule, and instead of whom."""
        person, rule = self._named(day, number)
        other = self.swaps[day].get(person) if day in self.swaps else None
        return (other, rule, person) if other else (person, rule, None)

    def _slot(self, instant: datetime) -> tuple[date, int]:
        """The shift that runs: the last one whose time the clock on the wall has shown, or passed."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no time zone; take it from a Clock")
        local = instant.astimezone(self.tz)
        number = bisect_right(self._starts, local.hour * 60 + local.minute) - 1
        slot = (local.date(), number) if number >= 0 else (local.date() - DAY, len(self.shifts) - 1)
        # The clocks went back: what they showed before they did was a later time than they show now.
        while local.fold and self._begins(*(later := self._after(*slot))) <= instant:
            slot = later
        return slot

    def _after(self, day: date, number: int) -> tuple[date, int]:
        return (day, number + 1) if number + 1 < len(self.shifts) else (day + DAY, 0)

    def _begins(self, day: date, number: int) -> datetime:
        wall = datetime.combine(day, time()) + timedelta(minutes=self.shifts[number].minute)
        after = wall.replace(tzinfo=self.tz).astimezone(UTC)
        if after.astimezone(self.tz).replace(tzinfo=None) == wall:
            return after
        # No clock shows that time; it is jumped over between these two.
        before = wall.replace(tzinfo=self.tz, fold=1).astimezone(UTC)
        jumped = after.astimezone(self.tz).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
            before, after = (before, middle) if middle.astimezone(self.tz).utcoffset() == jumped else (middle, after)
        return after

    def _settled(self, day: date) -> date:
        """The last day to look at: what has not changed until then never will."""
        period = 7 * len(self.turn.posts) if self.turn else 7
        return max(day, *self.exceptions, *self.swaps, day) + timedelta(days=period + 1)
