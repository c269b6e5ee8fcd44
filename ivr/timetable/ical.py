"""A timetable as an iCalendar file (RFC 5545), for the calendar program of who wants to see it there.

What is open, at lunch or on duty is an event from its beginning to its end; a date that is not as its day of the week
is a whole-day event. None of them makes anybody busy.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import icalendar

from ivr.timetable import Member, Timetable
from ivr.timetable.text import quietly, special_words

__all__ = ["as_ical"]


def as_ical(shown: Timetable, name: str, now: datetime) -> bytes:
    """The bytes of the file. `name`: of the calendar; `now`: when it is made."""
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Zongji//ivr timetable//EN")
    calendar.add("X-WR-CALNAME", name)
    for special in shown.days:
        words = f"{special.of}: {special_words(special)}"
        calendar.add_component(_event(special.of, special.day, special.day + timedelta(days=1), words, now))
    for member in shown.members:
        for begin, end, state in _stretches(member, shown):
            if begin < end and state != "closed":
                words = f"{member.name}: {quietly(member, state) or 'nobody'}"
                calendar.add_component(_event(member.name, begin, end, words, now))
    return calendar.to_ical()


def _stretches(member: Member, shown: Timetable) -> Iterator[tuple[datetime, datetime, str | None]]:
    """From when until when something is what."""
    begin, state = shown.begin.astimezone(UTC), member.at_first
    for change in shown.changes:
        if change.of == member.name:
            yield begin, change.at, state
            begin, state = change.at, change.now
    yield begin, shown.end.astimezone(UTC), state


def _event(of: str, begin: date | datetime, end: date | datetime, words: str, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    # The same event has the same name each time the file is made, so that programs replace it.
    moment = f"{begin:%Y%m%dT%H%M%SZ}" if isinstance(begin, datetime) else f"{begin:%Y%m%d}"
    event.add("UID", f"{of.replace('/', '-')}-{moment}@zongji")
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("DTSTART", begin)
    event.add("DTEND", end)
    event.add("SUMMARY", words)
    event.add("TRANSP", "TRANSPARENT")
    return event
