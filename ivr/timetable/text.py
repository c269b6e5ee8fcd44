"""A timetable as people read it, day by day, and as programs do."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.hours import Spans
from ivr.timetable import Change, Member, SpecialDay, Timetable

__all__ = ["as_json", "lines", "quietly", "special_words"]

WORDS = {"open": "opens", "lunch": "lunch", "closed": "closes"}
QUIET = {"open": "quiet begins", "closed": "quiet ends"}
RULES = {"make-up": "make-up workday", "closure": "calendar", "opening": "calendar"}


def lines(shown: Timetable, title: str) -> Iterator[str]:
    """The lines for people; `title`: of which table."""
    days = (shown.end.date() - shown.begin.date()).days
    count = f"{days} day{'s' if days > 1 else ''}"
    yield f"{title}: {count} from {written(shown.begin.date())}, times of {shown.begin.tzinfo}"
    yield ""
    if not shown.members:
        yield "nothing ever changes: the table has neither hours nor duties"
        return
    yield from _columns([("", "at 00:00", "used by"), *(_member(member, shown) for member in shown.members)])
    for country, year in dict.fromkeys((country, year) for _, country, year in shown.unpublished):
        hours = ", ".join(of for of, *of_what in shown.unpublished if of_what == [country, year])
        yield f"{hours}: the holidays of {country} in {year} are not published yet; what is told of them may change"
    width = max(len(member.name) for member in shown.members)
    rows_of = _rows(shown)
    empty: list[date] = []
    for day in (shown.begin.date() + timedelta(days=n) for n in range(days)):
        rows = rows_of.get(day, [])
        if not rows:
            empty.append(day)
            continue
        yield from _nothing(empty)
        yield from ("", written(day), *(f"  {time:<7}  {of:<{width}}  {text}" for time, of, text in rows))
    yield from _nothing(empty)


def written(day: date) -> str:
    """A date with its day of the week.

    >>> written(date(2026, 11, 1))
    'Sunday, 1 November 2026'
    """
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def _nothing(days: list[date]) -> Iterator[str]:
    """The heading of days on which nothing changes; they are told then."""
    if days:
        yield ""
        yield written(days[0]) + (f" to {written(days[-1])}" if len(days) > 1 else "")
        yield "  nothing changes"
        days.clear()


def _member(member: Member, shown: Timetable) -> tuple[str, str, str]:
    users = [address for address in member.used_by if address != member.name]
    for kind, word in (("extension/", "extensions"), ("greeting/", "numbers")):
        alike = [address for address in users if address.startswith(kind)]
        if len(alike) > 2 or (alike and word == "numbers"):
            users = [address for address in users if address not in alike]
            users.append(f"{len(alike)} {word if len(alike) > 1 else word[:-1]}")
    shorter = [*users[:6], f"{len(users) - 6} more"] if len(users) > 7 else users
    zone = [] if member.zone == str(shown.begin.tzinfo) else [f"(in {member.zone})"]
    return member.name, quietly(member, member.at_first) or "nobody", " ".join([", ".join(shorter), *zone]).strip()


def quietly(member: Member, state: str | None) -> str | None:
    """A state as it is said: quiet hours are not open while phones are not rung."""
    return {"open": "quiet", "closed": "not quiet"}.get(state, state) if member.is_quiet else state


def _rows(shown: Timetable) -> dict[date, list[tuple[str, str, str]]]:
    """What happens on each day of the house: when, of what, and words."""
    rows: dict[date, list[tuple[str, str, str]]] = {}
    quiet = {member.name for member in shown.members if member.is_quiet}
    for special in shown.days:
        rows.setdefault(special.day, []).append(("special", special.of, special_words(special)))
    for change in shown.changes:
        here = change.at.astimezone(shown.begin.tzinfo)
        why = f" ({change.why})" if change.why and not change.of.startswith("duty/") else ""
        words = _words(change, change.of in quiet) + _there(change, here) + why
        rows.setdefault(here.date(), []).append((f"{here:%H:%M}", change.of, words))
    return rows


def _words(change: Change, is_quiet: bool) -> str:
    if not change.of.startswith("duty/"):
        return (WORDS | QUIET if is_quiet else WORDS)[change.now]
    if change.now is None:
        return f"nobody takes over from {change.was}"
    return f"{change.now} takes over" + (f" from {change.was}" if change.was else "")


def _there(change: Change, here: datetime) -> str:
    """The time on its own wall, where that is another."""
    there = change.at.astimezone(ZoneInfo(change.zone))
    if there.utcoffset() == here.utcoffset():
        return ""
    day = "" if there.date() == here.date() else f"{there:%a} "
    return f" at {day}{there:%H:%M} in {change.zone}"


def special_words(special: SpecialDay) -> str:
    rule = RULES.get(special.rule, special.rule)
    name = f"{rule}: {special.occasion}" if special.occasion else rule
    return f"{', '.join(clocks(special.ranges)) or 'closed'} ({name})"


def clocks(ranges: Spans) -> list[str]:
    """Ranges as they are written.

    >>> clocks(((540, 720), (1320, 1800), (0, 1440)))
    ['09:00-12:00', '22:00-06:00', '00:00-24:00']
    """

    def clock(minute: int) -> str:
        minute = minute - 1440 if minute > 1440 else minute
        return f"{minute // 60:02}:{minute % 60:02}"

    return [f"{clock(begin)}-{clock(end)}" for begin, end in ranges]


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "   ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def as_json(shown: Timetable, version: str) -> dict:
    """The same for programs; times are those of each one's own wall, with their offset."""
    return {
        "version": version,
        "from": shown.begin.isoformat(),
        "until": shown.end.isoformat(),
        "timezone": str(shown.begin.tzinfo),
        "members": [
            {"of": one.name, "timezone": one.zone, "at_first": one.at_first, "used_by": list(one.used_by)}
            for one in shown.members
        ],
        "changes": [
            {
                "at": change.at.astimezone(ZoneInfo(change.zone)).isoformat(),
                "of": change.of,
                "was": change.was,
                "is": change.now,
                "why": change.why,
            }
            for change in shown.changes
        ],
        "days": [
            {
                "date": special.day.isoformat(),
                "of": special.of,
                "rule": special.rule,
                "occasion": special.occasion,
                "ranges": clocks(special.ranges),
            }
            for special in shown.days
        ],
        "unpublished": [{"of": of, "country": country, "year": year} for of, country, year in shown.unpublished],
    }
