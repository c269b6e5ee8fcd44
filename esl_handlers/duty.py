"""The person on duty: whoever the rota names now is rung (rule F1)."""

from datetime import datetime

from esl_handlers.ringing import after_ringing, outcomes, reachable, ring, told
from ivr.call import Call, DoNotDisturb
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.ring_plan import RingPlan
from ivr.steps import Duty, Table

__all__ = ["duty"]


def spoken(step: Duty, table: Table, at: datetime):
    yield Prompt("transfer", to=step.name)
    yield from outcomes(step.name)
    yield from told(step, table, RingPlan.together(step.address))


def on_duty(table: Table, person: str) -> RingPlan:
    """The phones of who is on duty, as long as they always ring (rule B5); none where they are not to be disturbed."""
    phone = table.step(f"extension/{person}")
    return RingPlan(()) if phone.do_not_disturb else phone.ring


@handles("duty", speaks=spoken)
def duty(call: Call, step: Duty):
    if call.back is not None:
        return after_ringing(call, call.back, step.name, step.ends)
    person = step.rota.on(call.now())
    plan = reachable(call, step.address, on_duty(call.table, person) if person else RingPlan(()))
    if not plan.targets:
        return after_ringing(call, DoNotDisturb(), step.name, step.ends)
    call.play(Prompt("transfer", to=step.name))
    return ring(call, step, plan)
