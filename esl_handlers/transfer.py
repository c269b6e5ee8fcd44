"""The transfer to a department or the operator: open or not, where to, ring, and what came of it (A7, B1, B2, B5)."""

from datetime import datetime

from esl_handlers.ringing import after_ringing, outcomes, reachable, ring, told
from esl_handlers.times import instant, opening, state
from ivr.call import Call, DoNotDisturb
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import Department, Operator, Table

__all__ = ["department", "operator"]


def spoken(step: Department, table: Table, at: datetime):
    yield transfer_words(step)
    yield from outcomes(step.name)
    yield from told(step, table, step.ring)
    if step.hours and (now := step.hours.state(at)) != "open":
        yield Prompt(now, to=step.name, opens=step.hours.opening(at))


def transfer_words(step: Department) -> Prompt:
    """Where the caller is put through (rule B2); the operator needs no name."""
    return Prompt("transfer-operator") if isinstance(step, Operator) else Prompt("transfer", to=step.name)


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
    now = state(call, step.hours)
    if now != "open":
        opens = opening(call, step.hours)
        call.note("closed-place", address=step.address, state=now, opens=instant(opens))
        call.play(Prompt(now, to=step.name, opens=opens))
        return step.closed if now == "closed" else step.lunch
    plan = reachable(call, step.address, step.ring)
    if not plan.targets:
        return after_ringing(call, DoNotDisturb(), step.name, step.ends)
    call.play(transfer_words(step))
    return ring(call, step, plan)
