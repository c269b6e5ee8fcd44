"""`extends`: what several things have in common is written once, under `templates`.

A thing has the keys of its template, and its own come before them: mappings are put together key by key, anything else
is replaced. `extends: [room, quiet]` takes several, the later before the earlier. Where a key came from is not
forgotten: a fault in a template is told at its line in the template.

And `"1001-1060": …` under `extensions` is sixty of them; one that is also written by itself is what is written there.
"""

import re

from ivr.table.finding import Findings
from ivr.table.nodes import Mapping, Node, Scalar, Sequence
from ivr.table.suggest import nearest

__all__ = ["expand"]

MOST = 10_000
"""Extensions in one range."""
MOST_IN_ALL = 100_000
_RANGE = re.compile("([0-9]{2,8}) ?- ?([0-9]{2,8})")


def expand(root: Mapping, found: Findings, sections: tuple[str, ...]) -> None:
    """Put templates into the things of `sections` that extend them, and ranges of extensions in full."""
    _, templates = root.entries.pop("templates", (None, None))
    if templates is not None and not isinstance(templates, Mapping):
        if templates.plain() is not None:
            found.error(
                templates.at, ("templates",), "a mapping is expected here, the templates by their names", "shape"
            )
        templates = None
    known = Templates(templates, found)
    for section in sections:
        _, things = root.entries.get(section, (None, None))
        if not isinstance(things, Mapping):
            continue
        if section in ("operator", "house"):
            root.entries[section] = (root.entries[section][0], known.extended(things, (section,)))
            continue
        for name, (key, thing) in things.entries.items():
            if isinstance(thing, Mapping) and "extends" in thing.entries:
                things.entries[name] = (key, known.extended(thing, (section, name)))
    known.unused()
    _, extensions = root.entries.get("extensions", (None, None))
    if isinstance(extensions, Mapping):
        _ranges(extensions, found)


class Templates:
    """The templates of a table, each extended once."""

    def __init__(self, written: Mapping | None, found: Findings):
        self.written = written.entries if written else {}
        self.found, self.used = found, set()

    def extended(self, thing: Mapping, path: tuple, trail: tuple = ()) -> Mapping:
        """The thing, with all it extends."""
        if "extends" not in thing.entries:
            return thing
        made = thing.empty()
        for index, item, where in _names(thing.entries["extends"][1]):
            template = self._template(item, (*path, "extends", *index), trail)
            if template is not None:
                made = _over(made, self.extended(template, ("templates", where), (*trail, where)))
        own = thing.empty()
        own.entries = {name: entry for name, entry in thing.entries.items() if name != "extends"}
        return _over(made, own)

    def _template(self, item: Node, path: tuple, trail: tuple) -> Mapping | None:
        name = item.text if isinstance(item, Scalar) else ""
        if name in trail:
            round = " → ".join((*trail[trail.index(name) :], name))
            self.found.error(item.at, path, f"a template cannot extend itself: {round}", "extends-loop")
            return None
        if name not in self.written:
            message = f"there is no template {name!r}" if name else "the name of a template is expected here"
            self.found.error(item.at, path, message, "unknown-template", nearest(name, self.written))
            return None
        self.used.add(name)
        template = self.written[name][1]
        if not isinstance(template, Mapping):
            self.found.error(template.at, ("templates", name), "a mapping is expected here", "shape")
            return None
        return template

    def unused(self) -> None:
        for name, (key, _) in self.written.items():
            if name not in self.used:
                self.found.add(
                    "warning",
                    key.at,
                    ("templates", name),
                    "nothing extends this template; delete it, or extend it",
                    "unused",
                )


def _names(node: Node):
    """Index, node and name of each template that is named."""
    if isinstance(node, Sequence):
        return [((index,), item, getattr(item, "text", "")) for index, item in enumerate(node.items)]
    return [((), node, getattr(node, "text", ""))]


def _over(below: Mapping, above: Mapping) -> Mapping:
    """Both mappings in one; where both have a key, `above` is right, or both are put together if they are mappings."""
    made = above.empty()
    made.entries = dict(below.entries)
    for name, (key, node) in above.entries.items():
        under = below.entries.get(name, (None, None))[1]
        if isinstance(under, Mapping) and isinstance(node, Mapping):
            node = _over(under, node)
        made.entries[name] = (key, node)
    return made


def _ranges(extensions: Mapping, found: Findings) -> None:
    """Write ranges out, where they stand; an extension written by itself is right."""
    ranges = [(name, match) for name in extensions.entries if (match := _RANGE.fullmatch(name))]
    if not ranges:
        return
    written_by: dict[str, str] = {}
    full: dict = {}
    of_range = dict(ranges)
    for name, (key, node) in extensions.entries.items():
        if name not in of_range:
            full[name] = (key, node)
            continue
        first, last = of_range[name].groups()
        path = ("extensions", name)
        if len(first) != len(last) or first > last or int(last) - int(first) >= MOST:
            message = f"{name!r} is no range of extensions; write it as 1001-1060, both of one length, {MOST:,} at most"
            found.error(key.at, path, message, "range")
            continue
        if len(written_by) + int(last) - int(first) >= MOST_IN_ALL:
            message = f"the ranges hold more than {MOST_IN_ALL:,} extensions; this one is not read any more"
            found.error(key.at, path, message, "range")
            continue
        for number in (f"{n:0{len(first)}}" for n in range(int(first), int(last) + 1)):
            if number in written_by:
                message = f"{number} is already in the range {written_by[number]}"
                found.error(key.at, path, message, "range")
                break
            written_by[number] = name
            if number not in extensions.entries:
                full[number] = (key, node)
    extensions.entries = full
