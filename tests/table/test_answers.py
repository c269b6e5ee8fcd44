"""Callers are answered at every instant: loops at the hours at which they are loops, nights, duties, closed places."""

from datetime import date

import pytest

from ivr.table import check

HOUSE = """\
house: {name: Acme, timezone: Europe/Berlin, languages: {en: English}}
numbers: {"*": {to: operator}}
"""
TODAY = date(2026, 11, 20)


def said(text: str, today: date | None = TODAY) -> list[str]:
    findings = check(text + HOUSE, "t.yaml", today=today)[1]
    return [str(one).partition(": ")[2] for one in findings]


DESKS = """\
hours: {day: {mon-fri: 08:00-20:00}, night: {NIGHT}}
operator: {name: the day desk, hours: day, ring: {phones: [8000]}, closed: department/night}
departments:
  night: {name: the night desk, hours: night, ring: {phones: [8001]}, closed: operator}
extensions: {8000: , 8001: }
"""


def test_two_desks_that_relieve_each_other_are_no_loop():
    assert said(DESKS.replace("NIGHT", "mon-fri: '00:00-08:00, 20:00-24:00', sat-sun: 00:00-24:00")) == []


def test_two_desks_that_are_both_closed_for_a_minute_are_one_and_the_first_such_moment_is_told():
    assert said(DESKS.replace("NIGHT", "mon-thu: '00:00-08:00, 20:00-24:00', fri: '00:00-08:00, 20:01-24:00', "
                              "sat-sun: 00:00-24:00")) == [
        "operator: a caller who presses nothing can go round for ever on Friday 2026-11-20 at 20:00: operator → "
        "department/night → operator; lead one of them elsewhere"
    ]  # fmt: skip


def test_a_holiday_of_one_of_them_is_found_months_ahead():
    night = "mon-fri: '00:00-08:00, 20:00-24:00', sat-sun: 00:00-24:00, except: {2027-08-11: 20:00-24:00}"
    table = DESKS.replace("NIGHT", night).replace("{mon-fri: 08:00-20:00}", "{mon-fri: 08:00-20:00, holidays: DE}")
    table = table.replace("sat-sun: 00:00-24:00", "sat-sun: 00:00-24:00, holidays: DE")
    assert said(table)[0].startswith(
        "operator: a caller who presses nothing can go round for ever on Friday 2026-12-25 at 00:00: "
    )


def test_without_a_date_nobody_can_tell():
    assert said(DESKS.replace("NIGHT", "mon: 09:00-10:00"), today=None) == []


def test_who_closes_one_of_them_by_hand_makes_it_one():
    night = "mon-fri: '00:00-08:00, 20:00-24:00', sat-sun: 00:00-24:00"
    switch = "switches: {all: {name: all, hours: [day], pin: 471103}}\n"
    table = (DESKS.replace("NIGHT", night) + switch).replace("closed: operator", "closed: switch/all, lunch: operator")
    assert said(table) == []
    assert said(DESKS.replace("NIGHT", night) + switch)[0].startswith(
        "operator: a caller who presses nothing can go round for ever while day is closed and night is closed: "
    )


def test_a_loop_while_one_place_is_closed_names_its_hours():
    assert said("""\
hours: {day: {mon-fri: 08:00-20:00}}
operator: {name: the desk, hours: day, ring: {phones: [8000]}, closed: menu/night}
menus: {night: {name: night, keys: {1: message/operator, 0: operator}}}
extensions: {8000: }
""") == [
        "operator: a caller who presses nothing can go round for ever while day is closed: operator → menu/night → "
        "operator; lead one of them elsewhere"
    ]  # fmt: skip


def test_back_leads_to_the_menu_before_and_that_is_a_loop_too():
    assert said("""\
operator: {name: the desk, ring: {phones: [8000]}}
menus:
  main: {name: main, keys: {1: menu/more, 0: operator}, silence: menu/more}
  more: {name: more, keys: {1: message/operator, 0: operator}, silence: back}
extensions: {8000: }
""".replace("menus:", "callers: {all: {withheld: yes, to: menu/main}}\nmenus:")) == [
        "menus.main: a caller who presses nothing can go round for ever: menu/main → menu/more → menu/main; lead one "
        "of them elsewhere"
    ]  # fmt: skip


def test_a_long_way_round_is_told_in_short():
    ring = "".join(f"  d{n}: {{name: D, ring: {{phones: [8000]}}, ends: {{otherwise: department/d{(n + 1) % 90}}}}}\n"
                   for n in range(90))  # fmt: skip
    [loop] = said(f"operator: {{name: the desk, ring: {{phones: [8000]}}, ends: {{otherwise: department/d0}}}}\n"
                  f"departments:\n{ring}extensions: {{8000: }}\n")  # fmt: skip
    assert "department/d5 → (79 more) → department/d85 → " in loop
    assert len(loop) < 400


