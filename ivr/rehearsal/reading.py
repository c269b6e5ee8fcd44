"""A file of call scripts → scripts, and every fault of it at once, each with its place; as for routes.yaml.

>>> found = Findings("c.yaml")
>>> [script] = read(b'''
... every: {at: 2026-11-23 10:00, to: "1000"}
... calls:
...   Sales is busy: {phones: {"*": busy}, caller: [presses: 1, hears: busy]}
... ''', found).scripts
>>> script.name, str(script.at), [(step.does, step.value) for step in script.steps]
('Sales is busy', '2026-11-23 10:00:00', [('presses', '1'), ('hears', ('busy',))])
"""

import copy
from dataclasses import dataclass, field

from ivr.rehearsal.models import ANSWERS, TALKS, CallText, EndsText, FileText, PhoneText, StepText
from ivr.rehearsal.script import Ends, PhoneAct, Script, Step
from ivr.table.finding import Findings
from ivr.table.nodes import Mapping, Node, Scalar, Sequence
from ivr.table.reading import Reading, thing
from ivr.table.suggest import nearest
from ivr.table.text import parse

__all__ = ["File", "read"]

CALLER = "13800138000"
"""Who calls where nobody says."""
RUNG = PhoneAct("rings")
MOST_NAME = 120
PLACED = ("at", "from", "to", "hours", "chose", "phones", "ends", "lasts", "never_hears")
"""Keys of a call whose places faults name."""


@dataclass(slots=True)
class File:
    """What a file of call scripts holds. `table`: the path of its table as it is written, from the file's folder."""

    name: str
    scripts: list[Script] = field(default_factory=list)
    table: str | None = None


class FileReading(Reading):
    """Faults are told of what is written: a path ends where the file does."""

    __slots__ = ()

    def error(self, path, message: str, id: str, near: str | None = None, key: bool = False) -> None:
        written, node = [], self.root
        for part in path:
            if isinstance(part, int) and isinstance(node, Sequence):
                node = node.items[part]
            elif isinstance(part, str) and isinstance(node, Mapping) and not part.startswith("\0"):
                node = node.entries[part][1] if part in node.entries else node
            else:
                continue
            written.append(part)
        super().error(written, message, id, near, key)


def read(source: bytes, found: Findings) -> File:
    """The scripts of a file; those with faults are left out, and their faults are findings."""
    file = File(found.file)
    root = parse(source, found, "a file of call scripts", "calls")
    if root is None:
        return file
    reading = FileReading(root, found)
    if "numbers" in root.entries and "calls" not in root.entries:
        written = root.entries["numbers"][0]
        message = (
            "this is a routing table; name call scripts that have it as their table, "
            f"or make some: ivr test --new --table {found.file}"
        )
        found.error((written.line, written.col), ("numbers",), message, "unknown-section")
        return file
    for key, (written, _) in root.entries.items():
        if key not in FileText.SECTIONS:
            message = f"there is no section {key!r}; the sections are {', '.join(FileText.SECTIONS)}"
            found.error((written.line, written.col), (key,), message, "unknown-section",
                        nearest(key, FileText.SECTIONS))  # fmt: skip
    if "table" in root.entries:
        file.table = root.entries["table"][1].plain()
        if not isinstance(file.table, str):
            reading.error(("table",), "the path of a table is expected here, such as ../routes.yaml", "shape")
            file.table = None
    every = CallText()
    if "every" in root.entries:
        every = thing(CallText, root.entries["every"][1], ("every",), reading) or every
    calls = root.entries.get("calls", (None, None))[1]
    if not isinstance(calls, Mapping):
        reading.error(("calls",), "a mapping is expected here, the calls by their names", "shape")
        return file
    _each(calls, reading)
    for name, (written, node) in calls.entries.items():
        before = len(list(found))
        if len(name) > MOST_NAME:
            reading.error(("calls", name), f"a call's name has at most {MOST_NAME} characters", "name", key=True)
        model = thing(CallText, node, ("calls", name), reading)
        if model is not None and model.at is None and every.at is None and "at" not in getattr(node, "entries", {}):
            message = "at is missing: when is this call? Write at: 2026-11-23 10:00 here or in every"
            reading.error(("calls", name), message, "missing", key=True)
        if len(list(found)) == before and not (model.at is None and every.at is None):
            file.scripts.append(_script(name, written, model, every, reading))
    return file


