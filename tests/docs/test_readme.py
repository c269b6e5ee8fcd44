"""README.md and README.zh.md: their commands exist, their words are what commands say, their links lead somewhere."""

import re
import shlex
from pathlib import Path

import click
import pytest

from ivr.cli import main
from tests.docs import readme
from tests.switched import Hum

HERE = Path(__file__).parents[2]
PAGES = {language: page.read_text("utf-8") for language, page in readme.PAGES.items()}
COMMANDS = {
    language: [line.strip().removeprefix("$ ") for line in re.findall(r"^ *\$ .*$", page, re.M)]
    for language, page in PAGES.items()
}
OTHERS = {".", "cp", "freeswitch", "install", "mkdir", "nano", "umask"}
"""Commands that are not ours."""


@pytest.fixture
def spoken_quickly(monkeypatch):
    """The demo with an engine that hums: what is said is the same, how long it takes is not."""
    monkeypatch.setattr("ivr.speaking.best_engine", Hum)


def said(text: str) -> str:
    """Only what is said: without times, and without where lines were broken."""
    return re.sub(r"\s", "", re.sub(r"^ *\d:\d\d ", "", text, flags=re.M))


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("name", readme.SAID)
def test_blocks_are_what_the_commands_say_today(language, name, spoken_quickly):
    assert said(readme.blocks(PAGES[language])[name]) == said(readme.SAID[name](language)), "run `make docs`"


def test_both_say_the_same():
    # Commands (the demo's number apart), tables, pictures, headings and links in the same order
    def shape(page: str) -> list[str]:
        page = page.replace("call-flow.zh.svg", "call-flow.svg").replace(" --to 02085550160", "")
        page = page.replace("(README.zh.md)", "(other)").replace("(README.md)", "(other)")
        return re.findall(
            r"^#+ |^```\w+$|^ *\$ [^#\n]*[^#\s]|\]\([^)]*\)|^\d+\. |`\w[\w./-]+\.(?:yaml|xml|wav)`", page, re.M
        )

    assert sorted(shape(PAGES["en"])) == sorted(shape(PAGES["zh"]))
    yaml = {language: re.findall(r"```yaml\n(.*?)```", page, re.S) for language, page in PAGES.items()}
    assert yaml["en"] == yaml["zh"]


def test_the_example_of_a_department_is_that_of_routes_yaml():
    table = (HERE / "routes.yaml").read_text("utf-8")
    for example in re.findall(r"```yaml\n(.*?)```", PAGES["en"], re.S):
        assert example in table


def words_of(line: str) -> list[list[str]]:
    """The commands of a line of shell."""
    commands: list[list[str]] = [[]]
    for word in shlex.split(line, comments=True):
        if word == "&&":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


@pytest.mark.parametrize("line", sorted({line for lines in COMMANDS.values() for line in lines}))
def test_commands_exist_with_their_options(line):
    targets = re.findall(r"^(\w+):", (HERE / "Makefile").read_text("utf-8"), re.M)
    for name, *arguments in words_of(line):
        if name == "make":
            assert all(word in targets or re.fullmatch(r"[A-Z]+=\S+", word) for word in arguments)
        elif name == "ivr":
            assert_understood(main, arguments)
        else:
            assert name in OTHERS


def assert_understood(command: click.Command, arguments: list[str]) -> None:
    """click reads the arguments; nothing is run."""
    context = click.Context(command, info_name="ivr", resilient_parsing=False)
    if isinstance(command, click.Group):
        known = command.get_command(context, arguments[0])
        assert known is not None, arguments
        assert_understood(known, arguments[1:])
    else:
        with command.make_context("ivr", list(arguments)):
            pass


@pytest.mark.parametrize(
    "page", sorted({*readme.PAGES.values(), *HERE.glob("docs/**/*.md")}), ids=lambda page: page.name
)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
