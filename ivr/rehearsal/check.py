"""What must hold between call scripts and the table they are about: every name in them is a name of the table."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from ivr.ready import all_hours
from ivr.rehearsal.script import Script, Step
from ivr.rehearsal.values import WITHHELD
from ivr.steps import Extension, MessageBox, Table
from ivr.table.finding import Findings
from ivr.table.suggest import nearest

__all__ = ["fitting"]

_IN_LANGUAGE = re.compile("([a-z]{2,3})/([a-z0-9-]+)")
_NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def fitting(scripts: Collection[Script], table: Table, prompts: Collection[str], found: Findings) -> list[Script]:
    """The scripts that fit; the others' faults are findings. Who dials nothing dials the first number of the table.

    `prompts`: the names of all of them.
    """
    first = next(number for number in (*table.numbers, "*") if number != "*" or len(table.numbers) == 1)
    fit = []
    for script in scripts:
        known = Known(script, table, prompts)
        faults = list(known.faults())
        for severity, place, path, message, near in faults:
            path = ("calls", script.name, path)
            found.add(severity, place, path, message, "unknown" if severity == "error" else "name", near)
        if not any(fault[0] == "error" for fault in faults):
            fit.append(script if script.to else replace(script, to=first if first != "*" else "1000"))
    return fit


Told = tuple[str, tuple[int, int], str, str, str | None]
"""Severity, place, key, message, and what was probably meant."""


class Known:
    """What the names of one script are compared with."""

    def __init__(self, script: Script, table: Table, prompts: Collection[str]):
        self.script, self.table, self.prompts = script, table, prompts
        steps = table.steps.values()
        self.extensions = [step.number for step in steps if isinstance(step, Extension)]
        self.hours = {hours.name for hours in all_hours(table)}
        self.boxes = [step.address.partition("/")[2] for step in steps if isinstance(step, MessageBox)]

    def faults(self) -> Iterator[Told]:
        script, places = self.script, self.script.places
        if script.to in self.table.emergency:
            message = f"{script.to} is an emergency number: the switch puts it through, and no line hears of it"
            yield "error", places["to"], "to", message, None
        for hours in script.hours:
            if hours not in self.hours:
                yield "error", places["hours"], "hours", f"there are no hours {hours!r}", nearest(hours, self.hours)
        if script.chose:
            yield from self._chose(script.chose, places["chose"])
        for number in script.phones:
            if number != "*":
                yield from self._extension(number, places["phones"], "phones")
        for step in script.steps:
            yield from self._step(step)
        ends = script.ends
        if ends is not None and ends.how == "with":
            yield from self._extension(ends.who, ends.place, "ends")
        if ends is not None and ends.how == "message" and ends.who not in self.boxes:
            yield "error", ends.place, "ends", f"there is no message/{ends.who}", nearest(ends.who, self.boxes)

    def _chose(self, language: str, place: tuple[int, int]) -> Iterator[Told]:
        if language not in self.table.languages:
            message = f"the house does not speak {language!r}; it speaks {', '.join(self.table.languages)}"
            yield "error", place, "chose", message, nearest(language, self.table.languages)
        elif not self.table.remembers:
            message = "the table does not remember it; write remember_language: yes under house, or delete this"
            yield "error", place, "chose", message, None
        elif self.script.frm == WITHHELD:
            yield "error", place, "chose", "who shows no number is not remembered; write another from", None

    def _step(self, step: Step) -> Iterator[Told]:
        if step.does == "comes_to" and step.value not in self.table.steps:
            yield "error", step.place, "caller", f"there is no {step.value}", nearest(step.value, self.table.steps)
        elif step.does in ("rings", "talks_to"):
            for number in [step.value] if isinstance(step.value, str) else step.value:
                yield from self._extension(number, step.place, "caller")
        elif step.does == "hears":
            for wanted in step.value:
                yield from self._prompt(wanted, step)

    def _extension(self, number: str, place: tuple[int, int], key: str) -> Iterator[Told]:
        if number not in self.extensions:
            yield "error", place, key, f"there is no extension {number!r}", nearest(number, self.extensions)

    def _prompt(self, wanted: str, step: Step) -> Iterator[Told]:
        """A prompt's name may also be meant as words; what is nearly one is told."""
        of_language = _IN_LANGUAGE.fullmatch(wanted)
        if of_language:
            language, name = of_language.groups()
            if language not in self.table.languages:
                message = f"the house does not speak {language!r}; it speaks {', '.join(self.table.languages)}"
                yield "error", step.place, "caller", message, None
            elif name not in self.prompts:
                yield "error", step.place, "caller", f"there is no prompt {name!r}", nearest(name, self.prompts)
        elif _NAME.fullmatch(wanted) and wanted not in self.prompts and wanted != "music":
            if near := nearest(wanted, self.prompts):
                message = f"{wanted!r} is no prompt's name: it is looked for among the words"
                yield "warning", step.place, "caller", message, near
