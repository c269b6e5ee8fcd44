"""Call scripts, lived through: what a caller hears, who is rung, how it ends; and what is said where it differs."""

import pytest

from ivr.errors import PromptError
from ivr.rehearsal.check import fitting
from ivr.rehearsal.house import House
from ivr.rehearsal.reading import read
from ivr.rehearsal.story import story
from ivr.share import shared
from ivr.table.finding import Findings
from tests import house as tests_house
from tests.rehearsal.conftest import PROMPTS, scripts

AS_WRITTEN = {
    "somebody answers": """
  Sales:
    phones: {8001: busy, 8002: {answers: 8s, talks: 30s}}
    caller:
      - hears: [greeting, 试验公司]
      - hears: zh/menu
      - presses: 1
      - hears: [transfer, 销售部]
      - rings: [8002, 8001]
      - talks_to: 8002
      - hears: goodbye
    ends: {with: 8002, lasts: 29s to 31s}
    lasts: 45s to 75s
    never_hears: 李四
""",
    "a message, and the caller hangs up while he speaks": """
  Message:
    at: 2026-11-22 03:00
    caller: [presses: 1, hears: closed, comes_to: message/sales, says: 10s, hangs_up]
    ends: {message: sales, lasts: 9s to 11s, number: "13800138000"}
""",
    "a message ended by a key, with a number of its own": """
  Message:
    from: withheld
    caller: [presses: 2, hears: no-answer, says: 4s, presses: "#", hears: message-kept, hears: goodbye]
    ends: {message: support, lasts: under 5s}
""",
    "one after the other, the one who does not want to be disturbed left out": """
  Support:
    phones: {8003: {refuses: 3s}}
    caller: [presses: 2, rings: 8003, hears: refused, says: 2s]
    ends: {message: support}
""",
    "busy at first, free at the second ring": """
  Hold:
    phones: {8001: [busy, {answers: 2s, talks: 5s}], 8002: busy}
    caller: [presses: 1, hears: busy, comes_to: hold/sales, hears: music, hears: hold-check-in, talks_to: 8001]
    ends: {with: 8001}
""",
    "nothing is pressed, and nothing said": """
  Silence:
    phones: {"*": unreachable}
    caller: [hears: menu-silence, hears: silence-limit, comes_to: operator, hears: unreachable, hears: message-empty]
    ends: goodbye
""",
    "the language is changed, and words are looked for in any case and spacing": """
  English:
    caller: [hears: zh/menu, presses: 9, hears: en/menu, hears: zh-cannot-be, hangs_up]
    ends: hangs_up
""".replace(", hears: zh-cannot-be", ', presses: 3, hears: "we are  AT 1 tianhe"'),
    "an extension is dialled": """
  Extension:
    phones: {8004: answers, 8002: {answers: 1s, talks: 0s}}
    caller: [presses: 8002, hears: transfer-extension, talks_to: 8002]
    ends: {with: 8002}
""",
    "a key pressed before anything is heard waits for the first word": """
  Hasty:
    caller: [presses: 3, hears: announcement, waits: 3s, hangs_up]
    ends: hangs_up
""",
    "a colleague transfers the caller": """
  Transferred:
    phones: {8001: {answers: 1s, talks: 5s, transfers: 8002}, 8002: {answers: 1s, talks: 5s}}
    caller: [presses: 8001, talks_to: 8001, comes_to: extension/8002, rings: 8002, talks_to: 8002]
    ends: {with: 8002}
""",
    "hours made by hand": """
  By hand:
    hours: {office: closed}
    caller: [hears: menu, presses: 1, hears: closed, hangs_up]
""",
    "hours of the call before are forgotten": """
  As the table says:
    caller: [hears: menu, presses: 1, hears: transfer, hangs_up]
""",
}


