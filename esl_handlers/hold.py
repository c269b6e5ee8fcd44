"""Waiting: music, the phones again, and every 20 seconds the question whether to go on waiting (rule A8).

A round is: a slice of music in which a key is heard — the phones ring, with the same music — the check-in.
"""

from datetime import datetime

from esl_handlers.ringing import MUSIC, ring, undisturbed
from ivr.call import Answered, Call, Digits, Keys
from ivr.handlers import handles, kind_of
from ivr.prompt import Prompt, Sound
from ivr.steps import Hold, Table

__all__ = ["hold"]

KEEP_WAITING, LEAVE = "1", "2"
SPOKEN_PLACES = 10
"""Places in line that are ready as speech before anybody waits."""


def spoken(step: Hold, table: Table, at: datetime):
    yield start_words(step)
    yield from (check_in_words(step, position) for position in (None, *range(1, SPOKEN_PLACES + 1)))
    yield Prompt("hold-leave", to=step.name)
    yield MUSIC
    yield from (Sound("hold", seconds=step.every, part=part) for part in range(step.rounds))


def start_words(step: Hold) -> Prompt:
    return Prompt("hold-start", to=step.name, message=kind_of(step.leave) == "message")


def check_in_words(step: Hold, position: int | None) -> Prompt:
    return Prompt("hold-check-in", to=step.name, position=position, message=kind_of(step.leave) == "message")


@handles("hold", speaks=spoken)
def hold(call: Call, step: Hold):
    round = int(call.state.get("round", "0"))
    opening = []

    if call.back is not None:
        if isinstance(call.back, Answered):
            return "goodbye"
        round += 1
        if round >= step.rounds or not stays(call, step):
            return leave(call, step)
        call.at(step.address, round=str(round))
    elif round == 0:
        call.place(step.address)
        opening = [start_words(step)]

    music = Sound("hold", seconds=step.every, part=round)
    if call.ask(*opening, music, keys=Keys(frozenset(LEAVE)), timeout=0.5) == Digits(LEAVE):
        return leave(call, step)

    plan = undisturbed(step.ring, call.table)
    if not plan.targets:
        return leave(call, step)
    return ring(call, step.address, plan)


def stays(call: Call, step: Hold) -> bool:
    """The check-in. Who says nothing goes on waiting."""
    position = call.place(step.address)
    call.note("hold", address=step.address, round=int(call.state.get("round", "0")), position=position)
    keys = Keys(frozenset((KEEP_WAITING, LEAVE)))
    return call.ask(check_in_words(step, position), keys=keys, timeout=4) != Digits(LEAVE)


def leave(call: Call, step: Hold):
    call.play(Prompt("hold-leave", to=step.name))
    return step.leave
