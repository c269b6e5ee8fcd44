"""China's days off and make-up workdays, day by day, against an independent source."""

from calendar import isleap
from datetime import date, datetime, time, timedelta

import chinese_calendar
import holidays as almanac
import pytest

from ivr.holidays import Holidays, countries
from ivr.hours import Hours

# The only day on which the two sources say otherwise whether people work: the notice for 2006 had the Saturday before
# New Year worked, which the other source, whose years are those of the notices, leaves out.
WORKED_DIFFERENTLY = {date(2005, 12, 31)}

# Weekend days in breaks that the notices call "with the weekend": for who works from Monday to Friday they are closed
# either way. For us they are part of the break (who works on Saturdays is off), for the other source ordinary weekends.
TOLD_DIFFERENTLY = {
    date.fromisoformat(day)
    for day in """
        2011-06-05 2012-06-23 2014-05-31 2014-06-01 2014-09-06 2014-09-07 2015-04-04 2015-05-02 2015-05-03 2015-06-21
        2015-09-05 2015-09-26 2016-01-02 2016-01-03 2016-04-02 2016-04-03 2016-04-30 2016-12-31 2017-04-29 2017-04-30
        2017-12-30 2017-12-31 2018-06-16 2018-06-17 2018-09-22 2018-09-23 2024-06-08 2024-06-09
    """.split()
}


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range(366 if isleap(year) else 365)]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_who_works_from_monday_to_friday_works_on_the_days_the_other_source_says(year):
    office = Hours.weekly({"mon-fri": "09:00-18:00"}, zone="Asia/Shanghai", holidays=Holidays("CN"))
    noon = time(12, tzinfo=office.tz)
    different = {
        day
        for day in days_of(year)
        if (office.state(datetime.combine(day, noon)) == "open") != chinese_calendar.is_workday(day)
    }
    assert different == {day for day in WORKED_DIFFERENTLY if day.year == year}


@pytest.mark.parametrize("year", range(2004, 2027))
def test_each_day_is_what_the_other_source_calls_it(year):
    china = Holidays("CN")
    called = {True: "holiday", False: None}
    theirs = {day: called[day in chinese_calendar.holidays] for day in days_of(year)}
    theirs |= {day: "make-up" for day in chinese_calendar.workdays if day.year == year}
    different = {day for day in days_of(year) if china.day(day) != theirs[day]}
    assert different == {day for day in TOLD_DIFFERENTLY | WORKED_DIFFERENTLY if day.year == year}
    # Nobody works on a day that is told differently
    assert all(china.day(day) == "holiday" and day.weekday() >= 5 for day in different - WORKED_DIFFERENTLY)


def test_a_year_whose_notice_is_not_out_is_not_published():
    china = Holidays("CN")
    assert (china.published(2026), china.published(2090), china.published(1900)) == (True, False, False)


def test_a_country_that_moves_no_days_is_always_published():
    assert Holidays("DE").published(2040)


def test_every_country_that_moves_days_has_a_last_year_and_every_other_country_none():
    moving = {
        code for code in countries() if almanac.country_holidays(code).has_substituted_holidays
    }  # of the year 2026 the package knew these
    assert moving >= {"CN", "TW", "RU", "VN", "HU", "BG", "LV", "KZ", "UZ"}
    assert {code for code in moving if Holidays(code).published(2050)} == set()
    # Sri Lanka's full moons are in the package until 2026; the others are worked out for any year
    assert {code for code in countries() if not Holidays(code).published(2050)} == moving | {"LK"}


def test_days_that_depend_on_the_moon_being_seen_are_estimates():
    uganda = Holidays("UG")
    assert uganda.estimates(date(2026, 3, 1), date(2026, 5, 1)) == {date(2026, 3, 20): "Eid al-Fitr (estimated)"}
    assert uganda.estimates(date(2026, 4, 1), date(2026, 5, 1)) == {}
    assert len(uganda.estimates(date(2026, 5, 1), date(2027, 4, 1))) == 2
    assert Holidays("DE").estimates(date(2026, 1, 1), date(2030, 1, 1)) == {}


def test_a_region_has_holidays_of_its_own():
    assert Holidays("DE", "BY").day(date(2026, 1, 6)) == "holiday"
    assert Holidays("DE").day(date(2026, 1, 6)) is None


def test_outside_china_a_saturday_beside_a_holiday_is_an_ordinary_one():
    assert Holidays("DE").day(date(2026, 5, 2)) is None
    assert Holidays("CN").day(date(2026, 5, 2)) == "holiday"


def test_holidays_have_names():
    assert Holidays("CN").name(date(2026, 10, 1)) == "国庆节"


@pytest.mark.parametrize(
    ("country", "region", "message"),
    [("XX", None, "no holidays are known of a country 'XX'"), ("DE", "XX", "DE has no region 'XX'")],
)
def test_an_unknown_place_is_refused(country, region, message):
    with pytest.raises(ValueError, match=message):
        Holidays(country, region)
