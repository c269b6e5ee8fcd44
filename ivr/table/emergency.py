"""110 and its kind always go through (rules F3, F4): nothing of the table shadows, rewrites, bars or queues them."""

from collections.abc import Mapping
from datetime import date

import phonenumbers

from ivr.handlers import kind_of
from ivr.steps import Address, Announcement, Department, Duty, Extension, Greeting, Menu
from ivr.table.build import EMERGENCY, Builder
from ivr.table.duties import people
from ivr.table.graph import rings
from ivr.table.moments import DAYS, start_of

__all__ = ["abroad", "emergency"]

AREA = 3
"""Digits of an area's code, at most."""


def emergency(made: Builder, today: date | None) -> None:
    """Every rule of emergency numbers. `today`: then duties are lived through for 400 days."""
    numbers = (*EMERGENCY, *made.reading.house.emergency)
    _shadowed(made, numbers)
    _barred(made, numbers)
    _rewritten(made, numbers)
    _queued(made, today)


def _shadowed(made: Builder, numbers: tuple[str, ...]) -> None:
    """No number and no extension has such a number; a phone that dials digit by digit can tell them apart."""
    reading = made.reading
    beginnings = {number[:n]: number for number in reversed(numbers) for n in range(1, len(number) + 1)}
    for section, what in (("numbers", "number"), ("extensions", "extension")):
        for name in reading.names(section):
            if name in numbers:
                message = f"{name} is an emergency number; no {what} of the house may have it, give it another"
                reading.error((section, name), message, "emergency", key=True)
                continue
            near = beginnings.get(name) or next((n for n in numbers if name.startswith(n)), None)
            if near and section == "extensions":
                message = f"a phone that dials digit by digit cannot tell {name} from the emergency number {near}"
                reading.warning((section, name), message, "emergency-like", key=True)


def _barred(made: Builder, numbers: tuple[str, ...]) -> None:
    """Who calls back from an emergency service is not kept from people by a list of callers."""
    reading = made.reading
    code = phonenumbers.country_code_for_region(reading.house.country or "")
    for name, model in reading.things("callers"):
        if model.to is None or _comes_to_people(made, model.to):
            continue
        for index, one in enumerate(model.numbers):
            caught = [number for number in numbers if _matches(one, number, code)]
            if caught:
                message = f"{one} is also {', '.join(caught)} calling back, who would come to {model.to}; write the "
                message += "numbers that are meant in full, or lead this list to people"
                reading.error(("callers", name, "numbers", index), message, "emergency-barred")


def _matches(one: str, number: str, code: int) -> bool:
    """Is an emergency number on a list as `one`? It is shown as it is dialled, or behind the code of the country."""
    shown = (number, f"+{code}{number}") if code else (number,)
    one = f"+{one[2:]}" if one.startswith("00") else one
    return any(it.startswith(one[:-1]) if one.endswith("*") else it == one for it in shown)


def _comes_to_people(made: Builder, to: Address) -> bool:
    """Does a phone ring for who comes here and does nothing?"""
    phones, seen = made.phones, set()
    while to not in seen:
        seen.add(to)
        step = made.steps.get(to)
        match step:
            case Department() | Extension():
                return rings(step, phones)
            case Duty():
                return True
            case Menu():
                to = step.silence
            case Announcement():
                to = step.then
    return False


def _rewritten(made: Builder, numbers: tuple[str, ...]) -> None:
    """No phone of the house stands for an emergency number."""
    for number, model in made.reading.things("extensions"):
        if model.outside and (caught := abroad(model.outside, numbers)):
            message = (
                f"{model.outside} is the emergency number {caught}; emergencies are dialled, never rung by the line"
            )
            made.reading.error(("extensions", number, "outside"), message, "emergency-rewritten")


def abroad(outside: str, numbers: tuple[str, ...]) -> str | None:
    """The emergency number behind a country's code, or behind that and an area's, if it is one."""
    for length in (1, 2, 3):
        code, rest = outside[1 : 1 + length], outside[1 + length :]
        if int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            caught = [number for number in numbers if rest.endswith(number) and len(rest) <= len(number) + AREA]
            # A real number may end so by chance; no real one is so short.
            if caught and (rest in caught or not phonenumbers.is_valid_number(phonenumbers.parse(outside))):
                return max(caught, key=len)
    return None


def _queued(made: Builder, today: date | None) -> None:
    """A number for emergencies rings people at once, at every hour."""
    by_hand = {hours: name for name, model in made.reading.things("switches") for hours in model.hours}
    for step in made.steps.values():
        if not isinstance(step, Greeting) or not step.emergency:
            continue
        to = step.operator if step.to == "operator" else step.to  # that of the house which is called
        name = "*" if step.address == "greeting/any" else step.number
        if step.rings:
            message = "an emergency is answered at once; leave rings out"
            made.reading.error(("numbers", name, "rings"), message, "emergency-queued")
        if why := _waits(made, to, by_hand, today):
            message = f"an emergency must ring people at once: {why}"
            made.reading.error(("numbers", name, "to"), message, "emergency-queued")


def _waits(
    made: Builder, to: Address, by_hand: Mapping[str, str], today: date | None, trail: tuple[Address, ...] = ()
) -> str | None:
    """What stands between a caller and the phones there, in words; None if nothing does. `by_hand`: the switches by
    the hours they close. `trail`: the places before, where no phone rings."""
    step = made.steps.get(to)
    match step:
        case None:
            return None  # told elsewhere
        case Department(hours=hours) if hours is not None and not hours.always:
            return f"{to} is closed at times; lead to one without hours"
        case Department(hours=hours) if hours is not None and hours.name in by_hand:
            return f"{to} is closed by hand with switch/{by_hand[hours.name]}; lead to one without hours"
        case Extension() | Duty():
            return _silent(made, to, today)
        case Department():
            reasons = [_silent(made, target, today) for target in step.ring.targets]
            if None in reasons or not reasons:
                return None
            # Where nobody can be rung it goes on at once: another place may ring instead.
            on = made.steps.get(step.ends.do_not_disturb)
            if isinstance(on, Department | Duty) and on.address not in trail:
                return _waits(made, on.address, by_hand, today, (*trail, to))
            return f"of {to}, {', '.join(reasons)}"
    return f"{to} is a {kind_of(to)}; lead to a department, an extension, a duty or the operator"


def _silent(made: Builder, target: str, today: date | None) -> str | None:
    """Why a phone or a duty does not ring at every hour, in words; None where it does."""
    address = target if "/" in target else f"extension/{target}"
    match made.steps.get(address):
        case Extension(do_not_disturb=True):
            return f"{address} never rings"
        case Extension(quiet=quiet) if quiet is not None:
            return f"{address} does not ring in its quiet hours"
        case Duty(rota=rota):
            if today is not None and next(rota.gaps(start_of(today), DAYS), None):
                return f"{address} has nobody at times"
            model = made.reading.names("duties")[address.partition("/")[2]]
            everybody = dict.fromkeys(f"extension/{person}" for _, person, _ in people(model))
            reasons = [why for person in everybody if (why := _silent(made, person, today))]
            return reasons[0] if reasons else None
    return None
