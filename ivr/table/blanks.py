"""The values of an announcement: what they may be, and that every blank of its words has one (rule I1)."""

import re
from datetime import date, time
from typing import TYPE_CHECKING

from ivr.blanks import blanks, blunder
from ivr.table.suggest import absent, nearest

if TYPE_CHECKING:
    from ivr.table.build import Builder

__all__ = ["NAMED", "blanks_have_values", "written"]

NAMED = {"department": "departments", "extension": "extensions", "menu": "menus", "duty": "duties"}
"""Kinds of things whose names may be said, and their sections."""
DIALLED = 7
"""Digits: what is so long, or begins with 0, is a telephone number and no amount."""


def written(text: str) -> str | int | time | date:
    """One text as what it is written like.

    >>> written("380"), written("0571 5555-0000"), written("18:30"), written("2026-12-24"), written("380 yuan")
    (380, '057155550000', datetime.time(18, 30), datetime.date(2026, 12, 24), '380 yuan')
    """
    try:
        if re.fullmatch("[0-2]?[0-9]:[0-5][0-9]", text):
            return time(*map(int, text.split(":")))
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        return text
    digits = re.sub("[ -]", "", text)
    if re.fullmatch("[0-9][0-9 -]*", text) and (len(digits) >= DIALLED or (text[0] == "0" and digits != "0")):
        return digits
    return int(text) if re.fullmatch("[0-9]+", text) else text


def blanks_have_values(made: "Builder") -> None:
    for name, model in made.reading.things("announcements"):
        path = ("announcements", name)
        for language, text in (model.say or {}).items():
            _say(made, (*path, "say", language) if language else (*path, "say"), text, tuple(model.values))
        for key, texts in model.values.items():
            if "" in texts:
                _named(made, (*path, "values", key), texts[""])


def _say(made: "Builder", path: tuple, text: str, values: tuple[str, ...]) -> None:
    for blank in dict.fromkeys(blanks(text)):
        if blank not in values:
            given = f"its values are {', '.join(values)}" if values else "it has no values"
            message = f"{blank} is not among the values of this announcement; {given}"
            made.reading.error(path, message, "unknown-variable", nearest(blank, values))
    if braces := blunder(text):
        message = f"{braces} is no part of a value's name; write {{{{ price }}}}, and nothing else in braces"
        made.reading.error(path, message, "template")


def _named(made: "Builder", path: tuple, text: str) -> None:
    """What a value names is there, and can be said."""
    reading = made.reading
    kind, slash, name = text.partition("/")
    if kind == "hours" and slash:
        if name not in made.hours:
            message, near = absent(f"there are no hours {name!r}", "hours", name, reading.names("hours"))
            reading.error(path, message, "unknown-hours", near)
        elif made.hours[name].always:
            reading.error(path, f"hours.{name} are always open: they never open next", "template")
    elif kind in NAMED and slash and name not in reading.names(NAMED[kind]):
        known = [f"{kind}/{one}" for one in reading.names(NAMED[kind])]
        message, near = absent(f"there is no {text}", NAMED[kind], text, known)
        reading.error(path, message, "unknown-destination", near)
