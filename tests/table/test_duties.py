"""How duties are written, and what is said of those that cannot be read or do not fit together."""

from datetime import date

import pytest

from ivr.rota import Rota, Shift, Turn
from ivr.table.duties import DutyText, misfits, people, rota_of
from ivr.table.finding import Findings
from ivr.table.reading import Reading, thing
from ivr.table.text import parse


def said_of(duty: str) -> list[str]:
    """What is said of a duty that is written from line 2 on."""
    found = Findings("")
    root = parse("d:\n" + duty, found)
    reading = Reading(root, found)
    node = root.entries["d"][1]
    model = thing(DutyText, node, ("d",), reading)
    for misfit in misfits(model, node.plain()):
        path = ("d", *misfit.path)
        found.add(misfit.severity, root.place(path, misfit.key), path, misfit.message, misfit.id, misfit.near)
    return [str(finding).removeprefix(":") for finding in found]


def test_every_key():
    model = DutyText.model_validate(
        {
            "name": {"zh": "值班经理", "en": "the manager on duty"},
            "shifts": {"late": "14:00", "early": "06:00"},
            "week": {"mon-fri": {"early": "8001"}, "sun": "8002"},
            "turn": {"every": "day", "from": "2026-01-05", "people": ["8003", {"late": "8004"}]},
            "except": {"2026-12-24": {"late": "8005"}},
            "swaps": {"2026-12-25": {"8003": "8002"}},
            "timezone": "Europe/Berlin",
            "ends": {"otherwise": "operator"},
        }
    )
    assert rota_of(model, "manager", "Asia/Shanghai") == Rota(
        name="manager",
        zone="Europe/Berlin",
        shifts=(Shift("early", 360), Shift("late", 840)),
        week=(*[("8001", None)] * 5, (), ("8002", "8002")),
        turn=Turn(date(2026, 1, 5), 1, (("8003", "8003"), (None, "8004"))),
        exceptions={date(2026, 12, 24): (None, "8005")},
        swaps={date(2026, 12, 25): {"8003": "8002", "8002": "8003"}},
    )
    assert list(people(model)) == [
        (("week", "mon-fri", "early"), "8001", False),
        (("week", "sun"), "8002", False),
        (("turn", "people", 0), "8003", False),
        (("turn", "people", 1, "late"), "8004", False),
        (("except", "2026-12-24", "late"), "8005", False),
        (("swaps", "2026-12-25", "8003"), "8003", True),
        (("swaps", "2026-12-25", "8003"), "8002", False),
    ]


def test_the_smallest_duty():
    assert said_of("  name: the manager on duty\n  week: {mon-sun: 8001}\n") == []
    smallest = rota_of(DutyText.model_validate({"week": {"mon-sun": "8001"}}), "manager", "Asia/Shanghai")
    assert smallest == Rota("manager", "Asia/Shanghai", week=(("8001",),) * 7)


WEEK = "week: {mon-sun: 8001}"
TIMES = "write it as 09:00, from 00:00 to 24:00"
EXTENSION = "an extension is expected here, such as 8001, or one for each shift: {early: 8001, late: 8002}"
NOBODY = "week or turn is missing: who is on duty? Write week: {mon-sun: 8001}"

