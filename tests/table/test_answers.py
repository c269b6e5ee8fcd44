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
callers: {all: {withheld: yes, to: department/shop}}
announcements: {bye: {say: Nobody is here.}}
extensions: {8000: {ends: {otherwise: goodbye}}, 8001: {ends: {otherwise: goodbye}}, 8002: {ends: {otherwise: goodbye}}}
"""


@pytest.mark.parametrize("way", ["message/operator", "department/shop", "announcement/bye", "goodbye"])
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
    # Given a night way to a phone that rings for a place of day and night as well
    table = NIGHT.replace("WAY", "extension/8001").replace("hours: {office", "hours: {always: {HOURS}, office")
    guard = "  guard: {name: the guard, hours: always, ring: {phones: [8001]}}"
    table = table.replace("  shop: {name", f"{guard}\n  shop: {{name")
    assert [one for one in said(table.replace("HOURS", "mon-sun: 00:00-24:00")) if "warning" not in one] == []
    # But not for one that nobody has written hours for
    assert [one.partition(";")[0] for one in said(table.replace("hours: always, ", "").replace("HOURS", "mon: closed"))
            if "warning" not in one] == [
        "operator.closed: on Friday 2026-11-20 at 01:00 nobody is at extension/8001, and callers are rung off there",
    ]  # fmt: skip


def test_who_closes_a_place_by_hand_may_send_callers_to_nobody():
    # Given a night desk that is there while the office is closed; then somebody closes the office at noon
    table = NIGHT.replace(
        "shop: {mon-sat: 09:00-20:00}", "shop: {mon-fri: '00:00-09:00, 18:00-24:00', sat-sun: 00:00-24:00}"
    )
    table = table.replace("WAY", "extension/8001")
    switch = "switches: {night: {name: night, hours: [office], pin: 471103}}\n"
    assert [one for one in said(table) if "warning" not in one] == []
    assert [one.partition(";")[0] for one in said(table + switch) if "warning" not in one] == [
        "operator.closed: on Friday 2026-11-20 at 09:00, with office closed by hand, nobody is at extension/8001, and "
        "callers are rung off there"
    ]


STRAIGHT = """\
hours: {office: {mon-fri: 09:00-18:00}, always: {mon-sun: 00:00-24:00}}
operator: {name: the desk, ring: {phones: [8000]}}
departments:
  sales: {name: Sales, hours: office, ring: {phones: [8001]}, closed: message/sales}
  porter: {name: the porter, hours: always, ring: {phones: [8002]}, ends: {otherwise: goodbye}}
  lift: {name: the lift, ring: {phones: [8003]}, ends: {otherwise: goodbye}}
  both: {name: both, ring: {phones: [8001, 8002]}, ends: {otherwise: goodbye}}
  call: {name: on call, ring: {phones: [8003, duty/manager]}, ends: {otherwise: goodbye}}
duties: {manager: {name: the manager, week: {mon-sun: 8003}, ends: {otherwise: goodbye}}}
holds: {sales: {for: department/sales, leave: goodbye}, porter: {for: department/porter, leave: goodbye}}
menus: {main: {name: main, keys: {1: WAY, 0: operator}}}
callers: {all: {withheld: yes, to: menu/main}}
extensions:
  8000: {ends: {otherwise: message/operator}}
  8001: {ends: {otherwise: goodbye}}
  8002: {ends: {otherwise: goodbye}}
  8003: {ends: {otherwise: extension/8004}}
  8004: {ends: {otherwise: goodbye}}
  8005: {quiet: {hours: office, to: goodbye}}
"""


@pytest.mark.parametrize(
    "way",
    ["department/sales", "department/porter", "department/both", "department/call", "duty/manager", "hold/porter",
     "extension/8000", "extension/8002", "extension/8005", "message/sales"],
)  # fmt: skip
def test_a_key_may_lead_straight_to_people_or_to_who_takes_a_message(way):
    assert [one for one in said(STRAIGHT.replace("WAY", way)) if "warning" not in one] == []


AT_NIGHT, IN_HOURS = "on Friday 2026-11-20 at 01:00 nobody is at", "no hours say when somebody is at"


@pytest.mark.parametrize(
    ("way", "path", "told"),
    [
        ("extension/8001", "extensions.8001.ends", f"{AT_NIGHT} extension/8001"),
        ("hold/sales", "holds.sales.leave", f"{AT_NIGHT} hold/sales"),
        ("department/lift", "departments.lift.ends", f"{IN_HOURS} department/lift"),
        ("extension/8003", "extensions.8004.ends", f"{IN_HOURS} extension/8003 → extension/8004"),
    ],
)
def test_a_key_may_not_lead_straight_to_nobody_and_away(way, path, told):
    [found] = [one for one in said(STRAIGHT.replace("WAY", way)) if "warning" not in one]
    assert found.partition(", and callers are rung off there; end it in a message box, or ")[0] == f"{path}: {told}"


@pytest.mark.parametrize(
    "lead",
    [
        'numbers: {"*": {to: extension/8001}}',
        'numbers: {"*": {to: announcement/a}}\nannouncements: {a: {say: Hello., then: extension/8001}}',
        'numbers: {"*": {to: operator}}\ncallers: {all: {withheld: yes, to: extension/8001}}',
        'numbers: {"*": {to: operator, house: b}}\nhouses: {b: {name: B, operator: department/b}}\n'
        "departments: {b: {name: b, ring: {phones: [8001]}, ends: {otherwise: extension/8001}}}",
        'numbers: {"*": {to: menu/main}}\nmenus: {main: {keys: {0: operator}, silence: extension/8001}}',
        'numbers: {"*": {to: menu/main}}\nmenus: {main: {keys: {0: operator}, direct_dial: yes}}',
    ],
    ids=["number", "announcement", "list", "house", "silence", "dialled"],
)
def test_whatever_leads_straight_there(lead):
    table = f"{HOUSE.partition('numbers')[0]}{lead}\noperator: {{name: the desk, ring: {{phones: [8000]}}}}\n"
    table += "extensions: {8000: , 8001: {ends: {otherwise: goodbye}}}\n"
    found = check(table, "t.yaml", today=TODAY)[1]
    assert [(one.id, one.path) for one in found if one.severity == "error"] == [("unattended", "extensions.8001.ends")]


def test_sixty_rooms_of_one_range_are_told_once():
    table = STRAIGHT.replace("WAY", "message/sales").replace("keys: {1", "direct_dial: yes, keys: {1")
    table = table.replace("{otherwise: goodbye}", "{otherwise: operator}").replace("leave: goodbye", "leave: operator")
    rooms = table + '  "2001-2060": {ends: {otherwise: goodbye}}\n'
    assert [one.partition(",")[0] for one in said(rooms) if "warning" not in one] == [
        "extensions.2001.ends: no hours say when somebody is at extension/2001"
    ]


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
