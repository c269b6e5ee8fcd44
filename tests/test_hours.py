"""Hours: no instant without a state; what is next agrees with the clock on the wall, minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    surgery = Hours.weekly({"mon": "06:30-09:30, 10:30-12:00, 14:00-17:00, 19:00-21:00"}, zone="Asia/Shanghai")
    states = [surgery.state(at(f"2026-11-23 {hour}")) for hour in ("10:00", "13:00", "18:00")]
    assert states == ["closed", "lunch", "closed"]


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


# Against a scan, minute by minute ---------------------------------------------------------------------------------

ZONES = [
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
    "America/Havana", "Africa/Cairo", "Pacific/Apia", "Asia/Beirut", "UTC",
]  # fmt: skip
MONTHS = [(2026, 3), (2026, 4), (2026, 10), (2026, 11), (2011, 12), (2026, 2), (2024, 2)]


@st.composite
def one_day(draw) -> str:
    """The written ranges of a day: none, or up to three, the last one possibly past midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 95), max_size=6)))
    clock = [f"{mark // 4:02}:{mark % 4 * 15:02}" for mark in marks]
    pairs = [f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=False)]
    if len(clock) % 2 and marks[0] > 0:
        pairs.append(f"{clock[-1]}-{draw(st.sampled_from(['24:00', '00:00', f'{marks[0] // 4:02}:00']))}")
        pairs = [pair for pair in pairs if pair.split("-")[0] != pair.split("-")[1]]
    return ", ".join(pairs) or "closed"


@st.composite
def some_hours(draw) -> tuple[Hours, datetime]:
    year, month = draw(st.sampled_from(MONTHS))
    begin = datetime(year, month, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 31 * 1440)))
    days = draw(st.lists(one_day(), min_size=7, max_size=7))
    dated = draw(st.dictionaries(st.integers(0, 6), one_day(), max_size=2))
    hours = Hours.weekly(
        dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), days, strict=True)),
        zone=draw(st.sampled_from(ZONES)),
        holidays=draw(st.sampled_from([None, Holidays("CN"), Holidays("DE", "BY")])),
        make_up=draw(st.sampled_from(["mon", "fri"])),
        exceptions={begin.date() + timedelta(days=n): text for n, text in dated.items()},
    )
    return hours, begin


def on_the_wall(hours: Hours, instant: datetime) -> bool:
    """Open by the plainest reading: look at the clock, and at today's and yesterday's ranges."""
    local = instant.astimezone(ZoneInfo(hours.zone))
    minute = local.hour * 60 + local.minute
    today = hours.why(local.date())[1]
    yesterday = hours.why(local.date() - timedelta(days=1))[1]
    return any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in yesterday)


@settings(max_examples=60, deadline=None)
@given(some_hours())
def test_the_next_change_agrees_with_a_scan_of_every_minute(given_hours):
    hours, begin = given_hours
    # Given the states of two days, minute by minute
    minutes = [begin + timedelta(minutes=n) for n in range(2 * 1440)]
    states = [hours.state(minute) for minute in minutes]
    # Then each is a state, and open means what the wall says
    assert set(states) <= {"open", "lunch", "closed"}
    assert [state == "open" for state in states] == [on_the_wall(hours, minute) for minute in minutes]
    # And the next change, and the next opening, are the first ones of the scan
    change = next((m for m, state in zip(minutes, states, strict=True) if state != states[0]), None)
    told = hours.next_change(begin)
    assert told == change if change else told is None or told > minutes[-1]
    opened = next(
        (m for m, before, now in zip(minutes[1:], states, states[1:], strict=False) if now == "open" != before), None
    )
    told = hours.next_opening(begin)
    assert told == opened if opened else told is None or told > minutes[-1]
    assert (hours.opening(begin) is None) == (states[0] == "open" or hours.next_opening(begin) is None)


@settings(max_examples=300, deadline=None)
@given(some_hours(), st.datetimes(datetime(1975, 1, 1), datetime(2095, 1, 1), timezones=st.just(UTC)))
def test_no_instant_is_without_a_state(given_hours, instant):
    hours, _ = given_hours
    assert hours.state(instant) in ("open", "lunch", "closed")
    assert (hours.state(instant) == "open") == on_the_wall(hours, instant)


def test_days_are_remembered_within_bounds(monkeypatch):
    monkeypatch.setattr("ivr.hours.KEPT_DAYS", 10)
    hours = office()
    for n in range(100):
        hours.state(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n))
    assert len(hours._days) <= 10
