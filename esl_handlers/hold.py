"""Waiting: every 20 seconds the question whether to go on waiting, and between two of them music while the phones are
tried again (rule A8). The key that leaves is heard at any moment, also while phones ring.
"""

from datetime import datetime

from esl_handlers.ringing import MUSIC, reachable, ring, told
from ivr.call import Answered, Call, Digits, Keys, NoAnswer
from ivr.handlers import handles, kind_of
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Hold, Table

__all__ = ["hold"]

KEEP_WAITING, LEAVE = "1", "2"
EARLY = 1.5
"""Seconds: the switch's timeouts are in whole clock seconds, up to one too short."""
SPOKEN_PLACES = 10
"""Places in line that are ready as speech before anybody waits."""


def spoken(step: Hold, table: Table, at: datetime):
    yield start_words(step)
    yield from (check_in_words(step, position) for position in (None, *range(1, SPOKEN_PLACES + 1)))
    yield Prompt("hold-leave", to=step.name)
    yield from told(step, table, step.ring)
    yield MUSIC
    yield from (Sound("hold", seconds=step.every, part=part) for part in range(step.rounds))


def start_words(step: Hold) -> Prompt:
    return Prompt("hold-start", to=step.name, message=kind_of(step.leave) == "message")


def check_in_words(step: Hold, position: int | None) -> Prompt:
    return Prompt("hold-check-in", to=step.name, position=position, message=kind_of(step.leave) == "message")


@handles("hold", speaks=spoken)
def hold(call: Call, step: Hold):
    asked = int(call.state.get("asked", "0"))

    match call.back:
        case Answered():
            return "goodbye"
        case None:
            call.place(step)
            if hears_music(call, step, asked, start_words(step)):
                return leave(call, step)
        case NoAnswer() if rang_for(call) < patience(step).seconds - EARLY:
            # Nobody answered, and it rang too short: he pressed the key that cancels, of which the switch says no more.
            return leave(call, step)
        case _ if asked >= step.rounds:
            return leave(call, step)
        case _ if rang_for(call) < step.every / 2:
            # Busy phones say so at once; then there is music until the twenty seconds are over.
            if hears_music(call, step, asked):
                return leave(call, step)

    if not stays(call, step, asked):
        return leave(call, step)
    plan = reachable(call, step.address, patience(step))
    if not plan.targets:
        return leave(call, step)
    call.at(step.address, asked=str(asked + 1), since=str(int(call.now().timestamp())))
    return ring(call, step, plan, cancel=LEAVE)


def hears_music(call: Call, step: Hold, part: int, *opening: Prompt) -> bool:
    """A slice of the music, going on where it stopped; does the caller press the key that leaves?"""
    music = Sound("hold", seconds=step.every, part=part)
    return call.ask(*opening, music, keys=Keys(frozenset(LEAVE)), timeout=0.5) == Digits(LEAVE)


def stays(call: Call, step: Hold, asked: int) -> bool:
    """The check-in. Who says nothing goes on waiting."""
    position = call.place(step)
    call.note("hold", address=step.address, round=asked, position=position)
    keys = Keys(frozenset((KEEP_WAITING, LEAVE)))
    return call.ask(check_in_words(step, position), keys=keys, timeout=4) != Digits(LEAVE)


def patience(step: Hold) -> RingPlan:
    """All phones at once, so that who is free first takes the call; not longer than until the next question."""
    return step.ring.at_once(min(step.ring.seconds, step.every))


def rang_for(call: Call) -> float:
    """Seconds since the phones were rung, or up to one more."""
    return call.now().timestamp() - int(call.state.get("since", "0"))


def leave(call: Call, step: Hold):
    call.play(Prompt("hold-leave", to=step.name))
    return step.leave
