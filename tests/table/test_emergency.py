"""Emergencies go through, however the table is written; and phones nobody comes to are found."""

from datetime import date

import pytest

from ivr.table import check
from tests.table.examples import whole

CHINA = "house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}, gateway: trunk}\n"


def found(text: str) -> list[str]:
    findings = check(whole(text), "t.yaml", today=date(2026, 11, 20))[1]
    return [f"{one.id} {one.path}" for one in findings]


EMERGENCY = """\
numbers: {"02011110000": {to: WAY, emergency: yes}, "02011110009": {to: switch/s}, "*": {to: menu/m}}
hours: {all: {mon-sun: 00:00-24:00}, night: {mon-sun: 22:00-06:00}}
menus: {m: {direct_dial: yes, keys: {1: department/a, 2: department/b, 3: department/c, 4: duty/d, 0: operator}}}
departments:
  a: {name: a, ring: {phones: [8001, 8002]}}
  b: {name: b, hours: all, ring: {phones: [8000]}}
  c: {name: c, ring: {phones: [8002, 8000]}}
duties:
  # check: allow duty-gap, nobody on Sundays
  d: {name: d, week: {mon-sat: 8000}}
  e: {name: e, week: {mon-sun: 8000}, except: {2026-12-24: 8002}}
switches: {s: {name: s, hours: [all], pin: "471194"}}
extensions: {8000: , 8001: {do_not_disturb: yes}, 8002: {quiet: {hours: night}}}
"""


@pytest.mark.parametrize(
    ("way", "why"),
    [
        (
            "department/a",
            "of department/a, extension/8001 never rings, extension/8002 does not ring in its quiet hours",
        ),
        ("department/b", "department/b is closed by hand with switch/s; lead to one without hours"),
        ("duty/d", "duty/d has nobody at times"),
        ("duty/e", "extension/8002 does not ring in its quiet hours"),
    ],
)
def test_what_does_not_ring_at_every_hour_is_no_answer_to_an_emergency(way, why):
    findings = check(whole(EMERGENCY.replace("WAY", way)), "t.yaml", today=date(2026, 11, 20))[1]
    assert [str(one).partition("at once: ")[2] for one in findings if one.id == "emergency-queued"] == [why]


def test_one_phone_that_always_rings_is_enough():
    assert [one for one in found(EMERGENCY.replace("WAY", "department/c")) if one.startswith("emergency")] == []


def test_the_operator_of_an_emergency_is_that_of_the_house_which_is_called():
    assert found("""\
houses: {annex: {name: Annex, operator: department/annex}}
numbers: {"02011110000": {to: operator, house: annex, emergency: yes}, "*": {to: operator}}
hours: {office: {mon-fri: 09:00-18:00}}
departments: {annex: {name: A, hours: office, closed: message/annex, ring: {phones: [8000]}}}
""") == ["emergency-queued numbers.02011110000.to"]


@pytest.mark.parametrize("one", ["11*", "+8611*", "0086110", "+86*", "110"])
@pytest.mark.parametrize("to", ["goodbye", "extension/8001", "message/operator"])
def test_a_list_keeps_no_emergency_from_people_however_its_number_is_shown(one, to):
    text = f"callers: {{a: {{numbers: ['{one}'], to: {to}}}}}\nextensions: {{8000: , 8001: {{do_not_disturb: yes}}}}\n"
    # 8001 is of no use to anybody else
    assert [each for each in found(CHINA + text) if "unreach" not in each] == ["emergency-barred callers.a.numbers[0]"]


@pytest.mark.parametrize("one", ["0*", "+49*", "13*", "+862011112222"])
def test_other_numbers_may_be_kept_away(one):
    assert found(CHINA + f"callers: {{a: {{numbers: ['{one}'], to: goodbye}}}}\n") == []


def test_a_menu_that_gives_way_to_people_keeps_nobody_away():
    menu = "menus: {m: {keys: {1: message/operator, 0: operator}}}\n"
    assert found(CHINA + menu + "callers: {a: {numbers: ['1*'], to: menu/m}}\n") == []
    menu = menu.replace("}}}", "}, silence: goodbye}}")
    assert found(CHINA + menu + "callers: {a: {numbers: ['1*'], to: menu/m}}\n") == [
        "emergency-barred callers.a.numbers[0]"
    ]


@pytest.mark.parametrize(
    ("outside", "id"),
    [
        ("+8620119", "emergency-rewritten"),
        ("+862011111119", ""),
        ("+861391119", "outside-number"),
        ("+881612345678", "toll"),
    ],
)
def test_an_emergency_number_behind_an_areas_code_is_one(outside, id):
    operator = "operator: {name: o, ring: {phones: [8000, 8001]}}\n"
    text = operator + f"extensions: {{8000: , 8001: {{outside: '{outside}'}}}}\n"
    assert found(CHINA + text) == ([f"{id} extensions.8001.outside"] if id else [])


def test_two_phones_that_only_ring_each_other_are_rung_by_nobody():
    twins = "extensions: {8000: , 8001: {ring: {phones: [8002]}}, 8002: {ring: {phones: [8001]}}}\n"
    assert found(twins) == ["unreachable-extension extensions.8001", "unreachable-extension extensions.8002"]
    desk = "operator: {name: o, ring: {phones: [8000, 8001]}}\n"
    assert found(desk + twins) == []


def test_a_place_whose_phones_never_ring_may_lead_to_one_whose_phones_do():
    text = EMERGENCY.replace("WAY", "department/a")
    text = text.replace("phones: [8001, 8002]}}", "phones: [8001, 8002]}, ends: {otherwise: department/c}}")
    assert [one for one in found(text) if one.startswith("emergency")] == []
