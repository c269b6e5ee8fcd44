"""The greeting: by time of day, and by open, lunch break or closed (rules A1, A2, A7)."""

from datetime import datetime
from itertools import product

from esl_handlers.times import part_of_day
from ivr.call import Call, To
from ivr.handlers import handles, kind_of
from ivr.prompt import Prompt
from ivr.steps import Greeting, Table

__all__ = ["greeting", "greeting_words"]

LATE = 15.0
"""Seconds: three rings of five; who waited longer hears an apology first (rule A1)."""


def greeting_words(call: Call, step: Greeting) -> Prompt:
    """The greeting of a number, for this caller, now."""
    now = call.now()
    state = step.hours.state(now) if step.hours else "open"
    return Prompt(
        "greeting",
        house=step.house,
        part=part_of_day(call),
        state=state,
        opens=None if state == "open" else step.hours.opening(now),
        late=call.waited > LATE,
    )


def spoken(step: Greeting, table: Table, at: datetime):
    state = step.hours.state(at) if step.hours else "open"
    opens = None if state == "open" else step.hours.opening(at)
    for part, late in product(("morning", "noon", "afternoon", "evening"), (False, True)):
        yield Prompt("greeting", house=step.house, part=part, state=state, opens=opens, late=late)


@handles("greeting", speaks=spoken)
def greeting(call: Call, step: Greeting):
    call.answer()
    if step.language:
        call.language = step.language
    if kind_of(step.to) == "menu":
        # The menu plays the greeting with its own words in one command, so that no key is lost.
        return To(step.to, first="1")
    call.play(greeting_words(call, step))
    return step.to
