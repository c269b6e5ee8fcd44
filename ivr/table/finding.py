"""One thing that is wrong with a table, with its place, and what to write instead.

>>> print(Finding("error", "routes.yaml", 12, 7, "menus.main.keys.1", "there is no department/sale",
...               "unknown-destination", "department/sales"))
routes.yaml:12:7: menus.main.keys.1: there is no department/sale. Did you mean department/sales?
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
        self._found: list[Finding] = []

    def add(
        self, severity: str, place: tuple[int, int], path: Iterable, message: str, id: str, near: str | None = None
    ) -> None:
        self._found.append(Finding(severity, self.file, *place, written(path), message, id, near))

    def error(self, place: tuple[int, int], path: Iterable, message: str, id: str, near: str | None = None) -> None:
        self.add("error", place, path, message, id, near)

    @property
    def errors(self) -> bool:
        """Is there anything that makes the table unusable?"""
        return any(finding.severity == "error" for finding in self._found)

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._found, key=lambda f: (f.line, f.col, ORDER.index(f.severity), f.path, f.message)))


def written(path: Iterable) -> str:
    """A path as it is printed: departments.sales.ring.phones[0].

    >>> written(("departments", "sales", "ring", "phones", 0))
    'departments.sales.ring.phones[0]'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
