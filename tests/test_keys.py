"""Keys in a menu where extensions may be dialled too: an unambiguous key acts at once, and the caller gets what he
meant, also when the line is 300 ms late (freeswitch-facts, "Digits")."""

import pytest

from ivr.switch import Caller, Rings
from ivr.switch.listener import Listener
from tests.house import HOUSE
from tests.switched import FRIDAY, switched

TICK = 0.02
BOXES = HOUSE.replace(
    "      3: announcement/address\n",
    "      3: announcement/address\n      8: message/sales  # check: allow swallowed, what this is about\n",
)


def pressed(folder, keys: str, gap: float = 0.25, table: str = HOUSE, to: str = "1000"):
    """A caller keys something a second into the greeting; the steps of his call, and how long after the first key was
    let go it acted."""
    with switched(folder, table=table) as house:
        house.switch.phones |= {number: Rings() for number in ("8001", "8002", "8003")}
        call = house.switch.call(to=to, script=Caller().hears("").waits(1).presses(keys, gap).waits(40).hangs_up())
        call.wait_ended(300)
        house.clock.sleep(1)
        acted = [
            (each.at - FRIDAY).total_seconds() for each in house.journal(call.uuid).events if each.event == "keyed"
        ]
        return house.path(call.uuid), (acted[0] - call.heard[0].start - 1.0 if acted else None)


@pytest.fixture
def late(monkeypatch):
    """Everything the switch says reaches the line 300 ms late, in order."""
    write = Listener.write

    def written_late(self, data):
        self.clock.call_later(0.3, write, self, data)

    monkeypatch.setattr(Listener, "write", written_late)


def test_an_unambiguous_key_acts_within_two_ticks(tmp_path):
    path, after = pressed(tmp_path, "1")
    assert path[2] == "department/sales"
    assert 0 < after <= 2 * TICK + 0.001


def test_a_key_that_may_begin_an_extension_waits_for_the_next(tmp_path):
    path, after = pressed(tmp_path, "8", table=BOXES)
    assert path[2] == "message/sales"
    assert 1.4 < after < 2.0  # the pause between two keys of one number is 1.5 s


@pytest.mark.parametrize(
    ("keys", "step"),
    [("1", "department/sales"), ("1#", "department/sales"), ("8001#", "extension/8001"), ("8001", "extension/8001"),
     ("0", "operator"), ("2#", "department/support")],
)  # fmt: skip
def test_the_caller_gets_what_he_meant(tmp_path, keys, step):
    assert pressed(tmp_path, keys)[0][2] == step


@pytest.mark.parametrize(
    ("keys", "step"),
    [("1", "department/sales"), ("1#", "department/sales"), ("8001#", "extension/8001"), ("8001", "extension/8001"),
     ("13", "department/sales")],
)  # fmt: skip
def test_also_with_the_line_300_ms_late(tmp_path, keys, step, late):
    assert pressed(tmp_path, keys, gap=0.2)[0][2] == step


def test_a_key_typed_ahead_is_meant_for_the_next_menu(tmp_path, late):
    nested = HOUSE.replace("      3: announcement/address\n", "      3: menu/second\n").replace(
        "departments:\n",
        "  second:\n    name: 二\n    keys: {1: department/support, 3: department/sales}\ndepartments:\n",
        1,
    )
    path, _ = pressed(tmp_path, "33", gap=0.2, table=nested)
    assert path[2:4] == ["menu/second", "department/sales"]
