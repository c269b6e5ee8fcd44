"""`ivr explain`: what a person sees, and a program."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from ivr.cli import main
from ivr.overrides import Override
from ivr.store import Overrides, Store
from tests.house import HOUSE, MORNING

WIDE = (
    HOUSE.replace("hours:\n", "hours:\n  night: {mon-sun: 22:00-06:00}\n", 1)
    .replace("extensions:\n", "extensions:\n  8005: {extends: desk}\n")
    .replace("menus:\n", "menus:\n  second: {name: second, keys: {1: duty/manager, 2: extension/8005, '*': back}}\n")
    + """
templates: {desk: {quiet: {hours: night, to: message/sales}}}
callers:
  press: {countries: [FR], to: message/sales}
  friends: {numbers: ["+4930*"], to: menu/second, language: en}
duties:
  manager: {name: manager, handover: "08:00", week: {mon-thu: 8001, fri-sun: 8005}, swaps: {2026-11-20: {8001: 8005}}}
"""
)
"""The test house with lists of callers, a duty, and a template."""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `ivr explain` in a folder that holds a table as routes.yaml."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str, table: str = HOUSE):
        (tmp_path / "routes.yaml").write_text(table)
        return CliRunner().invoke(main, ["explain", *words])

    return command


def told(done) -> list[str]:
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_a_closed_house_is_explained_with_the_lines_that_decided(run):
    done = run("--to", "1000", "--at", "2026-11-21T10:00", "--keys", "1")
    assert told(done) == [
        "13800138000 dials 1000 on Saturday 2026-11-21 at 10:00, Asia/Shanghai.",
        "",
        "  because  the number dialled: numbers.1000 (routes.yaml:8) → greeting/1000",
        "     step  greeting/1000 (routes.yaml:8)",
        "  because  numbers.1000.to (routes.yaml:8) → menu/main",
        "     step  menu/main (routes.yaml:17)",
        "     rule  hours.office is closed: Saturday has no range; opens Monday 2026-11-23 09:00 (routes.yaml:12)",
        "    hears  上午好，欢迎致电试验公司。现在是非工作时间，我们将于星期一，上午九点恢复服务。",
        "    hears  销售部请按一，技术支持请按二，地址请按三， For English, press nine. 总机请按零。"
        "如果您知道分机号码，请直接输入。",
        "  presses  1",
        "  because  key 1: menus.main.keys.1 (routes.yaml:21) → department/sales",
        "      not  menus.main.keys: 2 3 9 0 (routes.yaml:22-25); 1 was pressed",
        "     step  department/sales (routes.yaml:27)",
        "     rule  hours.office is closed (routes.yaml:12)",
        "    hears  很抱歉，销售部现在是非工作时间，将于星期一，上午九点恢复服务。",
        "  because  it is closed: departments.sales.closed (routes.yaml:31) → message/sales",
        "      not  departments.sales.ends: busy otherwise (routes.yaml:32); nobody was rung",
        "     step  message/sales (routes.yaml:44)",
        "    hears  请您在提示音后给销售部留言，并请留下您的姓名、单位、联系电话和事由。留言结束后，请按井号键。",
        "   speaks  for 5 s",
        "    hears  谢谢，您的留言已经记录，编号是二零四，八幺六。我们会尽快与您联系。",
        "  because  messages.sales.then by default (routes.yaml:44) → goodbye",
        "     step  goodbye",
        "    hears  感谢您致电试验公司，祝您一天愉快，再见。",
        "      end  NORMAL_CLEARING; a message in message/sales",
        "",
        "It is so until Monday 2026-11-23 at 09:00. From then on:",
        "     rule  hours.office is open: Monday 09:00-12:00, 13:30-18:00; until 12:00 (routes.yaml:12)",
        "    hears  上午好，欢迎致电试验公司。很高兴为您服务。",
        "      not  上午好，欢迎致电试验公司。现在是非工作时间，我们将于星期一，上午九点恢复服务。",
        "    rings  8001, 8002 together for 25 s",
        "      not  goes to message/sales",
    ]


def test_what_he_chose_before_comes_before_his_list(run):
    table = WIDE.replace("country: CN", "country: CN\n  remember_language: yes")
    done = run("--at", "2026-11-20T10:00", "--from", "+493012345", "--language", "zh", table=table)
    assert [line for line in told(done) if "first list" in line or "chosen" in line or "hears" in line][:3] == [
        "     rule  callers.friends is the first list he is on (routes.yaml:55)",
        "     rule  he has chosen zh by key before (routes.yaml:5)",
        "    hears  上午好，欢迎致电试验公司。很高兴为您服务。",
    ]


def test_callers_duties_and_swaps_have_their_lines_too(run):
    done = run("--to", "2000", "--at", "2026-11-20T10:00", "--from", "+493012345", "--keys", "1", table=WIDE)
    assert told(done)[2:17] == [
        "  because  the number dialled: numbers.2000 (routes.yaml:9) → greeting/2000",
        "     step  greeting/2000 (routes.yaml:9)",
        "     rule  callers.friends is the first list he is on (routes.yaml:54)",
        "  because  callers.friends.to (routes.yaml:54) → menu/second",
        "      not  callers: press (routes.yaml:53); he is not on this list",
        "      not  numbers.2000: to (routes.yaml:9); a list of callers comes first",
        "     step  menu/second (routes.yaml:18)",
        "    hears  Good morning. Thank you for calling Test Company. How may we help you?",
        "    hears  For manager, press one. For extension 8005, press two. For the menu before, press star.",
        "  presses  1",
        "  because  key 1: menus.second.keys.1 (routes.yaml:18) → duty/manager",
        "      not  menus.second.keys: 2 * (routes.yaml:18); 1 was pressed",
        "     step  duty/manager (routes.yaml:56)",
        "     rule  duties.manager: 8001 by swap with 8005, who has it by week: Friday 2026-11-20, from"
        " 08:00 (routes.yaml:56)",
        "    hears  We are putting you through to manager. Please hold the line.",
    ]
    assert told(done)[-4:] == [
        "It is so until Saturday 2026-11-21 at 08:00. From then on:",
        "     rule  duties.manager: 8005 by week: Saturday 2026-11-21, from 08:00 (routes.yaml:56)",
        "    rings  8005 for 25 s",
        "      not  8001 for 25 s",
    ]


def test_what_is_written_in_a_template_is_told_at_its_line(run):
    done = run("--to", "2000", "--at", "2026-11-21T02:00", "--from", "+493012345", "--keys", "2", table=WIDE)
    assert [line for line in told(done) if "8005" in line or "night" in line] == [
        "    hears  For manager, press one. For extension 8005, press two. For the menu before, press star.",
        "  because  key 2: menus.second.keys.2 (routes.yaml:18) → extension/8005",
        "     step  extension/8005 (routes.yaml:39)",
        "     rule  hours.night is open: Friday 22:00-06:00; until 06:00 (routes.yaml:12)",
        "    hears  We are sorry, extension 8005 cannot be put through at this hour.",
        "  because  it is an hour of peace: extensions.8005.quiet.to (routes.yaml:51) → message/sales",
        "     rule  hours.night is closed: Saturday 22:00-06:00; opens 22:00 (routes.yaml:12)",
        "      not  We are sorry, extension 8005 cannot be put through at this hour.",
        "    rings  8005 for 25 s",
    ]


def test_phones_do_what_is_said_and_each_end_has_its_rule(run):
    done = run("--at", "2026-11-20T11:59", "--keys", "1,,2", "--phones", "*=busy,8002=refuses")
    assert [line for line in told(done) if line[:9].strip() in ("rings", "because", "not")] == [
        "  because  the number dialled: numbers.1000 (routes.yaml:8) → greeting/1000",
        "  because  numbers.1000.to (routes.yaml:8) → menu/main",
        "  because  key 1: menus.main.keys.1 (routes.yaml:21) → department/sales",
        "      not  menus.main.keys: 2 3 9 0 (routes.yaml:22-25); 1 was pressed",
        "    rings  8001, 8002 together for 25 s: refused",
        "  because  refused: departments.sales.ends.otherwise (routes.yaml:32) → message/sales",
        "      not  departments.sales: closed (routes.yaml:31); it is open",
        "      not  departments.sales.ends: busy (routes.yaml:32); refused",
        "  because  messages.sales.then by default (routes.yaml:44) → goodbye",
        "      not  中午好，欢迎致电试验公司。很高兴为您服务。",
        "      not  rings 8001, 8002 together for 25 s",
    ]


def test_back_and_the_operator_say_what_they_mean_to_this_caller(run):
    done = run("--to", "2000", "--at", "2026-11-20T10:00", "--from", "+493012345", "--keys", "*,", table=WIDE)
    assert [line for line in told(done) if "that is" in line] == [
        "  because  key *: menus.second.keys.* (routes.yaml:18) → back, that is menu/second",
    ]


def test_nothing_ever_changes_where_nothing_was_asked(run):
    table = HOUSE.replace(", hours: office}", "}")
    assert told(run("--to", "1000", "--keys", "2", table=table))[-1] == "It is so for the next 400 days."


def test_an_emergency_number_never_comes_here(run):
    assert told(run("--to", "120")) == [
        "120 is an emergency number: FreeSWITCH puts it through before any line and any table."
    ]


def test_what_was_switched_by_hand_counts(run, tmp_path):
    store = Store.under(tmp_path, busy=5.0)
    store.migrate()
    Overrides(store).set("office", Override("closed", MORNING + timedelta(hours=1), "user ann"), MORNING)
    store.close()
    done = told(run("--to", "1000", "--at", "2026-11-20T10:00", "--data", str(tmp_path)))
    assert [line for line in done if "rule" in line or "until" in line] == [
        "     rule  hours.office is closed: by hand, by user ann; until 11:00 (routes.yaml:12)",
        "It is so until Friday 2026-11-20 at 11:00. From then on:",
        "     rule  hours.office is open: Friday 09:00-12:00, 13:30-18:00; until 12:00 (routes.yaml:12)",
    ]


def test_json_has_every_rule_with_its_place(run):
    done = json.loads(run("--to", "1000", "--at", "2026-11-21T10:00", "--keys", "1", "--json").output)
    assert (done["at"], done["ended"], done["messages"]) == (
        "2026-11-21T10:00:00+08:00", "NORMAL_CLEARING", ["message/sales"],
    )  # fmt: skip
    step = done["steps"][3]
    assert (step["address"], step["to"], step["place"]["line"]) == ("department/sales", "message/sales", 27)
    assert step["because"] == {
        "file": "routes.yaml", "line": 31, "path": "departments.sales.closed", "written": True,
        "says": "it is closed", "to": "message/sales",
    }  # fmt: skip
    assert [rule["path"] for rule in step["rules"]] == ["hours.office"]
    assert {rule["path"]: rule["says"] for rule in step["rejected"]} == {
        "departments.sales.ends.busy": "nobody was rung", "departments.sales.ends.otherwise": "nobody was rung",
    }  # fmt: skip
    assert done["changes"]["at"] == "2026-11-23T09:00:00+08:00"
    assert done["changes"]["after"][-1] == {
        "step": "goodbye", "verb": "hears", "text": "感谢您致电试验公司，祝您一天愉快，再见。",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--phones", "8001=sleeps"), "'8001=sleeps': write 8001= and one of answers, busy, refuses, rings, "
         "unreachable, do_not_disturb"),
        (("--phones", "8091=busy"), "there is no extension '8091'. Did you mean 8001?"),
        (("--language", "fr"), "the house speaks zh, en"),
        (("--at", "noon"), "'noon': write a time like 2026-11-21T23:00"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(run, words, said):
    done = run(*words)
    assert done.exit_code == 2
    assert done.output.splitlines()[-1] == f"Error: Invalid value for {words[0]}: {said}"
