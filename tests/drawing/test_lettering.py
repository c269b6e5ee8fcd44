"""Words fit where they are written."""

import pytest

from ivr.drawing.lettering import broken, clipped, width

TEXTS = [
    "Warehouse and Shipping, of the whole house",
    "非常长的部门名称，由许多字组成的那一种",
    "Sales 销售部 und Verkauf",
    "x" * 200,
    "een-heel-lang-woord zonder",
    "",
    "一",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("room", [20, 60, 120, 400])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_lines_fit_and_are_no_more_than_asked(text, room, most):
    lines = broken(text, room, 12, most)
    assert 1 <= len(lines) <= most
    assert all(width(line, 12) <= max(room, 24) for line in lines)
    whole = "".join(lines).replace(" ", "")
    assert whole == text.replace(" ", "") or lines[-1].endswith("…")


def test_a_comma_does_not_begin_a_line():
    for room in range(30, 200, 7):
        assert not any(line.startswith("，") for line in broken("非常长的部门，名称，由许多字，组成", room, 12, 20))


def test_chinese_characters_are_wider_than_letters():
    assert width("销售部", 10) == 30
    assert width("il", 10) < width("mw", 10) < 20


def test_what_is_too_long_ends_in_dots():
    assert clipped("Warehouse and Shipping", 80, 12) == "Warehouse…"
    assert clipped("Sales", 80, 12) == "Sales"
