"""iCalendar files that cannot be used: what is said of each, with its line; whatever the bytes, nothing is raised."""

import random
from datetime import UTC, date, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.calendars import read
from ivr.calendars.lines import EVENTS, SIZE


def file(*events: str) -> bytes:
    """An iCalendar file; of each event the properties, one a line."""
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.splitlines(), "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


def said(source: bytes) -> list[str]:
    calendar, faults = read(source)
    assert (calendar is None) == bool(faults)
    return [f"{fault.line}: {fault.message}" for fault in faults]


DAY = "DTSTART;VALUE=DATE:20261224"
TIMES = "DTSTART:20261224T100000\nDTEND:20261224T110000"
MONDAY = "DTSTART;VALUE=DATE:20261123"
WRITTEN = "cannot be read; it is written as 20261224 or 20261224T090000"
PARTS = "the parts of a rule are FREQ, INTERVAL, COUNT, UNTIL, WKST, BYDAY, BYMONTH, BYMONTHDAY, BYSETPOS"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (b"", "1: this is no iCalendar file; it begins with BEGIN:VCALENDAR"),
        (b"\n\nhours:\n", "3: this is no iCalendar file; it begins with BEGIN:VCALENDAR"),
        (b"<html>", "1: '<html>' is no line of an iCalendar file, such as DTSTART;VALUE=DATE:20261224"),
        (b"BEGIN:VEVENT\nEND:VEVENT", "1: this is no iCalendar file; it begins with BEGIN:VCALENDAR"),
        (file(DAY) + b"DTSTART:1", "6: this is no iCalendar file; it begins with BEGIN:VCALENDAR"),
        (file(DAY)[:-27], "3: the file ends inside VEVENT, which begins in line 2: is it cut off?"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "3: END:VCALENDAR where END:VEVENT is expected"),
        (file("SUMMARY:?").replace(b"?", b"\xfc"), "3: byte 0xfc is not UTF-8; save the file as UTF-8"),
        (file("SUMMARY:\x1b[2J"), "3: character U+001B is not allowed here; delete it"),
        (b"BEGIN:VCALENDAR\n" + b" " * SIZE, "1: the file is longer than 1 MB; delete what is long past"),
        (file(*[DAY] * (EVENTS + 1)), "6002: these are more than 2000 events; delete what is long past"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[3:30],
)  # fmt: skip
def test_files_that_are_none(source, what):
    assert said(source) == [what]


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ("SUMMARY:Party", "2: the event has no DTSTART: when does it begin?"),
        ("DTSTART:tomorrow", f"3: DTSTART {WRITTEN}"),
        ("DTSTART:20261301", f"3: DTSTART {WRITTEN}"),
        ("DTSTART;VALUE=TIME:100000", f"3: DTSTART {WRITTEN}"),
        (f"{DAY}\nDTEND:20261225T000000", "4: DTSTART and DTEND are both dates, or both times"),
        (f"{DAY}\nDTEND;VALUE=DATE:20261223", "4: the event ends before it begins"),
        (f"{DAY}\nDTEND;VALUE=DATE:20280101", "4: the event lasts longer than 366 days"),
        (f"{DAY}\nDTEND;VALUE=DATE:20270301\nRRULE:FREQ=YEARLY", "4: the event repeats and lasts longer than 31 days"),
        (f"{DAY}\nDURATION:PT5X", "4: DURATION cannot be read; it is written as PT8H or P2D"),
        (f"{DAY}\nDURATION:PT5H", "4: an event that begins on a date lasts whole days"),
        (f"{DAY}\nDURATION:P1D\nDTEND;VALUE=DATE:20261225",
         "4: DTEND and DURATION stand beside each other; keep one of the two"),
        ("DTSTART:20261224T100000Z",
         "3: the event has no length: write DTEND, or a date without a time for a whole day"),
        ("DTSTART:20261224T100000\nDTEND:20261224T100000", "4: the event ends when it begins"),
        ("DTSTART:20261224T100000\nDTEND:20261224T110000Z", "4: DTSTART and DTEND have both a time zone, or none"),
        ("DTSTART:99990101T000000\nDURATION:PT1H", "3: the event is not between 1970 and 2199"),
        (f"{DAY}\n{DAY}", "4: DTSTART stands twice in one event, here and in line 3"),
        ("DTSTART;TZID=Mars/Base:20261224T100000\nDURATION:PT1H",
         "2: there is no time zone 'Mars/Base'; write one such as Europe/Berlin"),
        ("DTSTART;TZID=../../etc/passwd:20261224T100000\nDURATION:PT1H",
         "2: there is no time zone '../../etc/passwd'; write one such as Europe/Berlin"),
        (f"{DAY}\nRDATE:some day", "4: RDATE cannot be read; it lists dates or times as DTSTART has them"),
        (f"{TIMES}\nRDATE;VALUE=PERIOD:20270101T100000/PT1H",
         "5: RDATE cannot be read; it lists dates or times as DTSTART has them"),
        (f"{DAY}\nEXRULE:FREQ=DAILY", "4: EXRULE is not read (RFC 5545 has none); list the dates in EXDATE"),
        (f"{DAY}\nRECURRENCE-ID:then", f"4: RECURRENCE-ID {WRITTEN}"),
    ],
)  # fmt: skip
def test_events(event, what):
    assert said(file(event)) == [what]


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("nonsense", "FREQ is missing; it is written as FREQ=YEARLY"),
        ("FREQ=SECONDLY", "FREQ=SECONDLY is not read; it is DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("INTERVAL=2", "FREQ is missing; it is written as FREQ=YEARLY"),
        ("FREQ=HASTILY", "it is written as FREQ=YEARLY"),
        ("FREQ=DAILY;BYHOUR=9,10", f"BYHOUR is not read; {PARTS}"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a whole number from 1 to 999"),
        ("FREQ=DAILY;COUNT=-1", "COUNT is a whole number from 1 to 99999"),
        ("FREQ=DAILY;COUNT=1,2", "COUNT has one value"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT and UNTIL stand beside each other; keep one of the two"),
        ("FREQ=DAILY;UNTIL=20251231", "UNTIL lies before DTSTART"),
        ("FREQ=DAILY;UNTIL=100000", "UNTIL is written as 20261224 or 20261224T090000Z"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13 is not read; it has numbers from 1 to 12"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "BYSETPOS=9 is not read; it has numbers from -4 to 4"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1", "BYSETPOS is read beside FREQ=MONTHLY and BYDAY with plain days only"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY=1MO counts the days of a month or year, and FREQ is WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=TU",
         "DTSTART is Monday 2026-11-23, which is not among the days of BYDAY; begin it on one of them"),
        ("FREQ=MONTHLY;BYDAY=1MO",
         "DTSTART is Monday 2026-11-23, which is not among the days of BYDAY; begin it on one of them"),
        # No such day ever comes; looking for it until the year 9999 takes seconds
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
         "DTSTART is Monday 2026-11-23, which is not among the days of BYMONTH; begin it on one of them"),
    ],
)  # fmt: skip
def test_rules(rule, what):
    assert said(file(f"{MONDAY}\nRRULE:{rule}")) == [f"4: RRULE: {what}"]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU", "FREQ=MONTHLY;BYDAY=4MO", "FREQ=MONTHLY;BYDAY=-2MO",
     "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=23,24",
     "FREQ=YEARLY;BYDAY=47MO", "FREQ=MONTHLY;BYMONTHDAY=-8", "FREQ=YEARLY;UNTIL=20300101T000000Z",
     "FREQ=DAILY;COUNT=3"],
)  # fmt: skip
def test_rules_that_calendar_programs_write(rule):
    assert said(file(f"{MONDAY}\nRRULE:{rule}")) == []


