"""Waiting: never in silence, asked every 20 seconds, never for ever (rule A8)."""

from ivr.call import Answered, Busy
from ivr.prompt import Sound
from tests.house import HOUSE, caller, house, lives_through

BOTH_BUSY = {"8001": Busy(), "8002": Busy()}
ROUND = ["hold", "hold-check-in"]


def test_who_waits_is_put_through_when_a_phone_is_free():
    call = caller(keys=["1"], phones={"8001": [Busy(), Busy(), Answered(9)], "8002": Busy()})
    assert lives_through(call) == [
        "greeting", "menu", "transfer", "busy", "hold-start", *ROUND, *ROUND, "goodbye",
    ]  # fmt: skip


def test_the_music_goes_on_where_it_stopped():
    call = caller(keys=["1"], phones=BOTH_BUSY)
    lives_through(call)
    assert [one.part for one in call.heard if isinstance(one, Sound) and one.name == "hold"] == [0, 1, 2]


def test_after_the_last_round_a_message_is_taken():
    call = caller(keys=["1"], phones=BOTH_BUSY)
    assert lives_through(call)[4:] == [
        "hold-start", *ROUND, *ROUND, *ROUND, "hold-leave", "message", "beep", "message-kept", "goodbye",
    ]  # fmt: skip
    assert call.standing is None


def test_key_2_during_the_music_leaves_a_message():
    call = caller(keys=["1", "2"], phones=BOTH_BUSY)
    assert lives_through(call)[4:] == ["hold-start", "hold", "hold-leave", "message", "beep", "message-kept", "goodbye"]


def test_key_2_at_the_check_in_leaves_a_message():
    call = caller(keys=["1", "", "2"], phones=BOTH_BUSY)
    assert lives_through(call)[4:8] == ["hold-start", *ROUND, "hold-leave"]


def test_key_2_is_called_what_it_is():
    # Given a hold that leads to the operator and not to a message
    table = HOUSE.replace("rounds: 3}", "rounds: 3, leave: operator}")
    call = caller(table=house(table), keys=["1"], phones=BOTH_BUSY)
    lives_through(call)
    told = {one.name: dict(one.values)["message"] for one in call.heard if one.name in ("hold-start", "hold-check-in")}
    assert told == {"hold-start": False, "hold-check-in": False}
