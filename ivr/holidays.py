"""A country's public holidays, and the weekend days that are worked in exchange (调休).

    >>> china = Holidays("CN")
    >>> china.day(date(2026, 2, 17)), china.day(date(2026, 2, 14)), china.day(date(2026, 3, 2))
    ('holiday', 'make-up', None)

The dates come from the package `holidays`. Where a government moves days each year by a notice (CN, TW, RU …), a year
is only known once its notice is out: `published`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays as almanac

__all__ = ["Holidays", "countries"]

# China's breaks are announced as unbroken stretches, weekends included, while the package lists the weekdays and the
# festival itself: a Saturday beside a holiday that is not worked is part of it (checked against chinesecalendar).
BREAKS_TAKE_WEEKENDS = frozenset({"CN"})


@lru_cache(maxsize=1)
def countries() -> dict[str, list[str]]:
    """The countries there are holidays of, by ISO code, each with its regions' codes."""
    return almanac.list_supported_countries(include_aliases=False)


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of `country` (ISO code), and of one of its regions: Holidays("DE", "BY")."""

    country: str
    region: str | None = None

    def __post_init__(self):
        regions = countries().get(self.country)
        if regions is None:
            raise ValueError(f"no holidays are known of a country {self.country!r}")
        if self.region is not None and self.region not in regions:
            raise ValueError(f"{self.country} has no region {self.region!r}")

    def day(self, day: date) -> str | None:
        """Which day it is: "holiday", "make-up" (a weekend day that is worked), or None, an ordinary one."""
        rest, worked = _year(self.country, self.region, day.year)
        return "holiday" if day in rest else "make-up" if day in worked else None

    def name(self, day: date) -> str | None:
        """What the holiday is called at home, for explanations; None on other days and inside a longer break."""
        return _names(self.country, self.region, day.year).get(day)

    def published(self, year: int) -> bool:
        """Are this year's dates final? False where the notice of the moved days is not in the package yet."""
        known = almanac.country_holidays(self.country, subdiv=self.region)
        if not (known.start_year <= year <= known.end_year):
            return False
        if not known.has_substituted_holidays:
            return True
        return year <= max(known.special_public_holidays, default=0)

    def estimates(self, first: date, last: date) -> dict[date, str]:
        """The holidays from `first` to `last` whose dates are not announced yet (the moon must be seen), with names."""
        label = getattr(almanac.country_holidays(self.country, subdiv=self.region), "estimated_label", None)
        if label is None:
            return {}
        mark = label.replace("%s", "").strip()
        years = (_names(self.country, self.region, year) for year in range(first.year, last.year + 1))
        named = ((day, name) for names in years for day, name in sorted(names.items()))
        return {day: name for day, name in named if mark in name and first <= day <= last}


@lru_cache(maxsize=256)
def _names(country: str, region: str | None, year: int) -> dict[date, str]:
    # Without a language the package answers in that of the machine's locale.
    own = getattr(almanac.country_holidays(country, subdiv=region), "default_language", None)
    return dict(almanac.country_holidays(country, subdiv=region, years=year, expand=False, language=own))


@lru_cache(maxsize=256)
def _worked(country: str, region: str | None, year: int) -> frozenset[date]:
    """The weekend days of a year that are worked."""
    days = almanac.country_holidays(country, subdiv=region, years=year, expand=False).weekend_workdays
    return frozenset(day for day in days if day.year == year)


@lru_cache(maxsize=256)
def _year(country: str, region: str | None, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The days of rest and the weekend days worked, of one year."""
    rest, worked = set(_names(country, region, year)), _worked(country, region, year)
    if country in BREAKS_TAKE_WEEKENDS:
        around = {*_names(country, region, year - 1), *rest, *_names(country, region, year + 1)}
        for day in sorted(around):
            for step in (timedelta(days=-1), timedelta(days=1)):
                beside = day + step
                while beside.weekday() >= 5 and beside not in _worked(country, region, beside.year):
                    rest.add(beside)
                    beside += step
    return frozenset(day for day in rest if day.year == year), worked
