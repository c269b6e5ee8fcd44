"""Day or night by hand: behind a PIN, whoever has it opens or closes the house, or leaves it to the table again."""

from datetime import datetime, timedelta
from hmac import compare_digest

from esl_handlers.times import state
from ivr.call import Call, Digits, Keys
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import DayNight, Table

__all__ = ["day_night"]

KEYS = {"1": "open", "2": "closed", "3": None}
"""Key → what the hours are made; None: what the table says."""
PIN_TRIES = 3
PINS_AN_HOUR = 10
PIN_LENGTH = 12
TRIES = 3


def spoken(step: DayNight, table: Table, at: datetime):
    yield from (Prompt("pin"), Prompt("pin-wrong"), Prompt("switch-failed"))
    for now in ("open", "lunch", "closed"):
        yield Prompt("switch", to=step.name, state=now)
        yield Prompt("switch-done", to=step.name, state=now)


@handles("switch", speaks=spoken)
def day_night(call: Call, step: DayNight):
    if "passed" not in call.state and not knows_pin(call, step):
        return "goodbye"
    call.at(step.address, passed="1")

    for _ in range(TRIES):
        offer = Prompt("switch", to=step.name, state=state(call, step.hours[0]))
        match call.ask(offer, keys=Keys(frozenset(KEYS))):
            case Digits(key):
                done = switched(call, step, KEYS[key])
                now = state(call, step.hours[0])
                call.play(Prompt("switch-done", to=step.name, state=now) if done else Prompt("switch-failed"))
                return step.then
    return step.then


def knows_pin(call: Call, step: DayNight) -> bool:
    """The PIN, three times at most; what was keyed is written down nowhere. After ten tries within an hour, whoever
    made them, no PIN is right until the hour is over: a million PINs are not tried out by night (rule C4)."""
    hour = f"{step.address}/{call.now():%Y%m%d%H}"
    for _ in range(PIN_TRIES):
        heard = call.ask_number(Prompt("pin"), most=PIN_LENGTH)
        locked = call.turn(hour) >= PINS_AN_HOUR
        if not locked and isinstance(heard, Digits) and compare_digest(heard.value.encode(), step.pin.encode()):
            return True
        call.note("pin-wrong", address=step.address)
        call.play(Prompt("pin-wrong"))
    return False


def switched(call: Call, step: DayNight, made: str | None) -> bool:
    """Make all the hours of the switch open or closed, or what the table says; False where one could not be."""
    return all([call.override(hours.name, made, lasts(call, step, hours, made)) for hours in step.hours])


def lasts(call: Call, step: DayNight, hours, made: str | None) -> datetime | None:
    """Until when: as long as the switch says, else until the table would change by itself."""
    if made is None:
        return None
    return call.now() + timedelta(seconds=step.lasts) if step.lasts else hours.next_change(call.now())
