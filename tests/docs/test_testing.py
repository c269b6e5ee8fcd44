"""docs/testing.md: its file of calls goes as written, and fails as it is shown there."""

import re
from pathlib import Path

from click.testing import CliRunner

from ivr.cli.test import test as command
from ivr.rehearsal.caller import Actor
from ivr.rehearsal.models import ENDS, PHONES, StepText

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs/testing.md").read_text("utf-8")
[FILE] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
TOLD = re.findall(r"^```console\n(.*?)^```$", PAGE, re.M | re.S)[0]


def run(folder: Path, table: str, *arguments: str) -> str:
    (folder / "calls").mkdir()
    (folder / "calls/office.yaml").write_text(FILE)
    (folder / "routes.yaml").write_text(table)
    return CliRunner().invoke(command, arguments).output


def shown(text: str) -> list[str]:
    """Without how long it took, and the long menu."""
    return [re.sub(r"(请按一，).*|, in [\d.]+ s$", r"\1", line) for line in text.splitlines()]


def test_its_calls_go_as_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown(run(tmp_path, (HERE / "routes.yaml").read_text()))[-1] == "2 of 2 calls as written"


def test_it_fails_as_shown(tmp_path, monkeypatch):
    # Given a table in which somebody has left out a telephone
    monkeypatch.chdir(tmp_path)
    table = (HERE / "routes.yaml").read_text()
    changed = table.replace("phones: [8101, 8102, 8103]", "phones: [8101, 8102]")
    assert changed != table
    asked, *told = shown(TOLD)
    assert shown(run(tmp_path, changed, "-k", "Sales answers")) == told
    assert asked == '$ ivr test -k "Sales answers"'


def test_every_word_is_explained_and_done():
    assert all(hasattr(Actor, does) for does in (*StepText.model_fields, "hangs_up"))
    assert [word for word in (*PHONES, *ENDS) if f"`{word}`" not in PAGE and f"8101: {word}`" not in PAGE] == []
