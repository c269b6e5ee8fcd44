"""The moments of the days to come at which something opens or closes: between two of them nothing changes.

>>> from ivr.hours import Hours
>>> day, night = (Hours.weekly({"mon-sun": text}, "UTC") for text in ("08:00-20:00", "20:00-08:00"))
>>> [(str(at), states) for at, states in combinations((day, night), date(2026, 11, 20))]
[('2026-11-20 00:00:00+00:00', ('closed', 'open')), ('2026-11-20 08:00:00+00:00', ('open', 'closed'))]
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

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
    at = start_of(today)
    states = [one.state(at) for one in hours]
    changes = sorted(
        (change, index, state) for index, one in enumerate(hours) for change, state in _changes(one, today)
    )
    seen = {tuple(states)}
    yield at, tuple(states)
    for at, together in groupby(changes, key=itemgetter(0)):
        for _, index, state in together:
            states[index] = state
        if (now := tuple(states)) not in seen:
            seen.add(now)
            yield at, now


@lru_cache(maxsize=256)
def _changes(hours: Hours, today: date) -> tuple[tuple[datetime, str], ...]:
    """Each moment of the next 400 days at which these hours become another state, and that."""
    at, end, found = start_of(today), start_of(today) + timedelta(days=DAYS), []
    while (at := hours.next_change(at)) is not None and at < end:
        found.append((at, hours.state(at)))
    return tuple(found)
