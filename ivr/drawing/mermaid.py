"""A flow as Mermaid text, which GitHub and GitLab draw: docs of a table that live beside it.

>>> escaped('the "Bar" <24h> #1')
'the #quot;Bar#quot; #lt;24h#gt; #35;1'
"""

from collections.abc import Iterator, Sequence, Set

from ivr.drawing.flow import Box, Flow, Said, Way
from ivr.drawing.lines import Drawn, drawn, leads_on

__all__ = ["escaped", "mermaid"]

SHAPES = {
    "number": ("([", "])"), "emergency": ("([", "])"), "callers": ("([", "])"), "menu": ("{{", "}}"),
    "hold": ("(", ")"), "announcement": (">", "]"), "message": ("[(", ")]"), "duty": ("[[", "]]"),
    "switch": ("[/", "/]"),
}  # fmt: skip
BOX = ("[", "]")
SIGNS = {
    "phone": "☎ ",
    "clock": "◷ ",
    "envelope": "✉ ",
    "hourglass": "⧗ ",
    "arrow": "↩ ",
    "onward": "→ ",
    "speaker": "♪ ",
    "": "",
}
CODES = {"#": "#35;", "&": "#amp;", "<": "#lt;", ">": "#gt;", '"': "#quot;", "`": "#96;", "\\": "#92;", "|": "#124;"}
CLASSES = """\
  classDef number fill:#e6eefb,stroke:#4f7fcf,color:#1f2a37
  classDef emergency fill:#fde8e6,stroke:#c4574b,color:#1f2a37,stroke-width:3px
  classDef callers fill:#e6eefb,stroke:#4f7fcf,color:#1f2a37
  classDef menu fill:#fdf0d8,stroke:#c98a1b,color:#1f2a37
  classDef department fill:#e3f3ea,stroke:#3d9a6a,color:#1f2a37
  classDef operator fill:#e3f3ea,stroke:#2f7d55,color:#1f2a37,stroke-width:3px
  classDef other fill:#eef1f4,stroke:#7d8896,color:#1f2a37
  classDef shut fill:#f4f5f7,stroke:#9aa4b0,color:#5b6776,stroke-dasharray:6 4"""
STYLED = frozenset({"number", "emergency", "callers", "menu", "department", "operator"})


def mermaid(flow: Flow) -> str:
    """The whole text of a diagram."""
    about = escaped(f"{flow.title}, {flow.note}")
    return "\n".join([f"%% {about}", "flowchart LR", *_lines(flow), ""])


def escaped(text: str) -> str:
    """A text that nothing in it can end or turn into something else."""
    text = text.replace("\u00a0", " ")
    return "".join(CODES.get(character, character) for character in text if character.isprintable())


def _lines(flow: Flow) -> Iterator[str]:
    lines = drawn(flow)
    ids = {box.address: f"n{number}" for number, box in enumerate(flow.boxes, 1)}
    for box in flow.boxes:
        opens, closes = SHAPES.get(box.kind, BOX)
        style = "shut" if box.shut else box.kind if box.kind in STYLED else "other"
        yield f'  {ids[box.address]}{opens}"{"<br/>".join(_label(box, flow, lines))}"{closes}:::{style}'
    for box in flow.boxes:
        for number, way in enumerate(box.ways):
            if (box.address, number) in lines:
                yield f"  {ids[box.address]} {_arrow(way, flow)} {ids[way.to]}"
    yield CLASSES


def _label(box: Box, flow: Flow, lines: Set[Drawn]) -> Iterator[str]:
    yield f"<b>{'<br/>'.join(escaped(line) for line in box.title.split(chr(10)))}</b>"
    if box.other:
        yield f"<i>{escaped(box.other)}</i>"
    for icon, text in box.lines:
        first, *more = text.split("\n")
        yield SIGNS[icon] + escaped(first)
        yield from map(escaped, more)
    titles = {each.address: each.title.replace("\n", " ") for each in flow.boxes}
    for number, way in enumerate(box.ways):
        if (box.address, number) not in lines:
            leads = [("onward", titles[way.to])] if way.to else []
            yield ": ".join(filter(None, (_when(way, flow), _tells([*way.tells, *leads]))))


def _arrow(way: Way, flow: Flow) -> str:
    label = ", ".join(filter(None, (_when(way, flow), _tells(way.tells))))
    arrow = "-->" if leads_on(way) else "-.->"
    return f'{arrow}|"{label}"|' if label else arrow


def _when(way: Way, flow: Flow) -> str:
    return escaped(flow.words.join([*way.keys, *(flow.words[when] for when in way.when)]))


def _tells(said: Sequence[Said]) -> str:
    return " ".join(SIGNS[icon] + escaped(text) for icon, text in said)
