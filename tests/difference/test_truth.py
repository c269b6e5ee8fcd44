"""What is told of a difference is so: scripted calls of both tables, on a sample of instants, numbers and keys."""

from datetime import datetime, timedelta

import pytest

from ivr.call import Busy, NoAnswer
from ivr.clock import ManualClock
from ivr.explanation.answer import timeless
from ivr.handlers import installed
from ivr.reception import Reception
from ivr.scripted import ScriptedCall, live_through
from tests.difference.told import edited, report, table
from tests.house import HOUSE, SHANGHAI

START = datetime(2026, 11, 23, tzinfo=SHANGHAI)
EDITS = {
    "hours": ('"09:00-12:00, 13:30-18:00"', '"09:00-12:00, 13:30-17:00", sun: 09:00-12:00'),
    "key": ("1: department/sales", "1: department/support"),
    "phones": ("[8001, 8002]", "[8001]"),
    "announcement": ("zh: 我们在天河路一号。", "zh: 我们在天河路二号。"),
}
HANDLERS = installed()
KEYS = ("0", "1", "2", "3")


def lived(name: str, text: str, at: datetime, number: str, key: str, outcome):
    """What a caller lives through: without the words of menus, which `diff` compares key by key."""
    phones = dict.fromkeys(("8001", "8002", "8003"), outcome)
    call = ScriptedCall(table(text, name), ManualClock(at), keys=[key], phones=phones, dialled=number)
    live_through(call, Reception(HANDLERS))
    heard = [timeless(one) for one in call.heard if getattr(one, "name", "") != "menu"]
    return call.path, heard, call.rung


@pytest.mark.parametrize("edit", EDITS)
def test_there_is_a_difference_where_one_is_told_and_nowhere_else(edit):
    new = edited(EDITS[edit])
    changes = report(HOUSE, new, 28).changes
    differing = 0
    for n in range(40):
        at = START + timedelta(hours=16.7 * n, minutes=1)
        for number, key in [("1000", key) for key in KEYS] + [("2000", ""), ("5555", "1")]:
            differs = any(
                lived("old.yaml", HOUSE, at, number, key, outcome) != lived("new.yaml", new, at, number, key, outcome)
                for outcome in (NoAnswer(), Busy())
            )
            said = [
                change
                for change in changes
                if any(begin <= at < end for begin, end in change.spans)
                and (number if number in ("1000", "2000") else "*") in change.numbers
                and any(path.split(", ")[0] in ("", f"key {key}", "busy", "nobody answers") for path in change.paths)
            ]
            assert differs == bool(said), (at, number, key, said)
            differing += differs
    assert differing > 3
