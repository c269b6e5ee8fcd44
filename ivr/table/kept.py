"""A table as it is kept: everything it is written in, in one text, so that it can be made again when the files have
changed or are gone.

A table of one file is kept as it is. Several files stand one after the other, each behind a line with its name:

    >>> text = together("routes.yaml", b"include: [rooms.yaml]", {"rooms.yaml": b"departments: {}"})
    >>> print(text.decode())
    #=== routes.yaml
    include: [rooms.yaml]
    #=== rooms.yaml
    departments: {}
    >>> apart(text)
    ('routes.yaml', b'include: [rooms.yaml]', {'rooms.yaml': b'departments: {}'})

Where a file has such a line itself, all marks have one = more than it.
"""

import re
from collections.abc import Mapping
from pathlib import PurePath

from ivr.errors import TableError
from ivr.steps import Table
from ivr.table import load

__all__ = ["apart", "from_kept", "kept", "together"]

_MARK = re.compile(rb"^#(=+) ", re.MULTILINE)
_FIRST = re.compile(rb"(#=+ )[^\n]*\n")


def kept(table: Table) -> bytes:
    """All that a table is written in, as one text."""
    return together(PurePath(table.source).name, table.text.encode(), table.files)


def from_kept(text: bytes, version: str | None = None) -> Table:
    """The table of a kept text; only what has passed is kept. `version`: which it must be. TableError where it is not,
    or is none."""
    main, source, files = apart(text)
    table = load(source, name=main, files=files, passed=True)
    if version is not None and table.version != version:
        raise TableError([f"{version}.yaml holds another table ({table.version})"])
    return table


def together(main: str, source: bytes, files: Mapping[str, bytes]) -> bytes:
    """One text out of the table's own file and those it includes (name → bytes)."""
    if not files and not _MARK.match(source):
        return source
    parts = [(main, source), *files.items()]
    longest = max((len(mark) for _, text in parts for mark in _MARK.findall(text)), default=0)
    mark = "#" + "=" * max(3, longest + 1)
    return b"\n".join(f"{mark} {name}\n".encode() + text for name, text in parts)


def apart(text: bytes) -> tuple[str, bytes, dict[str, bytes]]:
    """Name and text of the table's own file, and the files it includes. One that has no marks is its own file."""
    first = _FIRST.match(text)
    if first is None:
        return "routes.yaml", text, {}
    parts = re.split(rb"(?:\A|\n)" + first[1] + rb"([^\n]*)\n", text)[1:]
    (main, source), *others = zip(parts[::2], parts[1::2], strict=True)
    return main.decode(errors="replace"), source, {name.decode(errors="replace"): more for name, more in others}