@pytest.mark.parametrize("text", AS_WRITTEN.values(), ids=AS_WRITTEN)
def test_as_written(rehearsed, text):
    verdict = rehearsed(text)
    assert verdict, [*verdict.lines(), *story(verdict.moments)]


NOT_AS_WRITTEN = {
    "something else is heard": (
        "{phones: {'*': busy}, caller: [presses: 1, hears: transfer, hears: no-answer]}",
        "3:69: Call: the caller should hear no-answer; he heard busy, hold-start, hold-check-in, hold-leave, message, "
        "message-empty, message-again, goodbye, and the call was over",
    ),
    "words nobody says": (
        "{caller: [hears: [greeting, 海信科技]]}",
        "3:19: Call: the caller should hear greeting and “海信科技”; he heard greeting, menu, menu-silence, "
        "silence-limit, transfer-operator, no-answer, message, message-empty, message-again, goodbye, and the call "
        "was over",
    ),
    "others are rung": (
        "{caller: [presses: 1, rings: 8001]}",
        "3:31: Call: 8001 should ring; but 8001, 8002 do",
    ),
    "another takes the call": (
        "{phones: {8002: answers}, caller: [presses: 1, talks_to: 8001]}",
        "3:56: Call: the caller should talk to 8001; but he talks to 8002",
    ),
    "another place": (
        "{caller: [presses: 2, comes_to: hold/sales]}",
        "3:31: Call: the caller should come to hold/sales; he heard transfer, no-answer, message, message-empty, "
        "message-again, goodbye, and the call was over",
    ),
    "the call is over": (
        "{caller: [hears: goodbye, waits: 60s, presses: 1]}",
        "3:47: Call: the caller presses 1; but the call is over",
    ),
    "another end": (
        "{phones: {8001: answers}, caller: [presses: 1], ends: {message: sales}}",
        "3:63: Call: the call should end with a message for sales; it ended with 8001",
    ),
    "a message that is too short, and without a number": (
        "{from: withheld, caller: [presses: 2, says: 2s], ends: {message: support, lasts: over 20s}}",
        "3:64: Call: the message should last over 20s; it lasts 7.0s",
    ),
    "a number to call back": (
        "{caller: [presses: 2, says: 2s], ends: {message: support, number: '110'}}",
        "3:48: Call: the message should have the call-back number 110; it has 13800138000",
    ),
    "a conversation that is too short": (
        "{phones: {8001: answers}, caller: [presses: 1], ends: {with: 8001, lasts: over 60s}}",
        "3:63: Call: they should talk over 60s; they talked 10.0s",
    ),
    "a call that is too long": (
        "{caller: [hears: menu, waits: 10s, hangs_up], lasts: under 5s}",
        "3:62: Call: the call should last under 5s; it lasted 16.1s",
    ),
    "what nobody may hear": (
        "{caller: [hears: menu, hangs_up], never_hears: [8001, 试验公司]}",
        "3:56: Call: the caller should never hear “试验公司”; he heard greeting: 上午好，欢迎致电试验公司。"
        "很高兴为您服务。",
    ),
}


@pytest.mark.parametrize(("text", "told"), NOT_AS_WRITTEN.values(), ids=NOT_AS_WRITTEN)
def test_not_as_written(rehearsed, text, told):
    assert rehearsed(f"  Call: {text}\n").lines() == [f"calls.yaml:{told}"]


def test_the_story_of_a_call(rehearsed):
    verdict = rehearsed("  Call: {phones: {8001: {answers: 4s, talks: 20s}}, caller: [hears: menu, presses: 1]}\n")
    assert list(story(verdict.moments)) == [
        "  0:00  line    step greeting/1000",
        "  0:00  line    step menu/main",
        "  0:00  house   [zh/greeting] 上午好，欢迎致电试验公司。很高兴为您服务。",
        "  0:06  house   [zh/menu] 销售部请按一，技术支持请按二，地址请按三， For English, press nine. 总机请按零。"
        "如果您知道分机号码，请直接输入。",
        "  0:06  caller  presses 1",
        "  0:06  line    step department/sales",
        "  0:06  house   [zh/transfer] 正在为您转接销售部，请稍候。",
        "  0:10  switch  rings 8001, 8002",
        "  0:14  switch  8001 answers",
        "  0:34  switch  they have talked",
        "  0:34  line    step goodbye",
        "  0:34  house   [zh/goodbye] 感谢您致电试验公司，祝您一天愉快，再见。",
        "  0:40  house   hangs up",
        "  0:40  switch  the call is over: NORMAL_CLEARING",
    ]


