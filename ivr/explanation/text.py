"""An explanation as it is printed, and as JSON."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from ivr.explanation import AHEAD, Change, Explained, Explanation
from ivr.explanation.answer import Moment, parting
from ivr.explanation.reasons import DAYS, OUTCOMES, Ruling
from ivr.explanation.witness import Happening
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.table.places import Place

__all__ = ["as_json", "lines", "rings"]

Words = Callable[[Prompt, str], str]
"""The text of a prompt in a language."""


def lines(told: Explanation, words: Words) -> Iterator[str]:
    """A line for each thing that happens and each rule that decided."""
    house = ZoneInfo(told.table.timezone)
    caller = told.script.caller or "A caller who withholds his number"
    yield f"{caller} dials {told.script.dialled} on {_when(told.at.astimezone(house))}, {told.table.timezone}."
    yield ""
    said: set[Ruling] = set()
    for step in told.steps:
        if step.visit.address:
            yield _line("step", f"{step.visit.address}{_at(step.place)}")
        for rule in step.rules:
            yield _line("rule", (rule.says.partition(":")[0] if rule in said else rule.says) + _at(rule.place))
            said.add(rule)
        yield from (_line(each.verb, _happening(each, words)) for each in step.visit.happened)
        if step.because:
            yield _line("because", _because(step.because))
        yield from (_line("not", _rejected(rules, says)) for says, rules in _grouped(step.rejected))
    yield _line("end", told.cause + "".join(f"; a message in {box}" for box in told.boxes))
    yield ""
    if told.change is None:
        yield f"It is so for the next {AHEAD.days} days."
    else:
        yield from _change(told.change, house, words)


def rings(plan: RingPlan) -> str:
    """Whom a plan rings, and how.

    >>> rings(RingPlan.together("8001", "8002")), rings(RingPlan.in_turn("8001", "8002", seconds=20))
    ('8001, 8002 together for 25 s', '8001, 8002 in turn for 20 s each')
    """
    groups = [", ".join(group) for group in plan.groups]
    if len(groups) > 1:
        joint = ", " if len(plan.targets) == len(groups) else ", then "
        return f"{joint.join(groups)} in turn for {plan.seconds} s each"
    return f"{groups[0] if groups else 'nobody'}{' together' if len(plan.targets) > 1 else ''} for {plan.seconds} s"


def _line(tag: str, text: str) -> str:
    return f"{tag:>9}  {text}"


def _when(at: datetime) -> str:
    return f"{DAYS[at.weekday()]} {at:%Y-%m-%d} at {at:%H:%M}"


def _happening(each: Happening, words: Words) -> str:
    match each.verb:
        case "hears" | "tells":
            return _heard(each.what, each.language, words)
        case "presses":
            return (each.what or "nothing") + (f" → {each.to}" if each.to.startswith("language/") else "")
        case "rings":
            return f"{rings(each.what)}: {OUTCOMES[type(each.outcome)]}"
        case "speaks":
            return f"for {each.what:g} s" if each.what else "not"
    return str(each.what)


def _heard(heard: Prompt | Sound, language: str, words: Words) -> str:
    if isinstance(heard, Prompt):
        return words(heard, language)
    if heard.name == "ringing":
        return f"it ringing, {heard.seconds:g} s"
    return "♪ a beep" if heard.name == "beep" else f"♪ music, {heard.seconds:g} s" if heard.seconds else "♪ music"


def _at(place: Place) -> str:
    return f" ({place.at})" if place.line else ""


def _because(rule: Ruling) -> str:
    if not rule.place.line:
        return f"{rule.says or 'as always'} → {rule.to}"
    says = f"{rule.says}: " if rule.says else ""
    default = "" if rule.place.written else " by default"
    return f"{says}{rule.place.path}{default}{_at(rule.place)} → {rule.to}"


def _grouped(rules: Iterable[Ruling]) -> Iterator[tuple[str, list[Ruling]]]:
    """Rules by what they say."""
    groups: dict[str, list[Ruling]] = {}
    for rule in rules:
        groups.setdefault(rule.says, []).append(rule)
    yield from groups.items()


def _rejected(rules: Sequence[Ruling], says: str) -> str:
    """Those that lost for one reason: which, where, why."""
    paths = [rule.place.path.split(".") for rule in rules]
    # What all have in common is said once.
    levels = zip(*(path[:-1] for path in paths), strict=False)
    above = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, levels)]
    short: dict[str, list[str]] = {}
    for path in paths:
        *inside, last = path[len(above) :]
        short.setdefault(".".join(inside), []).append(last)
    named = ", ".join(f"{inside} {' '.join(lasts)}".strip() for inside, lasts in short.items())
    numbers = sorted({rule.place.line for rule in rules})
    places = f"{rules[0].place.file}:{numbers[0]}" + (f"-{numbers[-1]}" if len(numbers) > 1 else "")
    return f"{'.'.join(above)}: {named} ({places}){f'; {says}' if says else ''}"


def _change(change: Change, house: ZoneInfo, words: Words) -> Iterator[str]:
    yield f"It is so until {_when(change.at.astimezone(house))}. From then on:"
    yield from (_line("rule", rule.says + _at(rule.place)) for rule in change.rules)
    for verbs in (("hears", "fails"), ("goes to", "rings")):
        before, after = parting(change.before, change.after, verbs)
        if before or after:
            verb = after.verb if after else "ends"
            yield _line(verb, _moment(after, words))
            other = "" if before is None or before.verb == verb else f"{before.verb} "
            yield _line("not", other + _moment(before, words))


def _moment(moment: Moment | None, words: Words) -> str:
    if moment is None:
        return "here"
    match moment.verb:
        case "hears":
            return _heard(moment.whole, moment.language, words)
        case "rings":
            return rings(moment.what)
    return str(moment.what or moment.step)


def as_json(told: Explanation, words: Words) -> dict:
    """The same for programs. Times are ISO 8601 in the house's zone; `line` is 0 for what is built in."""
    house = ZoneInfo(told.table.timezone)
    return {
        "table": {"file": told.table.source, "version": told.table.version},
        "to": told.script.dialled,
        "from": told.script.caller,
        "at": told.at.astimezone(house).isoformat(),
        "keys": list(told.script.keys),
        "steps": [_step_json(step, house, words) for step in told.steps],
        "ended": told.cause,
        "messages": list(told.boxes),
        "changes": _change_json(told.change, house, words) if told.change else None,
    }


def _step_json(step: Explained, house: ZoneInfo, words: Words) -> dict:
    return {
        "address": step.visit.address,
        "at": step.visit.at.astimezone(house).isoformat(),
        "place": _place(step.place),
        "rules": [_ruling(rule) for rule in step.rules],
        "happens": [{"verb": each.verb, "text": _happening(each, words)} for each in step.visit.happened],
        "to": step.visit.to,
        "because": _ruling(step.because) if step.because else None,
        "rejected": [_ruling(rule) for rule in step.rejected],
    }


def _change_json(change: Change, house: ZoneInfo, words: Words) -> dict:
    told = {"at": change.at.astimezone(house).isoformat(), "rules": [_ruling(rule) for rule in change.rules]}
    for name, answer in (("before", change.before), ("after", change.after)):
        told[name] = [{"step": each.step, "verb": each.verb, "text": _moment(each, words)} for each in answer]
    return told


def _ruling(rule: Ruling) -> dict:
    return {**_place(rule.place), "says": rule.says, "to": rule.to}


def _place(place: Place) -> dict:
    return {"file": place.file, "line": place.line, "path": place.path, "written": place.written}
