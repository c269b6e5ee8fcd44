"""What changes when: complete, in order, and on the right wall."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ivr.hours import Hours
from ivr.overrides import Override
from ivr.table import load
from ivr.timetable import Change, Member, SpecialDay, timetable
from ivr.timetable.text import lines
from tests.timetable.house import NOW, SHANGHAI

ROOT = Path(__file__).parents[2]


def told(shown, of: str) -> list[tuple]:
    """The changes of one, with the time in the house."""
    return [
        (change.at.astimezone(SHANGHAI).strftime("%a %H:%M"), change.now) for change in shown.changes if change.of == of
    ]


def test_who_goes_by_what_and_what_it_is_at_first(table):
    assert timetable(table, date(2026, 11, 24), 1, NOW).members == (
        Member("office", "Asia/Shanghai", "closed", ("operator", "greeting/1000", "greeting/any")),
        Member("berlin", "Europe/Berlin", "closed", ("department/berlin",)),
        Member("night", "Asia/Shanghai", "open", ("extension/8001",), is_quiet=True),
        Member("duty/manager", "Asia/Shanghai", "8000", ("duty/manager",)),
    )


def test_every_opening_lunch_and_closing(table):
    shown = timetable(table, date(2026, 11, 23), 7, NOW)
    assert told(shown, "office") == [
        ("Mon 09:00", "open"), ("Mon 12:00", "lunch"), ("Mon 13:30", "open"), ("Mon 18:00", "closed"),
        ("Tue 09:00", "open"), ("Tue 12:00", "lunch"), ("Tue 13:30", "open"), ("Tue 15:30", "closed"),
        ("Tue 16:30", "open"), ("Tue 18:00", "closed"),
        ("Thu 09:00", "open"), ("Thu 12:00", "closed"),
        ("Fri 09:00", "open"), ("Fri 12:00", "lunch"), ("Fri 13:30", "open"), ("Fri 18:00", "closed"),
    ]  # fmt: skip
    drill = next(change for change in shown.changes if change.of == "office" and change.why)
    assert (drill.at, drill.why) == (datetime(2026, 11, 24, 7, 30, tzinfo=UTC), "Fire drill")


def test_every_hand_over_and_the_rule_that_makes_it(table):
    shown = timetable(table, date(2026, 11, 26), 4, NOW)
    assert [(change.was, change.now) for change in shown.changes if change.of == "duty/manager"] == [
        ("8000", "8001"), ("8001", None), (None, "8001"),
    ]  # fmt: skip
    assert shown.changes[0] == Change(
        at=datetime(2026, 11, 25, 16, 0, tzinfo=UTC), zone="Europe/Berlin", of="berlin", was="open", now="closed"
    )
    assert next(change.why for change in shown.changes if change.now is None) == (
        "nobody: no rule names anybody for Friday 2026-11-27, from 08:00"
    )


def test_days_that_are_not_as_their_day_of_the_week(table):
    assert timetable(table, date(2026, 11, 24), 7, NOW).days == (
        SpecialDay(date(2026, 11, 25), "office", "closure", "Stocktaking", ()),
        SpecialDay(date(2026, 11, 26), "office", "exception", None, ((540, 720),)),
    )


def test_years_whose_holidays_are_not_published(table):
    assert timetable(table, date(2026, 12, 25), 7, NOW).unpublished == ()
    assert timetable(table, date(2090, 12, 25), 14, NOW).unpublished == (("office", "CN", 2090), ("office", "CN", 2091))


def test_what_changes_at_the_first_moment_belongs_to_the_days_and_at_the_last_does_not(table):
    # Berlin closes at midnight in Shanghai
    assert told(timetable(table, date(2026, 11, 25), 1, NOW), "berlin") == [
        ("Wed 00:00", "closed"),
        ("Wed 16:00", "open"),
    ]
    assert told(timetable(table, date(2026, 11, 24), 1, NOW), "berlin") == [
        ("Tue 00:00", "closed"),
        ("Tue 16:00", "open"),
    ]


@pytest.mark.parametrize(
    ("override", "changes"),
    [
        (Override("closed", datetime(2026, 11, 23, 6, 0, tzinfo=UTC), "8000"),
         [("Mon 10:00", "closed", "by hand of 8000"), ("Mon 14:00", "open", "no longer by hand"),
          ("Mon 18:00", "closed", "")]),
        (Override("open", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
         [("Mon 20:00", "closed", "no longer by hand")]),
        (Override("closed"), [("Mon 10:00", "closed", "by hand")]),
    ],
)  # fmt: skip
def test_hours_that_were_switched_by_hand_from_that_moment_on(table, override, changes):
    # Given hours that somebody overrides at ten o'clock on a Monday
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    shown = timetable(table, date(2026, 11, 23), 1, now, {"office": override})
    # Then before it the day is as the table says
    office = [change for change in shown.changes if change.of == "office"]
    assert (office[0].at, office[0].now) == (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "open")
    # And after it as it was switched, until that ends
    assert [(f"{change.at.astimezone(SHANGHAI):%a %H:%M}", change.now, change.why) for change in office[1:]] == changes


@pytest.mark.parametrize("name", ["routes.yaml", "examples/hotel.yaml", "examples/hospital.yaml"])
def test_the_changes_are_all_there_are(name):
    # Given what hours and duties are at every quarter of an hour of nine days around New Year
    table = load(ROOT / name)
    shown = timetable(table, date(2026, 12, 28), 9, NOW)
    hours = {}
    for step in table.steps.values():
        have = (getattr(step, "hours", None), getattr(step, "quiet", None))
        hours |= {one.name: one.state for one in have if isinstance(one, Hours)}
    rotas = {f"duty/{step.rota.name}": step.rota.on for step in table.steps.values() if hasattr(step, "rota")}
    quarters = [shown.begin + timedelta(minutes=15) * n for n in range(-1, 9 * 96)]
    for of, state in (hours | rotas).items():
        states = [state(quarter) for quarter in quarters]
        steps = zip(quarters[1:], states, states[1:], strict=False)
        expected = [(quarter, was, now) for quarter, was, now in steps if was != now]
        # Then each change of them is told, and no other
        assert [(change.at, change.was, change.now) for change in shown.changes if change.of == of] == expected
    assert [change.at for change in shown.changes] == sorted(change.at for change in shown.changes)


def test_a_table_in_which_nothing_changes():
    still = load(
        "house: {name: Acme, timezone: UTC, languages: {en: English}}\nnumbers: {'*': {to: operator}}\n"
        "operator: {name: the operator, ring: {phones: [8000]}}\nextensions: {8000: }\n"
    )
    assert list(lines(timetable(still, date(2026, 11, 24), 1, NOW), "routes.yaml")) == [
        "routes.yaml: 1 day from Tuesday, 24 November 2026, times of UTC", "",
        "nothing ever changes: the table has neither hours nor duties",
    ]  # fmt: skip
