"""Who calls: one caller of all that are on no list, one who shows no number, and one of each list of callers.

Who is on another list now than before, or on one at last, is told by what is written of him: callers.unwanted (+4940*).
"""

from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from ivr.caller_list import CallerList
from ivr.steps import Table

__all__ = ["WITHHELD", "callers"]

ORDINARY = ("13800138000", "+442079460018", "+12025550143", "+33142685300", "+81355550100")
WITHHELD = "withheld"
DIGITS = "0123456789"
E164 = phonenumbers.PhoneNumberFormat.E164
KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
MOST = 3
"""What is written of callers that is told one by one."""


def callers(old: Table, new: Table) -> Iterator[tuple[str, str]]:
    """Words for callers, "" for those on no list, and the number of one of them, "" for none that is shown."""
    everybody = next((number for number in ORDINARY if not (old.listed(number) or new.listed(number))), ORDINARY[0])
    yield "", everybody
    alike: dict[tuple[str, str], dict[str, str]] = {}
    for table in (new, old):
        for one in table.callers:
            for written, numbers in _entries(one):
                number = next((number for number in numbers if table.listed(number) is one), None)
                if number is not None:
                    alike.setdefault((_list(old, number), _list(new, number)), {}).setdefault(written, number)
    for (was, now), members in alike.items():
        name = f"callers.{now or was}"
        moved = was != now and any((now or was) in pair for pair in alike if pair != (was, now))
        yield f"{name} ({_several(list(members))})" if moved else name, next(iter(members.values()))
    if not any("" in members.values() for members in alike.values()):
        yield WITHHELD, ""


def _list(table: Table, number: str) -> str:
    """The name of the list somebody is on; "" for none."""
    one = table.listed(number)
    return one.name if one else ""


def _several(written: list[str]) -> str:
    more = len(written) - MOST
    return ", ".join(written[:MOST]) + (f" and {more} more" if more > 0 else "")


def _entries(one: CallerList) -> Iterator[tuple[str, Iterator[str]]]:
    """What is written on a list, and numbers that may be meant by it."""
    for number in one.numbers:
        if not number.endswith("*"):
            yield number, iter([number])
        else:
            # As long as numbers are; whatever stands at its end.
            yield number, (number[:-1] + (DIGITS * 2)[:length] for length in range(11))
    for country in one.countries:
        examples = (phonenumbers.example_number_for_type(country, kind) for kind in KINDS)
        yield country, (phonenumbers.format_number(one, E164) for one in examples if one)
    if one.withheld:
        yield WITHHELD, iter([""])
