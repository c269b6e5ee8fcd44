"""Hours, by examples. tests/test_hours_by_the_minute.py compares them with a scan."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.calendars import Calendar, read
from ivr.holidays import Holidays
from ivr.hours import Hours
from ivr.prompt import Opening

SHANGHAI = ZoneInfo("Asia/Shanghai")


def office(**more) -> Hours:
    return Hours.weekly({"mon-fri": "09:00-12:00, 13:30-18:00"}, zone="Asia/Shanghai", **more)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2026-11-20 08:59:59.999999", "closed"),
        ("2026-11-20 09:00:00", "open"),
        ("2026-11-20 11:59:59.999999", "open"),
        ("2026-11-20 12:00:00", "lunch"),
        ("2026-11-20 13:29:59", "lunch"),
        ("2026-11-20 13:30:00", "open"),
        ("2026-11-20 17:59:59.999999", "open"),
        ("2026-11-20 18:00:00", "closed"),
        ("2026-11-21 10:00:00", "closed"),
    ],
)
def test_ranges_are_half_open(when, state):
    assert office().state(at(when)) == state


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        office().state(datetime(2026, 11, 20))


def test_past_midnight_belongs_to_the_day_it_began():
    # Given a night shift that begins on weekdays only
    night = Hours.weekly({"mon-fri": "22:00-06:00"}, zone="Asia/Shanghai")
    # Then Saturday's early hours are Friday's, and Monday's belong to nobody
    assert night.state(at("2026-11-21 05:59")) == "open"
    assert night.state(at("2026-11-21 06:00")) == "closed"
    assert night.state(at("2026-11-23 05:59")) == "closed"
    # And what began before a day that is closed by exception goes on into it
    closed_saturday = Hours.weekly(
        {"mon-sun": "22:00-06:00"}, zone="Asia/Shanghai", exceptions={date(2026, 11, 21): "closed"}
    )
    assert closed_saturday.state(at("2026-11-21 05:59")) == "open"
    assert closed_saturday.state(at("2026-11-21 23:00")) == "closed"


def test_only_a_break_at_midday_is_lunch():
    ranges = "06:30-09:30, 10:00-10:30, 11:00-12:00, 13:30-14:00, 15:00-17:00, 19:00-21:00"
    surgery = Hours.weekly({"mon": ranges, "tue": "09:00-12:00, 18:00-21:00"}, zone="Asia/Shanghai")
    states = [surgery.state(at(f"2026-11-23 {hour}")) for hour in ("09:45", "10:45", "13:00", "14:30", "18:00")]
    assert states == ["closed", "closed", "lunch", "closed", "closed"]
    assert surgery.state(at("2026-11-24 13:00")) == "closed"


def test_a_holiday_is_closed_and_a_make_up_workday_is_worked_as_stated():
    # Given an office that works shorter on Fridays, and works make-up days like a Friday
    hours = Hours.weekly(
        {"mon-thu": "09:00-18:00", "fri": "09:00-15:00"},
        zone="Asia/Shanghai",
        holidays=Holidays("CN"),
        make_up="fri",
    )
    # Then the Spring Festival of 2026 is closed and Saturday 14 February is worked until three
    assert hours.state(at("2026-02-17 10:00")) == "closed"
    assert hours.state(at("2026-02-14 14:59")) == "open"
    assert hours.state(at("2026-02-14 15:00")) == "closed"
    assert hours.why(date(2026, 2, 17)) == ("holiday", ())
    assert hours.why(date(2026, 2, 14)) == ("make-up", ((540, 900),))


def test_an_exception_comes_before_a_holiday():
    hours = office(holidays=Holidays("CN"), exceptions={date(2026, 2, 17): "10:00-11:00"})
    assert hours.state(at("2026-02-17 10:30")) == "open"
    assert hours.why(date(2026, 2, 17)) == ("exception", ((600, 660),))


def test_the_weekend_inside_a_break_is_closed_for_those_who_work_on_saturdays():
    warehouse = Hours.weekly({"mon-sat": "08:00-17:00"}, zone="Asia/Shanghai", holidays=Holidays("CN"))
    assert warehouse.state(at("2026-02-21 10:00")) == "closed"  # a Saturday of the Spring Festival
    assert warehouse.state(at("2026-03-07 10:00")) == "open"


@pytest.mark.parametrize(
    ("when", "opening"),
    [
        ("2026-11-20 08:00", Opening("today", date(2026, 11, 20), time(9, 0))),
        ("2026-11-20 12:30", Opening("today", date(2026, 11, 20), time(13, 30))),
        ("2026-11-19 18:00", Opening("tomorrow", date(2026, 11, 20), time(9, 0))),
        ("2026-11-20 18:00", Opening("week", date(2026, 11, 23), time(9, 0))),
        ("2026-02-14 18:00", Opening("date", date(2026, 2, 24), time(9, 0))),
        ("2026-11-20 10:00", None),
    ],
)
def test_the_next_opening_is_said_from_the_callers_now(when, opening):
    assert office(holidays=Holidays("CN")).opening(at(when)) == opening


def test_tomorrow_is_the_places_tomorrow_not_utcs():
    # Given 00:30 on Friday in Shanghai, which is Thursday in UTC
    assert office().opening(at("2026-11-20 00:30").astimezone(UTC)).day == "today"


def test_always_open_and_never_open_have_no_change():
    always = Hours.weekly({"mon-sun": "00:00-24:00"}, zone="Europe/Berlin")
    never = Hours.weekly({}, zone="Europe/Berlin")
    now = datetime(2026, 3, 28, tzinfo=UTC)
    assert (always.always, always.state(now), always.next_change(now), always.next_opening(now)) == (
        True, "open", None, None,
    )  # fmt: skip
    assert (never.always, never.state(now), never.next_change(now), never.opening(now)) == (False, "closed", None, None)


def test_a_place_that_opens_on_one_date_only_is_found_years_ahead():
    fair = Hours.weekly({}, zone="Asia/Shanghai", exceptions={date(2030, 5, 1): "10:00-16:00"})
    now = at("2026-11-20 10:00")
    assert fair.next_opening(now) == at("2030-05-01 10:00")
    assert fair.next_change(at("2030-05-01 12:00")) == at("2030-05-01 16:00")
    assert fair.next_opening(at("2030-05-01 12:00")) is None


def test_the_hour_that_does_not_exist_moves_to_the_moment_after():
    # Given Berlin on the Sunday in March when 02:00 becomes 03:00
    berlin = ZoneInfo("Europe/Berlin")
    hours = Hours.weekly({"sun": "02:30-04:00"}, zone="Europe/Berlin")
    # Then it opens when the clock jumps to 03:00
    assert hours.next_opening(at("2026-03-29 00:00", berlin)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert hours.next_change(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_what_the_clock_on_the_wall_says_both_times():
    # Given Berlin on the Sunday in October when 03:00 becomes 02:00
    hours = Hours.weekly({"sun": "02:00-02:30"}, zone="Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    changes = []
    for _ in range(3):
        first = hours.next_change(first)
        changes.append(first.strftime("%H:%M"))
    assert hours.state(datetime(2026, 10, 25, 0, 0, tzinfo=UTC)) == "open"
    assert changes == ["00:30", "01:00", "01:30"]


# Calendars ------------------------------------------------------------------------------------------------------------


def calendar(*events: str) -> Calendar:
    """A calendar of events, each written as its properties with blanks between them."""
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.split(), "END:VEVENT")]
    found, faults = read("\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode())
    assert faults == []
    return found


def days(hours: Hours, first: str, count: int) -> list[str]:
    """What each of some days looks like: its changes of state."""
    found = []
    for n in range(count):
        midnight = datetime.fromisoformat(first) + timedelta(days=n)
        begin, end = midnight.replace(tzinfo=hours.tz), (midnight + timedelta(days=1)).replace(tzinfo=hours.tz)
        told, moment = [hours.state(begin)], begin
        while (moment := hours.next_change(moment)) is not None and moment < end:
            told.append(f"{moment.astimezone(hours.tz):%H:%M} {hours.state(moment)}")
        found.append(", ".join(told))
    return found


WORKED = "closed, 09:00 open, 12:00 lunch, 13:30 open, 18:00 closed"


def test_a_whole_day_of_a_calendar_is_closed_in_the_zone_of_the_hours():
    # Given Christmas to New Year, each year
    closures = calendar("DTSTART;VALUE=DATE:20241224 DTEND;VALUE=DATE:20250102 RRULE:FREQ=YEARLY SUMMARY:Xmas")
    hours = office(closures=closures)
    assert days(hours, "2026-12-23", 3) == [WORKED, "closed", "closed"]
    assert hours.next_opening(at("2026-12-23 18:00")) == at("2027-01-04 09:00")
    assert (hours.why(date(2026, 12, 24)), hours.occasion(date(2026, 12, 24))) == (("closure", ()), "Xmas")


def test_what_began_the_evening_before_a_closed_day_goes_on_into_it():
    bar = Hours.weekly(
        {"mon-sun": "17:00-03:00"}, zone="Asia/Shanghai", closures=calendar("DTSTART;VALUE=DATE:20261124")
    )
    assert days(bar, "2026-11-24", 2) == ["open, 03:00 closed", "closed, 17:00 open"]


def test_an_event_with_times_is_cut_out_of_the_ranges_and_is_no_lunch():
    hours = office(
        closures=calendar("DTSTART:20261123T110000 DTEND:20261123T123000", "DTSTART:20261123T063000Z DURATION:PT30M")
    )
    assert days(hours, "2026-11-23", 1) == [
        "closed, 09:00 open, 11:00 closed, 12:30 lunch, 13:30 open, 14:30 closed, 15:00 open, 18:00 closed"
    ]


def test_a_repeating_event_keeps_its_time_on_the_wall_when_the_clocks_change():
    closures = calendar(
        "DTSTART;TZID=Europe/Berlin:20261019T100000 DTEND;TZID=Europe/Berlin:20261019T110000 RRULE:FREQ=WEEKLY"
    )
    hours = Hours.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin", closures=closures)
    # 25 October: the clocks go back
    monday = "closed, 09:00 open, 10:00 closed, 11:00 open, 17:00 closed"
    assert days(hours, "2026-10-19", 1) == days(hours, "2026-10-26", 1) == [monday]


def test_a_date_that_is_open_is_worked_like_its_weekday_or_else_like_a_make_up_day():
    hours = Hours.weekly(
        {"mon-thu": "09:00-18:00", "fri": "09:00-15:00"},
        zone="Europe/Berlin",
        holidays=Holidays("DE"),
        make_up="fri",
        openings=calendar("DTSTART;VALUE=DATE:20261003 SUMMARY:Fair", "DTSTART;VALUE=DATE:20260501"),
    )
    # A Saturday that is a holiday, and a Friday that is one
    assert days(hours, "2026-10-03", 2) == ["closed, 09:00 open, 15:00 closed", "closed"]
    assert days(hours, "2026-05-01", 1) == ["closed, 09:00 open, 15:00 closed"]
    assert (hours.why(date(2026, 10, 3))[0], hours.occasion(date(2026, 10, 3))) == ("opening", "Fair")
    assert hours.occasion(date(2026, 12, 25)) == "Erster Weihnachtstag"


def test_an_open_event_with_times_opens_for_these_times():
    hours = office(openings=calendar("DTSTART:20261122T110000 DTEND:20261122T160000"))
    assert days(hours, "2026-11-22", 1) == ["closed, 11:00 open, 16:00 closed"]


def test_what_closes_counts_before_what_opens_and_times_before_whole_days():
    hours = office(
        closures=calendar("DTSTART;VALUE=DATE:20261123", "DTSTART:20261124T100000 DTEND:20261124T110000"),
        openings=calendar("DTSTART;VALUE=DATE:20261123", "DTSTART:20261123T190000 DTEND:20261123T200000",
                          "DTSTART:20261124T103000 DTEND:20261124T123000"),
    )  # fmt: skip
    assert days(hours, "2026-11-23", 2) == [
        "closed, 19:00 open, 20:00 closed",
        "closed, 09:00 open, 10:00 closed, 11:00 open, 12:30 lunch, 13:30 open, 18:00 closed",
    ]


def test_calendars_say_nothing_on_the_date_of_an_exception():
    hours = office(
        closures=calendar("DTSTART:20261122T120000 DTEND:20261125T120000"),
        exceptions={date(2026, 11, 23): "10:00-11:00", date(2026, 11, 24): "20:00-02:00"},
    )
    assert days(hours, "2026-11-22", 4) == [
        "closed",
        "closed, 10:00 open, 11:00 closed",
        "closed, 20:00 open",
        "open, 02:00 closed, 12:00 lunch, 13:30 open, 18:00 closed",
    ]


def test_a_place_with_closures_is_not_always_open():
    guard = Hours.weekly({"mon-sun": "00:00-24:00"}, zone="UTC", closures=calendar("DTSTART;VALUE=DATE:20301224"))
    assert not guard.always
    assert guard.state(datetime(2030, 12, 24, 12, tzinfo=UTC)) == "closed"
    # Nobody looks further ahead than 400 days for the next change
    assert guard.next_change(datetime(2026, 11, 20, tzinfo=UTC)) is None
    assert guard.next_change(datetime(2030, 1, 20, tzinfo=UTC)) == datetime(2030, 12, 24, tzinfo=UTC)


def test_hours_with_the_same_calendar_are_equal_and_with_another_are_not():
    one, same, other = (
        office(closures=calendar(f"DTSTART;VALUE=DATE:{day}")) for day in (20261224, 20261224, 20261225)
    )
    assert one == same != other
    assert len({one, same, other, office()}) == 3


def test_days_are_remembered_within_bounds(monkeypatch):
    monkeypatch.setattr("ivr.hours.KEPT_DAYS", 10)
    hours = office()
    for n in range(100):
        hours.state(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n))
    assert len(hours._days) <= 10
