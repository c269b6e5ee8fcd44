"""An emergency entry has a door of its own, which no limit closes (rule F3)."""

import pytest

from ivr.switch import Answers, Caller
from tests.house import HOUSE
from tests.switched import switched

TABLE = HOUSE.replace(
    '  "*": {to: menu/main, hours: office}\n',
    '  "4119": {to: department/support, emergency: yes}\n  "*": {to: menu/main, hours: office}\n',
)
FULL = {"soft_limit": 1, "hard_limit": 1}
DOOR = {"emergency_listen": "127.0.0.1:0", "variables": {"ivr_emergency_entries": "4119|4120"}}


@pytest.fixture
def full(tmp_path):
    """`full(**settings)`: a house each of whose lines has one caller in dialogue, which is all they take."""
    houses = []

    def made(**settings):
        houses.append(switched(tmp_path / "data", table=TABLE, **FULL, **settings))
        house = houses[0].__enter__()
        house.switch.phones["8003"] = Answers(after=1, talks=5)
        for _ in "12":
            house.switch.call(to="1000", script=Caller().waits(600))
        house.clock.sleep(1)
        return house

    yield made
    for one in houses:
        one.__exit__(None, None, None)


def rang(house, to: str) -> tuple[list[str], list[str]]:
    """What was rung for a caller, and whom he talked with."""
    before = len(house.switch.dialled)
    call = house.call(Caller().waits(60).hangs_up(), to=to)
    return house.switch.dialled[before:], [one.what for one in call.heard if one.what.startswith("bridged")]


def test_an_emergency_is_let_in_where_nobody_else_is(full):
    house = full(**DOOR)
    # An ordinary caller gets what the dialplan has for him: the fallback, which rings the operator
    assert rang(house, "2000")[0] == ["user/8001@house.example"]
    # An emergency comes in, and the people are rung whom the table names
    assert rang(house, "4119") == (["user/8003@house.example"], ["bridged to 8003"])
    # And comes back to that door when they have talked: the journal has the whole call
    assert [len(line.emergencies.sessions) for line in (house.line, house.second)] == [0, 0]


def test_without_that_door_it_would_have_been_the_fallback(full):
    assert rang(full(), "4119")[0] == ["user/8001@house.example"]


def test_with_both_of_those_doors_gone_an_emergency_comes_in_by_the_others(tmp_path):
    with switched(tmp_path / "data", table=TABLE, **DOOR) as house:
        for line in (house.line, house.second):
            line.emergencies.stop(0)
        house.switch.phones["8003"] = Answers(after=1, talks=5)
        assert rang(house, "4119") == (["user/8003@house.example"], ["bridged to 8003"])


def test_a_second_entry_of_the_call_does_not_keep_that_door(full):
    house = full(**DOOR)
    # Who was put through as an emergency, and is transferred to an ordinary number, is an ordinary caller
    house.switch.phones["8003"] = Answers(after=1, talks=5, transfers="2000")
    dialled, _ = rang(house, "4119")
    assert dialled[1:] == ["user/8001@house.example"]


def test_a_number_that_only_looks_like_one_has_no_door(full):
    assert rang(full(**DOOR), "41190")[0] == ["user/8001@house.example"]
