"""The standard goodbye, before every hang-up that the line itself makes (rule A2)."""

from datetime import datetime
from itertools import product

from esl_handlers.times import part_of_day
from ivr.call import Call
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import Goodbye, Table

__all__ = ["goodbye"]


def spoken(step: Goodbye, table: Table, at: datetime):
    houses = dict.fromkeys(table.step(address).house for address in table.numbers.values())
    for house, part in product(houses, ("morning", "noon", "afternoon", "evening")):
        yield Prompt("goodbye", house=house, part=part)


@handles("goodbye", speaks=spoken)
def goodbye(call: Call, step: Goodbye):
    house = call.table.greeting(call.dialled).house
    call.play(Prompt("goodbye", house=house, part=part_of_day(call)))
    return call.hang_up()
