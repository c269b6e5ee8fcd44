"""What a change may never take away silently: that an emergency number helps, and that a caller reaches a person.

An emergency entry has lost its cover where it no longer rings a phone before anything is asked; the operator, where
none of a caller's ways leads to the operator's phones any more.
"""

from collections.abc import Iterator
from datetime import datetime

from ivr.difference.scene import Scenes
from ivr.difference.words import Words
from ivr.steps import Table
from ivr.ways import Act, Caller, Stand

__all__ = ["lost_cover", "lost_numbers"]


def lost_numbers(old: Table, new: Table) -> list[str]:
    """The numbers that were emergency numbers, and are not any more."""
    return [number for number in old.emergency if number not in new.emergency]


def lost_cover(old: Scenes, new: Scenes, at: datetime, caller: Caller, words: Words) -> Iterator[tuple[str, str, str]]:
    """Which cover is lost to a caller at an instant, "emergency" or "operator": what he had, and has now."""
    if old.table.greeting(caller.dialled).emergency:
        was, now = (scenes.next(Stand(), at, caller) for scenes in (old, new))
        if was.kind == "rings" and now.kind != "rings":
            yield "emergency", words.scene(was, old.table), words.scene(now, new.table)
        elif not new.table.greeting(caller.dialled).emergency:
            yield "emergency", "an emergency entry, before everything else", "an ordinary number"
    if rings_operator(old, at, caller) and not rings_operator(new, at, caller):
        yield "operator", "can be reached", "cannot be reached"


def rings_operator(scenes: Scenes, at: datetime, caller: Caller) -> bool:
    """Can this caller come to where the operator's phones ring?"""
    operator = scenes.table.greeting(caller.dialled).operator
    for stand, ways in scenes.lives.stands(at, caller):
        if stand.address == operator and any(isinstance(act, Act) and act.verb == "rings" for act in ways[0].acts):
            return True
    return False
