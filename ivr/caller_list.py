"""Who calls: lists of callers, by number, by the beginning of it, by country, or withheld.

>>> vip = CallerList("vip", numbers=("+8613800138000", "+4930*"), home="CN")
>>> [vip.matches(caller) for caller in ("13800138000", "+493012345", "004930123", "", "8001")]
[True, True, True, False, False]
"""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

__all__ = ["CallerList", "country_of", "international"]

INTERNAL = 6
"""Digits: a number so short is a colleague's, or nobody's that could be told by his country."""


@lru_cache(maxsize=4096)
def _parsed(caller: str, home: str | None) -> phonenumbers.PhoneNumber | None:
    if len(caller.lstrip("+")) < INTERNAL:
        return None
    text = "+" + caller[2:] if caller.startswith("00") else caller
    try:
        return phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None


def international(caller: str, home: str | None) -> str:
    """The number as it is written everywhere: "13800138000" in China is "+8613800138000"; as it came where it is none.

    `home`: the country (ISO 3166) in which it is dialled.
    """
    number = _parsed(caller, home)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else caller


def country_of(caller: str, home: str | None) -> str | None:
    """Two letters (ISO 3166), or None where that cannot be told."""
    number = _parsed(caller, home)
    code = phonenumbers.region_code_for_number(number) if number else None
    if number and code is None:  # one not given out yet, or a gap in the data: the prefix still tells the country
        code = phonenumbers.region_code_for_country_code(number.country_code)
    return None if code in (None, "ZZ", "001") else code


@dataclass(frozen=True, slots=True)
class CallerList:
    """`to`: where they go in place of the number's own way; `language`: how they are greeted. Either may be None.

    `numbers`: as dialled at home or with +; one that ends in * means all that begin so. `home`: the house's country.
    """

    name: str
    numbers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    withheld: bool = False
    to: str | None = None
    language: str | None = None
    home: str | None = None

    def matches(self, caller: str) -> bool:
        """Is this caller one of them? `caller`: digits with an optional leading +; "" when withheld."""
        if not caller:
            return self.withheld
        number = international(caller, self.home)
        for one in self.numbers:
            if one.endswith("*"):
                if number.startswith(self._written(one[:-1])) or caller.startswith(one[:-1]):
                    return True
            elif caller == one or number == international(one, self.home):
                return True
        return bool(self.countries) and country_of(caller, self.home) in self.countries

    def _written(self, prefix: str) -> str:
        """The beginning of a number with the country's code before it, where it is written as dialled at home."""
        if prefix.startswith(("+", "00")) or not self.home:
            return "+" + prefix[2:] if prefix.startswith("00") else prefix
        code = phonenumbers.country_code_for_region(self.home)
        return f"+{code}{prefix.removeprefix('0')}" if code else prefix
