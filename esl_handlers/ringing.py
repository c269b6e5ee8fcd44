"""What is common to all who ring phones: whom, and what is said when nobody took the call (rules B2, B4, B5)."""

from ivr.call import Answered, Busy, Call, DoNotDisturb, HandOver, NoAnswer, Rang, Refused, Unreachable
from ivr.prompt import Names, Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Address, Ends, Table

__all__ = ["MUSIC", "after_ringing", "outcomes", "ring", "undisturbed"]

MUSIC = Sound("hold")
UNHAPPY = {
    Busy: ("busy", "busy"),
    NoAnswer: ("no-answer", "no_answer"),
    Refused: ("refused", "refused"),
    Unreachable: ("unreachable", "unreachable"),
    DoNotDisturb: ("do-not-disturb", "do_not_disturb"),
}
"""Result → the prompt that tells it, and the way on in the table's Ends."""


def outcomes(name: Names):
    """Everything that may be said after ringing somebody."""
    return [Prompt(prompt, to=name) for prompt, _ in UNHAPPY.values()]


def undisturbed(plan: RingPlan, table: Table) -> RingPlan:
    """The plan without the phones whose owners do not want to be disturbed: the flag is looked at before ringing."""
    return plan.among(lambda number: () if table.step(f"extension/{number}").do_not_disturb else (number,))


def ring(call: Call, address: Address, plan: RingPlan, cancel: str = "") -> HandOver:
    """Note whom, and hand the caller to the switch. He hears music: a ringing tone is silent for four seconds of five,
    and nobody is left in silence."""
    call.note("ring", address=address, targets=list(plan.targets), seconds=plan.seconds, together=len(plan.groups) < 2)
    return call.ring(plan, MUSIC, cancel)


def after_ringing(call: Call, rang: Rang, name: Names, ends: Ends) -> Address:
    """Tell the caller what became of it, and take him on."""
    if isinstance(rang, Answered):
        # They have talked, and the other side hung up first: the line says goodbye (rule A2).
        return "goodbye"
    prompt, way_on = UNHAPPY[type(rang)]
    call.play(Prompt(prompt, to=name))
    return getattr(ends, way_on)
