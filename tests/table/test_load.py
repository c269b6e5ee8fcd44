"""A good table: every default filled in, frozen, fast to ask."""

import hashlib
from pathlib import Path

import pytest

from ivr.hours import Hours
from ivr.prompt import Names
from ivr.ring_plan import RingPlan
from ivr.steps import BACK, TOP, Ends, Greeting, MessageBox, Operator
from ivr.table import check, load
from ivr.table.report import lines

ROOT = Path(__file__).parents[2]

SMALL = """\
house:
  name: {zh: 顶点, en: Acme}
  timezone: Asia/Shanghai
  languages: {zh: 普通话, en: English}
hours:
  office: {mon-fri: "09:00-12:00, 13:30-18:00"}
operator: {name: {zh: 总机, en: the operator}, ring: {phones: [0123]}}
numbers:
  "0200": {to: department/sales, hours: office, language: en}
departments:
  sales: {name: Sales, hours: office, ring: {phones: [8001, "0123"], how: in-turn, time: 3 rings}, closed: goodbye}
extensions:
  0123: {name: NO}
  8001: {do_not_disturb: yes, ends: {busy: operator}}
  81: {ring: {time: 40s}}
"""


@pytest.mark.parametrize("name", ["routes.yaml", "examples/hotel.yaml", "examples/hospital.yaml"])
def test_the_tables_that_are_shipped_are_without_a_finding(name):
    table, findings = check(ROOT / name)
    assert lines(findings) == ""
    assert table is not None


def test_texts_stay_what_was_written():
    table = load(SMALL)
    # 0123 is no octal number, NO no false, 9:00 no 540
    assert table.step("extension/0123").name == Names(zh="NO", en="NO")
    assert table.step("operator").ring.targets == ("0123",)


def test_defaults_are_filled_in():
    table = load(SMALL)
    own = "message/sales"
    sales = table.step("department/sales")
    assert sales.ring == RingPlan.in_turn("8001", "0123", seconds=15)
    assert (sales.closed, sales.lunch) == ("goodbye", "goodbye")
    assert sales.ends == Ends(own, own, own, own, own)
    assert sales.hours == Hours.weekly({"mon-fri": "09:00-12:00, 13:30-18:00"}, zone="Asia/Shanghai", name="office")
    assert table.step(own) == MessageBox(
        address=own, name=Names(zh="Sales", en="Sales"), prompt=None, ask_number=False, limit=180, silence=5,
        shortest=1.0, then="goodbye",
    )  # fmt: skip
    phone = table.step("extension/8001")
    assert phone.ring == RingPlan.together("8001")
    assert phone.do_not_disturb
    assert phone.ends == Ends("operator", *["message/8001"] * 4)
    assert phone.name == Names(zh="分机8001", en="extension 8001")


def test_the_operator_and_his_box_are_always_there():
    table = load(SMALL)
    assert isinstance(table.step("operator"), Operator)
    assert table.step("message/operator").name == Names(zh="总机", en="the operator")


def test_dialled_numbers_lead_to_their_greeting():
    table = load(SMALL)
    assert table.entry("0200") == "greeting/0200"
    greeting = table.step("greeting/0200")
    hours = table.step("department/sales").hours
    assert greeting == Greeting(
        "greeting/0200", "0200", Names(zh="顶点", en="Acme"), "department/sales", hours, "en", "Asia/Shanghai"
    )
    # Without "*" every other number is answered as the first, and that is said
    assert table.entry("999999") == "greeting/0200"
    assert [f.severity for f in check(SMALL)[1]] == ["note", "warning"]


def test_a_star_answers_every_other_number():
    table = load(SMALL.replace('"0200"', '"*"'))
    assert table.entry("0200") == table.entry("") == "greeting/any"
    assert table.step("greeting/any").number == "*"


def test_every_exit_of_every_step_is_a_step():
    for name in ("routes.yaml", "examples/hotel.yaml", "examples/hospital.yaml"):
        table = load(ROOT / name)
        for step in table.steps.values():
            for way in step.exits():
                assert way in (BACK, TOP) or way in table.steps, (name, step.address, way)


def test_the_table_knows_its_source():
    table = load(SMALL, name="small.yaml")
    assert table.version == hashlib.sha256(SMALL.encode()).hexdigest()[:12]
    assert (table.source, table.text) == ("small.yaml", SMALL)
    assert (table.lines["department/sales"], table.lines["message/sales"], table.lines["operator"]) == (11, 11, 7)


def test_nothing_in_it_can_be_changed():
    table = load(SMALL)
    with pytest.raises(TypeError):
        table.steps["operator"] = None
    with pytest.raises(AttributeError):
        table.version = ""


def test_the_lengths_of_extensions_by_their_first_digit():
    assert load(SMALL).extension_lengths() == (("0", (4,)), ("8", (2, 4)))


def test_emergency_numbers_are_the_fixed_ones_and_the_houses_own():
    text = SMALL.replace("  timezone:", "  emergency: [12395]\n  timezone:")
    assert load(text).emergency == ("110", "119", "120", "122", "112", "911", "999", "12395")


def test_a_byte_order_mark_and_windows_line_ends_are_read():
    table = load(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert table.lines["department/sales"] == 11


def test_a_hold_takes_phones_name_and_leave_from_those_it_waits_for():
    table = load(ROOT / "routes.yaml")
    hold, sales = table.step("hold/sales"), table.step("department/sales")
    assert (hold.ring, hold.name, hold.leave, hold.every) == (sales.ring, sales.name, "message/sales", 20)


def test_a_menu_offers_its_keys_by_name_in_the_order_of_the_file():
    menu = load(ROOT / "routes.yaml").step("menu/main")
    assert [key for key, _ in menu.choices] == ["1", "2", "3", "4", "5", "7", "9", "0"]
    assert dict(menu.choices)["9"] == Names(en="English")
    assert dict(menu.choices)["0"] == Names(zh="总机", en="the operator")
