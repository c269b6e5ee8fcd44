"""Which ways of a flow are drawn as lines: where a key leads, and one line to each box that no key leads to.

Closed, busy and not answered lead from everywhere to the same few desks. Drawn, those lines hide the rest; so they are
told in words, with the name of the box they lead to. So is a key that leads back, or to what the menu before offers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ivr.drawing.flow import Box, Flow, Way
from ivr.steps import Address

__all__ = ["Drawn", "drawn", "leads_on"]

Drawn = tuple[Address, int]
"""A way: the box it begins in, and its number there."""
Link = tuple[Address, int, Address]
ROOTS = frozenset({"number", "emergency", "callers"})


def leads_on(way: Way) -> bool:
    """Is it taken by a key, or at once? The others are taken where something fails."""
    return bool(way.keys) or not way.when


def drawn(flow: Flow) -> frozenset[Drawn]:
    """They lead onward only: whoever follows them comes to no box twice, and to every box."""
    boxes = {box.address: box for box in flow.boxes}
    links = [(box.address, number, way.to) for box in flow.boxes for number, way in enumerate(box.ways) if way.to]
    plain = [link for link in links if leads_on(boxes[link[0]].ways[link[1]])]
    roots = {box.address for box in flow.boxes if box.kind in ROOTS}
    entering = [link for link in plain if link[0] in roots]
    out = _out(link for link in plain if link[0] not in roots)
    depth: dict[Address, int] = dict.fromkeys(roots, 0)
    chosen = _grown(dict.fromkeys(_doors(entering, out), 1), out, depth)
    # One line to the next box that only a failure leads to, and on by keys from there.
    while end := _next([link for link in links if link[0] in depth and link[2] not in depth], boxes):
        chosen += [end, *_grown({end[2]: depth[end[0]] + 1}, out, depth)]
    return frozenset((source, number) for source, number, _ in (*entering, *chosen))


def _doors(entering: Iterable[Link], out: Mapping[Address, list[Link]]) -> list[Address]:
    """What numbers lead to, without what is come to from another of them: a department that has a number of its own
    stands behind its menu."""
    doors = list(dict.fromkeys(target for _, _, target in entering))
    for door in reversed(doors[1:]):
        others = [other for other in doors if other != door]
        seen = {*others, door}
        for here in others:
            fresh = [link[2] for link in out.get(here, ())]
            if door in fresh:
                doors.remove(door)
                break
            others += [each for each in dict.fromkeys(fresh) if each not in seen]
            seen.update(fresh)
    return doors


def _grown(starts: Mapping[Address, int], out: Mapping[Address, list[Link]], depth: dict[Address, int]) -> list[Link]:
    """Walk on from `starts`, nearest first, to all that is not in `depth` yet; the links that lead a step on there."""
    todo = list(starts)
    depth |= starts
    for here in todo:
        for _, _, target in out.get(here, ()):
            if target not in depth:
                depth[target] = depth[here] + 1
                todo.append(target)
    fresh = set(todo)
    return [link for here in todo for link in out.get(here, ()) if link[2] in fresh and depth[here] < depth[link[2]]]


def _next(ends: Sequence[Link], boxes: Mapping[Address, Box]) -> Link | None:
    """The one of which least is told on the way."""
    return min(ends, key=lambda link: len(boxes[link[0]].ways[link[1]].tells), default=None)


def _out(links: Iterable[Link]) -> defaultdict[Address, list[Link]]:
    out = defaultdict(list)
    for link in links:
        out[link[0]].append(link)
    return out
