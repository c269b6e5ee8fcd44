"""The blocks of README.md and README.zh.md that a program writes: each is what a command really said.

<!-- demo, by make docs -->
```text
…
```
"""

import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from click.testing import CliRunner

from ivr.cli import main

HERE = Path(__file__).parents[2]
PAGES = {"en": HERE / "README.md", "zh": HERE / "README.zh.md"}
BLOCK = re.compile(r"(?P<head><!-- (?P<name>\w+), by make docs -->\n```\w+\n)(?P<text>.*?)(?P<foot>```\n)", re.S)
WIDTH = 108
NUMBERS = {"en": "02085550160", "zh": "02085550100"}
SLIPS = {"1: department/sales": "1: department/sale", "mon-fri: 09:00-12:00": "tues: 09:00-12:00"}


def blocks(page: str) -> dict[str, str]:
    """The text of each block."""
    return {found["name"]: found["text"] for found in BLOCK.finditer(page)}


def filled(page: str, language: str) -> str:
    """The page with what the commands say today."""
    return BLOCK.sub(lambda found: found["head"] + SAID[found["name"]](language) + found["foot"], page)


def demo(language: str) -> str:
    """`ivr demo`, without where it was run."""
    with tempfile.TemporaryDirectory() as folder:
        told = output(["demo", "--to", NUMBERS[language], "--data", folder])
        told = told.replace(str(Path(folder).resolve()), "…/data/demo").replace(folder, "data/demo")
    told = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<call>", told)
    return wrapped(told.replace("\n\nLook further:", "\n\n  Look further:").split("\n\n  Look further:")[0] + "\n", 16)


def check(_language: str) -> str:
    """`ivr check` of our table with two slips; its errors."""
    text = (HERE / "routes.yaml").read_text("utf-8")
    for right, wrong in SLIPS.items():
        assert text.count(right) == 1, f"routes.yaml should have {right!r} once: choose another slip"
        text = text.replace(right, wrong)
    with elsewhere():
        Path("routes.yaml").write_text(text, "utf-8")
        told = output(["check"], 2)
    errors = [line for line in told.splitlines() if line.startswith("routes.yaml:") and ": warning: " not in line]
    return wrapped("\n".join(["$ ivr check", *errors, ""]), 4)


def call(language: str) -> str:
    """`ivr call`, until the caller is asked for a message."""
    options = ["--at", "2026-11-20T12:30"] + (["--to", NUMBERS["en"]] if language == "en" else [])
    with elsewhere():
        told = output(["call", *options], keys="1\n")
    shown = re.split(r" +\[speak", told)[0]
    return wrapped(f"$ ivr call {' '.join(options)}\n{shown}", 11)


SAID = {"demo": demo, "check": check, "call": call}


@contextmanager
def elsewhere() -> Iterator[None]:
    """An empty folder, in which a command is run."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        yield


def output(command: list[str], status: int = 0, keys: str = "") -> str:
    result = CliRunner().invoke(main, command, input=keys)
    assert result.exit_code == status, result.output
    return result.output


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def wrapped(text: str, indent: int) -> str:
    """Long lines go on below, so many columns in; Chinese after a comma or a full stop."""
    lines = []
    for line in text.splitlines():
        now = ""
        for piece in re.findall(r"\s*[^\s，。、？]*[，。、？]*", line):
            if now.strip() and width(now + piece) > WIDTH:
                lines.append(now)
                now = " " * indent
                piece = piece.lstrip()
            now += piece
        lines.append(now)
    return "".join(f"{line.rstrip()}\n" for line in lines)
