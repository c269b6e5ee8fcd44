"""Where a table says what: the file and the line of a path.

>>> from ivr.table import load
>>> places = Places(load('''
... house: {name: Acme, timezone: UTC, languages: {en: English}}
... numbers: {"*": {to: operator}}
... operator:
...   name: the operator
...   ring: {phones: [8001]}
...   ends: {otherwise: goodbye}
... extensions: {8001: }
... ''', name="t.yaml"))
>>> print(places.of(("operator", "ends", "busy")))
t.yaml:7: operator.ends.otherwise
>>> print(places.of(("operator", "closed")))
t.yaml:4: operator.closed, by default
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from zoneinfo import ZoneInfo

from ivr.hours_text import weekdays
from ivr.steps import Table
from ivr.table.build import OWNERS
from ivr.table.finding import Findings, beside, written
from ivr.table.includes import put_together
from ivr.table.nodes import Mapping
from ivr.table.reading import SECTIONS, SINGLE
from ivr.table.sources import Sources
from ivr.table.templates import expand
from ivr.table.text import parse

__all__ = ["Place", "Places"]

INSTEAD = {"lunch": "closed"}
"""What serves in place of a key that is not written."""
INSIDE = {"quiet_to": ("quiet", "to")}
"""What a step knows by one name and a table writes a level deeper."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a table. `path`: what stands there; or, where it is not `written`, what could stand there: the line is
    that of the thing it would belong to, or 0 if the table has no such thing."""

    file: str
    line: int
    path: str
    written: bool = True

    def __str__(self):
        return f"{self.at}: {self.path}{'' if self.written else ', by default'}"

    @property
    def at(self) -> str:
        """file:line"""
        return f"{self.file}:{self.line}" if self.line else self.file


class Places:
    """The lines of one table, `file` and those it includes. `zone`: the house's."""

    def __init__(self, table: Table):
        self.file, self.zone = table.source, ZoneInfo(table.timezone)
        found = Findings(self.file)
        self.root = parse(table.text, found)
        put_together(self.root, Sources(PurePath(self.file).name, table.files), found)
        expand(self.root, found, (*SINGLE, *SECTIONS))

    def of(self, path: Iterable) -> Place:
        """Where a path is written; or what serves in its place; else the thing it would belong to."""
        *above, last = path
        path = (*above, *INSIDE.get(last, (last,)))
        *above, last = path
        candidates = [path, (*above, INSTEAD.get(last, last))]
        if above and above[-1] == "ends":
            candidates.append((*above, "otherwise"))
        for candidate in candidates:
            if self._has(candidate):
                return self._place(candidate, candidate)
        if path[0] == "messages" and not self._has(path[:2]):
            above = self._owner(path[1])
        while above and not self._has(above):
            above.pop()
        return self._place(above, candidates[-1], False) if above else Place(self.file, 0, written(path), False)

    def day(self, hours: str, day: int) -> Place:
        """The line of some hours that says a weekday's ranges (0 is Monday); the hours themselves where none does."""
        node = self.root.find(("hours", hours))
        for key in getattr(node, "entries", {}):
            try:
                days = weekdays(key)
            except ValueError:
                continue
            if day in days:
                return self.of(("hours", hours, key))
        return replace(self.of(("hours", hours)), written=False)

    def _has(self, path: Iterable) -> bool:
        node = self.root
        for part in path:
            if isinstance(node, Mapping):
                if str(part) not in node.entries:
                    return False
                node = node.entries[str(part)][1]
            elif not isinstance(part, int) or part >= len(getattr(node, "items", ())):
                return False
            else:
                node = node.items[part]
        return True

    def _place(self, path: Sequence, said: Sequence, is_written: bool = True) -> Place:
        # The line of the key: what it holds may begin below it.
        line, _, file = self.root.place(path, key=not isinstance(path[-1], int))
        return Place(beside(self.file, file) if file else self.file, line, written(said), is_written)

    def _owner(self, name: str) -> list:
        """Who has a message box of that name without its being written."""
        owners = [["operator"]] if name == "operator" else [[section, name] for section in OWNERS]
        return next((owner for owner in owners if self._has(owner)), [])