NIGHT = """\
hours: {office: {mon-fri: 09:00-18:00}, shop: {mon-sat: 09:00-20:00}}
operator: {name: the desk, hours: office, ring: {phones: [8000]}, closed: WAY}
departments:
  shop: {name: the shop, hours: shop, ring: {phones: [8001]}, closed: message/shop}
holds: {shop: {for: department/shop, leave: goodbye}}
callers: {all: {withheld: yes, to: department/shop}, both: {numbers: ["+49*"], to: hold/shop}}
announcements: {bye: {say: Nobody is here.}}
extensions: {8000: {ends: {otherwise: goodbye}}, 8001: {ends: {otherwise: goodbye}}, 8002: {ends: {otherwise: goodbye}}}
"""


@pytest.mark.parametrize(
    "way", ["message/operator", "department/shop", "announcement/bye", "goodbye", "extension/8002"]
)
def test_at_night_callers_may_be_sent(way):
    found = said(NIGHT.replace("WAY", way))
    assert [one for one in found if "warning" not in one] == []


@pytest.mark.parametrize(
    ("way", "when", "passed"),
    [
        ("extension/8000", "Friday 2026-11-20 at 01:00", "extension/8000"),
        ("extension/8001", "Friday 2026-11-20 at 01:00", "extension/8001"),
        ("hold/shop", "Friday 2026-11-20 at 01:00", "hold/shop"),
    ],
)
def test_at_night_callers_may_not_be_sent_to_nobody_and_away(way, when, passed):
    found = said(NIGHT.replace("WAY", way))
    assert [one for one in found if "warning" not in one] == [
        f"operator.closed: on {when} nobody is at {passed}, and callers are rung off there; end it in a message box, "
        "or lead to somebody who is there"
    ]


def test_a_phone_is_attended_while_any_place_it_rings_for_is_open():
    # Given a night way to a phone of a place without hours; then somebody is always there
    table = NIGHT.replace("WAY", "extension/8001") + "duties: {}\n"
    table = table.replace("callers:", "switches: {}\ncallers:").replace(
        "  shop: {name", "  guard: {name: the guard, ring: {phones: [8001]}}\n  shop: {name"
    )
    assert [one for one in said(table) if "warning" not in one] == []


def test_a_place_closed_as_well_whose_callers_are_rung_off_is_nobody():
    table = NIGHT.replace("WAY", "department/shop").replace("closed: message/shop", "closed: extension/8001")
    assert [one.partition(":")[0] for one in said(table) if "warning" not in one] == [
        "operator.closed", "departments.shop.closed",
    ]  # fmt: skip


def test_quiet_hours_hide_a_phone_from_callers():
    table = NIGHT.replace("WAY", "extension/8002").replace(
        "8002: {ends", "8002: {quiet: {hours: nights, to: goodbye}, ends"
    )
    table = table.replace("hours: {office", "hours: {nights: {mon-sun: 22:00-06:00}, office")
    assert [one for one in said(table) if "warning" not in one] == [
        "operator.closed: on Friday 2026-11-20 at 01:00 nobody is at extension/8002, and callers are rung off there; "
        "end it in a message box, or lead to somebody who is there"
    ]


def test_music_for_phones_that_never_ring():
    assert said("""\
operator: {name: the desk, ring: {phones: [8000]}, ends: {otherwise: goodbye}}
extensions: {8000: {do_not_disturb: yes}}
holds: {desk: {for: operator, leave: goodbye}}
menus: {main: {name: main, keys: {1: hold/desk, 2: goodbye, 0: operator}}}
callers: {all: {withheld: yes, to: menu/main}}
""") == [
        "operator: who comes here is rung off, and no phone rang; lead to the operator, a message box or an "
        "announcement",
        "holds.desk: who comes here is rung off, and no phone rang; lead to the operator, a message box or an "
        "announcement",
    ]  # fmt: skip


def test_a_duty_of_shifts_with_a_gap_each_weekend():
    assert said("""\
operator: {name: the desk, ring: {phones: [duty/manager]}}
duties:
  manager:
    name: the manager
    shifts: {day: "08:00", night: "20:00"}
    week: {mon-fri: 8000, sat-sun: {day: 8000}}
extensions: {8000: }
""") == [
        "duties.manager: nobody is on duty from Saturday 2026-11-21 at 20:00 until Sunday 2026-11-22 at 08:00, and 113 "
        "times more in 400 days; name somebody in week or turn, or under except"
    ]  # fmt: skip