# What is written under a duty's name from line 2 on, and what is said of it.
SAID = {
    "timezone: Asia/Shanghai": f"1:1: d: {NOBODY}",
    f"{WEEK}\n  handover: 24:00": "3:13: d.handover: 24:00 is 00:00 of the next day; write 00:00",
    f"{WEEK}\n  handover: 8": f"3:13: d.handover: '8' is no time of day; {TIMES}",
    f"{WEEK}\n  shifts: {{early: 06:00, late: 14:00}}\n  handover: 08:00": (
        "4:3: d.handover: the shifts say when they begin; keep one of the two"
    ),
    f"{WEEK}\n  shifts: {{early: 06:00, late: 6:00, Night: 22:00}}": (
        "3:32: d.shifts.late: early begins at the same time\n"
        "3:38: d.shifts.Night: 'Night' is no name of a shift; it is written with a–z, 0–9, - and _"
    ),
    f"{WEEK}\n  shifts: [06:00]": "3:11: d.shifts: a mapping is expected here, such as {early: 06:00, late: 14:00}",
    "shifts: {early: 06:00, late: 14:00}\n  week: {mon-fri: {erly: 8001}, sat-sun: {early: [8001], late: 8002}}": (
        "3:20: d.week.mon-fri.erly: there is no shift 'erly'; the shifts are early, late. Did you mean early?\n"
        "3:50: d.week.sat-sun.early: a text is expected here"
    ),
    "week: {mon-sun: {early: 8001}}": (
        "2:20: d.week.mon-sun.early: there are no shifts; write one extension here, or shifts: "
        '{early: "08:00", …} beside'
    ),
    "week: {thu: 8001, mon-sun: 8002, frei: 8001}": (
        "2:10: warning: d.week.thu: thu counts on no day: all of them are named again further down\n"
        "2:36: d.week.frei: 'frei' is no day of the week; the days are mon, tue, wed, thu, fri, sat, sun. "
        "Did you mean fri?"
    ),
    "week: 8001": "2:9: d.week: a mapping is expected here, such as {mon-fri: 8001, sat-sun: 8002}",
    "turn: {every: wek, from: 5.1.2026}": (
        "2:3: d.turn: people is missing; write people: [8001, 8002]\n"
        "2:17: d.turn.every: 'wek' is no length of a turn; a turn lasts a week or a day. Did you mean week?\n"
        "2:28: d.turn.from: '5.1.2026' is no date; write it as 2026-12-31"
    ),
    "turn: {people: []}": (
        "2:3: d.turn: from is missing: on which date does the turn of the first of the people begin?\n"
        "2:10: d.turn.people: nobody is named; write people: [8001, 8002]"
    ),
    "turn: {from: 2026-01-05, people: [8001, [8002]]}": f"2:43: d.turn.people[1]: {EXTENSION}",
    "turn: {from: 2026-01-05, people: 8001}": "2:36: d.turn.people: a list is expected here, such as [8001, 8002]",
    f"{WEEK}\n  turn: {{from: 2026-01-05, people: [8002, 8003]}}": (
        "3:3: d.turn: nobody's turn ever comes: week names somebody for every shift of every day; take turns or week "
        "out"
    ),
    f"{WEEK}\n  except: {{2026-12-32: 8001, 2026-12-24: [8001]}}": (
        "3:12: d.except.2026-12-32: '2026-12-32' is no date; write it as 2026-12-31\n"
        f"3:42: d.except.2026-12-24: {EXTENSION}"
    ),
    f"{WEEK}\n  swaps: {{2026-12-24: {{8001: 8001}}, 2026-12-25: 8001, 2026-12-26: {{8001: 8002, 8003: 8002}}}}": (
        "3:30: d.swaps.2026-12-24.8001: 8001 cannot swap with himself; write with whom\n"
        "3:49: d.swaps.2026-12-25: a mapping is expected here, such as {8001: 8002}\n"
        "3:80: d.swaps.2026-12-26.8003: 8002 swaps twice that day; write who has the duty under except"
    ),
    f"{WEEK}\n  swaps: {{2026-12-27: {{8003: 8002}}}}": (
        "3:24: warning: d.swaps.2026-12-27.8003: neither 8002 nor 8003 has this duty on that day: "
        "the swap changes nothing; is the date right?"
    ),
    "weak: {mon-sun: 8001}": (
        f"1:1: d: {NOBODY}\n2:3: d.weak: there is no key 'weak' here; the keys are name, handover, shifts, week, turn, "
        "except, swaps, timezone, ends. Did you mean week?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("written", SAID)
def test_what_is_said(written):
    assert said_of(f"  {written}\n  name: the manager on duty\n") == SAID[written].splitlines()
