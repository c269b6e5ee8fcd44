"""A message: written down before it is recorded, finished after; the caller hears that it was kept (rules D1, D4)."""

from datetime import datetime

from ivr.call import Call, Digits, Keys, Recorded
from ivr.errors import CannotKeep
from ivr.handlers import handles
from ivr.prompt import Prompt, Sound
from ivr.steps import MessageBox, Table

__all__ = ["message"]

RIGHT, WRONG = "1", "2"
NUMBER_LENGTH = 15
"""Digits a call-back number has at most (ITU-T E.164)."""
TRIES = 2


def message_words(step: MessageBox) -> Prompt:
    return Prompt(step.prompt) if step.prompt else Prompt("message", to=step.name)


def spoken(step: MessageBox, table: Table, at: datetime):
    yield message_words(step)
    yield Sound("beep")
    yield Prompt("message-kept", reference="")
    yield from (Prompt("message-empty"), Prompt("message-again"), Prompt("message-cannot"))
    if step.ask_number:
        yield from (Prompt("message-number"), Prompt("message-number-unclear"))


@handles("message", speaks=spoken)
def message(call: Call, step: MessageBox):
    tried = int(call.state.get("tried", "0"))

    if isinstance(call.back, Recorded):
        reference = call.keep(call.back, step.shortest)
        if reference is not None:
            call.play(Prompt("message-kept", reference=reference))
            return step.then
        call.play(Prompt("message-empty"))
        tried += 1
        if tried >= TRIES:
            return step.then

    number = call.caller or call.state.get("number", "")
    if step.ask_number and not number and not tried and (number := ask_number(call)):
        call.at(step.address, number=number)
    call.play(Prompt("message-again") if tried else message_words(step))
    name = call.file_name()
    try:
        call.write_down(name, step, callback=number)
    except CannotKeep as error:
        call.note("message-refused", address=step.address, reason=str(error))
        call.play(Prompt("message-cannot"))
        return step.then
    # What he keyed is needed once more if nothing is heard now.
    keyed = {"number": number} if number and not call.caller else {}
    call.at(step.address, tried=str(tried), **keyed)
    return call.record(name, limit=step.limit, silence=step.silence)


def ask_number(call: Call) -> str:
    """The number to call back, keyed and read back; "" when the caller does not want to say it."""
    for _ in range(TRIES):
        heard = call.ask_number(Prompt("message-number"), most=NUMBER_LENGTH)
        if not isinstance(heard, Digits) or not heard.value.isdecimal():
            return ""
        read_back = Prompt("message-number-read-back", number=heard.value)
        if call.ask(read_back, keys=Keys(frozenset((RIGHT, WRONG)))) != Digits(WRONG):
            return heard.value
    call.play(Prompt("message-number-unclear"))
    return ""
