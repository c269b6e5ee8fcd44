"""Boxes in columns: none touches another, no line runs through one, few lines cross."""

import random
from itertools import pairwise

import pytest

from ivr.drawing.layout import layout

GAP = 22.0


def graph(seed: int, boxes: int = 30):
    """A random table: every box leads to a few that come later."""
    chance = random.Random(seed)
    heights = {n: float(chance.randint(30, 160)) for n in range(boxes)}
    ways = []
    for n in range(boxes):
        for k in range(chance.randint(1, 4)):
            if n < boxes - 1:
                ways.append((n, k, 10.0 + 12 * k, min(boxes - 1, n + chance.randint(1, 8))))
    return heights, ways


@pytest.mark.parametrize("seed", range(12))
def test_boxes_and_lines_have_room(seed):
    heights, ways = graph(seed)
    plan = layout(heights, ways, gap=GAP)
    columns: dict[int, list[tuple[float, float]]] = {}
    for node, place in plan.places.items():
        assert place.y >= 0
        columns.setdefault(place.column, []).append((place.y, place.y + heights[node]))
    for spans in columns.values():
        spans.sort()
        assert all(b[0] - a[1] >= GAP - 0.01 for a, b in pairwise(spans))
    for line in plan.lines:
        first = plan.places[line.source].column
        assert plan.places[line.target].column == first + len(line.through) + 1
        for n, height in enumerate(line.through, 1):
            assert not any(top - 1 < height < bottom + 1 for top, bottom in columns.get(first + n, []))


@pytest.mark.parametrize("seed", range(12))
def test_every_way_has_a_line(seed):
    heights, ways = graph(seed)
    plan = layout(heights, ways)
    assert {(line.source, line.way) for line in plan.lines} == {(way[0], way[1]) for way in ways}


def test_a_box_stands_behind_all_that_lead_to_it():
    plan = layout({"a": 10, "b": 10, "c": 10}, [("a", 0, 5, "b"), ("b", 0, 5, "c"), ("a", 1, 5, "c")])
    assert [place.column for place in plan.places.values()] == [0, 1, 2]


def test_lines_that_need_not_cross_do_not():
    heights = dict.fromkeys("abcdef", 40.0)
    plan = layout(heights, [("a", 0, 5, "f"), ("b", 0, 5, "e"), ("c", 0, 5, "d")])
    order = sorted("abc", key=lambda node: plan.places[node].y)
    into = {"a": "f", "b": "e", "c": "d"}
    assert [into[node] for node in order] == sorted("def", key=lambda node: plan.places[node].y)


def test_a_chain_is_a_straight_line():
    plan = layout(dict.fromkeys("abcd", 60.0), [("a", 0, 20, "b"), ("b", 0, 20, "c"), ("c", 0, 20, "d")])
    assert len({round(place.y, 3) for place in plan.places.values()}) == 1


def test_nothing_at_all():
    assert layout({}, []).columns == 1


def test_a_big_table_takes_seconds():
    heights, ways = graph(1, 200)
    assert len(layout(heights, ways).places) == 200
