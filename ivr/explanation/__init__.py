"""What a caller lives through, and why: the real handlers on a scripted caller, every rule that decided with its line.

    told = explain(table, handlers, start, Script("02085550100", keys=["1"]))

Nothing is worked out a second time: the handlers read a table that tells what is read of it (`ivr.watched`), and what
they give back knows where it is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ivr.call import Answered, Rang
from ivr.clock import ManualClock
from ivr.explanation.answer import Answer, answer
from ivr.explanation.reasons import Ruling, alternatives, not_rung, of_rule, why, why_not
from ivr.explanation.witness import Visit, Witness, attended
from ivr.handlers import Handler
from ivr.overrides import Override
from ivr.reception import Reception
from ivr.scripted import live_through
from ivr.steps import Table
from ivr.table.places import Place, Places
from ivr.watched import Written, path_of

__all__ = ["Change", "Explained", "Explanation", "Script", "explain"]

AHEAD = timedelta(days=400)
"""How far the next change is looked for."""


@dataclass(frozen=True, slots=True)
class Script:
    """A caller. `keys`: what he keys at each question in turn, "" for nothing. `phones`: extension → what becomes of
    ringing it; nobody answers the others. `overrides`: hours that were opened or closed by hand."""

    dialled: str
    caller: str = "13800138000"
    language: str = ""
    keys: Sequence[str] = ()
    phones: Mapping[str, Rang] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explained:
    """One step, and why it led on. `place`: where the step is written. `rules`: what hours, rotas and lists of callers
    answered. `because`: the rule that won; None where the call ended here. `rejected`: those
    that are written and lost."""

    visit: Visit
    place: Place
    rules: tuple[Ruling, ...]
    because: Ruling | None
    rejected: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on, the same caller lives through something else, as the rules say then. `before`, `after`: the answers
    from where they part."""

    at: datetime
    rules: tuple[Ruling, ...]
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Explanation:
    """`at`: when he calls. `cause`: how the call ended. `boxes`: where he left messages. `change`: when the answer will
    be another; None where that is not within 400 days."""

    table: Table
    script: Script
    at: datetime
    steps: tuple[Explained, ...]
    cause: str
    boxes: tuple[str, ...]
    change: Change | None


def explain(table: Table, handlers: Mapping[str, Handler], start: datetime, script: Script) -> Explanation:
    """Live through the call that comes in at `start`, an aware instant, and say why it went so."""
    reception, places = Reception(attended(handlers)), Places(table)
    call, cause = _live(table, reception, start, script)
    steps = tuple(_explained(visit, then, call.table, places) for visit, then in pairwise([*call.visits, None]))
    boxes = tuple(kept.box for kept in call.messages if kept.ms)
    return Explanation(
        table, script, start, steps, cause, boxes, _change(call.visits, table, reception, start, script, places)
    )


def _live(table: Table, reception: Reception, start: datetime, script: Script) -> tuple[Witness, str]:
    call = Witness(
        table, ManualClock(start), keys=script.keys, phones=dict(script.phones), overrides=script.overrides,
        caller=script.caller, dialled=script.dialled, language=script.language, chose=script.language,
    )  # fmt: skip
    return call, live_through(call, reception).cause


def _explained(visit: Visit, then: Visit | None, table: Table, places: Places) -> Explained:
    """`then`: the visit after this one."""
    told = [(each, ruling) for each in visit.asked if (ruling := of_rule(each, places))]
    rules = dict.fromkeys(ruling for each, ruling in told if each.answer is not False)
    rejected = [ruling for each, ruling in told if each.answer is False]
    if visit.address and visit.to is not None:
        step = table.step(visit.address)
        rejected += not_rung(visit, step, table, places)
        others = [way for way in alternatives(step) if way.path != getattr(visit.to, "path", None)]
        rejected += [Ruling(places.of(way.path), why_not(way.path, visit), str(way)) for way in others]
    own = path_of(visit.address) if visit.address else ("numbers",)
    because = _because(visit, then, places)
    # What stands at one place is one rule: `closed` serves for `lunch` too, `otherwise` for several ends.
    lost = {rule.place: rule for rule in rejected if rule.place.written}
    if because:
        lost.pop(because.place, None)
    return Explained(visit, places.of(own), tuple(rules), because, tuple(lost.values()))


def _because(visit: Visit, then: Visit | None, places: Places) -> Ruling | None:
    """The rule that won."""
    if visit.to is None:
        return None
    says, path = _without_a_rule(visit), path_of(visit.to)
    if isinstance(visit.to, Written):
        says, path = why(visit.to.path, visit), visit.to.path
    # To this caller: the menu he came from, the operator of the house he has called.
    meant = f", that is {then.address}" if then and then.address != visit.to else ""
    return Ruling(places.of(path), says, f"{visit.to}{meant}")


def _without_a_rule(visit: Visit) -> str:
    """Why a step led where no line of the table says so."""
    rung, pressed = visit.last("rings"), visit.last("presses")
    if visit.last("fails"):
        return "the step failed"
    if rung and isinstance(rung.outcome, Answered):
        return "they have talked"
    if pressed and pressed.what and visit.to == f"extension/{pressed.what}":
        return f"extension {pressed.what} was dialled"
    return ""


def _change(
    visits: Sequence[Visit], table: Table, reception: Reception, start: datetime, script: Script, places: Places
) -> Change | None:
    """The first instant after `start` at which the call would be another: it is lived through again whenever something
    that was asked answers otherwise."""
    before, at = answer(visits), start
    while True:
        asked = [each for visit in visits for each in visit.asked]
        changes = [(change, each.path) for each in asked if (change := each.next_change(at))]
        if not changes or (at := min(change for change, _ in changes)) > start + AHEAD:
            return None
        visits = _live(table, reception, at, script)[0].visits
        if (after := answer(visits)) != before:
            now = (of_rule(each, places) for visit in visits for each in visit.asked if (at, each.path) in changes)
            return Change(at, tuple(dict.fromkeys(rule for rule in now if rule)), before, after)
