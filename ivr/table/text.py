"""YAML read as text: every scalar stays what was written, every node knows its line and column.

PyYAML's own types are not used: they turn extension 0123 into 83, 9:00 into 540, NO into False, and keep the last of
two equal keys. Nodes are made from the parser's events, with limits: composing with the C library crashes the process
on 100,000 open brackets.

    >>> found = Findings("t.yaml")
    >>> table = parse("numbers:\\n  0123: {to: NO}\\n", found)
    >>> table.plain(), table.place(("numbers", "0123", "to"))
    ({'numbers': {'0123': {'to': 'NO'}}}, (2, 14, ''))
"""

import re

import yaml

from ivr.table.allowed import Extent, allowances
from ivr.table.finding import Findings
from ivr.table.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["decoded", "parse"]

DEPTH = 64
SIZE = 8 * 1024 * 1024  # bytes: 50,000 extensions take 3 MB
SCALARS = 1_000_000
SECTIONS = 2
"""Levels of a file that may have many things: the file, and its sections."""
WITHIN = 2_000
"""Values in anything deeper: a department has no more phones, and hours no more dates."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML does not allow, apart from tabs; and the line breaks only YAML knows, which would shift our line numbers.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


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
            looks = " (the file looks like GBK)" if _is_gbk(source) else ""
            message = f"byte 0x{source[error.start]:02x} is not UTF-8{looks}; save the file as UTF-8"
            found.error(_position(before, len(before)), (), message, "encoding")
            return None
    text = source.removeprefix("\ufeff")
    if len(text) > SIZE or len(text.encode("utf-8", "replace")) > SIZE:
        found.error(
            (1, 1),
            (),
            f"the file is longer than {SIZE // 2**20} MB; write templates, and ranges of extensions",
            "too-long",
        )
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


def parse(
    source: bytes | str,
    found: Findings,
    what: str = "a table",
    needs: str = "house, operator, numbers",
    file: str = "",
) -> Mapping | None:
    """The file's mapping, or None; whatever the bytes, faults are findings and nothing is raised. `what` is read, and
    which sections it `needs`, is told where they are missing altogether. `file`: the name of an included file."""
    found = found.of(file) if file else found
    text = decoded(source, found)
    if text is None:
        return None
    try:
        quoted: list[Extent] = []
        root = _read(text, found, file, quoted)
        found.allow(allowances(text, quoted))
    except yaml.MarkedYAMLError as error:
        place, message = _explained(text, error)
        found.error(place, (), message, "yaml")
        return None
    except yaml.YAMLError as error:
        found.error((1, 1), (), f"this is no YAML: {' '.join(str(error).split())}", "yaml")
        return None
    except _Limit as limit:
        found.error(limit.place, (), str(limit), "limit")
        return None
    if root is None:
        found.error((1, 1), (), f"the file is empty; {what} needs at least {needs}", "empty")
    elif not isinstance(root, Mapping):
        found.error((root.line, root.col), (), f"{what} is a mapping with the sections {needs}, …", "shape")
        return None
    return root


class _Limit(Exception):
    def __init__(self, node: Node, limit: str):
        super().__init__(f"{limit} are more than a file may have; it was not read further")
        self.place = node.line, node.col


def _read(text: str, found: Findings, file: str, quoted: list[Extent]) -> Node | None:
    """The file's first node. `quoted` is given the extents of texts that look like a comment we would read."""
    root: Node | None = None
    open_nodes: list[Node] = []
    path: list = []
    scalars = 0
    loader = _LOADER(text)
    next_event = loader.get_event  # a loop of 300,000 turns: yaml.parse would be a generator around it
    try:
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                scalars += 1
                node = Scalar(event, file)
                if event.style:
                    _look_into(event, node, found, path, open_nodes, quoted)
            elif kind is yaml.MappingStartEvent:
                node = Mapping(event, file)
            elif kind is yaml.SequenceStartEvent:
                node = Sequence(event, file)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                open_nodes.pop()
                if open_nodes and path:
                    path.pop()
                continue
            elif kind is yaml.AliasEvent:
                message = f"*{event.anchor} is an alias; write the value out (a real * is quoted)"
                found.error(_place(event), _here(path, open_nodes), message, "alias")
                node = Scalar(yaml.ScalarEvent(None, None, (True, False), f"*{event.anchor}", *_marks(event)), file)
            elif kind is yaml.DocumentStartEvent and root is not None:
                message = "a second document begins here; a file is one document, delete the line ---"
                found.error(_place(event), (), message, "documents")
                return root
            elif kind is yaml.StreamEndEvent:
                return root
            else:
                continue
            if kind is not yaml.AliasEvent and (event.anchor or event.tag):
                tag = (event.tag or "").replace("tag:yaml.org,2002:", "!!")
                what = f"&{event.anchor} is an anchor" if event.anchor else f"{tag} is a tag"
                found.error(_place(event), _here(path, open_nodes), f"{what}; tables have none, delete it", "tag")
            if len(open_nodes) >= DEPTH or scalars > SCALARS:
                raise _Limit(node, f"{scalars} values" if scalars > SCALARS else f"{DEPTH + 1} levels of nesting")
            if open_nodes:
                step = _put(open_nodes[-1], node, path, found)
                if len(open_nodes) > SECTIONS and open_nodes[-1].length > WITHIN:
                    raise _Limit(open_nodes[-1], f"{WITHIN + 1} values in one list or thing")
            else:
                root = node
                if kind is not yaml.MappingStartEvent:
                    return root  # no table, whatever follows
            if kind is not yaml.ScalarEvent and kind is not yaml.AliasEvent:
                if open_nodes:
                    path.append(step)
                open_nodes.append(node)
    finally:
        loader.dispose()


