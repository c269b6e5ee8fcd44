"""An emergency number or the operator loses cover: told first, loudly, and with exit status 2."""

import pytest

from ivr.difference.text import exit_code
from tests.difference.told import changes, edited, report, told
from tests.house import HOUSE

SMALL = """
house: {name: {en: Clinic}, timezone: Asia/Shanghai, languages: {en: English}, emergency: [12395]}
numbers:
  "100": {to: menu/main}
  "119119": {to: department/emergency, emergency: yes}
hours: {day: {mon-sun: 06:00-22:00}}
operator: {name: the desk, hours: day, ring: {phones: [8001]}, closed: department/night}
menus: {main: {name: main, keys: {0: operator}, silence: message/operator, invalid: message/operator}}
departments:
  night: {name: the night desk, ring: {phones: [8002]}}
  emergency: {name: the emergency room, ring: {phones: [8003]}, ends: {otherwise: department/night}}
extensions: {8001: , 8002: , 8003: }
"""


def lost(*edits: tuple[str, str]) -> list[str]:
    return [line for line in told(SMALL, edited(*edits, text=SMALL)) if line.startswith("LOST")]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("mon-sun: 06:00-22:00", "mon-sun: 07:00-22:00",
         ["LOST: every day 06:00–07:00, number 100 and every other number: the operator cannot be reached any more"]),
        ("keys: {0: operator}", "keys: {0: message/operator}",
         ["LOST: while hours.day is open (every day 06:00–22:00), number 100 and every other number: the operator "
          "cannot be reached any more"]),
        (", emergency: yes", "",
         ["LOST: always, number 119119: an ordinary number instead of an emergency entry, before everything else"]),
        ("8003: }", "8003: {do_not_disturb: yes}}",
         []),  # the night desk rings in its place
        (", emergency: [12395]", "",
         ["LOST: always, number 12395: any number instead of an emergency number of the house"]),
    ],
    ids=["opens later", "key gone", "no entry any more", "another rings", "no number any more"],
)  # fmt: skip
def test_what_is_lost_is_told_first(was, now, said):
    assert lost((was, now)) == said
    new = edited((was, now), text=SMALL)
    assert exit_code(report(SMALL, new)) == (2 if said else 1)
    assert told(SMALL, new)[: len(said)] == said


def test_the_last_line_counts_what_is_lost():
    assert told(SMALL, edited((", emergency: yes", ""), text=SMALL))[-1] == (
        "2 differences for callers in the 28 days from 2026-11-23; 1 of them takes cover away."
    )


def test_cover_that_is_won_is_an_ordinary_difference():
    new = edited(("mon-sun: 06:00-22:00", "mon-sun: 05:00-22:00"), text=SMALL)
    found = report(SMALL, new)
    assert (found.losses, exit_code(found)) == ((), 1)


def test_without_losses_nothing_is_loud():
    assert not any("LOST" in line for line in told(HOUSE, edited(("rounds: 3", "rounds: 4"))))
    assert exit_code(report(HOUSE, HOUSE)) == 0
    assert changes(HOUSE, HOUSE) == []
