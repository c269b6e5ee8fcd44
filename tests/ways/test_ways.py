"""Every way through a step, from the real handlers; what was lived once is not lived again while it holds."""

from datetime import timedelta

import pytest

from ivr.handlers import Handler, installed
from ivr.ways import Act, Caller, Choice, Lives, Stand
from tests.house import HOUSE, LUNCH, MORNING, NIGHT, caller, house, lives_through

CALLER = Caller("1000")
MENU = Stand("menu/main", language="zh")


def told(ways) -> dict[str, str]:
    """Choices → where they lead, with what was done there."""
    return {
        " ".join(f"{choice.kind} {choice.what}".strip() for choice in way.choices): way.to.address if way.to else "end"
        for way in ways
    }


def test_a_menu_parts_into_its_keys_its_extensions_silence_and_wrong_keys():
    lives = Lives(house(), installed(), dials=["8001", "8999"])
    assert told(lives.ways(MENU, MORNING, CALLER)) == {
        "key 0": "operator", "key 1": "department/sales", "key 2": "department/support",
        "key 3": "announcement/address", "key 9": "menu/main", "dials 8001": "extension/8001",
        "dials 8999": "operator", "silence": "operator", "wrong": "operator",
    }  # fmt: skip


def test_another_language_is_another_stand():
    lives = Lives(house(), installed())
    [english] = [way.to for way in lives.ways(MENU, MORNING, CALLER) if way.choices == (Choice("key", "9"),)]
    assert (english.address, english.language) == ("menu/main", "en")


def test_ringing_parts_into_what_becomes_of_it():
    ways = Lives(house(), installed()).ways(Stand("department/sales", language="zh"), MORNING, CALLER)
    assert told(ways) == {
        "rang answered": "goodbye", "rang busy": "hold/sales", "rang no answer": "message/sales",
        "rang refused": "message/sales", "rang not reachable": "message/sales", "rang do not disturb": "message/sales",
    }  # fmt: skip
    acts = [(act.verb, getattr(act.what, "name", "")) for act in ways[0].acts if isinstance(act, Act)]
    assert acts == [("hears", "transfer"), ("rings", "")]


def test_a_place_that_is_closed_has_one_way():
    lives = Lives(house(), installed())
    for at in (LUNCH, NIGHT):
        [way] = lives.ways(Stand("department/sales", language="zh"), at, CALLER)
        assert (way.choices, way.to.address) == ((), "message/sales")


def test_the_end_of_a_call_leads_nowhere():
    assert told(Lives(house(), installed()).ways(Stand("goodbye", language="zh"), MORNING, CALLER)) == {"": "end"}


def test_every_stand_is_where_a_call_really_comes_to():
    # Given everywhere the first key leads
    table = house()
    ways = Lives(table, installed(), dials=["8001"]).ways(MENU, MORNING, CALLER)
    keys = {way.choices[0].what: way.to.address for way in ways if way.choices[0].kind in ("key", "dials")}
    # Then a whole call comes there too
    for key, address in keys.items():
        call = caller(table=table, keys=[key])
        lives_through(call)
        assert call.path[call.path.index("menu/main") :][1 + (key == "9")] in (address, "menu/main"), key


def test_all_that_a_caller_can_come_to():
    stands = {stand.address for stand, _ in Lives(house(), installed()).stands(MORNING, Caller("2000"))}
    assert stands == {
        "", "department/sales", "hold/sales", "message/sales", "goodbye", "greeting/2000",
    } - {"greeting/2000"}  # fmt: skip


class Counted:
    """Handlers that count how often they run."""

    def __init__(self):
        self.runs = 0
        self.handlers = {kind: Handler(kind, self.counting(one.run), one.speaks) for kind, one in installed().items()}

    def counting(self, run):
        def counted(call, step):
            self.runs += 1
            return run(call, step)

        return counted


@pytest.mark.parametrize(("at", "again"), [(MORNING + timedelta(minutes=30), False), (NIGHT, True)])
def test_what_was_lived_is_lived_again_only_where_a_rule_answers_otherwise(at, again):
    counted = Counted()
    lives = Lives(house(), counted.handlers)
    lives.ways(Stand("department/sales", language="zh"), MORNING, CALLER)
    before = counted.runs
    lives.ways(Stand("department/sales", language="zh"), at, CALLER)
    assert (counted.runs > before) == again


def test_numbers_share_what_does_not_depend_on_them():
    counted = Counted()
    lives = Lives(house(), counted.handlers)
    lives.ways(Stand("department/sales", language="zh"), MORNING, CALLER)
    before = counted.runs
    lives.ways(Stand("department/sales", language="zh"), MORNING, Caller("2000"))
    assert counted.runs == before
    # But the operator's house and the greeting do
    lives.ways(Stand("goodbye", language="zh"), MORNING, CALLER)
    lives.ways(Stand("goodbye", language="zh"), MORNING, Caller("2000"))
    assert counted.runs == before + 2


def test_the_pin_of_a_switch_is_tried_right_and_wrong():
    table = house(HOUSE + 'switches: {night: {name: n, hours: [office], pin: "471100"}}\n')
    ways = Lives(table, installed()).ways(Stand("switch/night", language="zh"), MORNING, CALLER)
    assert [way.choices for way in ways if way.choices[0].kind == "pin"] == [
        (Choice("pin", "471100"), Choice("key", "1")), (Choice("pin", "471100"), Choice("key", "2")),
        (Choice("pin", "471100"), Choice("key", "3")), (Choice("pin", "471100"), Choice("silence")),
        (Choice("pin", "471100"), Choice("wrong")),
    ]  # fmt: skip
