"""iCalendar files that hours name: read with the table, and part of it. What is wrong with them: bad/calendars.yaml."""

from datetime import UTC, date, datetime

import pytest

from ivr.table import check, load
from tests.house import HOUSE

TABLE = HOUSE.replace('13:30-18:00"}', '13:30-18:00", calendar: year/closures.ics, open_calendar: open.ics}')
CLOSURES = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"
OPEN = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261122T100000\nDURATION:PT2H\nEND:VEVENT\nEND:VCALENDAR\n"
OTHER = CLOSURES.replace(b"1224", b"1223")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "routes.yaml").write_text(TABLE)
    (tmp_path / "year").mkdir()
    (tmp_path / "year/closures.ics").write_bytes(CLOSURES)
    (tmp_path / "open.ics").write_bytes(OPEN)
    return tmp_path


def test_hours_are_closed_and_open_by_their_calendars(folder):
    hours = load(folder / "routes.yaml").step("department/sales").hours
    assert [hours.why(date(year, 12, 24))[0] for year in (2026, 2030)] == ["closure", "closure"]
    assert hours.state(datetime(2026, 11, 22, 3, 0, tzinfo=UTC)) == "open"  # a Sunday, 11:00 in Shanghai


def test_a_calendar_belongs_to_the_version_of_the_table(folder):
    first = load(folder / "routes.yaml")
    (folder / "year/closures.ics").write_bytes(OTHER)
    second = load(folder / "routes.yaml")
    assert first.text == second.text
    assert first.version != second.version


def test_a_kept_table_is_made_again_with_the_calendars_it_had(folder):
    # Given a table whose calendar has changed since
    first = load(folder / "routes.yaml")
    assert list(first.files) == ["year/closures.ics", "open.ics"]
    (folder / "year/closures.ics").write_bytes(OTHER)
    # Then what was kept of it makes the same table
    again = load(first.text.encode(), name="routes.yaml", files=first.files)
    assert again.version == first.version
    assert again.step("department/sales").hours == first.step("department/sales").hours


def test_a_link_does_not_lead_out_of_the_folder(folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("other") / "closures.ics"
    secret.write_bytes(CLOSURES)
    (folder / "open.ics").unlink()
    (folder / "open.ics").symlink_to(secret)
    table, findings = check(folder / "routes.yaml", name="routes.yaml")
    assert table is None
    assert [finding.message for finding in findings] == [
        "open.ics cannot be read: it leads out of the folder of this table"
    ]


def test_a_calendar_without_any_event_to_come_is_a_warning(folder):
    # Given one that repeats for ever, and one whose only event is on 22 November
    _, before = check(folder / "routes.yaml", name="routes.yaml", today=date(2026, 11, 22))
    _, after = check(folder / "routes.yaml", name="routes.yaml", today=date(2026, 11, 23))
    assert [str(finding) for finding in before] == []
    assert [str(finding) for finding in after] == [
        "routes.yaml:12:93: warning: hours.office.open_calendar: open.ics has no event in the next 400 days: "
        "is it an old one?"
    ]


def test_a_text_without_a_folder_has_no_calendars():
    _, findings = check(TABLE, name="routes.yaml")
    assert [finding.message for finding in findings] == [
        "year/closures.ics cannot be read: a table without a folder reads no other file",
        "open.ics cannot be read: a table without a folder reads no other file",
    ]


def test_tables_without_calendars_load_no_library_of_calendars():
    import subprocess
    import sys

    program = "import sys, ivr.table; print(any('ical' in name and not name.startswith('ivr') for name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout == "False\n"
