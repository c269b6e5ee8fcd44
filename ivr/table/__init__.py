"""routes.yaml → a frozen Table, or every fault of it at once.

    >>> load("numbers: {}\\nhose: 1\\n", name="t.yaml")
    Traceback (most recent call last):
    ...
    ivr.errors.TableError: t.yaml:1:1: house: this section is missing; every table has one
    t.yaml:1:1: operator: this section is missing; every table has one
    t.yaml:2:1: hose: there is no section 'hose'; the sections are house, operator, hours, houses, numbers, \
callers, menus, departments, duties, extensions, holds, messages, announcements, switches, templates, include. \
Did you mean house?
"""

import gc
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path

from ivr.errors import TableError
from ivr.steps import Table
from ivr.table.build import Builder
from ivr.table.calendars import calendars_of
from ivr.table.check import check_reading
from ivr.table.finding import Enough, Finding, Findings
from ivr.table.includes import put_together
from ivr.table.nodes import Node, Scalar
from ivr.table.reading import SECTIONS, SINGLE, Reading, read
from ivr.table.shelf import Shelf
from ivr.table.sources import Sources
from ivr.table.templates import expand
from ivr.table.text import parse

__all__ = ["Examined", "Finding", "Shelf", "check", "examine", "load", "reading_of", "zone_written"]

MOST_ERRORS = 500
"""More help nobody; and a file of nonsense is answered at once."""
MANY = 500_000
"""Objects: of a table of some 10,000 steps."""


def load(
    source: str | bytes | PathLike,
    name: str | None = None,
    files: Mapping[str, bytes] | None = None,
    today: date | None = None,
    passed: bool = False,
) -> Table:
    """The table of a file (a path) or of a text (one with a line break, or bytes). TableError holds every fault.

    `passed`: it was checked before; the rules of today may be stricter than those it has passed.
    """
    seen = examine(source, name, today=today, files=files, passed=passed)
    if seen.table is None:
        raise TableError(finding for finding in seen.findings if finding.severity == "error")
    return seen.table


def check(
    source: str | bytes | PathLike,
    name: str | None = None,
    *,
    today: date | None = None,
    prompts: Shelf | None = None,
    files: Mapping[str, bytes] | None = None,
) -> tuple[Table | None, list[Finding]]:
    """The table, or None where there are errors; and every finding in the order of the files, but for those that
    comments in the table allow. For the arguments see `examine`."""
    seen = examine(source, name, today=today, prompts=prompts, files=files)
    return seen.table, seen.findings


@dataclass(frozen=True, slots=True)
class Examined:
    """What `examine` saw. `table`: None where there are errors. `allowed`: what comments in the table allow."""

    table: Table | None
    findings: list[Finding]
    allowed: list[Finding]


def examine(
    source: str | bytes | PathLike,
    name: str | None = None,
    *,
    today: date | None = None,
    prompts: Shelf | None = None,
    files: Mapping[str, bytes] | None = None,
    passed: bool = False,
) -> Examined:
    """Everything that can be said of a table.

    `today`: then 400 days from it on are lived through, and the holidays of the time ahead must be known. `prompts`:
    then every prompt must be among them. `files`: what stood in the files the table includes, in place of those on the
    disk (`Table.files` of a kept one). `passed`: it has passed the rules before, and they are not asked again.
    """
    found = Findings(name or (str(source) if _is_path(source) else "routes.yaml"), most=MOST_ERRORS)
    table = None
    with _collector_paused(), suppress(Enough):
        table = _table(source, found, today, prompts, files, passed)
    return Examined(None if found.errors else table, list(found), found.allowed)


def _table(source, found: Findings, today: date | None, prompts: Shelf | None, files, passed: bool) -> Table | None:
    folder = Path(source).parent if _is_path(source) else None
    sources = Sources(Path(found.file).name, folder if files is None else files)
    if _is_path(source):
        try:
            source = Path(source).read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
            why = getattr(error, "strerror", None) or error
            found.error((1, 1), (), f"the file cannot be read: {why}", "unreadable")
            return None
    root = parse(source, found)
    if root is None:
        return None
    reading = _read(root, sources, found)
    made = Builder(reading, calendars_of(reading, sources))
    if not passed:
        check_reading(made, today, prompts)
    if found.errors:
        return None
    if today is not None and prompts is not None:
        found.unused_allowances()
    return made.table(source if isinstance(source, bytes) else source.encode("utf-8"), found.file, sources.files)


def reading_of(table: Table) -> Reading:
    """What stands in a table's files, for who needs the place of each key; the table itself knows its steps only."""
    found = Findings(table.source)
    with _collector_paused():
        return _read(parse(table.text, found), Sources(Path(table.source).name, table.files), found)


def zone_written(path: Path) -> str | None:
    """The time zone that a table's files write for the house, whatever else is wrong in them."""
    found = Findings(str(path))
    try:
        root = parse(path.read_bytes(), found)
    except OSError:
        return None
    if root is None:
        return None
    put_together(root, Sources(path.name, path.parent), found)
    zone = root.find(("house", "timezone"))
    return zone.text if isinstance(zone, Scalar) else None


def _read(root: Node, sources: Sources, found: Findings) -> Reading:
    put_together(root, sources, found)
    expand(root, found, (*SINGLE, *SECTIONS))
    return read(root, found)


@contextmanager
def _collector_paused():
    """A table of 50,000 extensions is a million small objects and no rubbish: collecting takes 40 % of the time. Where
    there are so many, the collector does not look at them afterwards either: it would take half a second, at once."""
    was, before = gc.isenabled(), gc.get_count()[0]
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] - before > MANY:
            gc.freeze()
        if was:
            gc.enable()


def _is_path(source) -> bool:
    return isinstance(source, PathLike) or (isinstance(source, str) and source != "" and "\n" not in source)
