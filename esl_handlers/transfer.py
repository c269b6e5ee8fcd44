"""The transfer to a department or the operator: open or not, where to, ring, and what came of it (A7, B1, B2, B5)."""

from datetime import datetime

from esl_handlers.ringing import after_ringing, outcomes, ring, undisturbed
from ivr.call import Call, DoNotDisturb
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import Department, Operator, Table

__all__ = ["department", "operator"]


def spoken(step: Department, table: Table, at: datetime):
    yield transfer_words(step)
    yield from outcomes(step.name)
    if (state := state_of(step, at)) != "open":
        yield not_open(step, state, at)


def transfer_words(step: Department) -> Prompt:
    """Where the caller is put through (rule B2); the operator needs no name."""
    return Prompt("transfer-operator") if isinstance(step, Operator) else Prompt("transfer", to=step.name)


def state_of(step: Department, at: datetime) -> str:
    """What a place is: open, lunch or closed. Without hours it is always open."""
    return step.hours.state(at) if step.hours else "open"


def not_open(step: Department, state: str, at: datetime) -> Prompt:
    """Closed, or at lunch; and until when (rule A7)."""
    return Prompt(state, to=step.name, opens=step.hours.opening(at))


@handles("department", speaks=spoken)
def department(call: Call, step: Department):
    return put_through(call, step)


@handles("operator", speaks=spoken)
def operator(call: Call, step: Operator):
    return put_through(call, step)


def put_through(call: Call, step: Department):
    """Open: say where to, and ring. Closed or at lunch: say until when."""
    if call.back is not None:
        return after_ringing(call, call.back, step.name, step.ends)
    state = state_of(step, call.now())
    if state != "open":
        opening = step.hours.opening(call.now())
        opens = f"{opening.date} {opening.time:%H:%M}" if opening else ""
        call.note("closed-place", address=step.address, state=state, opens=opens)
        call.play(not_open(step, state, call.now()))
        return step.closed if state == "closed" else step.lunch
    plan = undisturbed(step.ring, call.table)
    if not plan.targets:
        return after_ringing(call, DoNotDisturb(), step.name, step.ends)
    call.play(transfer_words(step))
    return ring(call, step.address, plan)
