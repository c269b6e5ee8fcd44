"""The house's own prompts: each says something in each language, and says it as it was meant."""

import re
from datetime import date, time
from pathlib import Path

import jinja2.meta
import pytest

from ivr.prompt import Names, Opening, Prompt
from ivr.speech.templates import FILTERS, Templates
from ivr.spoken import words
from tests.speech.prompts import CHOICES, FOREIGN, HOUSE, SALES, every_prompt

HERE = Path(__file__).parents[2] / "prompts"
HOUSE_PROMPTS = Templates([HERE])
EVERY_PROMPT = list(every_prompt())
LANGUAGES = ("zh", "en")
MONDAY_AT_NINE = Opening("tomorrow", date(2026, 11, 23), time(9))


def test_both_languages_have_the_same_prompts():
    assert HOUSE_PROMPTS.names("zh") == HOUSE_PROMPTS.names("en") == sorted({prompt.name for prompt in EVERY_PROMPT})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_said_with_every_value(language):
    for prompt in EVERY_PROMPT:
        text = HOUSE_PROMPTS.text(prompt, language)
        if not dict(prompt.values).get("choices", True):
            continue  # a menu of nothing but extensions, or of nothing, may say nothing
        assert text, prompt
        assert not re.search(r"[{}<>\x00-\x1f]|None|True|\s\s|[，。,]{2}", text), (prompt, text)


def test_nothing_is_left_for_the_voice_to_guess():
    """No figures: whether 1 is 一, 幺 or "the first" is ours to decide. No Latin letter in Chinese but names'."""
    for prompt in EVERY_PROMPT:
        assert not re.search(r"\d", HOUSE_PROMPTS.text(prompt, "en") + HOUSE_PROMPTS.text(prompt, "zh")), prompt
        if dict(prompt.values).get("choices") != FOREIGN:
            assert not re.search(r"[A-Za-z]", HOUSE_PROMPTS.text(prompt, "zh")), prompt
            assert not re.search(r"[\u3000-\u9fff]", HOUSE_PROMPTS.text(prompt, "en")), prompt


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_ends(language):
    for prompt in EVERY_PROMPT:
        text = HOUSE_PROMPTS.text(prompt, language)
        if text:
            assert text[-1] in "。.?", (prompt, text)


