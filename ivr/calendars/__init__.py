"""iCalendar files (RFC 5545) as a source of hours: bytes → a Calendar, or every fault with its line. Pure.

>>> calendar, faults = read(b'''BEGIN:VCALENDAR
... BEGIN:VEVENT
... DTSTART;VALUE=DATE:20261224
... RRULE:FREQ=YEARLY
... SUMMARY:Christmas Eve
... END:VEVENT
... END:VCALENDAR
... ''')
>>> calendar.on(date(2031, 12, 24)), calendar.on(date(2031, 12, 25)), faults
('Christmas Eve', None, [])
>>> read(b"BEGIN:VCALENDAR\\nBEGIN:VEVENT\\nSUMMARY:Party\\nEND:VEVENT\\nEND:VCALENDAR\\n")[1]
[Fault(line=2, message='the event has no DTSTART: when does it begin?')]
"""

from datetime import date  # noqa: F401 (the example)

from ivr.calendars.calendar import Calendar
from ivr.calendars.lines import Fault

__all__ = ["Calendar", "Fault", "read"]


def read(source: bytes) -> tuple[Calendar | None, list[Fault]]:
    """The calendar of an iCalendar file; None where there are faults, in the order of the file. Nothing is raised."""
    from ivr.calendars.reading import calendar_of  # the libraries take 80 ms, and most tables have no calendar

    return calendar_of(source)
