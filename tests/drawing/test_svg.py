"""The picture is one that browsers read, holds what the table says, and nothing that the table's words could do."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.drawing import flow, svg
from ivr.drawing.lettering import width
from ivr.table import load
from tests.house import HOUSE, house

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
TABLES = ("routes.yaml", "examples/hotel.yaml", "examples/hospital.yaml")
EVIL = '</text><script>alert(1)</script> & "quoted" <b>'


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)


def texts(drawn: str) -> list[ElementTree.Element]:
    return list(parsed(drawn).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_stay_within_the_picture_and_their_box(name, language):
    drawn = svg(flow(load(ROOT / name), language))
    root = parsed(drawn)
    wide = float(root.get("viewBox").split()[2])
    boxes = [tuple(float(rect.get(key)) for key in ("x", "y", "width", "height")) for rect in root.iter(f"{SVG}rect")]
    for text in texts(drawn):
        x, y, size = float(text.get("x")), float(text.get("y")), float(text.get("font-size"))
        if text.get("text-anchor") == "start":
            around = [box for box in boxes if box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]]
            right = min(box[0] + box[2] for box in around if box[2] > 20)
            assert x + width(text.text or "", size) <= min(right, wide), text.text


def test_every_key_and_every_name_is_there():
    said = [text.text for text in texts(svg(flow(house(), "en")))]
    for words in ("Test Company / 试验公司", "1000", "any other number", "main menu", "主菜单", "Sales", "销售部",
                  "Mon–Fri 09:00–12:00, 13:30–18:00", "(no key, wrong keys)", "closed, lunch, otherwise"):  # fmt: skip
        assert words in said
    assert {"0", "1", "2", "3"} <= set(said)


def test_what_a_table_says_can_do_nothing_to_the_picture():
    text = HOUSE.replace("en: Sales}", f"en: '{EVIL}'}}").replace("试验公司", EVIL.replace('"', "”"))
    drawn = svg(flow(load(text, name='x"><script>.yaml'), "en"))
    tags = {element.tag.removeprefix(SVG) for element in parsed(drawn).iter()}
    assert tags == {"svg", "title", "defs", "marker", "path", "rect", "text", "circle"}
    assert "<script" not in drawn


def test_long_names_are_broken_and_cut():
    long = "the Department of Incoming and Outgoing Correspondence, Parcels, Pallets and Other Goods of Every Kind"
    drawn = svg(flow(load(HOUSE.replace("en: Sales}", f"en: '{long}'}}"), name="t.yaml"), "en"))
    lines = [text.text for text in texts(drawn) if text.get("font-weight") == "600" and text.text.startswith("the Dep")]
    assert lines and all(len(line) < 40 for line in lines)
    assert any(text.text.endswith("…") for text in texts(drawn))


def test_a_table_of_one_number_has_a_picture():
    table = load(
        'house: {name: A, timezone: UTC, languages: {en: English}}\nnumbers: {"*": {to: operator}}\n'
        "operator: {name: the operator, ring: {phones: [8000]}}\nextensions: {8000: }\n",
        name="t.yaml",
    )
    said = [text.text for text in texts(svg(flow(table)))]
    assert said[:2] == ["A", "t.yaml"]
    assert "any other number" in said and "the operator" in said


def test_numbers_in_the_picture_are_short():
    assert not re.search(r"\d\.\d{3}", svg(flow(house(), "en")))
