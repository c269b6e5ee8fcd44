"""The timetable as an iCalendar file: what a calendar program would show of it is what the hours are."""

from datetime import UTC, date, datetime, timedelta

from ivr.calendars import read
from ivr.hours import Hours
from ivr.timetable import timetable
from ivr.timetable.ical import as_ical
from tests.timetable.house import NOW, SHANGHAI

DAY = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Zongji//ivr timetable//EN
X-WR-CALNAME:Hengxin
BEGIN:VEVENT
SUMMARY:office: 09:00-12:00 (exception)
DTSTART;VALUE=DATE:20261126
DTEND;VALUE=DATE:20261127
DTSTAMP:20261122T120000Z
UID:office-20261126@zongji
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
SUMMARY:office: open
DTSTART:20261126T010000Z
DTEND:20261126T040000Z
DTSTAMP:20261122T120000Z
UID:office-20261126T010000Z@zongji
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
SUMMARY:berlin: open
DTSTART:20261126T080000Z
DTEND:20261126T160000Z
DTSTAMP:20261122T120000Z
UID:berlin-20261126T080000Z@zongji
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
SUMMARY:night: quiet
DTSTART:20261125T160000Z
DTEND:20261125T220000Z
DTSTAMP:20261122T120000Z
UID:night-20261125T160000Z@zongji
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
SUMMARY:night: quiet
DTSTART:20261126T140000Z
DTEND:20261126T160000Z
DTSTAMP:20261122T120000Z
UID:night-20261126T140000Z@zongji
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
SUMMARY:duty/manager: 8000
DTSTART:20261125T160000Z
DTEND:20261126T000000Z
DTSTAMP:20261122T120000Z
UID:duty-manager-20261125T160000Z@zongji
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
SUMMARY:duty/manager: 8001
DTSTART:20261126T000000Z
DTEND:20261126T160000Z
DTSTAMP:20261122T120000Z
UID:duty-manager-20261126T000000Z@zongji
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def test_a_day(table):
    assert as_ical(timetable(table, date(2026, 11, 26), 1, NOW), "Hengxin", NOW).decode() == DAY.replace("\n", "\r\n")


def test_hours_that_are_open_by_that_file_are_open_when_the_table_says(table):
    # Given a week written as an iCalendar file, of which the events of one place that are open are kept
    written = as_ical(timetable(table, date(2026, 11, 23), 7, NOW), "Hengxin", NOW).decode()
    events = [f"BEGIN:VEVENT{part}" for part in written.split("BEGIN:VEVENT")[1:] if "SUMMARY:office: open" in part]
    calendar, faults = read(
        ("BEGIN:VCALENDAR\r\n" + "".join(events).replace("END:VCALENDAR\r\n", "") + "END:VCALENDAR").encode()
    )
    assert faults == []
    # When another place is open during them
    by_file = Hours.weekly({}, zone="UTC", openings=calendar)
    # Then it is open when the first one is
    office = table.step("operator").hours
    start = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    for quarter in (start.astimezone(UTC) + timedelta(minutes=15) * n for n in range(7 * 96)):
        assert (by_file.state(quarter) == "open") == (office.state(quarter) == "open")
