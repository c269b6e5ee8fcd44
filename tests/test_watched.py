"""A watched table is the same table, and tells what is read of it."""

from datetime import UTC, datetime

from ivr.ring_plan import RingPlan
from ivr.steps import Operator
from ivr.watched import Written, watched
from tests.house import HOUSE, house

NOON = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)


def test_every_step_is_equal_to_its_own_but_for_what_tells():
    table = house(HOUSE.replace("hours: office}", "}").replace("    hours: office\n", ""))
    same = watched(table, lambda asked: None)
    assert list(same.steps) == list(table.steps)
    assert [same.step(address) for address in table.steps] == [table.step(address) for address in table.steps]
    assert isinstance(same.step("operator"), Operator)
    assert same.extension_lengths() == table.extension_lengths()


def test_addresses_know_where_they_are_written():
    step = watched(house(), lambda asked: None).step("department/sales")
    assert {way: way.path for way in step.exits()} == {
        "message/sales": ("departments", "sales", "ends", "do_not_disturb"),
        "hold/sales": ("departments", "sales", "ends", "busy"),
    }
    assert step.closed.path == ("departments", "sales", "closed")
    assert step.address.path == ("departments", "sales")
    assert step.ring == RingPlan.together("8001", "8002")


def test_a_number_leads_to_where_it_is_written():
    table = watched(house(), lambda asked: None)
    assert (table.entry("2000").path, table.entry("5555").path) == (("numbers", "2000"), ("numbers", "*"))


def test_rules_tell_when_they_are_asked_and_answer_as_they_do():
    asked = []
    text = HOUSE + 'callers:\n  friends: {numbers: ["+4930*"], to: operator}\n'
    table = watched(house(text), asked.append)
    assert table.step("department/sales").hours.state(NOON) == "lunch"
    assert table.listed("13800138000") is None
    found = table.listed("+493012345")
    assert isinstance(found.to, Written) and found.to.path == ("callers", "friends", "to")
    assert [(each.path, each.verb, each.at, each.answer) for each in asked] == [
        (("hours", "office"), "state", NOON, "lunch"),
        (("callers", "friends"), "matches", None, False),
        (("callers", "friends"), "matches", None, True),
    ]