def test_what_the_line_plays_is_what_the_caller_hears_at_the_switch(house):
    # Given a call that is interrupted by keys, waits, rings and records
    [script] = scripts(
        "  Call: {phones: {'*': busy}, caller: [hears: menu, presses: 1, hears: music, presses: 2, says: 3s]}\n"
    )
    kept = []
    call = house.switch.call
    house.switch.call = lambda **how: kept.append(call(**how)) or kept[0]
    try:
        verdict = house.rehearse(script)
    finally:
        house.switch.call = call
    # Then the ear at the line and the switch's own trace of sounds agree, to a tenth of a second
    heard = [(moment.what, moment.at) for moment in verdict.moments if moment.kind in ("hears", "music")]
    played = [(sound.what.rsplit("/", 1)[-1].rpartition("-")[0], sound.start) for sound in kept[0].heard
              if sound.what.startswith(str(house.line.data / "speech"))]  # fmt: skip
    assert [name for name, _ in heard] == [name for name, _ in played]
    assert max(abs(one - other) for (_, one), (_, other) in zip(heard, played, strict=True)) < 0.1


def test_who_chose_a_language_before_is_greeted_in_it_and_nobody_after_him():
    table = tests_house.house(tests_house.HOUSE.replace("country: CN", "country: CN\n  remember_language: yes"))
    text = """
  English: {chose: en, caller: [hears: en/greeting, hangs_up]}
  Another: {caller: [hears: zh/greeting, hangs_up]}
"""
    with House(table, [shared("prompts")]) as house:
        assert [house.rehearse(script).lines() for script in scripts(text, table)] == [[], []]


def test_who_shows_no_number_has_chosen_nothing():
    table = tests_house.house(tests_house.HOUSE.replace("country: CN", "country: CN\n  remember_language: yes"))
    found = Findings("calls.yaml")
    file = read(b"calls: {A: {at: 2026-11-20 10:00, from: withheld, chose: en}}", found)
    assert fitting(file.scripts, table, PROMPTS, found) == []
    assert [one.said for one in found] == ["calls.A.chose: who shows no number is not remembered; write another from"]


def test_a_step_that_fails_is_no_call_as_written(rehearsed, house, monkeypatch):
    handler = house.line.handlers["announcement"]
    broken = type(handler)(handler.kind, lambda call, step: 1 / 0, handler.speaks)
    monkeypatch.setitem(house.line.reception.handlers, "announcement", broken)
    verdict = rehearsed("  Call: {caller: [presses: 3, comes_to: operator]}\n")
    assert verdict.lines() == [
        "calls.yaml:3:3: Call: a step failed: announcement/address ZeroDivisionError: division by zero"
    ]


def test_a_prompt_that_is_missing_is_no_call_as_written(rehearsed, house, monkeypatch):
    def nothing(prompt, language):
        raise PromptError("nothing to say")

    for name in ("files", "make"):
        monkeypatch.setattr(house.line.voice, name, nothing)
    verdict = rehearsed("  Call: {caller: [waits: 1s, hangs_up]}\n")
    # The greeting and the menu are one command, and miss each by itself
    assert verdict.lines() == [
        "calls.yaml:3:3: Call: a prompt could not be played: greeting nothing to say",
        "calls.yaml:3:3: Call: a prompt could not be played: menu nothing to say",
    ]
