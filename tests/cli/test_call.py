"""`ivr call`, `ivr check`, `ivr demo`, `ivr tape show`: what a person sees."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import main
from tests.house import HOUSE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `ivr` in an empty folder that holds the test house as routes.yaml."""
    (tmp_path / "routes.yaml").write_text(HOUSE)
    monkeypatch.chdir(tmp_path)

    def command(*words: str, typed: str = ""):
        return CliRunner().invoke(main, words, input=typed)

    return command


def test_call_is_a_dialogue(run):
    done = run("call", "--at", "2026-11-20T10:00", "--to", "1000", typed="9\n2\nb\ntell them it is urgent\n")
    assert done.output.splitlines() == [
        "     line  step greeting/1000",
        "     line  step menu/main",
        " you hear  上午好，欢迎致电试验公司。很高兴为您服务。",
        " you hear  销售部请按一，技术支持请按二，地址请按三， For English, press nine. 总机请按零。"
        "如果您知道分机号码，请直接输入。",
        "           [keys 0 1 2 3 9 or an extension] 9",
        " you hear  Thank you. We will continue in English.",
        " you hear  For Sales, press one. For Support, press two. For address, press three. "
        "For the operator, press zero. If you know the extension you require, please key it in now.",
        "           [keys 0 1 2 3 9 or an extension] 2",
        "     line  step department/support",
        " you hear  We are putting you through to Support. Please hold the line.",
        "           [8003 rings: (a)nswers, (b)usy, (n)o answer, (r)efuses, (u)nreachable] b",
        " you hear  We are sorry, the line to Support is engaged at the moment.",
        "     line  step message/support",
        " you hear  Please leave a message for Support after the tone, with your name, your company, your telephone "
        "number and the reason for your call. When you have finished, press the hash key.",
        "           [speak (Enter when done)] tell them it is urgent",
        " you hear  Thank you. Your message has been recorded, and its reference number is two zero four, eight one "
        "six. We will call you back as soon as we can.",
        "     line  step goodbye",
        " you hear  Thank you for calling Test Company. Have a pleasant day. Goodbye.",
        "  message  message/support: 6 s",
        "      end  NORMAL_CLEARING, after 38 s",
    ]


def test_end_of_input_is_a_hang_up(run):
    done = run("call", "--at", "2026-11-20T10:00", "--to", "1000")
    assert done.output.splitlines()[-1].startswith("      end  NORMAL_CLEARING")


def test_a_time_that_is_none(run):
    done = run("call", "--at", "tomorrow")
    assert done.exit_code == 2
    assert "Invalid value for --at: 'tomorrow': write a time like 2026-11-21T23:00" in done.output


def test_check_tells_what_is_right_and_what_is_wrong(run, tmp_path):
    assert run("check").output.startswith("routes.yaml: version ")
    (tmp_path / "bad.yaml").write_text(HOUSE.replace("8001, 8002]", "8001, 8092]"))
    done = run("check", "bad.yaml", "routes.yaml")
    assert done.exit_code == 2
    first, count, right, ids = done.output.splitlines()
    assert first == (
        "bad.yaml:30:27: departments.sales.ring.phones[1]: there is no extension '8092'. Did you mean 8002?"
    )
    assert count == "1 error"
    assert right.startswith("routes.yaml: version ")
    assert ids.endswith("the IDs here: unknown-extension")


def test_the_examples_have_no_errors(run):
    done = run("check", *(str(path) for path in sorted((ROOT / "examples").glob("*.yaml"))))
    assert done.exit_code == 0, done.output


def test_demo_lives_through_a_call_and_keeps_a_message(run, tmp_path):
    done = run("demo", "--data", str(tmp_path / "data"))
    assert done.exit_code == 0, done.output
    said = [line[8:] for line in done.output.splitlines() if line[2:6].strip().replace(":", "").isdigit()]
    assert said[0] == "house   上午好，欢迎致电恒信科技。很高兴为您服务。"
    assert "caller  presses 1" in said
    assert said[-1] == "house   感谢您致电恒信科技，祝您一天愉快，再见。"
    [recording] = (tmp_path / "data" / "spool").glob("*.wav")
    assert str(recording) in done.output
    listed = run("messages", "list", "--data", str(tmp_path / "data"))
    assert "message/sales" in listed.output


def test_tape_show_is_a_dialogue(run):
    done = run("tape", "show", str(ROOT / "tests" / "tapes" / "freeswitch" / "handover_record_hash-01.jsonl"))
    lines = done.output.splitlines()
    assert lines[0].startswith("handover_record_hash-01: set ivr_next=rec, exit")
    assert "   0.001 → connect" in lines
    assert any(line.endswith("→ set ivr_next=rec") for line in lines)
    assert "   0.202 ← +OK bye" in lines


def test_what_is_no_tape_is_named(run, tmp_path):
    (tmp_path / "no.jsonl").write_text("{}\n")
    done = run("tape", "show", "no.jsonl")
    assert done.exit_code == 2
    assert done.output == 'no.jsonl:1: no tape: its first line must be like {"tape": 1, "what": "…"}\n'
