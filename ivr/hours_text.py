"""How hours are written: `mon-fri` and `09:00-12:00, 13:30-18:00`.

>>> spans("09:00-12:00, 13:30-18:00")
((540, 720), (810, 1080))
>>> spans("22:00-06:00"), spans("00:00-24:00"), spans("closed")
(((1320, 1800),), ((0, 1440),), ())
>>> weekdays("sat-mon")
(5, 6, 0)
"""

import re
from collections.abc import Iterable
from itertools import pairwise

__all__ = ["DAYS", "overruled", "spans", "weekdays"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def minutes(text: str) -> int:
    """The minute of the day of "9:00" or "24:00".

    >>> minutes("13:30")
    810
    """
    match = _CLOCK.fullmatch(text.strip())
    if not match or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 1440:
        raise ValueError(f"{text.strip()!r} is no time of day; write it as 09:00, from 00:00 to 24:00")
    return int(match[1]) * 60 + int(match[2])


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """The half-open ranges of one day, in minutes: (540, 1080) is open at 9:00:00 and closed at 18:00:00.

    A range that ends before it begins ends on the next day, its end is past 1440; it belongs to the day it began.
    ValueError says what to write instead.
    """
    if text.strip() == "closed":
        return ()
    found = []
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) != 2:
            raise ValueError(f"{part.strip()!r} is no range; write it as 09:00-18:00, several with a comma, or closed")
        start, end = minutes(ends[0]), minutes(ends[1])
        if start == 1440:
            raise ValueError(f"{part.strip()!r} begins at 24:00; that is 00:00 of the next day")
        if start == end:
            raise ValueError(f"{part.strip()!r} is empty; a whole day is 00:00-24:00, none at all is closed")
        found.append((start, end if end > start else end + 1440))
    for before, after in pairwise(found):
        if after[0] < before[1]:
            raise ValueError(f"{text.strip()!r}: the ranges overlap or are out of order; write the earlier one first")
    return tuple(found)


def weekdays(text: str) -> tuple[int, ...]:
    """The days of `mon`, `mon-fri`, `sat, sun`; Monday is 0. ValueError says what is wrong."""
    found: list[int] = []
    for part in text.split(","):
        ends = [end.strip() for end in part.split("-")]
        for end in ends:
            if end not in DAYS:
                raise ValueError(f"{end!r} is no day of the week; the days are {', '.join(DAYS)}")
        if len(ends) > 2:
            raise ValueError(f"{part.strip()!r} is no range of days; write it as mon-fri")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        found += [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    if len(set(found)) != len(found):
        raise ValueError(f"{text.strip()!r} names a day twice")
    return tuple(found)


def overruled(keys: Iterable[str]) -> list[str]:
    """The keys of a week that count on no day, because all their days are named again by later ones.

    >>> overruled(["mon-fri", "fri", "sat", "sat-sun", "no day"])
    ['sat']
    """
    later: set[int] = set()
    found = []
    for key in reversed([*keys]):
        try:
            days = {*weekdays(key)}
        except ValueError:
            continue  # what is no key for days has been said
        if days <= later:
            found.append(key)
        later |= days
    return found[::-1]
