"""Callers come to a person, a message box or a spoken reason, whoever calls and whenever (rules A4, F1).

What answers a caller: a phone that rings, a message box, an announcement, a menu, and the words of a place that is
closed, which say when it opens. What does not: the greeting alone, and a phone that is never rung.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ivr.rota import Rota
from ivr.steps import Address, Department, Duty, Extension, Greeting, Hold, Menu, Step
from ivr.table.build import Builder
from ivr.table.graph import rings, written_at
from ivr.table.moments import DAYS, start_of, told

__all__ = ["duty_gaps", "never_open", "rung_off"]


def rung_off(made: Builder) -> None:
    """Nobody is rung off before a phone rang, a message could be left, or a reason was told."""
    steps, told_of = made.steps, set()
    phones = {step.number: step for step in steps.values() if isinstance(step, Extension)}
    for before, to in _first_ways(made):
        trail = {before}
        while to in steps and to not in trail and (on := _on(steps[to], phones)):
            trail.add(to)
            before, to = to, on
        if to == "goodbye" and before not in told_of:
            told_of.add(before)
            path = written_at(made, before)
            message = (
                "who comes here is rung off, and no phone rang; lead to the operator, a message box or an announcement"
            )
            made.reading.error(path, message, "unanswered", key=True)


def _first_ways(made: Builder):
    """Where callers come to first: by a number, by a key, by dialling an extension."""
    steps = made.steps.values()
    menus = [step for step in steps if isinstance(step, Menu)]
    yield from ((step.address, step.to) for step in steps if isinstance(step, Greeting))
    yield from ((menu.address, to) for menu in menus for to in menu.keys.values() if to != "goodbye")
    if any(menu.direct_dial for menu in menus):
        yield from (("", step.address) for step in steps if isinstance(step, Extension))


def _on(step: Step, phones: dict[str, Extension]) -> Address | None:
    """Where a caller goes on from a step that rings no phone, ever; None where it does, or answers otherwise."""
    if not isinstance(step, Department | Extension | Hold) or rings(step, phones):
        return None
    return step.leave if isinstance(step, Hold) else step.ends.do_not_disturb


def duty_gaps(made: Builder, today: date) -> None:
    """Somebody is on duty at every moment (rule F1)."""
    of: dict[Rota, list[tuple[datetime, datetime]]] = {}
    for step in made.steps.values():
        if not isinstance(step, Duty):
            continue
        rota = replace(step.rota, name="")  # many duties may have the same days
        if rota not in of:
            of[rota] = list(rota.gaps(start_of(today), DAYS))
        if gaps := of[rota]:
            (begins, ends), zone = gaps[0], ZoneInfo(step.rota.zone)
            more = f", and {len(gaps) - 1} times more in {DAYS} days" if len(gaps) > 1 else ""
            message = (
                f"nobody is on duty from {told(begins, zone)} until {told(ends, zone)}{more}; name somebody in week "
            )
            message += "or turn, or under except"
            made.reading.error(("duties", step.address.partition("/")[2]), message, "duty-gap", key=True)


def never_open(made: Builder, today: date) -> None:
    """A place with hours is open at some time."""
    at, shut = start_of(today), {}
    for step in made.steps.values():
        if not isinstance(step, Department) or step.hours is None:
            continue
        if step.hours.name not in shut:
            opens = at if step.hours.state(at) == "open" else step.hours.next_opening(at)
            shut[step.hours.name] = opens is None or (opens - at).days >= DAYS
        if shut[step.hours.name]:
            path = (*written_at(made, step.address), "hours")
            message = f"it is not open once in the next {DAYS} days: {step.hours.name} has no range then"
            made.reading.warning(path, message, "never-open")
