"""Which ways through a table call scripts have walked: keys, ends, hours and steps, by what is written."""

import pytest

from ivr.rehearsal.coverage import KINDS, Ways
from ivr.rehearsal.house import House
from ivr.share import shared
from ivr.table import load
from tests.rehearsal.conftest import scripts

TABLE = """house: {name: A, country: CN, timezone: Asia/Shanghai, languages: {en: English}}
numbers:
  "*": {to: menu/main, hours: office}
hours:
  office: {mon-fri: "09:00-12:00, 13:30-18:00"}
  night: {mon-sun: 23:00-07:00}
operator: {name: op, ring: {phones: [8000]}}
menus:
  main:
    keys: {1: department/sales, 2: announcement/a, 3: duty/d}
    direct_dial: yes
departments:
  sales:
    name: Sales
    hours: office
    ring: {phones: [8001]}
    closed: message/sales
    ends:
      busy: hold/sales
      otherwise: operator
holds: {sales: {for: department/sales, rounds: 1, leave: goodbye}}
announcements: {a: {name: a, say: Words., then: goodbye}}
duties: {d: {name: d, week: {mon-sun: 8001}}}
callers: {vip: {numbers: ["+86138*"], language: en}}
extensions:
  8000:
  8001: {do_not_disturb: no}
  "8101-8109": {quiet: {hours: night, to: operator}}
"""


@pytest.fixture(scope="module")
def house():
    with House(load(TABLE, name="t.yaml"), [shared("prompts")]) as one:
        yield one


def missed(house, *calls: str) -> Ways:
    ways = Ways(house.table)
    for at, call in enumerate(calls):
        [script] = scripts(f"  Call {at}: {call}\n", house.table)
        verdict = house.rehearse(script)
        assert verdict, verdict.lines()
        ways.walk(script.at, verdict.moments)
    return ways


def told(ways: Ways) -> list[str]:
    return [way.missed("t.yaml") for way in ways.missed]


def test_without_a_call_every_step_is_missed_and_nothing_below_it(house):
    ways = missed(house)
    assert [line.partition(": ")[2] for line in told(ways)] == [
        "numbers.*: no call comes here",
        "operator: no call comes here",
        "menus.main: no call comes here",
        "departments.sales: no call comes here",
        "holds.sales: no call comes here",
        "announcements.a: no call comes here",
        "duties.d: no call comes here",
        "callers.vip: no call comes here",
        "extensions.8000: no call comes here",
        "extensions.8001: no call comes here",
        "extensions.8101: no call comes here",
    ]
    assert {kind: ways.count(kind) for kind in KINDS} == {
        "keys": (0, 3), "ends": (0, 19), "hours": (0, 7), "steps": (0, 11)
    }  # fmt: skip
    assert ways.percent == 0


def test_a_call_walks_what_it_met(house):
    ways = missed(
        house,
        # The list of callers, key 1, busy, held, and left by the key
        "{phones: {8001: busy}, caller: [presses: 1, hears: busy, hears: music, presses: 2, hears: hold-leave]}",
        # Refused is not written: otherwise serves it; and the operator answers
        "{from: '110', phones: {8001: {refuses: 1s}, 8000: answers}, caller: [presses: 1, comes_to: operator]}",
        "{at: 2026-11-20 12:30, caller: [presses: 1, hears: lunch, hangs_up]}",
        # One room stands for its range; at night it is quiet, and the operator does not answer either
        "{at: 2026-11-20 23:30, caller: [presses: 8105, hears: quiet, hears: no-answer, hears: goodbye]}",
    )
    lines = [line.split(": ", 1)[1].partition(": ")[0] for line in told(ways)]
    assert lines == [
        "menus.main.silence",
        "menus.main.invalid",
        "menus.main.keys.2",
        "menus.main.keys.3",
        "departments.sales.answered",
        "departments.sales.closed",
        "holds.sales.answered",
        "announcements.a",
        "duties.d",
        "extensions.8000.answered",  # both have rung, and no call was for them
        "extensions.8000.ends.otherwise",
        "extensions.8001.answered",
        "extensions.8001.ends.otherwise",
        "extensions.8101.answered",
        "extensions.8101.ends.otherwise",
    ]


def test_the_ways_of_silence_wrong_keys_duties_and_announcements(house):
    ways = missed(
        house,
        "{phones: {8000: rings}, caller: [hears: silence-limit, hears: no-answer, hears: goodbye]}",
        "{caller: [presses: 7, hears: menu-invalid, presses: 7, hears: menu-invalid, presses: 7, comes_to: operator]}",
        "{caller: [presses: 2, hears: announcement, hears: goodbye]}",
        "{phones: {8001: answers}, caller: [presses: 3, talks_to: 8001]}",
        "{caller: [presses: 3, hears: no-answer, hears: goodbye]}",
    )
    walked = {way.path for key, way in ways.all.items() if key in ways.walked}
    assert {"menus.main.silence", "menus.main.invalid", "operator.ends.otherwise", "announcements.a.then",
            "duties.d.answered", "duties.d.ends.otherwise", "numbers.*.to", "numbers.*.open"} <= walked  # fmt: skip
