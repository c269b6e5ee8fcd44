"""A flow as an SVG picture: columns of boxes from left to right, keys where the lines begin, hours in the boxes.

Colours are light and every kind of box has its own outline too, so a print in black and white says the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from ivr.drawing.flow import Flow
from ivr.drawing.layout import Plan, layout
from ivr.drawing.lettering import clipped, width
from ivr.drawing.lines import drawn, leads_on
from ivr.drawing.shapes import OTHER, PAD, PORT, SMALL, TITLE, WIDE, Shape, Word, shapes

__all__ = ["svg"]

FONT = "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
INK, QUIET, LINE, PAPER, EDGE = "#1f2a37", "#5b6776", "#6b7785", "#ffffff", "#d5dbe2"
BETWEEN, MARGIN, TOP = 48, 28, 76


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of box looks: its fill, its outline, how round it is, whether a bar stands at its left."""

    fill: str
    edge: str
    round: float = 9.0
    bar: bool = False
    thick: float = 1.4


LOOKS = {
    "number": Look("#e6eefb", "#4f7fcf", 18.0),
    "emergency": Look("#fde8e6", "#c4574b", 18.0, thick=2.6),
    "callers": Look("#e6eefb", "#4f7fcf", 18.0),
    "menu": Look("#fdf0d8", "#c98a1b", bar=True),
    "department": Look("#e3f3ea", "#3d9a6a"),
    "operator": Look("#e3f3ea", "#2f7d55", thick=2.6),
    "duty": Look("#e3f3ea", "#3d9a6a", bar=True),
    "extension": Look("#ffffff", "#3d9a6a"),
    "hold": Look("#f3ecfb", "#8a63c0"),
    "message": Look("#f3ecfb", "#8a63c0", 2.0),
    "announcement": Look("#eef1f4", "#7d8896", 18.0),
    "switch": Look("#eef1f4", "#7d8896", 2.0),
}
SHUT = Look("#f4f5f7", "#9aa4b0")

# Small pictures beside words, 12 by 12; drawn by ourselves, since fonts differ in which they have.
ICONS = {
    "phone": "M3 1.2 L4.8 1 L5.6 3.8 L4.2 4.9 C4.9 6.4 5.8 7.3 7.2 8 L8.3 6.6 L11 7.4 L10.8 9.3 "
    "C10.7 10.4 9.9 11 8.9 10.8 C5 10.2 1.9 7 1.3 3.2 C1.1 2.2 1.8 1.4 3 1.2 Z",
    "clock": "M6 1 A5 5 0 1 0 6 11 A5 5 0 1 0 6 1 Z M6 3.2 V6.2 L8.2 7.4",
    "envelope": "M1 2.5 H11 V9.5 H1 Z M1 2.8 L6 6.6 L11 2.8",
    "hourglass": "M2.5 1 H9.5 M2.5 11 H9.5 M3.3 1 C3.3 4 5.4 4.9 5.4 6 C5.4 7.1 3.3 8 3.3 11 "
    "M8.7 1 C8.7 4 6.6 4.9 6.6 6 C6.6 7.1 8.7 8 8.7 11",
    "arrow": "M4.2 2 L1.2 5 L4.2 8 M1.4 5 H8 C10 5 11 6.2 11 8 V10",
    "onward": "M1 6 H10.4 M6.8 2.4 L10.6 6 L6.8 9.6",
    "speaker": "M1.2 4.4 H3.4 L6.2 2 V10 L3.4 7.6 H1.2 Z M8 4.2 C9 5 9 7 8 7.8 M9.6 2.8 C11.4 4.4 11.4 7.6 9.6 9.2",
}
SOLID = frozenset({"phone"})
DASH = ' stroke-dasharray="5 4"'
SIGN = {"shut": 27, "by_key": 33, "by_itself": 33}
"""How wide a sign of the legend is; small pictures are 17."""
ROW = 20


@dataclass(frozen=True, slots=True)
class Sign:
    """Something the legend explains: a small picture, or "shut", "by_key", "by_itself"."""

    kind: str
    x: float
    row: int


def svg(flow: Flow) -> str:
    """The picture, as a whole SVG document."""
    return Picture(flow).document()


