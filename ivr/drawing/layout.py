"""Boxes in columns, from left to right as callers go, and lines between them that do not run through boxes.

After Sugiyama: columns by the longest way from a number, an order within each in which few lines cross, and heights
that keep lines straight. The ways given lead onward only.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Line", "Place", "Plan", "layout"]

Node = Hashable
Link = tuple[Node, float, Node, float]
"""A line from one column to the next: a node, the port there, the other node, the port there."""
SWEEPS = 12
PASSES = 12
MANY = 90
"""Boxes and passing lines up to which every exchange of neighbours is tried."""


@dataclass(slots=True)
class Place:
    """Where a box, or a line that passes a column, is. `y`: its upper edge."""

    column: int
    height: float
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A way between two boxes: from the port `way` (its number in the box) of `source` to `target`. `through`: the
    heights at which it passes each column between them."""

    source: Node
    way: int
    target: Node
    through: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`places`: of the boxes."""

    places: Mapping[Node, Place]
    lines: tuple[Line, ...]
    columns: int


def layout(
    heights: Mapping[Node, float],
    ways: Sequence[tuple[Node, int, float, Node]],
    *,
    gap: float = 22.0,
    passing: float = 9.0,
    target_port: float = 20.0,
) -> Plan:
    """`heights`: of the boxes, in the order in which callers come to them. `ways`: source, number of the way, height of
    its port below the box's upper edge, target; without a circle. `target_port`: where lines arrive, below the upper
    edge."""
    columns = _columns(heights, ways)
    places: dict[Node, Place] = {node: Place(columns[node], height) for node, height in heights.items()}
    # A line that passes a column takes a little room there.
    links: list[Link] = []
    chains: list[tuple[tuple[Node, int, float, Node], list[Node]]] = []
    for way in ways:
        source, number, port, target = way
        chain = [("passing", source, number, column) for column in range(columns[source] + 1, columns[target])]
        for node in chain:
            places[node] = Place(node[3], passing)
        ends = [(source, port), *((node, passing / 2) for node in chain), (target, target_port)]
        links += [(a, pa, b, pb) for (a, pa), (b, pb) in pairwise(ends)]
        chains.append((way, chain))
    order = _ordered(places, links)
    _spread(order, places, links, gap)
    lines = [
        Line(source, number, target, tuple(places[node].y + passing / 2 for node in chain))
        for (source, number, _, target), chain in chains
    ]
    boxes = {node: places[node] for node in heights}
    return Plan(boxes, tuple(lines), max(columns.values(), default=0) + 1)


def _columns(heights: Mapping[Node, float], ways: Sequence) -> dict[Node, int]:
    """The longest way from a box that nothing leads to."""
    into = defaultdict(list)
    for source, _, _, target in ways:
        into[target].append(source)
    columns: dict[Node, int] = {}

    def column(node: Node) -> int:
        todo = [node]
        while todo:
            here = todo[-1]
            missing = [source for source in into[here] if source not in columns]
            if missing:
                todo += missing
                continue
            columns[here] = max((columns[source] + 1 for source in into[here]), default=0)
            todo.pop()
        return columns[node]

    for node in heights:
        column(node)
    return columns


def _ordered(places: Mapping[Node, Place], links: Sequence[Link]) -> list[list[Node]]:
    """The nodes of each column, in an order in which few lines cross: medians of their neighbours, to and fro, from the
    order given and from its reverse."""
    columns: list[list[Node]] = [[] for _ in range(max((place.column for place in places.values()), default=-1) + 1)]
    for node, place in places.items():
        columns[place.column].append(node)
    starts = [columns, [column[::-1] for column in columns]]
    starts += [[column[::-1] if n == at else list(column) for n, column in enumerate(columns)] for at in (0, 1)]
    crossings = Crossings(places, links)
    tried = [_swept([list(column) for column in start], crossings) for start in starts]
    return min(tried, key=crossings.count)


class Crossings:
    """How often lines cross, for an order."""

    def __init__(self, places: Mapping[Node, Place], links: Sequence[Link]):
        self.before: dict[Node, list[tuple[Node, float]]] = defaultdict(list)
        self.after: dict[Node, list[tuple[Node, float]]] = defaultdict(list)
        self.links: dict[int, list[Link]] = defaultdict(list)
        for link in links:
            a, port_a, b, port_b = link
            self.after[a].append((b, port_b))
            self.before[b].append((a, port_a))
            self.links[places[a].column].append(link)

    def count(self, columns: Sequence[Sequence[Node]]) -> int:
        rank = {node: index for column in columns for index, node in enumerate(column)}
        found = 0
        for links in self.links.values():
            ends: list[tuple[int, float]] = []
            for _, end in sorted(((rank[a], port_a), (rank[b], port_b)) for a, port_a, b, port_b in links):
                found += len(ends) - bisect_right(ends, end)
                insort(ends, end)
        return found


def _swept(columns: list[list[Node]], crossings: Crossings) -> list[list[Node]]:
    best, least = [list(column) for column in columns], crossings.count(columns)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        pairs = list(pairwise(columns)) if forward else [(b, a) for a, b in pairwise(columns)][::-1]
        for settled, column in pairs:
            rank = {node: index / max(1, len(settled) - 1) for index, node in enumerate(settled)}
            own = {node: index / max(1, len(column) - 1) for index, node in enumerate(column)}
            linked = crossings.before if forward else crossings.after
            key = {
                node: _median([rank[other] + port / 10_000 for other, port in linked[node]], own[node])
                for node in column
            }
            column.sort(key=key.__getitem__)
        _exchanged(columns, crossings)
        if (now := crossings.count(columns)) < least:
            best, least = [list(column) for column in columns], now
        elif sweep > 3 and sum(map(len, columns)) > MANY:
            break
    return best


def _median(places: Sequence[float], own: float) -> float:
    """Between its neighbours; where it has none, where it is."""
    return sum(places) / len(places) if places else own


def _exchanged(columns: list[list[Node]], crossings: Crossings) -> None:
    """Exchange neighbours where that takes a crossing away; not in a picture of hundreds of boxes."""
    if sum(len(column) for column in columns) > MANY:
        return
    least = crossings.count(columns)
    for column in columns:
        for index in range(len(column) - 1):
            column[index], column[index + 1] = column[index + 1], column[index]
            if (now := crossings.count(columns)) < least:
                least = now
            else:
                column[index], column[index + 1] = column[index + 1], column[index]


def _spread(order: Sequence[Sequence[Node]], places: Mapping[Node, Place], links: Sequence, gap: float) -> None:
    """Heights at which lines are as straight as the order and the room of each box allow."""
    for column in order:
        y = 0.0
        for node in column:
            places[node].y = y
            y += places[node].height + gap
    # What a node is linked to: the other node, the port there, and the port here.
    after, before = defaultdict(list), defaultdict(list)
    for a, port_a, b, port_b in links:
        before[b].append((a, port_a, port_b))
        after[a].append((b, port_b, port_a))
    for turn in range(PASSES):
        forward, last = turn % 2 == 0, turn >= PASSES - 2
        for column in order if forward else reversed(order):
            aims = []
            for node in column:
                linked = [*(before[node] if forward or last else ()), *(after[node] if not forward or last else ())]
                pulls = [places[other].y + theirs - ours for other, theirs, ours in linked]
                aims.append(sum(pulls) / len(pulls) if pulls else places[node].y)
            _fit(column, places, aims, gap)
    top = min((place.y for place in places.values()), default=0.0)
    for place in places.values():
        place.y -= top


def _fit(column: Sequence[Node], places: Mapping[Node, Place], aims: Sequence[float], gap: float) -> None:
    """As near to their aims as they can be, in this order and without touching (pool adjacent violators)."""
    offsets, total = [], 0.0
    for node, following in zip(column, [*column[1:], None], strict=False):
        offsets.append(total)
        thin = all(isinstance(each, tuple) and each[0] == "passing" for each in (node, following))
        total += places[node].height + (gap / 3 if thin else gap)
    pools: list[list[float]] = []
    for aim, offset in zip(aims, offsets, strict=True):
        pools.append([aim - offset, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, count = pools.pop()
            pools[-1] = [(pools[-1][0] * pools[-1][1] + value * count) / (pools[-1][1] + count), pools[-1][1] + count]
    values = [value for value, count in pools for _ in range(int(count))]
    for node, value, offset in zip(column, values, offsets, strict=True):
        places[node].y = value + offset
