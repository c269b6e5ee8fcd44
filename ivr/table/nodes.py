"""The pieces of a YAML file: texts, lists and mappings, each with its line and column."""

from collections.abc import Iterable

__all__ = ["Mapping", "Node", "Place", "Scalar", "Sequence"]

Place = tuple[int, int, str]
"""Line, column, and file ("" for the table's own)."""


class Node:
    """A piece of a file and where it begins; line and column count from 1. `file`: "" for the table's own."""

    __slots__ = ("col", "file", "line")

    def __init__(self, mark, file: str = ""):
        self.line, self.col, self.file = mark.line + 1, mark.column + 1, file

    @property
    def at(self) -> Place:
        """Line, column and file."""
        return self.line, self.col, self.file

    def find(self, path: Iterable) -> "Node":
        """The node at a path; where the path leads nowhere, the last one on the way."""
        node = self
        for part in path:
            if isinstance(node, Mapping) and str(part) in node.entries:
                node = node.entries[str(part)][1]
            elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
        return node

    def place(self, path: Iterable, key: bool = False) -> Place:
        """Line, column and file of the value at a path, or of its key."""
        *above, last = path = tuple(path) or (None,)
        if key or last is None:
            parent = self.find(above)
            if isinstance(parent, Mapping) and last in parent.entries:
                parent = parent.entries[last][0]
            return parent.at
        return self.find(path).at


class Scalar(Node):
    """A text."""

    __slots__ = ("quoted", "text")

    def __init__(self, event, file: str = ""):
        mark = event.start_mark  # not by Node.__init__: most of a big file are these
        self.line, self.col, self.file = mark.line + 1, mark.column + 1, file
        self.text, self.quoted = event.value, bool(event.style)

    def plain(self):
        """The text; None where nothing was written."""
        return self.text if self.text or self.quoted else None


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, event, file: str = ""):
        super().__init__(event.start_mark, file)
        self.items: list[Node] = []

    @property
    def length(self) -> int:
        return len(self.items)

    def plain(self) -> list:
        return [item.plain() for item in self.items]


class Mapping(Node):
    """Keys and values, in the order of the file."""

    __slots__ = ("entries", "key")

    def __init__(self, event, file: str = ""):
        super().__init__(event.start_mark, file)
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.key: Node | None = None

    @property
    def length(self) -> int:
        return len(self.entries)

    def empty(self) -> "Mapping":
        """A mapping at the same place with nothing in it."""
        made = Mapping.__new__(Mapping)
        made.line, made.col, made.file, made.entries, made.key = self.line, self.col, self.file, {}, None
        return made

    def plain(self) -> dict:
        return {name: value.plain() for name, (_, value) in self.entries.items()}
