"""Day and night by hand: only with the PIN, until the table would change, and never by trying PINs out."""

from datetime import datetime, timedelta

import pytest

from ivr.overrides import Override
from ivr.prompt import Prompt
from tests.house import HOUSE, SHANGHAI, caller, house, lives_through

PIN = "471194"
SWITCH = house(
    HOUSE.replace('"2000":', '"3000": {to: switch/night}\n  "2000":')
    + f'switches: {{night: {{name: Sales, hours: [office], pin: "{PIN}"}}}}\n'
)
MONDAY_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def switching(*keys: str, **how):
    call = caller(table=SWITCH, at=MONDAY_TEN, dialled="3000", keys=keys, **how)
    lives_through(call)
    return call


def test_closed_by_hand_until_the_table_would_change():
    call = switching(f"{PIN}#", "2")
    # From ten, when it is open, until lunch at noon
    noon = MONDAY_TEN.replace(hour=12)
    assert call.overrides == {"office": Override("closed", noon, "caller 13800138000")}
    assert Prompt("switch-done", to=call.table.step("switch/night").name, state="closed") in call.heard


def test_left_to_the_table_again():
    call = switching(f"{PIN}#", "3", overrides={"office": Override("closed", None, "x")})
    assert call.overrides == {}


def test_three_wrong_pins_are_the_end_and_none_is_written_down():
    call = switching("1#", "471195#", "", f"{PIN}#", "2")
    assert call.overrides == {}
    assert call.heard.count(Prompt("pin-wrong")) == 3
    assert call.path[-1] == "goodbye"
    assert "471195" not in str(call.notes)


def test_after_ten_tries_within_an_hour_the_right_pin_is_wrong_until_it_is_over():
    # Given ten tries
    turns: dict[str, int] = {}
    for _ in range(5):
        call = caller(table=SWITCH, at=MONDAY_TEN, dialled="3000", keys=["1#", "2#"])
        call.turns = turns
        lives_through(call)
    # When somebody knows the PIN in the same hour, and in the next
    for at, opened in ((MONDAY_TEN + timedelta(minutes=59), False), (MONDAY_TEN + timedelta(hours=1), True)):
        call = caller(table=SWITCH, at=at, dialled="3000", keys=[f"{PIN}#", "2"])
        call.turns = turns
        lives_through(call)
        assert bool(call.overrides) is opened


def test_what_cannot_be_written_down_is_said():
    call = switching(f"{PIN}#", "2", cannot_keep=True)
    assert Prompt("switch-failed") in call.heard
    assert call.overrides == {}


@pytest.mark.parametrize("verb", range(3, 12))
def test_a_killed_worker_asks_again_and_switches_once(verb):
    call = switching(f"{PIN}#", "2", dies_at=verb)
    assert list(call.overrides) == ["office"]


def test_who_presses_nothing_changes_nothing():
    call = switching(f"{PIN}#")
    assert call.overrides == {}
    assert call.path[-1] == "goodbye"
