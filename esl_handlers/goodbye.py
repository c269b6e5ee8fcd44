"""The standard goodbye, before every hang-up that the line itself makes (rule A2)."""

from datetime import datetime

from esl_handlers.times import part_of_day
from ivr.call import Call
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import Goodbye, Table

__all__ = ["goodbye"]


def spoken(step: Goodbye, table: Table, at: datetime):
    for part in ("morning", "noon", "afternoon", "evening"):
        yield Prompt("goodbye", house=table.house, part=part)


@handles("goodbye", speaks=spoken)
def goodbye(call: Call, step: Goodbye):
    call.play(Prompt("goodbye", house=call.table.house, part=part_of_day(call)))
    return call.hang_up()
