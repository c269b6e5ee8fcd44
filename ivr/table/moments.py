"""The moments of the days to come at which something opens or closes: between two of them nothing changes.

>>> from ivr.hours import Hours
>>> day, night = (Hours.weekly({"mon-sun": text}, "UTC") for text in ("08:00-20:00", "20:00-08:00"))
>>> [(str(at), states) for at, states in combinations((day, night), date(2026, 11, 20))]
[('2026-11-20 00:00:00+00:00', ('closed', 'open')), ('2026-11-20 08:00:00+00:00', ('open', 'closed'))]
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import heapify, heappop, heappush

from ivr.hours import Hours

__all__ = ["DAYS", "combinations", "start_of", "told"]

DAYS = 400
"""How far ahead a table is lived through: a year, and the holidays after it."""


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def told(at: datetime, zone) -> str:
    """A moment as an engineer reads it.

    >>> told(datetime(2026, 11, 20, 4, tzinfo=UTC), UTC)
    'Friday 2026-11-20 at 04:00'
    """
    return f"{at.astimezone(zone):%A %Y-%m-%d at %H:%M}"


Combination = tuple[datetime, tuple[str, ...]]


@lru_cache(maxsize=64)
def combinations(hours: tuple[Hours, ...], today: date) -> tuple[Combination, ...]:
    """Every combination of states that comes in the next 400 days, once, and the first moment it comes.

    It is kept: in a table of five hundred places that relieve each other the same hours are asked for again and again.
    """
    return tuple(_combinations(hours, today))


def _combinations(hours: tuple[Hours, ...], today: date) -> Iterator[Combination]:
    at, end = start_of(today), start_of(today) + timedelta(days=DAYS)
    states = [one.state(at) for one in hours]
    changes = [(change, index) for index, one in enumerate(hours) if (change := one.next_change(at)) is not None]
    heapify(changes)
    seen = {tuple(states)}
    yield at, tuple(states)
    while changes and changes[0][0] < end:
        at = changes[0][0]
        while changes and changes[0][0] == at:
            _, index = heappop(changes)
            states[index] = hours[index].state(at)
            if (change := hours[index].next_change(at)) is not None:
                heappush(changes, (change, index))
        if (now := tuple(states)) not in seen:
            seen.add(now)
            yield at, now
