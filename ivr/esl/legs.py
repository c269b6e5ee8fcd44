"""Whose phones ring for a plan, and what whoever lifts one hears before the caller is theirs (rules B3, D2)."""

from collections.abc import Callable, Sequence

from ivr.esl.commands import ACCEPTING, Leg
from ivr.esl.sounds import length
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Extension, Table

__all__ = ["legs"]


def legs(
    plan: RingPlan,
    table: Table | None,
    whisper: Prompt | None,
    files: Callable[[Sequence[Prompt | Sound]], list[str]],
) -> tuple[list[list[Leg]], int]:
    """Who is rung in each group, and the seconds whoever lifts needs to hear it all and to press the key; 0 where
    nobody is told or asked anything. `files`: in the language of those who are rung; the caller's is not theirs."""
    phones = {target: _phone(table, target) for target in plan.targets}
    said: dict[bool, tuple[str, ...]] = {False: (), True: ()}
    asked = any(phone is not None and phone.accept for phone in phones.values())
    if whisper is not None and (plan.announce or asked):
        said[False] = tuple(files([whisper]))
    if asked:
        words = files([Prompt("accept")]) or files([Sound("beep")])
        said[True] = (*said[False], *words)
    said[False] = said[False] if plan.announce else ()

    def leg(target: str) -> Leg:
        phone = phones[target]
        if phone is None:
            return Leg(target, told=said[False])
        gateway = (table.gateway or "") if phone.outside else ""
        number = phone.outside if phone.outside and gateway else target
        return Leg(number, gateway, said[phone.accept], phone.accept)

    longest = max(length(said[False]), length(said[True]))
    accepting = max(ACCEPTING, int(longest) + ACCEPTING // 2) if longest or asked else 0
    return [[leg(target) for target in group] for group in plan.groups], accepting


def _phone(table: Table | None, target: str) -> Extension | None:
    """What the table says of an extension; None where the call has no table yet."""
    return None if table is None else table.steps.get(f"extension/{target}")
