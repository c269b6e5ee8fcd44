"""How large the boxes of a flow are, and where their words stand: measured before anything has a place."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ivr.drawing.flow import Box, Flow, Said, Way
from ivr.drawing.lettering import broken, width
from ivr.drawing.wording import Wording

__all__ = ["OTHER", "PAD", "PORT", "SMALL", "TITLE", "WIDE", "Row", "Shape", "Word", "shapes"]

WIDE, PAD = 244, 12
TITLE, OTHER, SMALL = 14.0, 11.0, 11.5
"""Sizes of letters: names, names in other languages, all else."""
PORT = 22.0
"""Where lines arrive, and where one begins that needs no words."""
ROW, INDENT = 21.0, 8


@dataclass(frozen=True, slots=True)
class Word:
    """Something in a row: a key, or words with a small picture. Where it stands is told from the row's corner."""

    x: float
    y: float
    text: str
    icon: str = ""
    is_key: bool = False


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


def shapes(flow: Flow, back: Set[tuple[str, int]]) -> dict[str, Shape]:
    """The shape of each box, by its address. `back`: the ways (box, number) that lead to a box before and have no line;
    it is told where they lead."""
    titles = {box.address: box.title.replace("\n", " ") for box in flow.boxes}
    return {box.address: Shaper(box, flow.words, titles, back).shape() for box in flow.boxes}


class Shaper:
    """Measures one box."""

    def __init__(self, box: Box, words: Wording, titles: Mapping[str, str], back: Set[tuple[str, int]]):
        self.box, self.words, self.titles, self.back = box, words, titles, back

    def shape(self) -> Shape:
        box, room = self.box, WIDE - 2 * PAD
        title = broken(box.title, room, TITLE * 1.06)
        other = broken(box.other, room, OTHER, 2) if box.other else []
        lines = [(icon, broken(text, room - (17 if icon else 0), SMALL, 6)) for icon, text in box.lines]
        y = PAD + 19 * len(title) + 15 * len(other) + 16 * sum(len(some) for _, some in lines) + 3
        rows: list[Row] = []
        for number, way in enumerate(box.ways):
            said = list(self._said(way, (box.address, number) in self.back))
            if not said and not way.keys:
                rows.append(Row(way, y, PORT, (), 0.0))
                continue
            y += 0 if any(row.height for row in rows) else 7
            row = self._row(way, said, y)
            rows.append(row)
            y += row.height
        return Shape(box, title, other, lines, rows, y + PAD - 5)

    def _row(self, way: Way, said: Sequence[Said], top: float) -> Row:
        """Keys, and words beside them, in as many lines as they need."""
        words: list[Word] = []
        x, y, room = 0.0, 0.0, WIDE - 2 * PAD
        for key in way.keys:
            if x + 17 > room:
                x, y = 0.0, y + ROW
            words.append(Word(x, y, key, is_key=True))
            x += 21
        x += 2 if x and said else 0
        for icon, text in said:
            left = 16 if icon else 0
            # What does not fit here begins a line; what fits in no line is broken, beside its key.
            needs = left + width(text, SMALL)
            if x and needs > room - x and (needs <= room - INDENT or x > room / 2):
                x, y = float(INDENT), y + ROW - 4
            fits = broken(text, room - x - left, SMALL, 2)
            for number, line in enumerate(fits):
                y += (ROW - 5) * (number > 0)
                words.append(Word(x + left * (number > 0), y, line, icon if number == 0 else ""))
            x += left + max(width(line, SMALL) for line in fits) + 7
        return Row(way, top, top + ROW / 2, words, y + ROW)

    def _said(self, way: Way, is_back: bool) -> Iterator[Said]:
        """The words of a way: when it is taken, what happens, and where it leads, as far as there is room."""
        if way.when:
            yield "", self.words.join([self.words[when] for when in way.when])
        yield from way.tells
        if is_back:
            yield "arrow", self.titles[way.to]
        elif way.keys and not way.when and not way.tells:
            yield "", self.titles[way.to]
