"""`include`: a table written in several files is one table.

The sections of the files are put together; what is named twice is an error that names both places. A file that
includes itself, by whatever way, is one too.
"""

from ivr.table.finding import Findings
from ivr.table.nodes import Mapping, Scalar, Sequence
from ivr.table.sources import Sources
from ivr.table.text import parse

__all__ = ["put_together"]


def put_together(root: Mapping, sources: Sources, found: Findings) -> None:
    """Put what `root` includes into `root`, and leave `include` out of it."""
    _include(root, root, sources, found, trail=(sources.main,), read={sources.main})


def _include(root: Mapping, part: Mapping, sources: Sources, found: Findings, trail: tuple, read: set) -> None:
    _, wanted = part.entries.pop("include", (None, None))
    if wanted is None:
        return
    items = wanted.items if isinstance(wanted, Sequence) else [wanted]
    for index, item in enumerate(items):
        path = ("include", index) if isinstance(wanted, Sequence) else ("include",)
        if not isinstance(item, Scalar) or not item.text:
            found.error(item.at, path, "a list of files is expected here, such as [rooms.yaml, duty/*.yaml]", "shape")
            continue
        try:
            names = sources.matching(item.text)
        except (ValueError, OSError) as error:
            found.error(item.at, path, str(error), "include")
            continue
        if not names:
            found.error(item.at, path, f"there is no file {item.text!r} beside {sources.main}", "include")
        for name in names:
            if name in trail:
                round = " → ".join((*trail[trail.index(name) :], name))
                found.error(item.at, path, f"a file cannot include itself: {round}", "include-loop")
            elif name not in read:
                read.add(name)
                _one(root, name, item, path, sources, found, trail, read)


def _one(root, name: str, item: Scalar, path: tuple, sources: Sources, found: Findings, trail, read) -> None:
    try:
        source = sources.read(name)
    except OSError as error:
        found.error(item.at, path, f"{name} cannot be read: {error.strerror or error}", "include")
        return
    part = parse(source, found, "an included file", "one section", file=name)
    if part is None:
        return
    _include(root, part, sources, found, (*trail, name), read)
    for section, (key, node) in part.entries.items():
        there = root.entries.get(section)
        if there is None:
            root.entries[section] = (key, node)
        elif isinstance(there[1], Mapping) and isinstance(node, Mapping) and section not in ("house", "operator"):
            _merge(there[1], node, section, found)
        else:
            found.error(key.at, (section,), _twice(section, there[0], found), "twice")


def _merge(there: Mapping, more: Mapping, section: str, found: Findings) -> None:
    for name, (key, node) in more.entries.items():
        if name in there.entries:
            found.error(key.at, (section, name), _twice(name, there.entries[name][0], found), "twice")
        else:
            there.entries[name] = (key, node)


def _twice(name: str, first: Scalar, found: Findings) -> str:
    line, col, file = first.at
    return (
        f"{name} stands here a second time; the first is in {file or found.file}, line {line}, column {col}; keep one"
    )
