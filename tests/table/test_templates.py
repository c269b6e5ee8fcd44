"""`extends` and ranges: what many have in common is written once, and what one has of its own comes first."""

from ivr.ring_plan import RingPlan
from ivr.table import check, load
from ivr.table.report import lines

REST = """\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English}}
numbers: {"*": {to: menu/main}}
operator: {name: the operator, ring: {phones: [8000]}}
menus: {main: {keys: {7: department/sales, 9: department/support, "*": operator}, direct_dial: yes}}
hours: {office: {mon-fri: 09:00-18:00}, night: {mon-sun: 23:00-07:00}}
"""
DESKS = """\
templates:
  desk: {hours: office, closed: operator, ring: {time: 15s, how: in-turn}}
  loud: {extends: desk, ring: {time: 60s}}
departments:
  sales: {extends: desk, name: Sales, ring: {phones: [8000]}}
  support: {extends: [desk, loud], name: Support, ring: {phones: [8000], how: together}}
extensions:
  8000:
"""


def said(text: str) -> str:
    return lines(check(text + REST, "t.yaml")[1])


def test_its_own_keys_come_before_those_of_the_template():
    table = load(DESKS + REST)
    sales, support = table.step("department/sales"), table.step("department/support")
    assert (sales.hours.name, sales.closed, sales.ring) == ("office", "operator", RingPlan.in_turn("8000", seconds=15))
    # The later template before the earlier one, the department's own before both
    assert support.ring == RingPlan.together("8000", seconds=60)


def test_a_range_is_all_of_its_extensions_and_one_written_by_itself_is_what_it_says():
    rooms = DESKS + '  "0998-1002": {ring: {time: 30s}}\n  1001: {do_not_disturb: yes}\n'
    table = load(rooms + REST)
    rooms = [table.step(f"extension/{n}") for n in ("0998", "0999", "1000", "1001", "1002")]
    assert [room.ring.seconds for room in rooms] == [30, 30, 30, 25, 30]
    assert [room.ring.targets for room in rooms[:2]] == [("0998",), ("0999",)]
    assert [room.do_not_disturb for room in rooms] == [False, False, False, True, False]
    assert table.lines["extension/0998"] == 9


def test_a_fault_in_a_template_is_told_once_at_its_line_in_the_template():
    rooms = DESKS.replace("hours: office", "hours: ofice") + '  "1001-1060": {ring: {time: 3}}\n'
    assert said(rooms) == (
        "t.yaml:2:17: departments.sales.hours: there are no hours 'ofice'. Did you mean office?\n"
        "t.yaml:9:30: extensions.1001.ring.time: '3' is no ring time; write it as 25s or as 5 rings\n"
        "2 errors\n"
    )


def test_templates_that_are_not_there_and_those_that_extend_themselves():
    text = DESKS.replace("[desk, loud]", "[lod, loud]").replace("extends: desk, ring", "extends: loud, ring")
    assert said(text) == (
        "t.yaml:3:19: templates.loud.extends: a template cannot extend itself: loud → loud\n"
        "t.yaml:6:23: departments.support.extends[0]: there is no template 'lod'. Did you mean loud?\n"
        "2 errors\n"
    )


def test_a_template_is_named_by_its_name_and_one_that_nothing_extends_is_warned_of():
    assert said(DESKS.replace("[desk, loud]", "{a: b}")) == (
        "t.yaml:3:3: warning: templates.loud: nothing extends this template; delete it, or extend it\n"
        "t.yaml:6:22: departments.support.extends: the name of a template is expected here\n"
        "1 error, 1 warning\n"
    )


def test_ranges_that_are_none():
    text = DESKS + '  "1060-1001":\n  "100-1000":\n  "00000001-99999999":\n  "2001-2010":\n  "2010-2020":\n'
    assert said(text) == (
        "t.yaml:9:3: extensions.1060-1001: '1060-1001' is no range of extensions; write it as 1001-1060, both of one "
        "length, 10,000 at most\n"
        "t.yaml:10:3: extensions.100-1000: '100-1000' is no range of extensions; write it as 1001-1060, both of one "
        "length, 10,000 at most\n"
        "t.yaml:11:3: extensions.00000001-99999999: '00000001-99999999' is no range of extensions; write it as "
        "1001-1060, both of one length, 10,000 at most\n"
        "t.yaml:13:3: extensions.2010-2020: 2010 is already in the range 2001-2010\n"
        "4 errors\n"
    )
