"""What is common to all who ring phones: whom, what they are told, and what is said when nobody took the call (rules
B2–B6)."""

from esl_handlers.times import state
from ivr.call import Answered, Busy, Call, DoNotDisturb, HandOver, NoAnswer, Rang, Refused, Unreachable
from ivr.prompt import Names, Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Address, Department, Duty, Ends, Extension, Hold, Table

__all__ = ["MUSIC", "after_ringing", "outcomes", "quiet", "reachable", "ring", "told"]

Rings = Department | Duty | Extension | Hold
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


def told(step: Rings, table: Table, plan: RingPlan):
    """Everything that may be said to whoever lifts; of the caller's number, only how it sounds when it is withheld."""
    if plan.announce or asks(table, plan):
        yield Prompt("whisper", to=step.name, caller="", tried=None)
        yield Prompt("accept")


def asks(table: Table, plan: RingPlan) -> bool:
    """Must anybody of them press a key to take the call? Of who is on duty it is not known, so: perhaps."""
    return table.accepts and any(
        target.startswith("duty/") or table.step(f"extension/{target}").accept for target in plan.targets
    )


def reachable(call: Call, address: Address, plan: RingPlan) -> RingPlan:
    """Who is really rung: in place of a duty the phones of who has it now; nobody who does not want to be disturbed,
    and nobody who is left in peace at this hour (looked at before ringing, rules B4, C3, F1)."""

    def asked(target: str) -> tuple[str, ...]:
        if target.startswith("duty/"):
            person = call.table.step(target).rota.on(call.now())
            owner = call.table.step(f"extension/{person}") if person else None
            if owner is None or owner.do_not_disturb:
                return ()
            return tuple(number for phone in owner.ring.targets for number in asked(phone))
        phone = call.table.step(f"extension/{target}")
        return () if phone.do_not_disturb or quiet(call, phone) else (target,)

    plan = plan.among(asked)
    return plan.begun_at(call.turn(address)) if plan.rotate else plan


def quiet(call: Call, phone: Extension) -> bool:
    """Is it an hour at which callers from outside do not ring this phone? A colleague may (rule C3)."""
    return phone.quiet is not None and not call.by_colleague and state(call, phone.quiet) == "open"


def ring(call: Call, step: Rings, plan: RingPlan, cancel: str = "") -> HandOver:
    """Note whom, and hand the caller to the switch. He hears music: a ringing tone is silent for four seconds of five,
    and nobody is left in silence."""
    together = len(plan.groups) < 2
    call.note("ring", address=step.address, targets=list(plan.targets), seconds=plan.seconds, together=together)
    whisper = whispered(call, step) if plan.announce or asks(call.table, plan) else None
    return call.ring(plan, MUSIC, cancel, whisper)


def whispered(call: Call, step: Rings) -> Prompt:
    """The short account (rule B6): for whom the call is, from which number, and who was tried before."""
    tried = call.carried.get("tried", "")
    before = call.table.steps.get(tried) if tried != step.address else None
    return Prompt("whisper", to=step.name, caller=call.caller.lstrip("+"), tried=before.name if before else None)


def after_ringing(call: Call, rang: Rang, name: Names, ends: Ends) -> Address:
    """Tell the caller what became of it, and take him on."""
    if isinstance(rang, Answered):
        # They have talked, and the other side hung up first: the line says goodbye (rule A2).
        return "goodbye"
    if call.table.announces and call.entered_at:
        call.carry(tried=call.entered_at)
    prompt, way_on = UNHAPPY[type(rang)]
    call.play(Prompt(prompt, to=name))
    return getattr(ends, way_on)