@pytest.mark.parametrize("path", sorted(HERE.glob("*/*.j2")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_template_opens_with_its_rule_and_values(path):
    source = path.read_text(encoding="utf-8")
    assert re.match(r"\{# ([A-I]\d )+· |\{# ([A-I]\d )+#\}", source), source.splitlines()[0]
    environment = jinja2.Environment(autoescape=False)
    environment.filters |= dict.fromkeys(FILTERS, str)  # nothing is rendered: the names are enough
    asked = jinja2.meta.find_undeclared_variables(environment.parse(source))
    told = source[: source.index("#}")]
    assert [name for name in sorted(asked) if not re.search(rf"\b{name}\b", told)] == []


@pytest.mark.parametrize(
    ("prompt", "zh", "en"),
    [
        (
            Prompt("greeting", house=HOUSE, part="morning", state="open", opens=None, late=False),
            "上午好，欢迎致电恒信科技。很高兴为您服务。",
            "Good morning. Thank you for calling Hengxin Technology. How may we help you?",
        ),
        (
            Prompt("greeting", house=HOUSE, part="evening", state="closed", opens=MONDAY_AT_NINE, late=True),
            "抱歉，让您久等了。晚上好，欢迎致电恒信科技。现在是非工作时间，我们将于明天，星期一，上午九点恢复服务。",
            "We are sorry to have kept you waiting. Good evening. Thank you for calling Hengxin Technology. "
            "We are closed at the moment, and we open again tomorrow, Monday, at nine a.m.",
        ),
        (
            Prompt("menu", choices=CHOICES, direct_dial=True),
            "销售部请按一，技术支持请按二，总机请按零。如果您知道分机号码，请直接输入。",
            "For Sales, press one. For Technical Support, press two. For the operator, press zero. "
            "If you know the extension you require, please key it in now.",
        ),
        (
            Prompt("transfer", to=SALES),
            "正在为您转接销售部，请稍候。",
            "We are putting you through to Sales. Please hold the line.",
        ),
        (
            Prompt("hold-check-in", to=SALES, position=2, message=True),
            "感谢您耐心等候，销售部的电话暂时还没有接通。您目前排在第二位。继续等候请按一，留言请按二。",
            "Thank you for waiting. We have not been able to connect you to Sales yet. "
            "You are number two in the queue. To keep waiting, press one. To leave a message, press two.",
        ),
        (
            Prompt("hold-start", to=SALES, message=False),
            "请您稍候，我们会尽快为您接通销售部。如果您不想等候，请按二。",
            "Please stay on the line, and we will connect you to Sales as soon as possible. "
            "If you would rather not wait, press two.",
        ),
        (
            Prompt("closed", to=Names(zh="总机", en="the operator"), opens=MONDAY_AT_NINE),
            "很抱歉，总机现在是非工作时间，将于明天，星期一，上午九点恢复服务。",
            "We are sorry, the operator is not available at this hour, "
            "and will be available again tomorrow, Monday, at nine a.m.",
        ),
        (
            Prompt("message-kept", reference="204711"),
            "谢谢，您的留言已经记录，编号是二零四，七幺幺。我们会尽快与您联系。",
            "Thank you. Your message has been recorded, and its reference number is two zero four, seven one one. "
            "We will call you back as soon as we can.",
        ),
        (
            Prompt("extension-unknown", number="8001"),
            "很抱歉，没有八零零幺这个分机，请您核对号码后重新输入。",
            "We are sorry, there is no extension eight zero zero one. Please check the number and try again.",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Prompt) else "",
)
def test_what_the_caller_hears(prompt, zh, en):
    assert (HOUSE_PROMPTS.text(prompt, "zh"), HOUSE_PROMPTS.text(prompt, "en")) == (zh, en)


def test_a_choice_of_another_language_is_said_in_that_language():
    # Given a menu that offers English to those who know no Chinese, and the other way round (rule A3)
    menu = Prompt("menu", choices=FOREIGN, direct_dial=False)
    # Then each is said in its own language, and by its own voice
    in_chinese = [(part.language, part.text) for part in HOUSE_PROMPTS.segments(menu, "zh")]
    in_english = [(part.language, part.text) for part in HOUSE_PROMPTS.segments(menu, "en")]
    assert ("en", "For English, press eight.") in in_chinese
    assert ("zh", "中文服务请按九。") in in_english


def test_numbers_are_said_with_ten_recordings():
    # Given a hundred extensions
    prompts = [Prompt("transfer-extension", number=str(number)) for number in range(8000, 8100)]
    # When all are spoken in Chinese and English
    said = [HOUSE_PROMPTS.segments(prompt, language) for prompt in prompts for language in LANGUAGES]
    segments = {part for parts in said for part in parts}
    # Then there are ten digits, ten that end a number, and the words around them, in each language
    assert len(segments) <= 2 * (10 + 10 + 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_position_is_said_only_when_it_is_sure(language):
    unsure = HOUSE_PROMPTS.text(Prompt("hold-check-in", to=SALES, position=None, message=True), language)
    assert words(language).number(3) not in unsure.replace("press three", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_declined_and_undisturbed_tell_nothing_of_presence(language):
    """Rule C1: not that somebody pressed "decline", nor that he is there."""
    for name in ("refused", "do-not-disturb"):
        text = HOUSE_PROMPTS.text(Prompt(name, to=SALES), language)
        assert not re.search("拒|挂断|勿扰|declin|refus|reject|disturb|busy|out of", text), text


def test_the_documentation_lists_every_prompt_with_its_values():
    listed = re.findall(r"^\| `([a-z-]+)` \| (.*?) \|", (HERE.parent / "docs/prompts.md").read_text("utf-8"), re.M)
    assert sorted(name for name, _ in listed) == HOUSE_PROMPTS.names("zh")
    values = {name: set() for name, _ in listed}
    for prompt in EVERY_PROMPT:
        values[prompt.name] |= {value for value, _ in prompt.values} - {"top"}
    assert {name: set(re.findall(r"`(\w+)`", told)) for name, told in listed} == values