def _look_into(event, node: Scalar, found: Findings, path: list, open_nodes: list[Node], quoted: list[Extent]) -> None:
    """What only a text in quotes, or a block of text, can hold."""
    if "check:" in event.value:
        quoted.append((_place(event), (event.end_mark.line + 1, event.end_mark.column + 1)))
    if escaped := _CONTROL.search(event.value):  # written as "\x1b", it would reach terminals and speech
        message = f"the text holds character U+{ord(escaped[0]):04X}; leave it out"
        found.error(_place(event), _here(path, open_nodes), message, "character")
        node.text = _CONTROL.sub("?", node.text)


def _put(parent: Node, node: Node, path: list, found: Findings):
    """Put a node into its parent; gives the step of the path that leads to it."""
    if type(parent) is Sequence:
        parent.items.append(node)
        return len(parent.items) - 1
    key = parent.key
    if key is None:
        parent.key = node
        if type(node) is not Scalar:
            message = "a key is a word, not a list or a mapping; look for a bracket or a colon too many"
            found.error((node.line, node.col), path, message, "key")
        return "?"
    parent.key = None
    if type(key) is not Scalar:
        return "?"
    name = key.text
    first = parent.entries.get(name)
    if first is None:
        parent.entries[name] = (key, node)
    else:
        where = f"line {first[0].line}, column {first[0].col}"
        message = f"{name} stands here a second time; the first is in {where}; keep one"
        found.error((key.line, key.col), [*path, name], message, "twice")
    return name


def _explained(text: str, error: yaml.MarkedYAMLError) -> tuple[tuple[int, int], str]:
    """Where the YAML breaks off, and what to do about it."""
    mark, context = error.problem_mark or error.context_mark, error.context or ""
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    opened = (error.context_mark.line + 1, error.context_mark.column + 1) if error.context_mark else place
    line = [*text.split("\n"), ""][min(place[0] - 1, text.count("\n"))]
    problem = error.problem or "it breaks off here"
    if "\t" in line[: place[1]]:
        return place, "there is a tab here; indent with spaces"
    if "alias" in context or "anchor" in context:
        return place, 'a * or & that is meant is quoted: "*"'
    if "quoted scalar" in context:
        return opened, "the quote opened here is not closed"
    if "flow" in context:
        if context.endswith("flow node"):  # the file breaks off, and the parser forgot where the bracket was
            opened = _last_open(text, mark.index) or opened
        line_count = text.count("\n", 0, len(text.rstrip())) + 1
        return (
            opened,
            f"the bracket opened here is not closed, or a comma is missing before line {min(place[0], line_count)}",
        )
    if "':'" in problem:
        return place, "a key without its colon; write it as key: value"
    if "mapping values are not allowed" in problem:
        return place, "a colon where none can be; check the indentation, and quote a text that holds ': '"
    if re.search(r":[^\s:/]", line):
        return place, "this cannot be read; check the indentation, and that every colon is followed by a space"
    return place, f"this cannot be read ({problem}); check the indentation"


def _last_open(text: str, end: int) -> tuple[int, int] | None:
    """The last bracket before `end` that is not closed again; comments have none, quotes are not looked at."""
    closed, part = 0, text[max(0, end - 10_000) : end]
    part = re.sub(r"(?m)(^|(?<=[ \t]))#.*", lambda comment: " " * len(comment[0]), part)
    for match in reversed(list(re.finditer(r"[\[\]{}]", part))):
        closed += 1 if match[0] in "]}" else -1
        if closed < 0:
            return _position(text, max(0, end - 10_000) + match.start())
    return None


def _is_gbk(source: bytes) -> bool:
    try:
        source.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _here(path: list, open_nodes: list[Node]) -> list:
    """The path of the value that comes next."""
    parent = open_nodes[-1] if open_nodes else None
    if isinstance(parent, Mapping) and isinstance(parent.key, Scalar):
        return [*path, parent.key.text]
    return [*path, len(parent.items)] if isinstance(parent, Sequence) else path


def _marks(event) -> tuple:
    return event.start_mark, event.end_mark


def _place(event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _position(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1
