"""Who calls which number is greeted how, and led where: houses, lists of callers, emergencies (rules A1–A3, F3)."""

import pytest

from ivr.call import Answered, NoAnswer
from ivr.handlers import installed
from ivr.prompt import Names, Prompt
from ivr.reception import Reception
from ivr.scripted import live_through
from tests.house import HOUSE, MORNING, caller, house, lives_through

MANY = HOUSE.replace(
    '"2000":',
    '"5000": {to: department/sales, house: annex}\n'
    '  "5001": {to: menu/main, house: annex}\n'
    '  "1100": {to: department/support, emergency: yes, language: en}\n'
    '  "2000":',
) + (
    "houses: {annex: {name: {zh: 分店, en: Annex}, timezone: Europe/Berlin, operator: department/support}}\n"
    "callers:\n"
    "  blocked: {numbers: ['+8613900139000'], to: announcement/address}\n"
    "  vip: {numbers: ['13800138000', '+4930*'], to: department/support, language: en}\n"
    "  abroad: {countries: [DE], language: en}\n"
    "  nobody: {withheld: yes, to: operator}\n"
)  # fmt: skip
TALK = {"phones": dict.fromkeys(("8001", "8002", "8003"), Answered(5))}


def calling(number: str, frm: str = "13700137000", **script):
    call = caller(**{"table": house(MANY), "dialled": number, "caller": frm, **TALK, **script})
    lives_through(call)
    return call


@pytest.mark.parametrize(
    ("frm", "second", "language"),
    [
        ("13700137000", "menu/main", "zh"),
        ("13900139000", "announcement/address", "zh"),
        ("13800138000", "department/support", "en"),
        ("+493012345678", "department/support", "en"),  # by the beginning of the number; the first list counts
        ("+498912345678", "menu/main", "en"),  # by the country
        ("", "operator", "zh"),
        ("8001", "menu/main", "zh"),  # a colleague's number is of no country
    ],
)
def test_the_first_list_a_caller_is_on_counts(frm, second, language):
    call = calling("1000", frm, keys=["1"])
    assert (call.path[1], call.language) == (second, language)


@pytest.mark.parametrize(
    ("number", "frm", "chose", "language"),
    [
        ("1000", "13700137000", "en", "en"),
        ("1000", "13700137000", "", "zh"),
        ("1000", "+498912345678", "zh", "zh"),  # he is on a list of those who are greeted in English
        ("2000", "13700137000", "zh", "en"),  # a number that is English by itself
        ("1000", "13700137000", "fr", "zh"),  # a language the house spoke once
        ("1100", "13700137000", "zh", "en"),  # an emergency asks for nothing
    ],
)
def test_what_a_caller_has_chosen_before_is_spoken(number, frm, chose, language):
    table = house(MANY.replace("country: CN", "country: CN\n  remember_language: yes"))
    call = calling(number, frm, table=table, chose=chose, keys=["1"])
    assert call.language == language
    assert [data for event, data in call.notes if event == "remembered"] == [{"language": chose}] * (language == chose)


def test_a_house_that_does_not_remember_asks_nothing_and_keeps_nothing():
    call = calling("1000", chose="en", keys=["9", "9", "1"])
    assert (call.heard[0].name, call.chose) == ("greeting", "en")
    assert "remembered" not in [event for event, _ in call.notes]


def test_a_list_is_noted_by_its_name_and_not_with_the_number():
    call = calling("1000", "13800138000")
    assert [data for event, data in call.notes if event == "listed"] == [{"list": "vip"}]


def test_no_list_stands_before_an_emergency_and_no_greeting():
    call = calling("1100", "13900139000")
    assert call.path == ["greeting/1100", "department/support", "goodbye"]
    assert [one.name for one in call.heard] == ["transfer", "goodbye"]
    assert call.language == "en"


def test_another_house_greets_by_its_own_name_and_time_of_day():
    # When it is ten in the morning in Guangzhou, and three at night in Berlin
    call = calling("5000")
    # Then
    assert call.heard[0] == Prompt(
        "greeting", house=Names(zh="分店", en="Annex"), part="evening", state="open", opens=None, late=False
    )


def test_the_operator_of_another_house_is_its_own():
    call = calling("5001", keys=["0"])
    assert call.path[1:3] == ["menu/main", "department/support"]
    assert calling("1000", keys=["0"]).path[1:3] == ["menu/main", "operator"]


def test_a_failing_step_ends_at_the_operator_of_the_house_that_was_called(monkeypatch):
    call = caller(table=house(MANY), dialled="5000", caller="13700137000", **TALK)
    monkeypatch.setattr(call, "_phone", failing_once(call._phone))
    lives_through(call)
    assert call.path[:3] == ["greeting/5000", "department/sales", "department/support"]


def failing_once(real):
    left = [RuntimeError("the script says so")]

    def phone(number):
        if left:
            raise left.pop()
        return real(number)

    return phone


FLOWS = {
    "a list": {"dialled": "1000", "caller": "13800138000", "phones": {"8003": NoAnswer()}},
    "another house": {"dialled": "5001", "caller": "13700137000", "keys": ["0"], **TALK},
    "an emergency": {"dialled": "1100", "caller": "", **TALK},
}


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("end", ["hangs_up_at", "dies_at"])
def test_at_any_moment_nobody_is_lost(flow, end):
    whole = caller(MORNING, house(MANY), **FLOWS[flow])
    lives_through(whole)
    for verb in range(1, whole.verbs + 1):
        call = caller(MORNING, house(MANY), **FLOWS[flow], **{end: verb})
        live_through(call, Reception(installed()))
        assert call.over, verb
        if end == "dies_at":
            assert list(dict.fromkeys(call.path)) == list(dict.fromkeys(whole.path)), verb