class Picture:
    """One flow being drawn."""

    def __init__(self, flow: Flow):
        self.flow, self.words = flow, flow.words
        self.drawn = drawn(flow)
        self.shapes = shapes(flow, self.drawn)
        self.plan = self._plan(self.shapes)

    def _plan(self, shapes: Mapping[str, Shape]) -> Plan:
        ways = [
            (address, number, row.port, row.way.to)
            for address, shape in shapes.items()
            for number, row in enumerate(shape.rows)
            if (address, number) in self.drawn
        ]
        heights = {address: shape.height for address, shape in shapes.items()}
        return layout(heights, ways, target_port=PORT)

    # The document ---------------------------------------------------------------------------------------------------

    def document(self) -> str:
        plan = self.plan
        ends = [place.y + place.height for place in plan.places.values()]
        bottom = max([*ends, *(height + 6 for line in plan.lines for height in line.through)], default=0.0)
        wide = max(2 * MARGIN + plan.columns * WIDE + (plan.columns - 1) * BETWEEN, 560)
        legend = self._legend(wide)
        rows = ROW * max((sign.row for sign in legend), default=0)
        high = TOP + bottom + MARGIN + 30 + rows
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:.0f}" width="{wide:g}" '
            f'height="{high:.0f}" font-family="{escape(FONT)}" role="img">',
            f"<title>{escape(self.flow.title)}</title>",
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7.5" markerHeight="7.5" '
            f'orient="auto"><path d="M0 0.6 L10 5 L0 9.4 z" fill="{LINE}"/></marker></defs>',
            f'<rect x="0.5" y="0.5" width="{wide - 1:g}" height="{high - 1:.0f}" rx="14" fill="{PAPER}" '
            f'stroke="{EDGE}"/>',
            _text(MARGIN, 42, clipped(self.flow.title, wide - 2 * MARGIN - 220, 20), 20, INK, weight=600),
            _text(wide - MARGIN, 42, self.flow.note, 12.5, QUIET, anchor="end"),
        ]
        parts += self._lines()
        for shape in self.shapes.values():
            parts += self._box(shape)
        ruled = high - 46 - rows
        parts.append(f'<path d="M{MARGIN:g} {ruled:.1f} H{wide - MARGIN:g}" stroke="{EDGE}"/>')
        for sign in legend:
            parts += self._sign(sign, ruled + 22 + ROW * sign.row)
        return "\n".join([*parts, "</svg>", ""])

    def _at(self, address: str) -> tuple[float, float]:
        place = self.plan.places[address]
        return MARGIN + place.column * (WIDE + BETWEEN), TOP + place.y

    def _lines(self) -> Iterator[str]:
        for line in self.plan.lines:
            row = self.shapes[line.source].rows[line.way]
            x, y = self._at(line.source)
            x, y = x + WIDE, y + row.port
            path = [f"M{x:.1f} {y:.1f}"]
            for n, height in enumerate(line.through, 1):
                column = self.plan.places[line.source].column + n
                left, level = MARGIN + column * (WIDE + BETWEEN), TOP + height
                path += [_curve(x, y, left, level), f"H{left + WIDE:.1f}"]
                x, y = left + WIDE, level
            left, level = self._at(line.target)
            path.append(_curve(x, y, left - 1.5, level + PORT))
            dash = "" if leads_on(row.way) else DASH
            yield (
                f'<path d="{" ".join(path)}" fill="none" stroke="{LINE}" stroke-width="1.4"{dash} '
                'marker-end="url(#tip)"/>'
            )

    def _box(self, shape: Shape) -> Iterator[str]:
        box, look = shape.box, SHUT if shape.box.shut else LOOKS.get(shape.box.kind, LOOKS["department"])
        x, y = self._at(box.address)
        dash = ' stroke-dasharray="6 4"' if box.shut else ""
        round = min(look.round, shape.height / 2)
        yield (
            f'<rect x="{x:g}" y="{y:.1f}" width="{WIDE}" height="{shape.height:.1f}" rx="{round:g}" fill="{look.fill}" '
            f'stroke="{look.edge}" stroke-width="{look.thick:g}"{dash}/>'
        )
        if look.bar:
            ends = f"M{x + 5:g} {y + 9:.1f} V{y + shape.height - 9:.1f}"
            yield f'<path d="{ends}" stroke="{look.edge}" stroke-width="3"/>'
        ink = QUIET if box.shut else INK
        base = y + PAD + 12
        for line in shape.title:
            yield _text(x + PAD, base, line, TITLE, ink, weight=600)
            base += 19
        base -= 2
        for line in shape.other:
            yield _text(x + PAD, base, line, OTHER, QUIET)
            base += 15
        base += 1
        for icon, some in shape.lines:
            if icon:
                yield _icon(icon, x + PAD, base - 10, ink)
            for line in some:
                yield _text(x + PAD + (17 if icon else 0), base, line, SMALL, ink)
                base += 16
        told = [row for row in shape.rows if row.height]
        if told:
            level = y + told[0].top - 4
            yield f'<path d="M{x + PAD:g} {level:.1f} H{x + WIDE - PAD:g}" stroke="{look.edge}" stroke-opacity="0.35"/>'
        for number, row in enumerate(shape.rows):
            for word in row.words:
                yield from self._word(word, x + PAD + word.x, y + row.top + word.y, look, ink)
            if (box.address, number) in self.drawn:
                yield f'<circle cx="{x + WIDE:g}" cy="{y + row.port:.1f}" r="2.6" fill="{LINE}"/>'

    def _word(self, word: Word, x: float, y: float, look: Look, ink: str) -> Iterator[str]:
        if word.is_key:
            yield f'<rect x="{x:g}" y="{y + 2:.1f}" width="17" height="17" rx="4" fill="{PAPER}" stroke="{look.edge}"/>'
            yield _text(x + 8.5, y + 14.7, word.text, 12, ink, "middle", 600)
            return
        if word.icon:
            yield _icon(word.icon, x, y + 4.5, ink)
        yield _text(x + (16 if word.icon else 0), y + 14.5, word.text, SMALL, QUIET if word.quiet else ink)

    def _legend(self, wide: float) -> list[Sign]:
        """What the small pictures and the lines mean, as far as they are there; in as many rows as they need."""
        ways = {(box.address, number): way for box in self.flow.boxes for number, way in enumerate(box.ways)}
        icons = {icon for box in self.flow.boxes for icon, _ in box.lines}
        icons |= {icon for way in ways.values() for icon, _ in way.tells}
        icons |= {"onward"} if any(way.to and each not in self.drawn for each, way in ways.items()) else set()
        plain = {leads_on(ways[each]) for each in self.drawn}
        kinds = [icon for icon in ICONS if icon in icons]
        kinds += ["shut"] * any(box.shut for box in self.flow.boxes)
        kinds += ["by_key"] * (True in plain) + ["by_itself"] * (False in plain)
        signs: list[Sign] = []
        x, row = float(MARGIN), 0
        for kind in kinds:
            needs = SIGN.get(kind, 17) + width(self.words[kind], SMALL)
            if x > MARGIN and x + needs > wide - MARGIN:
                x, row = float(MARGIN), row + 1
            signs.append(Sign(kind, x, row))
            x += needs + 20
        return signs

    def _sign(self, sign: Sign, y: float) -> Iterator[str]:
        x = sign.x
        if sign.kind in ICONS:
            yield _icon(sign.kind, x, y - 10, QUIET)
        elif sign.kind == "shut":
            yield (
                f'<rect x="{x:g}" y="{y - 10:.1f}" width="20" height="12" rx="3" fill="{SHUT.fill}" '
                f'stroke="{SHUT.edge}" stroke-dasharray="4 3"/>'
            )
        else:
            dash = "" if sign.kind == "by_key" else DASH
            yield f'<path d="M{x:g} {y - 4:.1f} h26" stroke="{LINE}" stroke-width="1.4"{dash} marker-end="url(#tip)"/>'
        yield _text(x + SIGN.get(sign.kind, 17), y, self.words[sign.kind], SMALL, QUIET)


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    bend = max(24.0, (to_x - x) * 0.5)
    return f"C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _text(x, y, words, size, colour, anchor="start", weight=400) -> str:
    return (
        f'<text x="{x:g}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def _icon(name: str, x: float, y: float, colour: str) -> str:
    fill = colour if name in SOLID else "none"
    return (
        f'<path transform="translate({x:g} {y:.1f})" d="{ICONS[name]}" fill="{fill}" stroke="{colour}" '
        'stroke-width="1.1" stroke-linecap="round" stroke-linejoin="round"/>'
    )
