"""What a picture tells: boxes, ways, and what needs no box."""

from ivr.drawing import flow, flow_at
from ivr.drawing.flow import Way
from ivr.handlers import installed
from tests.house import HOUSE, LUNCH, MORNING, NIGHT, house


def told(drawn) -> dict[str, list[str]]:
    """Each box with its ways in a line."""

    def line(way: Way) -> str:
        when = ", ".join([*way.keys, *(drawn.words[word] for word in way.when)])
        tells = " ".join(text.replace("\u00a0", " ") for _, text in way.tells)
        return " → ".join(part for part in (when, tells, way.to) if part)

    return {box.address: [line(way) for way in box.ways] for box in drawn.boxes}


def test_the_house():
    drawn = flow(house(), "en")
    assert drawn.title == "Test Company / 试验公司"
    assert told(drawn) == {
        "greeting/1000": ["menu/main"],
        "greeting/2000": ["department/sales"],
        "menu/main": ["1 → department/sales", "2 → department/support", "3 → address",
                      "0, no key, wrong keys → operator"],
        "department/sales": ["closed, lunch, otherwise → message", "busy → waits 3 × 20 s, then message"],
        "department/support": ["not answered → message"],
        "operator": ["not answered → message"],
    }  # fmt: skip
    boxes = {box.address: box for box in drawn.boxes}
    assert boxes["greeting/1000"].title == "1000\nany other number"
    sales = boxes["department/sales"]
    assert (sales.title, sales.other) == ("Sales", "销售部")
    assert [(icon, text.replace("\u00a0", " ")) for icon, text in sales.lines] == [
        ("clock", "Mon–Fri 09:00–12:00, 13:30–18:00"), ("phone", "8001 + 8002, 25 s"),
    ]  # fmt: skip
    assert boxes["menu/main"].lines == (("", "9 English"), ("phone", "or an extension, dialled at once"))


def test_one_number():
    assert list(told(flow(house(), "en", ["2000"]))) == ["greeting/2000", "department/sales"]


def test_a_number_that_is_not_written_is_every_other():
    [first, *_] = flow(house(), "en", ["5555"]).boxes
    assert (first.address, first.title, first.lines[0]) == ("greeting/any", "5555", ("", "any other number"))


def test_in_the_languages_of_the_house():
    drawn = flow(house(), "zh")
    assert told(drawn)["department/sales"] == ["非营业, 午休, 其他情况 → 留言", "忙线 → 等候 3 × 20 s，然后 留言"]
    assert drawn.words.hours(house().step("department/sales").hours) == ["周一–周五 09:00–12:00, 13:30–18:00"]


MORE = """
houses: {annex: {name: Annex, operator: department/support}}
callers: {friends: {numbers: ["+4930*"], to: operator}, abroad: {countries: [FR], language: en}}
duties: {manager: {name: manager, week: {mon-fri: 8001, sat-sun: 8002}, ends: {otherwise: operator}}}
switches: {night: {name: night, hours: [office], pin: "471100"}}
"""


def test_houses_lists_duties_and_switches():
    text = HOUSE.replace('"*": {', '"3000": {to: department/support, house: annex, emergency: yes}\n  "*": {')
    text = text.replace(
        "      3: announcement/address\n", "      3: duty/manager\n      4: switch/night\n      '*': back\n"
    )
    drawn = flow(house(text + MORE), "en")
    assert told(drawn)["greeting/3000"] == ["department/support", "its operator → department/support"]
    assert told(drawn)["callers/friends"] == ["operator"]
    assert "callers/abroad" not in told(drawn)
    assert told(drawn)["duty/manager"] == ["not answered → operator"]
    assert told(drawn)["switch/night"] == ["goodbye"]
    assert "* → the menu before" in told(drawn)["menu/main"]
    kinds = {box.address: box.kind for box in drawn.boxes}
    assert (kinds["greeting/3000"], kinds["callers/friends"]) == ("emergency", "callers")
    [duty] = [box for box in drawn.boxes if box.kind == "duty"]
    assert duty.lines == (("phone", "8001, 8002"),)


def test_alone_a_number_of_another_house_has_the_operator_of_that_house():
    text = HOUSE.replace('"*": {', '"3000": {to: menu/main, house: annex}\n  "*": {').replace(
        "      2: department/support\n", ""
    )
    drawn = flow(house(text + MORE.split("callers")[0]), "en", ["3000"])
    assert told(drawn)["greeting/3000"] == ["menu/main"]
    assert told(drawn)["menu/main"][-1] == "0, no key, wrong keys → department/support"
    assert "operator" not in told(drawn)


def test_an_announcement_on_the_way_is_no_box():
    text = HOUSE.replace('"2000": {to: department/sales', '"2000": {to: announcement/address')
    assert told(flow(house(text), "en", ["2000"]))["greeting/2000"] == ["We are at 1 Tianhe Road. → menu/main"]


def at(instant, text: str = HOUSE, *entries: str):
    return flow_at(house(text), installed(), instant, "en", entries)


def test_at_night_a_department_is_shut_and_only_its_way_then_is_drawn():
    drawn = at(NIGHT)
    boxes = {box.address: box for box in drawn.boxes}
    assert drawn.note == "house.yaml, as of Fri 2026-11-20 23:00"
    assert {address: box.shut for address, box in boxes.items() if box.shut} == {"department/sales": True}
    assert told(drawn)["department/sales"] == ["closed → message"]
    assert [icon for icon, _ in boxes["department/sales"].lines] == ["clock"]


def test_at_lunch_it_is_lunch():
    assert told(at(LUNCH))["department/sales"] == ["lunch → message"]


def test_by_day_nothing_is_said_of_the_night():
    drawn = at(MORNING)
    assert not any(box.shut for box in drawn.boxes)
    assert told(drawn)["department/sales"] == ["otherwise → message", "busy → waits 3 × 20 s, then message"]
    support = next(box for box in drawn.boxes if box.address == "department/support")
    assert support.lines[-1][1].replace("\u00a0", " ") == "8003, 20 s", "8004 does not want to be disturbed"


def test_what_nobody_comes_to_then_is_not_drawn():
    text = HOUSE.replace("closed: message/sales", "closed: department/support").replace(
        "      2: department/support\n", ""
    )
    assert "department/support" in told(at(NIGHT, text))
    assert "department/support" not in told(at(MORNING, text))


def test_who_is_on_duty_then_is_rung():
    duty = "duties: {manager: {name: manager, week: {mon-fri: 8001, sat-sun: 8002}}}\n"
    text = HOUSE.replace("      2: department/support\n", "      2: duty/manager\n") + duty
    [box] = [box for box in at(MORNING, text).boxes if box.kind == "duty"]
    assert [text.replace("\u00a0", " ") for _, text in box.lines] == ["8001, 25 s"]


def test_a_number_that_rings_first_says_so():
    table = house(HOUSE.replace("sales, language: en}", "sales, language: en, rings: 2}"))
    [first, *_] = flow(table, "en", ["2000"]).boxes
    assert first.lines[0] == ("", "rings before the answer: 2")
