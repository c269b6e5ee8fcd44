"""Who calls: one caller for all that are on no list, and one of each list of callers."""

from collections.abc import Iterator

import phonenumbers

from ivr.caller_list import CallerList
from ivr.steps import Table

__all__ = ["callers"]

ORDINARY = ("13800138000", "+442079460018", "+12025550143", "+33142685300", "+81355550100")
DIGITS = "0123456789"


def callers(old: Table, new: Table) -> Iterator[tuple[str, str]]:
    """Words for callers, "" for those on no list, and the number of one of them."""
    everybody = next((number for number in ORDINARY if not (old.listed(number) or new.listed(number))), ORDINARY[0])
    yield "", everybody
    told = set()
    for table in (new, old):
        for one in table.callers:
            number = next((number for number in _members(one) if table.listed(number) is one), None)
            if number is not None and one.name not in told:
                told.add(one.name)
                yield f"callers.{one.name}", number


def _members(one: CallerList) -> Iterator[str]:
    """Numbers that are on a list."""
    for number in one.numbers:
        if not number.endswith("*"):
            yield number
        else:
            # As long as numbers are; whatever stands at its end.
            yield from (number[:-1] + (DIGITS * 2)[:length] for length in range(11))
    for country in one.countries:
        example = phonenumbers.example_number(country)
        if example:
            yield phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    if one.withheld:
        yield ""
