"""One thing that is wrong with a table, with its place, and what to write instead.

>>> print(Finding("error", "routes.yaml", 12, 7, "menus.main.keys.1", "there is no department/sale",
...               "unknown-destination", "department/sales"))
routes.yaml:12:7: menus.main.keys.1: there is no department/sale. Did you mean department/sales?
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

__all__ = ["Finding", "Findings"]

ORDER = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and its place. `severity`: error (the table cannot be used), warning, or note. Lines, columns from 1."""

    severity: str
    file: str
    line: int
    col: int
    path: str
    message: str
    id: str
    near: str | None = None

    def __str__(self):
        kind = "" if self.severity == "error" else f"{self.severity}: "
        path = f"{self.path}: " if self.path else ""
        near = f". Did you mean {self.near}?" if self.near else ""
        # One line each, whatever was quoted from the file.
        return " ".join(f"{self.file}:{self.line}:{self.col}: {kind}{path}{self.message}{near}".splitlines())


class Findings:
    """What was found in one file, in the order of the file."""

    def __init__(self, file: str):
        self.file = file
        self._found: dict[tuple, Finding] = {}

    def of(self, file: str) -> "Findings":
        """The same findings, for another file of the table that lies beside the first."""
        other = Findings(beside(self.file, file))
        other._found = self._found
        return other

    def add(
        self, severity: str, place: Sequence, path: Iterable, message: str, id: str, near: str | None = None
    ) -> None:
        """`place`: line and column, and the file where that is another one."""
        line, col, *file = place
        file = beside(self.file, file[0]) if file and file[0] else self.file
        path = tuple(path)
        # A fault in a template, or in a range of extensions, is one fault, however many things have it.
        key = (severity, file, line, col, path[:1], message)
        self._found.setdefault(key, Finding(severity, file, line, col, written(path), message, id, near))

    def error(self, place: Sequence, path: Iterable, message: str, id: str, near: str | None = None) -> None:
        self.add("error", place, path, message, id, near)

    @property
    def errors(self) -> bool:
        """Is there anything that makes the table unusable?"""
        return any(finding.severity == "error" for finding in self._found.values())

    def __iter__(self) -> Iterator[Finding]:
        """In the order of the files, the table's own first."""
        first = self.file

        def order(f: Finding):
            return (f.file != first, f.file, f.line, f.col, ORDER.index(f.severity), f.path, f.message)

        return iter(sorted(self._found.values(), key=order))


def beside(file: str, name: str) -> str:
    """The path of a file that lies beside another.

    >>> beside("/etc/ivr/routes.yaml", "rooms.yaml"), beside("routes.yaml", "duty/a.yaml")
    ('/etc/ivr/rooms.yaml', 'duty/a.yaml')
    """
    return str(PurePath(file).parent / name)


def written(path: Iterable) -> str:
    """A path as it is printed: departments.sales.ring.phones[0].

    >>> written(("departments", "sales", "ring", "phones", 0))
    'departments.sales.ring.phones[0]'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