def test_events_that_repeat_too_often_together():
    assert said(file(*[f"{DAY}\nRRULE:FREQ=DAILY"] * 30)) == [
        "76: the events repeat more than 500000 times until 2100; let them begin later, or end by UNTIL"
    ]


def test_two_events_with_one_uid():
    assert said(file(f"UID:a\n{DAY}", f"UID:b\n{DAY}", f"UID:a\n{TIMES}")) == [
        "10: the event of line 2 has the same UID; one of the two would be lost"
    ]


def test_everything_is_said_at_once_but_not_a_thousand_times():
    assert len(said(file("SUMMARY:a", "DTSTART:x", f"{DAY}\nRRULE:x"))) == 3
    assert len(said(file(*["SUMMARY:a"] * 100))) == 20


BASE = file(
    "UID:1\nDTSTART;TZID=Europe/Berlin:20260105T090000\nDTEND;TZID=Europe/Berlin:20260105T110000\n"
    "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20271231T000000Z\nEXDATE;TZID=Europe/Berlin:20260112T090000\nSUMMARY:Team",
    "UID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260119T090000\nDTSTART:20260120T090000Z\nDURATION:PT1H",
    "UID:2\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24\nRDATE;VALUE=DATE:20270101",
    TIMES,
).split(b"\r\n")
VALUES = [
    b"20260101", b"20260101T000000", b"20260101T000000Z", b"DAILY", b"FREQ=MONTHLY", b"BYDAY=1MO", b"BYDAY=-5SU",
    b"BYMONTHDAY=31", b"BYSETPOS=-1", b"INTERVAL=999", b"COUNT=99999", b"UNTIL=19000101", b"BYHOUR=3", b"99991231",
    b"00010101", b"P1W", b"-PT1H", b"WKST=XX", b"20240229", b"20261225T010101Z/PT5H", b"CANCELLED", b"", b"\xff",
    b"\x00",
]  # fmt: skip
PARAMETERS = [b"", b";VALUE=DATE", b";VALUE=PERIOD", b";TZID=Nowhere", b";TZID=UTC", b";RANGE=THISANDFUTURE", b";X="]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_is_changed_in_a_file_it_is_read_or_faults_are_told(seed):
    # Given a good file in which values, parameters, whole lines or single bytes were changed
    chance, lines = random.Random(seed), BASE[:]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        name, _, value = lines[at].partition(b":")
        match chance.randrange(4):
            case 0:
                parts = value.split(b";")
                parts[chance.randrange(len(parts))] = chance.choice(VALUES)
                lines[at] = name + b":" + b";".join(parts)
            case 1:
                lines[at] = name.partition(b";")[0] + chance.choice(PARAMETERS) + b":" + value
            case 2:
                lines.insert(at, chance.choice(lines))
            case 3:
                broken = bytearray(lines[at] or b" ")
                broken[chance.randrange(len(broken))] = chance.randrange(256)
                lines[at] = bytes(broken)
    source = b"\r\n".join(lines)
    # When it is read
    begun = process_time()
    calendar, faults = read(source)
    # Then it is one or the other, in no time, and a calendar answers for any day
    assert (calendar is None) == bool(faults)
    for year in (1971, 2026, 2199) if calendar else ():
        calendar.on(date(year, 12, 24))
        calendar.at(datetime(year, 2, 28, tzinfo=UTC), datetime(year, 3, 1, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert process_time() - begun < 1.0
