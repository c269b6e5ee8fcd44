"""docs/tapes.md: its commands say what it says they say."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import main

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "tapes.md").read_text("utf-8")
EXAMPLES = re.findall(r"```console\n\$ (ivr .*?)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_each_example(command, output, monkeypatch):
    monkeypatch.chdir(HERE)
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.output.startswith(output), result.output[:1000]
