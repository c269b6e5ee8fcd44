"""Stretches of time, and how they are told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ivr.difference.times import named, once, stretches, when
from ivr.holidays import Holidays
from ivr.hours import Hours
from ivr.rota import Rota, Shift

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)


def hours(week, zone="Asia/Shanghai", name="office", **more) -> Hours:
    return Hours.weekly(week, zone, name=name, **more)


def told(rule, answer="open", start=MONDAY, days=56, zone=SHANGHAI) -> str:
    """When a rule answers so."""
    window = (start, start + timedelta(days=days))
    return when(stretches([rule], *window)[(answer,)], window, zone)


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ({"mon-sun": "00:00-24:00"}, "always"),
        ({"mon-sun": "09:00-18:00"}, "every day 09:00–18:00"),
        ({"mon-sun": "22:00-06:00"}, "every day 22:00–06:00"),
        ({"mon-fri": "09:00-12:00, 13:30-18:00"}, "every Monday–Friday 09:00–12:00, 13:30–18:00"),
        ({"sat": "09:00-12:00", "sun": "09:00-12:00"}, "every Saturday, Sunday 09:00–12:00"),
        ({"mon, wed": "09:00-12:00", "fri": "00:00-24:00"}, "every Monday, Wednesday 09:00–12:00; every Friday"),
        ({"fri": "17:00-03:00"}, "every Friday 17:00–24:00; every Saturday 00:00–03:00"),
    ],
)
def test_weeks(week, said):
    assert told(hours(week)) == said


def test_the_lunch_break_of_a_week():
    assert told(hours({"mon-fri": "09:00-12:00, 13:30-18:00"}), "lunch") == "every Monday–Friday 12:00–13:30"


def test_holidays_are_told_as_dates_that_are_missing():
    office = hours({"mon-fri": "09:00-18:00"}, holidays=Holidays("CN"))
    start = datetime(2026, 9, 1, tzinfo=SHANGHAI)
    assert told(office, start=start, days=61) == (
        "every Monday–Friday 09:00–18:00, not on 2026-09-25; 2026-10-01 to 2026-10-02; 2026-10-05 to 2026-10-07, "
        "but on 2026-09-20 09:00–18:00; 2026-10-10 09:00–18:00"
    )


def test_what_is_on_few_dates_is_told_by_its_dates():
    exceptions = {(MONDAY + timedelta(days=n)).date(): "09:00-10:00" for n in (1, 2, 3, 20, 41, 43, 45, 47, 49)}
    assert told(hours({}, exceptions=exceptions)) == (
        "on 2026-11-24 to 2026-11-26 09:00–10:00; 2026-12-13 09:00–10:00; 2027-01-03 09:00–10:00; "
        "2027-01-05 09:00–10:00; 2027-01-07 09:00–10:00; 2027-01-09 09:00–10:00 and 1 more"
    )


def test_the_wall_counts_where_clocks_are_changed():
    start = datetime(2026, 10, 1, tzinfo=BERLIN)
    office = hours({"mon-sun": "01:00-09:00"}, zone="Europe/Berlin")
    assert told(office, start=start, days=40, zone=BERLIN) == "every day 01:00–09:00"


def test_what_hangs_on_another_wall_is_told_on_ours():
    office = hours({"mon-fri": "09:00-18:00"}, zone="UTC")
    assert told(office) == (
        "every Monday 17:00–24:00; every Tuesday–Friday 00:00–02:00, 17:00–24:00; every Saturday 00:00–02:00"
    )


def test_stretches_are_all_of_the_time_once():
    rules = [hours({"mon-fri": "09:00-18:00"}), hours({"sat": "10:00-12:00"}, name="shop")]
    window = (MONDAY.astimezone(UTC), MONDAY.astimezone(UTC) + timedelta(days=14))
    found = stretches(rules, *window)
    assert set(found) == {("closed", "closed"), ("open", "closed"), ("closed", "open")}
    spans = sorted(span for some in found.values() for span in some)
    assert spans[0][0] == window[0] and spans[-1][1] == window[1]
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_equal_rules_are_asked_once():
    one, same, other = (hours({"mon": text}) for text in ("09:00-18:00", "09:00-18:00", "10:00-18:00"))
    assert once([one, same, other]) == [one, other]


def test_times_that_have_a_name_are_called_by_it():
    office = hours({"mon-fri": "09:00-12:00, 13:30-18:00"}, holidays=Holidays("CN"))
    rota = Rota("manager", "Asia/Shanghai", (Shift("", 480),), week=(("8001",),) * 4 + (("8002",),) * 3)
    window = (MONDAY, MONDAY + timedelta(days=70))
    found = stretches([office, rota], *window)
    names = named([office, rota], found)
    for index, answer, said in (
        (0, "open", "while hours.office is open (every Monday–Friday 09:00–12:00, 13:30–18:00)"),
        (0, "lunch", "while hours.office is at lunch (every Monday–Friday 12:00–13:30)"),
        (1, "8002", "while 8002 is on duty as manager (every Monday 00:00–08:00; every Friday 08:00–24:00; "
                        "every Saturday, Sunday)"),
    ):  # fmt: skip
        spans = [span for answers, some in found.items() if answers[index] == answer for span in some]
        assert when(spans, window, SHANGHAI, names) == said


def test_a_name_that_means_two_things_is_none():
    rules = [hours({"mon-fri": "09:00-18:00"}), hours({"mon-fri": "09:00-17:00"})]
    found = stretches(rules, MONDAY, MONDAY + timedelta(days=14))
    assert named(rules, found) == {}
