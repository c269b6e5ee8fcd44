"""`ivr draw`: to the terminal, to a file."""

import pytest
from click.testing import CliRunner

from ivr.cli import main
from tests.house import HOUSE


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `ivr draw` in a folder that holds the test house as routes.yaml."""
    (tmp_path / "routes.yaml").write_text(HOUSE)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["draw", *words])


def test_mermaid_is_printed(run):
    done = run("--language", "en", "--entry", "2000")
    assert done.exit_code == 0
    assert done.output.split("  classDef")[0] == (
        "%% Test Company / 试验公司, routes.yaml\n"
        "flowchart LR\n"
        '  n1(["<b>2000</b><br/>English"]):::number\n'
        '  n2["<b>Sales</b><br/><i>销售部</i><br/>◷ Mon–Fri 09:00–12:00, 13:30–18:00<br/>☎ 8001 + 8002, 25 s<br/>'
        'closed, lunch, otherwise: ✉ message<br/>busy: ⧗ waits 3 × 20 s, then ✉ message"]:::department\n'
        "  n1 --> n2\n"
    )


def test_a_file_that_ends_in_svg_is_one(run, tmp_path):
    assert run("-o", "a.svg").output == ""
    assert (tmp_path / "a.svg").read_text("utf-8").startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert run("-o", "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("%% 试验公司")
    assert run("--format", "svg").output == (tmp_path / "a.svg").read_text("utf-8")


def test_at_an_instant(run):
    told = run("--language", "en", "--at", "2026-11-20T23:00").output
    assert told.startswith("%% Test Company / 试验公司, routes.yaml, as of Fri 2026-11-20 23:00\n")
    assert 'closed: ✉ message"]:::shut' in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--language", "fr"), "the house speaks zh, en"),
        (("--entry", "12a"), "'12a' is no number that can be dialled"),
        (("--entry", "119"), "119 goes through before any line and any table"),
        (("--at", "noon"), "'noon': write a time like 2026-11-21T23:00"),
        (("--at", "0001-01-01"), "write a year from 1970 to 2199"),
        (("--at", "9999-12-31T23:59"), "write a year from 1970 to 2199"),
    ],
)
def test_what_cannot_be_drawn(run, words, said):
    done = run(*words)
    assert (done.exit_code, done.output) == (
        2,
        "Usage: main draw [OPTIONS] [TABLE]\nTry 'main draw --help' for help.\n\n"
        f"Error: Invalid value for {words[0]}: {said}\n",
    )


def test_a_number_that_is_not_in_the_table_is_drawn_as_every_other(run):
    assert '  n1(["<b>5555</b><br/>any other number<br/>' in run("--language", "en", "--entry", "5555").output


def test_what_cannot_be_written(run):
    done = run("-o", "nowhere/a.svg")
    assert (done.exit_code, done.output) == (2, "nowhere/a.svg cannot be written: No such file or directory\n")


def test_a_table_with_errors(run, tmp_path):
    (tmp_path / "routes.yaml").write_text(HOUSE.replace("2: department/support", "2: department/suport"))
    done = run("-o", "a.svg")
    assert (done.exit_code, done.output) == (
        2,
        "routes.yaml:22:10: menus.main.keys.2: there is no department/suport. Did you mean department/support?\n",
    )
    assert not (tmp_path / "a.svg").exists()
