"""China's days off and make-up workdays, day by day, against an independent source."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from ivr.holidays import Holidays

# 10 June 2024 was "a holiday, together with the weekend" in the notice: our weekend beside it is part of the break,
# the other source leaves it an ordinary weekend. Closed for everybody who keeps the notice, either way.
TOLD_DIFFERENTLY = {date(2024, 6, 8), date(2024, 6, 9)}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_day_is_what_the_other_source_says(year):
    china, day, different = Holidays("CN"), date(year, 1, 1), set()
    while day.year == year:
        ours = china.day(day)
        theirs = (
            "holiday" if day in chinese_calendar.holidays else "make-up" if day in chinese_calendar.workdays else None
        )
        if ours != theirs:
            different.add(day)
        day += timedelta(days=1)
    assert different == {day for day in TOLD_DIFFERENTLY if day.year == year}


def test_a_year_whose_notice_is_not_out_is_not_published():
    china = Holidays("CN")
    assert (china.published(2026), china.published(2090), china.published(1900)) == (True, False, False)


def test_a_country_that_moves_no_days_is_always_published():
    assert Holidays("DE").published(2040)


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
