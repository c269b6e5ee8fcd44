"""Every kind of finding of `ivr check`, by its id. docs/findings.md and `ivr check --explain` are made of it.

>>> KINDS["loop"].severity, KINDS["loop"].may_be_allowed
('error', False)
"""

from ivr.table.ids import answers, comments, emergencies, hours, menus, names, parts, prompts, shapes, writing
from ivr.table.ids.kind import Kind

__all__ = ["CHAPTERS", "KINDS", "Kind"]

CHAPTERS: dict[str, tuple[Kind, ...]] = {
    "Callers without an answer": answers.KINDS,
    "Emergencies, tolls and PINs": emergencies.KINDS,
    "Hours and calendars": hours.KINDS,
    "Menus": menus.KINDS,
    "Names that are not there": names.KINDS,
    "Prompts and recordings": prompts.KINDS,
    "Shapes and values": shapes.KINDS,
    "Templates, ranges and several files": parts.KINDS,
    "The file itself": writing.KINDS,
    "Comments that allow a finding": comments.KINDS,
}
KINDS: dict[str, Kind] = {kind.id: kind for chapter in CHAPTERS.values() for kind in chapter}
