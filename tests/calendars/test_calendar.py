"""When the events of a calendar come."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.calendars import Calendar, read
from tests.calendars.test_reading import file

BERLIN = ZoneInfo("Europe/Berlin")
EXPORTED = """\
BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-WR-TIMEZONE:America/New_York
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=SECONDLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;CN="Li; Si: Zhang";RSVP=TRUE:mailto:li@example.com
CLASS:PUBLIC
DTSTAMP:20261101T120000Z
DTSTART;TZID="W. Europe Standard Time":20261105T090000
DTEND;TZID="W. Europe Standard Time":20261105T100000
RRULE:FREQ=MONTHLY;BYDAY=1TH
SUMMARY;LANGUAGE=de:Besprechung\\, mit einem sehr langen Namen, der umgebrochen w
 ird
UID:040000008200E00074C5B7101A82E008
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
TRIGGER:-PT15M
DTSTART:nonsense
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def calendar(*events: str) -> Calendar:
    found, faults = read(file(*events))
    assert faults == []
    return found


def dates(calendar: Calendar, first: date, days: int) -> list[str]:
    """The dates an event takes."""
    every = (first + timedelta(days=n) for n in range(days))
    return [day.isoformat() for day in every if calendar.on(day)]


def times(calendar: Calendar, first: date, days: int, zone=BERLIN) -> list[str]:
    """When events with times come, told in UTC, asked day by day."""
    found = {}
    for n in range(days):
        begin = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(days=n)
        found |= dict.fromkeys(calendar.at(begin, begin + timedelta(days=1), zone))
    return [f"{begin:%m-%d %H:%M}–{end:%H:%M}" for begin, end, _ in found]


def test_what_outlook_exports_with_its_names_of_zones_and_all_that_does_not_matter():
    found, faults = read(EXPORTED.replace("\n", "\r\n").encode())
    assert faults == []
    assert times(found, date(2026, 11, 1), 60) == ["11-05 08:00–09:00", "12-03 08:00–09:00"]
    ((*_, name),) = found.at(datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 7, 2, tzinfo=UTC), BERLIN)
    assert name == "Besprechung, mit einem sehr langen Namen, der umgebrochen wird"
    # In summer the same time on the wall
    assert times(found, date(2027, 7, 1), 1) == ["07-01 07:00–08:00"]


def test_whole_days_end_before_their_end_and_one_without_an_end_is_one_day():
    found = calendar(
        "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", "DTSTART;VALUE=DATE:20270101",
        "DTSTART;VALUE=DATE:20270106\nDTEND;VALUE=DATE:20270106", "DTSTART;VALUE=DATE:20270110\nDURATION:P2D",
    )  # fmt: skip
    assert dates(found, date(2026, 12, 20), 30) == [
        "2026-12-24", "2026-12-25", "2026-12-26", "2027-01-01", "2027-01-06", "2027-01-10", "2027-01-11",
    ]  # fmt: skip


def test_recurrences_without_an_end_with_dates_left_out_and_others_added():
    found = calendar(
        "DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20280101\nRDATE;VALUE=DATE:20280102"
    )
    assert dates(found, date(2026, 12, 1), 3 * 365) == ["2027-01-01", "2028-01-02", "2029-01-01"]
    assert found.on(date(2199, 1, 1)) == "event of line 2"


def test_one_time_of_a_recurrence_is_moved_and_another_cancelled():
    found = calendar(
        "UID:a\nDTSTART:20261102T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4",
        "UID:a\nRECURRENCE-ID:20261109T090000Z\nDTSTART:20261110T140000Z\nDURATION:PT2H",
        "UID:a\nRECURRENCE-ID:20261116T090000Z\nDTSTART:20261116T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED",
    )
    assert times(found, date(2026, 11, 1), 40) == ["11-02 09:00–10:00", "11-10 14:00–16:00", "11-23 09:00–10:00"]


def test_a_cancelled_event_is_none():
    found = calendar("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED")
    assert dates(found, date(2026, 12, 24), 1) == []


def test_times_without_a_zone_are_on_any_wall():
    found = calendar(
        "DTSTART:20261224T140000\nDTEND:20261224T180000", "DTSTART:20261102T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    )
    assert times(found, date(2026, 12, 24), 1) == ["12-24 08:00–09:00", "12-24 13:00–17:00"]
    assert times(found, date(2026, 12, 24), 1, ZoneInfo("Asia/Shanghai")) == ["12-24 01:00–02:00", "12-24 06:00–10:00"]


def test_events_at_the_turn_of_a_month_are_found_from_both_sides_in_any_zone():
    found = calendar(
        "DTSTART:20261031T233000\nDTEND:20261101T003000", "DTSTART:20261130T233000\nDURATION:PT1H\nRRULE:FREQ=YEARLY"
    )
    for zone in map(ZoneInfo, ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")):
        assert len(times(found, date(2026, 10, 28), 8, zone)) == 1
        assert len(times(found, date(2027, 11, 28), 8, zone)) == 1


def test_months_are_remembered_within_bounds(monkeypatch):
    monkeypatch.setattr("ivr.calendars.calendar.KEPT_MONTHS", 3)
    found = calendar("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=MONTHLY")
    assert len(dates(found, date(2026, 1, 1), 365)) == 12
    assert len(found._months) <= 3


def test_the_same_file_is_the_same_calendar():
    one, other = "DTSTART;VALUE=DATE:20261224", "DTSTART;VALUE=DATE:20261225"
    assert calendar(one) == calendar(one) != calendar(other)
    assert {calendar(one), calendar(one)} == {calendar(one)}
