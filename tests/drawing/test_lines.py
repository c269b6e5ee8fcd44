"""Lines are few: they lead onward, to every box, and where a key leads if they can."""

import random

import pytest

from ivr.drawing.flow import Box, Flow, Way, flow
from ivr.drawing.lines import drawn
from ivr.drawing.wording import wording
from tests.house import HOUSE, house


def boxes(**leads: str) -> Flow:
    """A flow: each box with the boxes it leads to, by a key, by a failure (in brackets)."""

    def ways(some: str):
        for n, to in enumerate(some.split()):
            fails = to.startswith("(")
            yield Way(() if fails else (str(n),), ("closed",) if fails else (), (), to.strip("()"))

    made = [
        Box(name, "number" if name[0] == "n" else "menu", name, "", (), tuple(ways(to))) for name, to in leads.items()
    ]
    return Flow("", "", tuple(made), wording("en"))


def lines(**leads: str) -> list[str]:
    flow = boxes(**leads)
    by_name = {box.address: box for box in flow.boxes}
    return sorted(source + by_name[source].ways[number].to for source, number in drawn(flow))


def test_keys_are_lines_and_failures_are_words():
    assert lines(n="a", a="b c", b="(c)", c="") == ["ab", "ac", "na"]


def test_what_only_failures_lead_to_has_one_line():
    assert lines(n="a", a="b c", b="(d)", c="(d)", d="e", e="(d) a") == ["ab", "ac", "bd", "de", "na"]


def test_what_leads_back_has_none():
    assert lines(n="a", a="b", b="a b c", c="b") == ["ab", "bc", "na"]


def test_what_the_menu_before_offers_has_a_line_from_there_only():
    assert lines(n="a", a="b o", b="c o", c="o", o="") == ["ab", "ao", "bc", "na"]


def test_a_number_of_its_own_does_not_draw_a_department_out_of_its_menu():
    assert lines(n="a", a="b", b="d", nn="d", d="") == ["ab", "bd", "na", "nnd"]


def test_the_house():
    drawing = flow(house(HOUSE), "en")
    words = {box.address: [way.to for n, way in enumerate(box.ways) if (box.address, n) in drawn(drawing)]
             for box in drawing.boxes}  # fmt: skip
    assert words["menu/main"] == ["department/sales", "department/support", "operator"]


@pytest.mark.parametrize("seed", range(20))
def test_every_box_is_come_to_and_none_twice_on_one_way(seed):
    # Given a table of any shape in which every box can be come to
    chance = random.Random(seed)
    names = ["n", *(f"b{n}" for n in range(40))]
    leads = {name: [] for name in names}
    for n, name in enumerate(names[1:], 1):
        leads[chance.choice(names[:n])].append(chance.choice(["{}", "({})"]).format(name))
        leads[name] += [chance.choice(["{}", "({})"]).format(chance.choice(names[1:])) for _ in range(3)]
    flow = boxes(**{name: " ".join(some) for name, some in leads.items()})
    by_name = {box.address: box for box in flow.boxes}
    # When its lines are followed
    after = {name: [] for name in names}
    for source, number in drawn(flow):
        after[source].append(by_name[source].ways[number].to)
    # Then they lead everywhere, and in no circle
    seen, todo = {"n"}, ["n"]
    for name in todo:
        fresh = [to for to in after[name] if to not in seen]
        seen.update(fresh)
        todo += fresh
    assert seen == set(names)
    left = dict(after)
    while ends := [name for name, some in left.items() if not any(to in left for to in some)]:
        for name in ends:
            del left[name]
    assert left == {}
