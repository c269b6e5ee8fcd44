"""The sections of a table as models: each thing is read by itself, so that one fault hides no other.

A value that is wrong is a finding and is read as if it were not there; what remains of its thing is checked further.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

from pydantic import ValidationError

from ivr.table import models
from ivr.table.duties import DutyText
from ivr.table.finding import Findings
from ivr.table.nodes import Mapping, Node, Place, Scalar
from ivr.table.suggest import nearest

__all__ = ["NAME", "NAMES", "SECTIONS", "SINGLE", "Reading", "read", "thing"]

# Sections of many things: their model, the kind of step they make, and how a thing's name is written.
SECTIONS: dict[str, tuple[type[models.Text], str | None]] = {
    "hours": (models.HoursText, None),
    "houses": (models.BranchText, None),
    "numbers": (models.NumberText, None),
    "callers": (models.CallersText, None),
    "menus": (models.MenuText, "menu"),
    "departments": (models.DepartmentText, "department"),
    "duties": (DutyText, "duty"),
    "extensions": (models.ExtensionText, "extension"),
    "holds": (models.HoldText, "hold"),
    "messages": (models.MessageText, "message"),
    "announcements": (models.AnnouncementText, "announcement"),
    "switches": (models.SwitchText, "switch"),
}
SINGLE: dict[str, type[models.Text]] = {"house": models.HouseText, "operator": models.DepartmentText}

# What a key may look like, for messages.
EXAMPLES = {
    "name": "name: Sales",
    "timezone": "timezone: Asia/Shanghai",
    "languages": "languages: {zh: 普通话, en: English}",
    "to": "to: menu/main",
    "keys": "keys: {1: department/sales, 0: operator}",
    "ring": "ring: {phones: [8001, 8002]}",
    "phones": "phones: [8001, 8002]",
    "otherwise": "otherwise: operator",
    "except": "except: {2026-12-31: closed}",
    "hours": "hours: [office]",
    "pin": "pin: 471100",
    "week": "week: {mon-sun: 8001}",
    "people": "people: [8001, 8002]",
}

NAMES = {
    "numbers": (r"[0-9]{2,20}|\*", 'a dialled number has 2 to 20 digits; "*" is every other number'),
    "extensions": (r"[0-9]{2,8}", "an extension has 2 to 8 digits"),
}
NAME = (r"[a-z0-9][a-z0-9_-]{0,39}", "names are written with a–z, 0–9, - and _, at most 40 of them")


@dataclass(slots=True)
class Reading:
    """What could be read of a table. `sections`: section → name → model; a name whose value was no mapping has None."""

    root: Mapping
    found: Findings
    house: models.HouseText = field(default_factory=models.HouseText)
    operator: models.DepartmentText | None = None
    sections: dict[str, dict[str, models.Text | None]] = field(default_factory=dict)

    def names(self, section: str) -> dict[str, models.Text | None]:
        return self.sections.get(section, {})

    def things(self, section: str) -> Iterator[tuple[str, models.Text]]:
        """The names and models of a section that could be read."""
        return ((name, model) for name, model in self.names(section).items() if model is not None)

    def place(self, path, key: bool = False) -> Place:
        return self.root.place(path, key)

    def error(self, path, message: str, id: str, near: str | None = None, key: bool = False) -> None:
        self.found.error(self.place(path, key), path, message, id, near)

    def warning(self, path, message: str, id: str, near: str | None = None, key: bool = False) -> None:
        self.found.add("warning", self.place(path, key), path, message, id, near)


def read(root: Mapping, found: Findings) -> Reading:
    """Read every section; faults become findings."""
    reading = Reading(root, found)
    known = [*SINGLE, *SECTIONS, "templates", "include"]
    for section, (key, node) in root.entries.items():
        if section in SINGLE:
            setattr(reading, section, thing(SINGLE[section], node, (section,), reading) or getattr(reading, section))
        elif section in SECTIONS:
            reading.sections[section] = _section(section, node, reading)
        else:
            message = f"there is no section {section!r}; the sections are {', '.join(known)}"
            found.error(key.at, (section,), message, "unknown-section", nearest(section, known))
    for section in ("house", "operator", "numbers"):
        if section not in root.entries:
            found.error((1, 1), (section,), "this section is missing; every table has one", "missing")
    return reading


def _section(section: str, node: Node, reading: Reading) -> dict[str, models.Text | None]:
    if not isinstance(node, Mapping):
        if node.plain() is not None:
            reading.error((section,), f"a mapping is expected here, the {section} by their names", "shape")
        return {}
    model = SECTIONS[section][0]
    pattern, rule = NAMES.get(section, NAME)
    things: dict[str, models.Text | None] = {}
    alike: dict[int, models.Text | None] = {}  # sixty rooms of one range are one node
    for name, (_, value) in node.entries.items():
        if not re.fullmatch(pattern, name):
            reading.error((section, name), f"{name!r} is no name for one of {section}; {rule}", "name", key=True)
        if not name:
            continue  # nothing can lead to it, and rules look at the first character of a name
        if id(value) not in alike:
            alike[id(value)] = thing(model, value, (section, name), reading)
        things[name] = alike[id(value)]
    return things


def thing(model: type[models.Text], node: Node, path: tuple, reading: Reading) -> models.Text | None:
    """One thing as its model; what is wrong with it becomes findings. None where it is no mapping at all."""
    if isinstance(node, Scalar) and node.plain() is None:
        given: dict = {}
    elif isinstance(node, Mapping):
        given = node.plain()
    else:
        reading.error(path, f"a mapping is expected here, such as {_example(model)}", "shape")
        return None
    _drop_empty(given, path, reading)
    told = False
    while True:
        try:
            read = model.model_validate(given)
            break
        except ValidationError as error:
            faults = error.errors(include_url=False)
        wrong_keys = {fault["loc"][:-1] for fault in faults if fault["loc"][-1:] == ("[key]",)}
        for fault in faults:
            if not told and fault["loc"] not in wrong_keys:
                _tell(fault, model, path, reading)
        told = True
        if not any([_drop(given, fault["loc"]) for fault in faults]):
            if not given:  # a list of callers on which nobody is: wrong with nothing in it, too
                read = model.model_construct()
                break
            given.clear()
    for need in model.NEEDS:
        if getattr(read, need) in (None, {}) and not (isinstance(node, Mapping) and need in node.entries):
            reading.error(path, f"{need} is missing; write {EXAMPLES[need]}", "missing", key=True)
    return read


def _drop_empty(given: dict, path: tuple, reading: Reading) -> None:
    """A key with nothing behind it is a slip, not a default."""
    for key, value in list(given.items()):
        if value is None:
            message = "nothing is written here; give it a value or delete the key"
            if ":" in key and "-" in key:  # {mon-fri: 09:00-12:00, 13:30-18:00}: for YAML the comma begins a new key
                message = "a range cut off by its comma; inside {…} put quotes around all of them"
            elif slip := re.fullmatch(r"([a-z_]+|[0-9]+):(\S+)", key):  # {to:operator} is one word to YAML
                message = f"a space is missing behind the colon; write {slip[1]}: {slip[2]}"
            reading.error((*path, key), message, "empty", key=True)
            del given[key]
        elif isinstance(value, dict):
            _drop_empty(value, (*path, key), reading)


def _drop(given: dict, loc: tuple) -> bool:
    """Take what is wrong out of a thing, as deep down as its place says; False where nothing was found there."""
    holder, key = given, None
    below = given
    for part in loc:
        if _of_pydantic(part):
            continue
        if isinstance(below, dict) and part in below:
            holder, key, below = below, part, below[part]
        elif isinstance(below, list):
            break  # a list is right as a whole or not at all
    if key is None:
        return False
    del holder[key]
    return True


def _tell(fault: dict, model: type[models.Text], path: tuple, reading: Reading) -> None:
    loc = tuple(part for part in fault["loc"] if not _of_pydantic(part))
    at_key = "[key]" in fault["loc"] or fault["type"] == "extra_forbidden"
    message, near = _said(fault, model)
    reading.error((*path, *loc), message, fault["type"].replace("_", "-"), near, key=at_key)


def _of_pydantic(part: int | str) -> bool:
    """Is this part of a place written nowhere: `[key]`, and what begins with a zero byte (WEEK, tags of a union)?"""
    return part == "[key]" or (isinstance(part, str) and part.startswith("\0"))


def _said(fault: dict, model: type[models.Text]) -> tuple[str, str | None]:
    match fault["type"]:
        case "value_error":
            error = fault["ctx"]["error"]
            return str(error), getattr(error, "near", None)
        case "extra_forbidden":
            keys = _keys(model, fault["loc"])
            return f"there is no key {fault['loc'][-1]!r} here; the keys are {', '.join(keys)}", nearest(
                fault["loc"][-1], keys
            )
        case "string_type":
            return "a text is expected here", None
        case "list_type":
            return "a list is expected here, such as [8001, 8002]", None
        case "model_type":
            return f"a mapping is expected here, such as {_example(_within(model, fault['loc']))}", None
        case "dict_type":
            if fault["loc"][-1] in ("keys", "languages", "except"):
                return f"a mapping is expected here, such as {EXAMPLES[fault['loc'][-1]].partition(': ')[2]}", None
            return "a text is expected here, or one for each language: {zh: …, en: …}", None
        case "string_pattern_mismatch" if "languages" in fault["loc"]:
            return f"{fault['input']!r} is no language; languages are written as zh, en, yue", None
        case "string_pattern_mismatch":
            return f"{fault['input']!r} is no name of a prompt; they are written with a–z, 0–9 and -", None
    return fault["msg"], None


def _keys(model: type[models.Text], loc: tuple) -> list[str]:
    return [info.alias or name for name, info in _within(model, loc[:-1]).model_fields.items()]


def _within(model: type[models.Text], loc: tuple) -> type[models.Text]:
    """The model of what lies at a place inside a thing."""
    for part in loc:
        inner = model.model_fields.get(part)
        model = next(_models(inner.annotation), model) if inner else model
    return model


def _models(kind) -> Iterator[type[models.Text]]:
    """The models in a field's type, however deep."""
    if isinstance(kind, type) and issubclass(kind, models.Text):
        yield kind
    for inner in get_args(kind):
        yield from _models(inner)


def _example(model: type[models.Text]) -> str:
    if model.EXAMPLE:
        return model.EXAMPLE
    keys = model.NEEDS or tuple(key for key in model.model_fields if key in EXAMPLES)[:1]
    return "{" + ", ".join(EXAMPLES[key] for key in keys) + "}"
