"""An announcement: something spoken, then on (rule I1)."""

from collections.abc import Callable
from datetime import datetime

from esl_handlers.times import opening
from ivr.call import Call
from ivr.handlers import handles
from ivr.hours import Hours
from ivr.prompt import Opening, Prompt
from ivr.steps import Announcement, Table

__all__ = ["announcement"]


def announcement_words(step: Announcement, opens: Callable[[Hours], Opening | None]) -> Prompt:
    """What is said; hours stand for when they open next."""
    values = dict(step.values) | {name: opens(hours) for name, hours in step.opens}
    if step.prompt:
        return Prompt(step.prompt, **values)
    return Prompt("announcement", text=step.text, **({"values": tuple(values.items())} if values else {}))


def next_time(hours: Hours, at: datetime) -> Opening | None:
    """When hours open next; while they are open: after they have closed."""
    return hours.opening(at, shut_until=hours.next_change(at) if hours.state(at) == "open" else None)


def opens(call: Call, hours: Hours) -> Opening | None:
    """The same, as this caller is told; None where it is closed by hand until somebody opens it."""
    override = call.overridden(hours.name)
    return opening(call, hours) if override and override.state != "open" else next_time(hours, call.now())


def spoken(step: Announcement, table: Table, at: datetime):
    yield announcement_words(step, lambda hours: next_time(hours, at))


@handles("announcement", speaks=spoken)
def announcement(call: Call, step: Announcement):
    call.play(announcement_words(step, lambda hours: opens(call, hours)))
    return step.then
