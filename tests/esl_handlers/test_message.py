"""A message is written down before it is recorded; the caller hears that it was kept (rules D1, D4)."""

from tests.house import HOUSE, NIGHT, caller, house, lives_through


def test_a_message_is_kept_and_its_reference_is_spoken():
    call = caller(NIGHT, keys=["1"])
    lives_through(call)
    kept = next(one for one in call.heard if one.name == "message-kept")
    assert dict(kept.values) == {"reference": "204816"}
    assert [(one.box, one.ms) for one in call.messages] == [("message/sales", 5000)]


def test_who_said_nothing_is_asked_once_more():
    call = caller(NIGHT, keys=["1"], says=[0.2, 4.0])
    assert lives_through(call)[3:] == [
        "message", "beep", "message-empty", "message-again", "beep", "message-kept", "goodbye",
    ]  # fmt: skip
    assert len({one.name for one in call.messages}) == 2, "no name is ever recorded into twice"


def test_who_says_nothing_twice_hears_goodbye():
    call = caller(NIGHT, keys=["1"], says=[])
    assert lives_through(call)[3:] == [
        "message", "beep", "message-empty", "message-again", "beep", "message-empty", "goodbye",
    ]  # fmt: skip


def test_a_full_disk_is_told_and_nothing_is_recorded():
    call = caller(NIGHT, keys=["1"], cannot_keep=True)
    assert lives_through(call)[3:] == ["message", "message-cannot", "goodbye"]


ASKS = HOUSE.replace("sales: {shortest: 1s}", "sales: {ask_number: yes}")


def test_a_withheld_number_is_asked_for_and_read_back():
    call = caller(NIGHT, table=house(ASKS), keys=["1", "02085550199#", "1"], caller="")
    assert lives_through(call)[3:6] == ["message-number", "message-number-read-back", "message"]
    assert call.messages[0].callback == "02085550199"


def test_a_known_number_is_not_asked_for():
    call = caller(NIGHT, table=house(ASKS), keys=["1"], caller="13800138000")
    assert lives_through(call)[3] == "message"
    assert call.messages[0].callback == "13800138000"


def test_the_number_he_keyed_is_with_the_message_that_counts():
    # Given a caller who keyed his number, was silent at the first tone, and speaks at the second
    call = caller(NIGHT, table=house(ASKS), keys=["1", "02085550199#", "1"], caller="", says=[0.1, 5.0])
    lives_through(call)
    # Then he is asked for it once, and it is with both
    assert [one.name for one in call.heard].count("message-number") == 1
    assert [one.callback for one in call.messages] == ["02085550199", "02085550199"]


def test_a_star_in_a_number_is_no_number():
    call = caller(NIGHT, table=house(ASKS), keys=["1", "*123#"], caller="")
    assert "message-kept" in lives_through(call)
    assert call.messages[0].callback == ""
