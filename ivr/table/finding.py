"""One thing that is wrong with a table, with its place, and what to write instead.

>>> print(Finding("error", "routes.yaml", 12, 7, "menus.main.keys.1", "there is no department/sale",
...               "unknown-destination", "department/sales"))
routes.yaml:12:7: menus.main.keys.1: there is no department/sale. Did you mean department/sales?
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import PurePath

from ivr.table.allowed import Allowance

__all__ = ["Enough", "Finding", "Findings"]

LONGEST = 600
"""Letters of a message."""
ORDER = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and its place. `severity`: error (the table cannot be used), warning, or note. Lines, columns from 1.

    `id`: what docs/findings.md calls it. `reason`: why a comment in the table allows it; None where none does.
    """

    severity: str
    file: str
    line: int
    col: int
    path: str
    message: str
    id: str
    near: str | None = None
    reason: str | None = None

    @property
    def said(self) -> str:
        """Path, message, and what was probably meant; on one line, whatever was quoted from the file."""
        path = f"{self.path}: " if self.path else ""
        near = f". Did you mean {self.near}?" if self.near else ""
        return " ".join(f"{path}{self.message}{near}".splitlines())

    def __str__(self):
        kind = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}:{self.col}: {kind}{self.said}"


class Enough(Exception):
    """So many errors were found that nothing is read further."""


class Findings:
    """What was found in the files of a table, in their order. `most`: after so many errors `Enough` is raised."""

    def __init__(self, file: str, most: int | None = None):
        self.file, self.most = file, most
        self._found: dict[tuple, Finding] = {}
        self._allowed: dict[tuple, Finding] = {}
        self._allowances: dict[tuple[str, int, str], Allowance] = {}
        self._errors: list[None] = []  # as many as there are; shared by all that `of` made

    def of(self, file: str) -> "Findings":
        """The same findings, for another file of the table that lies beside the first."""
        other = copy(self)
        other.file = beside(self.file, file)
        return other

    def allow(self, allowances: Iterable[Allowance]) -> None:
        """What comments of this file allow is kept apart from now on; a comment that may not is an error."""
        for allowance in allowances:
            if allowance.wrong:
                message, id, near = allowance.wrong
                self.error(allowance.at, (), message, id, near)
            else:
                self._allowances[(self.file, allowance.line, allowance.id)] = allowance

    def add(
        self, severity: str, place: Sequence, path: Iterable, message: str, id: str, near: str | None = None
    ) -> None:
        """`place`: line and column, and the file where that is another one."""
        line, col, *file = place
        file = beside(self.file, file[0]) if file and file[0] else self.file
        path, message = tuple(path), shortened(message)
        # A fault in a template, or in a range of extensions, is one fault, however many things have it.
        key = (severity, file, line, col, path[:1], message)
        finding = Finding(severity, file, line, col, shortened(written(path)), message, id, near)
        if allowance := self._allowances and self._allowances.get((file, line, id)):
            allowance.used = True
            self._allowed.setdefault(key, replace(finding, reason=allowance.reason))
        elif key not in self._found:
            self._found[key] = finding
            if severity == "error":
                self._count_error(finding)

    def error(self, place: Sequence, path: Iterable, message: str, id: str, near: str | None = None) -> None:
        self.add("error", place, path, message, id, near)

    def _count_error(self, finding: Finding) -> None:
        self._errors.append(None)
        if self.most is not None and len(self._errors) >= self.most:
            message = f"{self.most} errors are enough; mend these first, nothing was read further"
            last = replace(finding, path="", message=message, id="too-many", near=None)
            self._found.setdefault(("too-many",), last)
            raise Enough

    def unused_allowances(self) -> None:
        """Warn of comments that allowed nothing; for when everything was looked for."""
        for (file, _, id), allowance in self._allowances.items():
            if not allowance.used:
                message = f"there is no {id} in line {allowance.line} that this allows; delete the comment"
                where = (
                    *allowance.at,
                    "" if file == self.file else PurePath(file).relative_to(PurePath(self.file).parent),
                )
                self.add("warning", where, (), message, "allow-nothing")

    @property
    def errors(self) -> bool:
        """Is there anything that makes the table unusable?"""
        return bool(self._errors)

    @property
    def allowed(self) -> list[Finding]:
        """What comments allow, each with its reason."""
        return self._in_order(self._allowed)

    def __iter__(self) -> Iterator[Finding]:
        """In the order of the files, the table's own first."""
        return iter(self._in_order(self._found))

    def _in_order(self, found: dict[tuple, Finding]) -> list[Finding]:
        def order(f: Finding):
            return (f.file != self.file, f.file, f.line, f.col, ORDER.index(f.severity), f.path, f.message)

        return sorted(found.values(), key=order)


def shortened(text: str) -> str:
    """A text without its middle, where somebody wrote a book into a single value.

    >>> shortened("'" + "x" * 700 + "' is no time")[195:205], len(shortened("x" * 700))
    ('xxxxx … xx', 403)
    """
    return text if len(text) <= LONGEST else f"{text[:200]} … {text[-200:]}"


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
