"""What a caller lives through at the greeting and the menu."""

from pathlib import Path

from ivr.call import Answered
from ivr.prompt import Prompt
from ivr.speech.templates import Templates
from tests.house import HOUSE, LUNCH, NIGHT, caller, house, lives_through

SAID = Templates([Path(__file__).parents[2] / "prompts"])


def greeting_of(call):
    return next(dict(one.values) for one in call.heard if one.name == "greeting")


def test_a_key_during_the_greeting_leads_to_the_department():
    call = caller(keys=["1"], phones={"8001": Answered(30)})
    assert lives_through(call) == ["greeting", "menu", "transfer", "goodbye"]
    assert call.path == ["greeting/1000", "menu/main", "department/sales", "goodbye"]


def test_the_greeting_tells_the_time_of_day_and_whether_it_is_open():
    call = caller(keys=["1"])
    lives_through(call)
    assert (greeting_of(call)["part"], greeting_of(call)["state"]) == ("morning", "open")


def test_at_lunch_the_greeting_says_until_when():
    call = caller(LUNCH, keys=["2"])
    lives_through(call)
    assert greeting_of(call)["state"] == "lunch"
    assert greeting_of(call)["opens"].time.isoformat() == "13:30:00"


def test_at_night_the_greeting_names_the_next_opening():
    call = caller(NIGHT, keys=["2"])
    lives_through(call)
    opens = greeting_of(call)["opens"]
    assert (opens.day, opens.date.isoformat(), opens.time.isoformat()) == ("week", "2026-11-23", "09:00:00")


def test_who_waited_longer_than_three_rings_hears_an_apology_first():
    call = caller(keys=["1"], waited=16.0)
    lives_through(call)
    assert greeting_of(call)["late"] is True


def test_an_extension_keyed_in_the_menu_is_rung():
    call = caller(keys=["8002#"], phones={"8002": Answered(5)})
    assert lives_through(call) == ["greeting", "menu", "transfer-extension", "goodbye"]


def test_an_unknown_extension_is_said_to_be_unknown_and_asked_again():
    call = caller(keys=["8999", "8002"], phones={"8002": Answered(5)})
    assert lives_through(call) == [
        "greeting", "menu", "extension-unknown", "menu", "transfer-extension", "goodbye",
    ]  # fmt: skip


def test_silence_is_asked_again_and_ends_at_the_operator():
    call = caller(keys=[], phones={"8001": Answered(5)})
    assert lives_through(call) == [
        "greeting", "menu", "menu-silence", "menu", "menu-silence", "menu", "silence-limit", "transfer-operator",
        "goodbye",
    ]  # fmt: skip


def test_wrong_keys_have_words_of_their_own():
    call = caller(keys=["7", "7", "7"], phones={"8001": Answered(5)})
    assert lives_through(call) == [
        "greeting", "menu", "menu-invalid", "menu", "menu-invalid", "menu", "invalid-limit", "transfer-operator",
        "goodbye",
    ]  # fmt: skip


def test_the_language_key_changes_the_language_for_the_whole_call():
    call = caller(keys=["9", "1"], phones={"8001": Answered(5)})
    assert lives_through(call) == ["greeting", "menu", "language-changed", "menu", "transfer", "goodbye"]
    assert call.language == "en"


def test_a_number_may_lead_past_the_menu_in_a_language_of_its_own():
    call = caller(dialled="2000", phones={"8001": Answered(5)})
    assert lives_through(call) == ["greeting", "transfer", "goodbye"]
    assert call.language == "en"


def test_an_announcement_leads_back_to_the_menu_without_the_greeting():
    call = caller(keys=["3", "0"], phones={"8001": Answered(5)})
    assert lives_through(call) == ["greeting", "menu", "announcement", "menu", "transfer-operator", "goodbye"]


def test_who_is_not_put_through_is_not_told_that_he_is():
    # Given a night on which the operator is closed too, and a caller who presses nothing
    hours = "  hours: office\n  closed: message/operator\n"
    table = HOUSE.replace("ring: {phones: [8001]}\n", "ring: {phones: [8001]}\n" + hours, 1)
    call = caller(NIGHT, table=house(table))
    lives_through(call)
    # Then nothing that he hears promises a person
    texts = [SAID.text(one, "en") for one in call.heard if isinstance(one, Prompt) and one.name != "menu"]
    assert not [text for text in texts if "connect" in text or "putting you through" in text]
    assert [one.name for one in call.heard][-6:] == [
        "silence-limit", "closed", "message", "beep", "message-kept", "goodbye",
    ]  # fmt: skip


def test_the_language_he_has_is_not_offered_and_the_other_is():
    table = HOUSE.replace("9: language/en", "9: language/en\n      7: language/zh")
    call = caller(table=house(table), keys=["9", "7", "0"], phones={"8001": Answered(5)})
    lives_through(call)
    offered = [[key for key, _ in dict(one.values)["choices"]] for one in call.heard if one.name == "menu"]
    assert offered == [["1", "2", "3", "9", "0"], ["1", "2", "3", "7", "0"], ["1", "2", "3", "9", "0"]]
    assert call.language == "zh"


def test_a_machine_that_keys_one_language_for_ever_comes_to_the_operator():
    call = caller(keys=["9"] * 50, phones={"8001": Answered(5)})
    assert lives_through(call)[-3:] == ["invalid-limit", "transfer-operator", "goodbye"]
    assert len(call.heard) < 20
