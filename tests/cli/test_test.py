"""`ivr test`: what is printed, and the exit status."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ivr.cli.test import test as command
from tests.house import HOUSE

HEAD = 'table: ../routes.yaml\nevery: {at: 2026-11-20 10:00, to: "1000"}\ncalls:\n'
GOOD = "  Menu: {caller: [hears: menu, hangs_up], ends: hangs_up}\n"
BAD = "  Sales: {caller: [hears: menu, presses: 1, rings: 8003]}\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with a table and no calls."""
    monkeypatch.chdir(tmp_path)
    Path("routes.yaml").write_text(HOUSE)
    Path("calls").mkdir()


def run(*arguments: str, code: int = 0, calls: str = "") -> list[str]:
    if calls:
        Path("calls/a.yaml").write_text(HEAD + calls)
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return [line.partition(", in ")[0] for line in result.output.splitlines()]


def test_all_as_written():
    assert run(calls=GOOD) == ["1 of 1 calls as written"]
    assert run("calls/a.yaml", "-v", calls=GOOD)[:3] == [
        "calls/a.yaml:4:3: Menu: as written", "    0:00  line    step greeting/1000",
        "    0:00  line    step menu/main",
    ]  # fmt: skip


def test_not_all_as_written():
    told = run(code=1, calls=GOOD + BAD)
    assert told[0] == "calls/a.yaml:5:45: Sales: 8003 should ring; but 8001, 8002 do"
    assert told[1] == "    0:00  line    step greeting/1000"
    assert told[-3:] == [
        "    0:10  switch  rings 8001, 8002", "    0:10  switch  the call is over: NORMAL_CLEARING",
        "1 of 2 calls as written",
    ]  # fmt: skip
    # Only what is asked for, in any case
    assert run("-k", "menu") == ["1 of 1 calls as written"]
    assert run("-k", "nobody", code=2) == ["0 of 0 calls as written", "no call script with these words was found"]


def test_what_cannot_be_read():
    # One fault hides nothing of the other calls
    told = run(code=2, calls=GOOD + "  Other: {caller: [rngs: 8001]}\n")
    assert told == [
        "calls/a.yaml:5:20: calls.Other.caller[0].rngs: there is no key 'rngs' here; the keys are hears, presses, "
        "says, waits, comes_to, rings, talks_to. Did you mean rings?",
        "1 of 1 calls as written",
    ]
    assert run("none.yaml", code=2) == [
        "none.yaml:1:1: the file cannot be read: No such file or directory", "0 of 0 calls as written"
    ]  # fmt: skip
    Path("routes.yaml").write_text(HOUSE.replace("1: department/sales", "1: department/sale"))
    assert run(code=2, calls=GOOD)[0] == (
        "routes.yaml:21:10: menus.main.keys.1: there is no department/sale. Did you mean department/sales?"
    )


def test_another_table_in_place_of_the_files_own():
    Path("new.yaml").write_text(HOUSE.replace("1: department/sales", "1: department/support"))
    assert run("--table", "new.yaml", calls=BAD) == ["1 of 1 calls as written"]


def test_coverage():
    told = run("--coverage", calls=GOOD)
    assert told[:3] == [
        "routes.yaml:8:3: numbers.1000.lunch: no call comes then",
        "routes.yaml:8:3: numbers.1000.closed: no call comes then",
        "routes.yaml:9:3: numbers.2000: no call comes here",
    ]
    walked = "routes.yaml: walked 0 of 5 keys, 1 of 22 ends, 1 of 9 hours, 2 of 14 steps: 8 %"
    assert told[-2:] == [walked, "1 of 1 calls as written"]
    assert run("--fail-under", "8", calls=GOOD) == [walked, "1 of 1 calls as written"]
    assert run("--fail-under", "9", code=1, calls=GOOD) == [walked, "1 of 1 calls as written"]


def test_junit():
    run("--junit", "out.xml", code=1, calls=GOOD + BAD)
    [suite] = ElementTree.parse("out.xml").getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("calls/a.yaml", "2", "1")


def test_first_scripts_pass_as_they_stand_and_replace_nothing():
    told = run("--new", "calls/first.yaml", "--table", "routes.yaml")
    assert told == ["calls/first.yaml: 18 first scripts; `ivr test calls/first.yaml` lives through them"]
    text = Path("calls/first.yaml").read_text()
    assert "\ntable: ../routes.yaml\n" in text
    assert re.sub("2026-..-..|20..-..-..", "DAY", text).split("\n\n")[3:5] == [
        '  "{number}, key 1 (department/sales), open":\n'
        '    each: {number: ["1000", "1001"]}\n'
        "    at: DAY 10:00\n"
        '    to: "{number}"\n'
        "    phones: {8001: answers}\n"
        "    caller:\n"
        "      - hears: greeting\n"
        "      - hears: menu\n"
        "      - presses: 1\n"
        "      - hears: transfer\n"
        "      - rings: [8001, 8002]\n"
        "      - talks_to: 8001\n"
        "      - hears: goodbye\n"
        "    ends: {with: 8001}",
        '  "{number}, key 2 (department/support), open":\n'
        '    each: {number: ["1000", "1001"]}\n'
        "    at: DAY 10:00\n"
        '    to: "{number}"\n'
        "    phones: {8003: answers}\n"
        "    caller:\n"
        "      - hears: greeting\n"
        "      - hears: menu\n"
        "      - presses: 2\n"
        "      - hears: transfer\n"
        "      - rings: 8003\n"
        "      - talks_to: 8003\n"
        "      - hears: goodbye\n"
        "    ends: {with: 8003}",
    ]
    assert run() == ["33 of 33 calls as written"]
    assert run("--new", "calls/first.yaml", code=2) == ["calls/first.yaml is there already; nothing was written"]
