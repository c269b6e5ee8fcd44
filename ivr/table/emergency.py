"""110 and its kind always go through (rules F3, F4): nothing of the table shadows, rewrites, bars or queues them."""

import phonenumbers

from ivr.handlers import kind_of
from ivr.steps import Address, Department, Duty, Extension, Greeting, Step
from ivr.table.build import EMERGENCY, Builder

__all__ = ["abroad", "emergency"]


def emergency(made: Builder) -> None:
    """Every rule of emergency numbers."""
    numbers = (*EMERGENCY, *made.reading.house.emergency)
    _shadowed(made, numbers)
    _barred(made, numbers)
    _rewritten(made, numbers)
    _queued(made)


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
    for name, model in reading.things("callers"):
        if model.to is None or _rings(made.steps.get(model.to)):
            continue
        for index, one in enumerate(model.numbers):
            caught = [number for number in numbers if _matches(one, number)]
            if caught:
                message = f"{one} is also {', '.join(caught)} calling back, who would come to {model.to}; write the "
                message += "numbers that are meant in full, or lead this list to people"
                reading.error(("callers", name, "numbers", index), message, "emergency-barred")


def _matches(one: str, number: str) -> bool:
    return number.startswith(one[:-1]) if one.endswith("*") else number == one


def _rewritten(made: Builder, numbers: tuple[str, ...]) -> None:
    """No phone of the house stands for an emergency number."""
    for number, model in made.reading.things("extensions"):
        if model.outside and (caught := abroad(model.outside, numbers)):
            message = (
                f"{model.outside} is the emergency number {caught}; emergencies are dialled, never rung by the line"
            )
            made.reading.error(("extensions", number, "outside"), message, "emergency-rewritten")


def abroad(outside: str, numbers: tuple[str, ...]) -> str | None:
    """The emergency number behind a country's code, if it is one."""
    for length in (1, 2, 3):
        code, rest = outside[1 : 1 + length], outside[1 + length :]
        if int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE and rest in numbers:
            return rest
    return None


def _queued(made: Builder) -> None:
    """A number for emergencies rings people at once, at every hour."""
    for step in made.steps.values():
        if isinstance(step, Greeting) and step.emergency and (why := _waits(made, step.to)):
            name = "*" if step.address == "greeting/any" else step.number
            message = f"an emergency must ring people at once: {why}"
            made.reading.error(("numbers", name, "to"), message, "emergency-queued")


def _waits(made: Builder, to: Address) -> str | None:
    """What stands between a caller and the phones there, in words; None if nothing does."""
    step = made.steps.get(to)
    match step:
        case None:
            return None  # told elsewhere
        case Department(hours=hours) if hours is not None and not hours.always:
            return f"{to} is closed at times; lead to one without hours"
        case Extension(do_not_disturb=True):
            return f"{to} never rings"
        case Extension(quiet=quiet) if quiet is not None:
            return f"{to} does not ring in its quiet hours"
        case Department() | Extension() | Duty():
            return None
    return f"{to} is a {kind_of(to)}; lead to a department, an extension, a duty or the operator"


def _rings(step: Step | None) -> bool:
    return isinstance(step, Department | Extension | Duty)
