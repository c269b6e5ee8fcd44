"""Announcements: what is told to callers, with values that are written once for all languages (rule I1)."""

from datetime import date, time

import pytest
from click.testing import CliRunner

from ivr.cli.explain import explain
from ivr.overrides import Override
from ivr.prompt import Names, Opening, Prompt
from ivr.share import shared
from ivr.speech.templates import Templates
from tests.house import HOUSE, caller, house, lives_through

PRICES = HOUSE.replace(
    "announcements:\n",
    "announcements:\n"
    "  prices:\n"
    "    say:\n"
    "      zh: 单人房{{ price }}元{{ extra }}，早餐{{ breakfast }}开始，{{ until }}之前。\n"
    "        {{ desk }}电话{{ phone }}，{{ opens }}上班。\n"
    "      en: A room is {{ price }} yuan {{ extra }}, breakfast from {{ breakfast }}, until {{ until }}.\n"
    "        {{ desk }} of {{ us }} on {{ phone }} is there {{ opens }}.\n"
    "    values: {price: 380, breakfast: 06:30, until: 2026-12-24, phone: 020 8555-0100, desk: department/sales,\n"
    "             us: house, opens: hours/office, extra: {zh: 含早餐, en: with breakfast}}\n",
).replace('"2000": {to: department/sales, language: en}', '"2000": {to: announcement/prices}')  # fmt: skip
HEARD = {
    "en": "A room is three hundred and eighty yuan with breakfast, breakfast from half past six in the morning, "
    "until the twenty-fourth of December. Sales of Test Company on zero two zero, eight five five five, zero one zero "
    "zero is there today at half past one in the afternoon.",
    "zh": "单人房三百八十元含早餐，早餐早上六点半开始，十二月二十四日之前。"
    "销售部电话零二零，八五五五，零幺零零，今天下午一点半上班。",
}


@pytest.fixture
def said():
    templates = Templates([shared("prompts")])
    return lambda prompt, language: templates.text(prompt, language)


@pytest.mark.parametrize("language", HEARD)
def test_values_are_said_by_what_they_are(said, language):
    call = caller(table=house(PRICES), dialled="2000")
    lives_through(call)
    assert said(call.heard[1], language) == HEARD[language]


def test_the_prompt_carries_values_and_not_words():
    call = caller(table=house(PRICES), dialled="2000")
    lives_through(call)
    assert dict(call.heard[1].values)["values"] == (
        ("price", 380), ("breakfast", time(6, 30)), ("until", date(2026, 12, 24)), ("phone", "02085550100"),
        ("desk", Names(zh="销售部", en="Sales")), ("us", Names(zh="试验公司", en="Test Company")),
        ("extra", Names(zh="含早餐", en="with breakfast")),
        ("opens", Opening("today", date(2026, 11, 20), time(13, 30))),
    )  # fmt: skip


def test_ivr_explain_says_which_hours_are_told(tmp_path):
    (tmp_path / "t.yaml").write_text(PRICES, "utf-8")
    call = [str(tmp_path / "t.yaml"), "--to", "2000", "--at", "2026-11-20 10:00"]
    told = CliRunner().invoke(explain, call, catch_exceptions=False).output
    assert "三百八十元含早餐" in told and "rule  hours.office is open: Friday" in told


def test_an_opening_that_nobody_knows_is_not_said(said):
    # Given hours closed by hand until somebody opens them
    table = house(PRICES.replace("say:\n      zh: 单", "say:\n      zh: 开门{{ opens }}。单"))
    call = caller(table=table, dialled="2000", overrides={"office": Override("closed", None)})
    lives_through(call)
    assert dict(dict(call.heard[1].values)["values"])["opens"] is None
    assert said(call.heard[1], "zh").startswith("开门。单人房")


def test_a_template_of_the_site_is_given_the_values(tmp_path):
    text = PRICES[PRICES.index("    say:\n      zh: 单") : PRICES.index("    values:")]
    call = caller(table=house(PRICES.replace(text, "    prompt: our-prices\n")), dialled="2000")
    lives_through(call)
    (tmp_path / "en").mkdir()
    (tmp_path / "en/our-prices.j2").write_text("{% if price > 300 %}Call {{ phone | digits }}.{% endif %}")
    assert call.heard[1].name == "our-prices"
    said = Templates([tmp_path]).text(call.heard[1], "en")
    assert said == "Call zero two zero, eight five five five, zero one zero zero."


def test_words_without_blanks_are_as_they_were():
    call = caller(table=house(HOUSE), keys=["3"])
    lives_through(call)
    text = Names(zh="我们在天河路一号。", en="We are at 1 Tianhe Road.")
    assert Prompt("announcement", text=text) in call.heard
