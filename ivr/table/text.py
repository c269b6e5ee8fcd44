"""YAML read as text: every scalar stays what was written, every node knows its line and column.

PyYAML's own types are not used: they turn extension 0123 into 83, 9:00 into 540, NO into False, and keep the last of
two equal keys. Nodes are made from the parser's events, with limits: composing with the C library crashes the process
on 100,000 open brackets.

    >>> found = Findings("t.yaml")
    >>> table = parse("numbers:\\n  0123: {to: NO}\\n", found)
    >>> table.plain(), table.place(("numbers", "0123", "to"))
    ({'numbers': {'0123': {'to': 'NO'}}}, (2, 14))
"""

import re
from collections.abc import Iterable

import yaml

from ivr.table.finding import Findings

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "decoded", "parse"]

DEPTH = 64
SIZE = 8 * 1024 * 1024  # bytes: 50,000 extensions take 3 MB
SCALARS = 1_000_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML does not allow, apart from tabs; and the line breaks only YAML knows, which would shift our line numbers.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class Node:
    """A piece of the file and where it begins; line and column count from 1."""

    __slots__ = ("col", "line")

    def __init__(self, mark):
        self.line, self.col = mark.line + 1, mark.column + 1

    def find(self, path: Iterable) -> "Node":
        """The node at a path; where the path leads nowhere, the last one on the way."""
        node = self
        for part in path:
            if isinstance(node, Mapping) and str(part) in node.entries:
                node = node.entries[str(part)][1]
            elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
        return node

    def place(self, path: Iterable, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at a path, or of its key."""
        *above, last = path = tuple(path) or (None,)
        if key or last is None:
            parent = self.find(above)
            if isinstance(parent, Mapping) and last in parent.entries:
                parent = parent.entries[last][0]
            return parent.line, parent.col
        node = self.find(path)
        return node.line, node.col


class Scalar(Node):
    """A text."""

    __slots__ = ("quoted", "text")

    def __init__(self, event):
        super().__init__(event.start_mark)
        self.text, self.quoted = event.value, bool(event.style)

    def plain(self):
        """The text; None where nothing was written."""
        return self.text if self.text or self.quoted else None


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, event):
        super().__init__(event.start_mark)
        self.items: list[Node] = []

    def plain(self) -> list:
        return [item.plain() for item in self.items]


class Mapping(Node):
    """Keys and values, in the order of the file."""

    __slots__ = ("entries", "key")

    def __init__(self, event):
        super().__init__(event.start_mark)
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.key: Node | None = None

    def plain(self) -> dict:
        return {name: value.plain() for name, (_, value) in self.entries.items()}


def decoded(source: bytes | str, found: Findings) -> str | None:
    """The text of a file; None, and findings, where it is too long, not UTF-8, or holds control characters."""
    if isinstance(source, bytes):
        if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
            found.error((1, 1), (), "the file is UTF-16; save it as UTF-8", "encoding")
            return None
        try:
            source = source.decode("utf-8")
        except UnicodeDecodeError as error:
            before = source[: error.start].decode("utf-8")
            message = f"byte 0x{source[error.start]:02x} is not UTF-8; save the file as UTF-8"
            found.error(_position(before, len(before)), (), message, "encoding")
            return None
    text = source.removeprefix("\ufeff")
    if len(text) > SIZE:
        found.error((1, 1), (), f"the file is longer than {SIZE // 2**20} MB", "too-long")
        return None
    bad = False
    for match in _CONTROL.finditer(text):
        code = ord(match[0])
        found.error(
            _position(text, match.start()), (), f"character U+{code:04X} is not allowed here; delete it", "character"
        )
        if bad:  # two are enough: a binary file would give a million
            break
        bad = True
    return None if bad else text


def parse(source: bytes | str, found: Findings) -> Mapping | None:
    """The file's mapping, or None; whatever the bytes, faults are findings and nothing is raised."""
    text = decoded(source, found)
    if text is None:
        return None
    try:
        root = _read(text, found)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        found.error(place, (), _explained(text, error, place), "yaml")
        return None
    except yaml.YAMLError as error:
        found.error((1, 1), (), f"this is no YAML: {' '.join(str(error).split())}", "yaml")
        return None
    if root is None:
        found.error((1, 1), (), "the file is empty; a table needs at least house, operator, numbers", "empty")
    elif not isinstance(root, Mapping):
        found.error((root.line, root.col), (), "a table is a mapping with the sections house, numbers, …", "shape")
        return None
    return root


def _read(text: str, found: Findings) -> Node | None:
    root: Node | None = None
    open_nodes: list[Node] = []
    path: list = []
    scalars = 0
    for event in yaml.parse(text, Loader=_LOADER):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            scalars += 1
            node = Scalar(event)
        elif kind is yaml.MappingStartEvent:
            node = Mapping(event)
        elif kind is yaml.SequenceStartEvent:
            node = Sequence(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            open_nodes.pop()
            if open_nodes and path:
                path.pop()
            continue
        elif kind is yaml.AliasEvent:
            place = _place(event)
            found.error(place, path, f"*{event.anchor} is an alias; write the value out (a real * is quoted)", "alias")
            node = Scalar(yaml.ScalarEvent(None, None, (True, False), "", event.start_mark, event.end_mark))
        elif kind is yaml.DocumentStartEvent and root is not None:
            found.error(_place(event), (), "a second document begins here; a table is one document", "documents")
            return root
        else:
            continue
        if kind is not yaml.AliasEvent and (event.anchor or event.tag):
            what = f"&{event.anchor} is an anchor" if event.anchor else f"{event.tag} is a tag"
            found.error(_place(event), path, f"{what}; tables have none, delete it", "tag")
        if len(open_nodes) >= DEPTH or scalars > SCALARS:
            limit = f"nested deeper than {DEPTH} levels" if scalars <= SCALARS else f"more than {SCALARS} values"
            found.error(_place(event), (), f"the file is {limit}; it was not read further", "limit")
            return root
        step = _put(open_nodes[-1], node, path, found) if open_nodes else None
        if not open_nodes:
            root = node
        if kind is not yaml.ScalarEvent and kind is not yaml.AliasEvent:
            if open_nodes:
                path.append(step)
            open_nodes.append(node)
    return root


def _put(parent: Node, node: Node, path: list, found: Findings):
    """Put a node into its parent; gives the step of the path that leads to it."""
    if isinstance(parent, Sequence):
        parent.items.append(node)
        return len(parent.items) - 1
    if parent.key is None:
        parent.key = node
        if not isinstance(node, Scalar):
            found.error((node.line, node.col), path, "a key is a word, not a list or a mapping", "key")
        return "?"
    key, parent.key = parent.key, None
    if not isinstance(key, Scalar):
        return "?"
    first = parent.entries.get(key.text)
    if first is None:
        parent.entries[key.text] = (key, node)
    else:
        message = f"{key.text} stands here a second time; the first is in line {first[0].line}, column {first[0].col}"
        found.error((key.line, key.col), [*path, key.text], message, "twice")
    return key.text


def _explained(text: str, error: yaml.MarkedYAMLError, place: tuple[int, int]) -> str:
    line = [*text.split("\n"), ""][min(place[0] - 1, text.count("\n"))]
    problem = error.problem or "this is no YAML"
    if "\t" in line[: place[1]]:
        return "there is a tab here; indent with spaces"
    if "alias" in (error.context or ""):
        return 'a * or & that is meant is quoted: "*"'
    if "could not find expected ':'" in problem:
        return "a key without its colon; write it as key: value"
    if "mapping values are not allowed" in problem:
        return "a colon where none can be; check the indentation, and quote a text that holds ': '"
    return f"this is no YAML: {problem}" + (f" {error.context}" if error.context else "")


def _place(event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _position(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1
