"""Why hours are what they are: each rule that may decide, with its line."""

from datetime import datetime

import pytest

from ivr.explanation.reasons import of_rule
from ivr.table import load
from ivr.table.places import Places
from ivr.watched import Asked
from tests.house import SHANGHAI

TABLE = """
house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}}
numbers: {"*": {to: operator}}
operator: {name: op, hours: office, ring: {phones: [8001]}, closed: message/operator}
extensions: {8001: {quiet: {hours: bar}}, 8002: {quiet: {hours: never}}}
hours:
  office:
    mon-fri: 09:00-12:00, 13:30-18:00
    holidays: CN
    make_up: fri
    except: {2026-12-31: 09:00-12:00, 2026-12-30: closed}
    calendar: shut.ics
    open_calendar: fair.ics
  bar: {mon-sun: 22:00-03:00, timezone: Europe/Berlin}
  never: {except: {2020-01-01: 09:00-10:00}}
"""
EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{0}\r\nDTSTART{1}\r\nDTEND{2}\r\nEND:VEVENT\r\n"
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\n{}END:VCALENDAR\r\n"
SHUT = EVENT.format("Outing", ";VALUE=DATE:20261124", ";VALUE=DATE:20261125") + EVENT.format(
    "Fire drill", ":20261126T100000", ":20261126T110000"
)
FAIR = EVENT.format("Fair", ";VALUE=DATE:20261128", ";VALUE=DATE:20261129")


@pytest.fixture(scope="module")
def table():
    files = {"shut.ics": CALENDAR.format(SHUT).encode(), "fair.ics": CALENDAR.format(FAIR).encode()}
    return load(TABLE, name="t.yaml", files=files)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-20T10:00", "8: hours.office is open: Friday 09:00-12:00, 13:30-18:00; until 12:00"),
        ("2026-11-20T12:30", "8: hours.office is at lunch: Friday 09:00-12:00, 13:30-18:00; opens 13:30"),
        ("2026-11-21T10:00", "7: hours.office is closed: Saturday has no range; opens Monday 2026-11-23 09:00"),
        ("2026-10-01T10:00", "9: hours.office is closed: 2026-10-01 is a public holiday, 国庆节; "
                             "opens Thursday 2026-10-08 09:00"),
        ("2026-02-14T10:00", "10: hours.office is open: 2026-02-14 is worked for a holiday, like a Friday: "
                             "09:00-12:00, 13:30-18:00; until 12:00"),
        ("2026-12-31T15:00", "11: hours.office is closed: 2026-12-31 is written as 09:00-12:00; "
                             "opens Monday 2027-01-04 09:00"),
        ("2026-12-30T15:00", "11: hours.office is closed: 2026-12-30 is written as closed; "
                             "opens Thursday 2026-12-31 09:00"),
        ("2026-11-24T10:00", "12: hours.office is closed: 2026-11-24 is in the calendar, Outing; "
                             "opens Wednesday 2026-11-25 09:00"),
        ("2026-11-26T10:30", "12: hours.office is closed: Fire drill, 10:00 to 11:00 in the calendar; opens 11:00"),
        ("2026-11-28T10:00", "13: hours.office is open: 2026-11-28 is in the open_calendar, Fair, "
                             "09:00-12:00, 13:30-18:00; until 12:00"),
    ],
)  # fmt: skip
def test_each_rule_has_its_words_and_its_line(table, at, said):
    assert asked(table, "office", at) == said


def test_a_range_past_midnight_belongs_to_the_day_it_began(table):
    assert asked(table, "bar", "2026-11-21T08:30") == "14: hours.bar is open: Friday 22:00-03:00; until 03:00"


def test_hours_that_never_open_again(table):
    assert asked(table, "never", "2026-11-21T08:30") == (
        "15: hours.never is closed: Saturday has no range; it never changes"
    )


def asked(table, name: str, at: str) -> str:
    hours = {
        "office": table.step("operator").hours,
        "bar": table.step("extension/8001").quiet,
        "never": table.step("extension/8002").quiet,
    }[name]
    instant = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    ruling = of_rule(Asked(hours, ("hours", name), "state", instant, hours.state(instant)), Places(table))
    return f"{ruling.place.line}: {ruling.says}"
