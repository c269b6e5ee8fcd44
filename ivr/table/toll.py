"""Numbers outside that phones of the house stand for: they exist, and the house wants to pay for them."""

import phonenumbers
from phonenumbers import PhoneNumberType

from ivr.table.build import EMERGENCY, Builder
from ivr.table.emergency import abroad
from ivr.table.models import TollText

__all__ = ["outside_within_toll"]

PREMIUM = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)


def outside_within_toll(made: Builder) -> None:
    reading = made.reading
    toll = reading.house.toll or TollText()
    home = reading.house.country
    countries = toll.countries or ([home] if home else [])
    emergencies = (*EMERGENCY, *reading.house.emergency)
    for number, model in reading.things("extensions"):
        if model.outside is None:
            continue
        path = ("extensions", number, "outside")
        try:
            parsed = phonenumbers.parse(model.outside)
        except phonenumbers.NumberParseException:
            message = f"{model.outside} begins with the code of no country; write +, the country, and the number"
            reading.warning(path, message, "outside-number")
            continue
        if abroad(model.outside, emergencies):
            continue  # told as what it is
        if any(model.outside.startswith(prefix.rstrip("*")) for prefix in toll.prefixes):
            continue
        country = phonenumbers.region_code_for_number(parsed)
        if country in (None, "001"):
            country = _of_code(parsed.country_code)
        if not phonenumbers.is_valid_number(parsed):
            message = (
                f"{model.outside} is no number that is given out in {country}, as far as is known; look at its digits"
            )
            reading.warning(path, message, "outside-number")
        if phonenumbers.number_type(parsed) in PREMIUM and not toll.premium:
            message = f"{model.outside} is a premium-rate number; house.toll allows none"
            reading.error(path, message, "toll")
        elif country not in countries:
            allowed = f"house.toll allows {', '.join(countries)}" if countries else "house.toll allows no country"
            message = f"{model.outside} is a number of {country}; {allowed}. Whose is it?"
            reading.error(path, message, "toll")


def _of_code(code: int) -> str:
    region = phonenumbers.region_code_for_country_code(code)
    return f"+{code}" if region in ("ZZ", "001") else region
