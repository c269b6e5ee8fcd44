"""Direct dialling: a caller keyed an extension of the table; nothing else is ever rung (rules B1, B2, B4)."""

from datetime import datetime

from esl_handlers.ringing import after_ringing, outcomes, quiet, reachable, ring, told
from ivr.call import Call, DoNotDisturb
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import Extension, Table

__all__ = ["extension"]


def spoken(step: Extension, table: Table, at: datetime):
    yield Prompt("transfer-extension", number=step.number)
    yield from outcomes(step.name)
    yield from told(step, table, step.ring)
    if step.quiet:
        yield Prompt("quiet", to=step.name)


@handles("extension", speaks=spoken)
def extension(call: Call, step: Extension):
    if call.back is not None:
        return after_ringing(call, call.back, step.name, step.ends)
    if quiet(call, step):
        call.note("quiet", address=step.address)
        call.play(Prompt("quiet", to=step.name))
        return step.quiet_to
    plan = reachable(call, step.address, step.ring)
    if step.do_not_disturb or not plan.targets:
        return after_ringing(call, DoNotDisturb(), step.name, step.ends)
    call.play(Prompt("transfer-extension", number=step.number))
    return ring(call, step, plan)
