"""Which ways of a flow are drawn as lines: where a key leads, and one line to each box that no key leads to.

Closed, busy and not answered lead from everywhere to the same few desks. Drawn, those lines hide the rest; so they are
told in words, with the name of the box they lead to. So is a key that leads back, or to what the menu before offers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ivr.drawing.flow import Flow, Way
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
    roots = [box.address for box in flow.boxes if box.kind in ROOTS]
    chosen: list[Link] = []
    todo = roots
    while todo:
        # From these, by keys; then one line to the next box that only a failure leads to, and on by keys from there.
        fresh = _within(todo, plain, {link[2] for link in chosen} | set(roots))
        onward = _onward(todo, fresh)
        depth = _depths(set(roots), [*chosen, *onward])
        chosen += [link for link in onward if link[0] in roots or depth[link[0]] < depth[link[2]]]
        reached = {link[2] for link in chosen} | set(roots)
        ends = [link for link in links if link[0] in reached and link[2] not in reached]
        one = min(ends, key=lambda link: len(boxes[link[0]].ways[link[1]].tells), default=None)
        chosen += [one] if one else []
        todo = [one[2]] if one else []
    return frozenset((source, number) for source, number, _ in chosen)


def _within(starts: Sequence[Address], links: Iterable[Link], known: set[Address]) -> list[Link]:
    """The links that can be walked from `starts`, none of them into what is known already."""
    out = _out(links)
    found, todo, seen = [], list(starts), set(starts)
    for here in todo:
        for link in out[here]:
            if link[2] not in known:
                found.append(link)
                if link[2] not in seen:
                    seen.add(link[2])
                    todo.append(link[2])
    return found


def _onward(starts: Sequence[Address], links: Sequence[Link]) -> list[Link]:
    """Without those that lead to a box one has come through, found by walking on, depth first."""
    out = _out(links)
    state: dict[Address, int] = {}
    back: set[Link] = set()
    for start in starts:
        if start in state:
            continue
        state[start], trail = 1, [(start, iter(out[start]))]
        while trail:
            node, rest = trail[-1]
            for link in rest:
                if state.get(link[2]) == 1:
                    back.add(link)
                elif link[2] not in state:
                    state[link[2]] = 1
                    trail.append((link[2], iter(out[link[2]])))
                    break
            else:
                state[node] = 2
                trail.pop()
    return [link for link in links if link not in back]


def _depths(roots: set[Address], links: Sequence[Link]) -> Mapping[Address, int]:
    """How many steps a box is from a number, by the shortest way through menus; a number of its own does not count
    where a menu leads there too. The links have no circle."""
    into, waits = defaultdict(set), defaultdict(int)
    for source, _, target in links:
        into[target].add(source)
    before = {target: {s for s in some if s not in roots} or some for target, some in into.items()}
    after = defaultdict(list)
    for target, some in before.items():
        waits[target] = len(some)
        for source in some:
            after[source].append(target)
    depth, todo = dict.fromkeys(sorted(roots), 0), sorted(roots)
    for here in todo:
        for target in after[here]:
            depth[target] = min(depth.get(target, 1 << 30), depth[here] + 1)
            waits[target] -= 1
            if not waits[target]:
                todo.append(target)
    return depth


def _out(links: Iterable[Link]) -> defaultdict[Address, list[Link]]:
    out = defaultdict(list)
    for link in links:
        out[link[0]].append(link)
    return out