# A call for each of several values ------------------------------------------------------------------------------------


def _each(calls: Mapping, reading: FileReading) -> None:
    """Put in place of a call with `each` one call for each of its values."""
    entries = dict(calls.entries)
    calls.entries.clear()
    for name, (written, node) in entries.items():
        each = node.entries.get("each") if isinstance(node, Mapping) else None
        if each is None:
            calls.entries[name] = (written, node)
            continue
        values = each[1].entries if isinstance(each[1], Mapping) else {}
        [(variable, (_, listed))] = values.items() if len(values) == 1 else [("", (None, None))]
        if not variable.isidentifier() or not isinstance(listed, Sequence) or not listed.items:
            place = each[1].line, each[1].col
            message = "one name with a list is expected here, such as {phone: [8101, 8102]}"
            reading.found.error(place, ("calls", name, "each"), message, "shape")
            continue
        for value in listed.items:
            if not isinstance(value, Scalar):
                reading.found.error((value.line, value.col), ("calls", name, "each", variable),
                                    "a text is expected here", "shape")  # fmt: skip
                continue
            told = name.replace(f"{{{variable}}}", value.text)
            told = told if told != name else f"{name} [{value.text}]"
            calls.entries[told] = (written, _with(node, f"{{{variable}}}", value.text, {"each"}))


def _with(node: Node, variable: str, value: str, without: set = frozenset()) -> Node:
    """A copy of what is written, with a value in place of a variable."""
    node = copy.copy(node)
    if isinstance(node, Scalar):
        node.text = node.text.replace(variable, value)
    elif isinstance(node, Sequence):
        node.items = [_with(item, variable, value) for item in node.items]
    elif isinstance(node, Mapping):
        node.entries = {
            key.replace(variable, value): (_with(written, variable, value), _with(item, variable, value))
            for key, (written, item) in node.entries.items()
            if key not in without
        }
    return node


# From models to scripts -----------------------------------------------------------------------------------------------


def _script(name: str, written: Node, model: CallText, every: CallText, reading: FileReading) -> Script:
    path = ("calls", name)

    def said(key: str):
        return getattr(model if key in model.model_fields_set else every, key)

    def place(key: str):
        node = reading.root.find(path)
        at = path if key in getattr(node, "entries", {}) else ("every",)
        return reading.place((*at, key))[:2]

    steps = tuple(_step(step, reading.place((*path, "caller", n))[:2]) for n, step in enumerate(model.caller))
    phones = {**every.phones, **model.phones}
    return Script(
        name=name,
        file=reading.found.file,
        place=(written.line, written.col),
        at=said("at"),
        to=said("to") or "",
        frm=said("frm") or CALLER,
        phones={"*": (RUNG,), **{number: tuple(map(_act, acts)) for number, acts in phones.items()}},
        hours={**every.hours, **model.hours},
        chose=said("chose") or "",
        steps=steps,
        ends=_ends(said("ends"), place("ends")),
        lasts=said("lasts"),
        never_hears=tuple((*every.never_hears, *model.never_hears)),
        places={key: place(key) for key in PLACED},
    )


def _act(phone: PhoneText | str) -> PhoneAct:
    if phone in ("answers", "voicemail"):
        return PhoneAct(phone, ANSWERS, TALKS)
    if isinstance(phone, str):
        return PhoneAct(phone)
    if phone.refuses is not None:
        return PhoneAct("refuses", phone.refuses)
    return PhoneAct("answers", phone.answers, TALKS if phone.talks is None else phone.talks, phone.transfers)


def _step(step: StepText | str, place: tuple[int, int]) -> Step:
    if isinstance(step, str):
        return Step(step, None, place)
    [does] = step.model_fields_set
    value = getattr(step, does)
    return Step(does, tuple(value) if isinstance(value, list) else value, place)


def _ends(ends: EndsText | str | None, place: tuple[int, int]) -> Ends | None:
    if ends is None or isinstance(ends, str):
        return Ends(ends, place) if ends else None
    if ends.talked_to is not None:
        return Ends("with", place, ends.talked_to, ends.lasts)
    return Ends("message", place, ends.message.removeprefix("message/"), ends.lasts, ends.number)
