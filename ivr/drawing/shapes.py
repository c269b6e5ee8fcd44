"""How large the boxes of a flow are, and where their words stand: measured before anything has a place."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ivr.drawing.flow import Box, Flow, Way
from ivr.drawing.lettering import broken, width
from ivr.drawing.lines import Drawn
from ivr.drawing.wording import Wording

__all__ = ["OTHER", "PAD", "PORT", "SMALL", "TITLE", "WIDE", "Row", "Shape", "Word", "shapes"]

WIDE, PAD = 256, 12
TITLE, OTHER, SMALL = 14.5, 11.5, 12.0
"""Sizes of letters: names, names in other languages, all else."""
PORT = 22.0
"""Where lines arrive, and where one begins that needs no words."""
ROW, INDENT = 21.0, 8


Part = tuple[str, str, bool]
"""A small picture, words beside it, and whether they are only an aside."""


@dataclass(frozen=True, slots=True)
class Word:
    """Something in a row: a key, or words with a small picture. Where it stands is told from the row's corner."""

    x: float
    y: float
    text: str
    icon: str = ""
    is_key: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A way on, as it is told in its box. `port`: where its line begins; both from the box's upper edge."""

    way: Way
    top: float
    port: float
    words: Sequence[Word]
    height: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A box with its words broken into lines."""

    box: Box
    title: Sequence[str]
    other: Sequence[str]
    lines: Sequence[tuple[str, Sequence[str]]]
    rows: Sequence[Row]
    height: float


def shapes(flow: Flow, lines: Set[Drawn]) -> dict[str, Shape]:
    """The shape of each box, by its address. `lines`: the ways that have one."""
    titles = {box.address: box.title.replace("\n", " ") for box in flow.boxes}
    return {box.address: Shaper(box, flow.words, titles, lines).shape() for box in flow.boxes}


class Shaper:
    """Measures one box."""

    def __init__(self, box: Box, words: Wording, titles: Mapping[str, str], lines: Set[Drawn]):
        self.box, self.words, self.titles, self.drawn = box, words, titles, lines

    def shape(self) -> Shape:
        box, room = self.box, WIDE - 2 * PAD
        title = broken(box.title, room, TITLE * 1.06)
        other = broken(box.other, room, OTHER, 2) if box.other else []
        lines = [(icon, broken(text, room - (17 if icon else 0), SMALL, 6)) for icon, text in box.lines]
        y = PAD + 19 * len(title) + 15 * len(other) + 16 * sum(len(some) for _, some in lines) + 3
        rows: list[Row] = []
        for number, way in enumerate(box.ways):
            parts = list(self._parts(way, (box.address, number) in self.drawn))
            if not parts and not way.keys:
                rows.append(Row(way, y, PORT, (), 0.0))
                continue
            y += 0 if any(row.height for row in rows) else 7
            row = self._row(way, parts, y)
            rows.append(row)
            y += row.height
        return Shape(box, title, other, lines, rows, y + PAD - 5)

    def _row(self, way: Way, parts: Sequence[Part], top: float) -> Row:
        """Keys, and words beside them, in as many lines as they need."""
        words: list[Word] = []
        x, y, room = 0.0, 0.0, WIDE - 2 * PAD
        for key in way.keys:
            if x + 17 > room:
                x, y = 0.0, y + ROW
            words.append(Word(x, y, key, is_key=True))
            x += 21
        x += 2 if x and parts else 0
        hang = x if 0 < x < room / 3 else INDENT
        for icon, text, quiet in parts:
            left = 16 if icon else 0
            # What does not fit here begins a line; what fits in no line is broken, beside its key.
            needs = left + width(text, SMALL)
            if x > hang and needs > room - x and (needs <= room - hang or x > room / 2):
                x, y = float(hang), y + ROW - 4
            fits = broken(text, room - x - left, SMALL, 2)
            for number, line in enumerate(fits):
                y += (ROW - 5) * (number > 0)
                words.append(Word(x + left * (number > 0), y, line, icon if number == 0 else "", quiet=quiet))
            x += left + max(width(line, SMALL) for line in fits) + 5
        return Row(way, top, top + ROW / 2, words, y + ROW)

    def _parts(self, way: Way, is_drawn: bool) -> Iterator[Part]:
        """The words of a way: when it is taken, what happens, and where it leads. Of a key, first where it leads."""
        when = self.words.join([self.words[when] for when in way.when])
        if when and not way.keys:
            yield "", when, True
        yield from ((icon, text, False) for icon, text in way.tells)
        if way.to and (when or (way.keys and not way.tells) or not is_drawn):
            yield "" if way.keys and is_drawn else "onward", self.titles[way.to], False
        if when and way.keys:
            yield "", self.words["too"].format(when), True
