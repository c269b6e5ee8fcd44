"""The greeting: by time of day, and by open, lunch break or closed (rules A1, A2, A7); and who is greeted how (A3)."""

from datetime import datetime
from itertools import product

from esl_handlers.times import opening, part_of_day, state
from ivr.call import Call, To
from ivr.handlers import handles, kind_of
from ivr.prompt import Prompt
from ivr.steps import Greeting, Table

__all__ = ["greeting", "greeting_words"]

RING = 5.0
"""Seconds from one ring to the next (rule A1)."""
LATE = 3 * RING
"""Seconds; who waited longer for the line hears an apology first (rule A1)."""


def greeting_words(call: Call, step: Greeting) -> Prompt:
    """The greeting of a number, for this caller, now."""
    now = state(call, step.hours)
    return Prompt(
        "greeting",
        house=step.house,
        part=part_of_day(call),
        state=now,
        opens=None if now == "open" else opening(call, step.hours),
        late=call.waited > LATE,
    )


def spoken(step: Greeting, table: Table, at: datetime):
    now = step.hours.state(at) if step.hours else "open"
    opens = None if now == "open" else step.hours.opening(at)
    for part, late in product(("morning", "noon", "afternoon", "evening"), (False, True)):
        yield Prompt("greeting", house=step.house, part=part, state=now, opens=opens, late=late)


@handles("greeting", speaks=spoken)
def greeting(call: Call, step: Greeting):
    if step.rings and not call.answered:
        waited = call.let_ring(step.rings * RING)
        call.answer()
        call.note("answered", waited=round(waited, 1))
    call.answer()
    if step.emergency:
        # Nothing stands before help: no list of callers, no greeting (rule F3).
        call.language = step.language or call.language
        return step.to
    to, language = step.to, step.language
    if listed := call.table.listed(call.caller):
        call.note("listed", list=listed.name)
        to, language = listed.to or to, listed.language or language
    if call.table.remembers and not step.language:
        # What he wants himself comes before what his list or his country makes likely; a number that is printed on
        # boxes in English is English.
        if (chosen := call.recall_language()) in call.table.languages:
            call.note("remembered", language=chosen)
            language = chosen
    if language:
        call.language = language
    if kind_of(to) == "menu":
        # The menu plays the greeting with its own words in one command, so that no key is lost.
        return To(to, first="1")
    call.play(greeting_words(call, step))
    return to
