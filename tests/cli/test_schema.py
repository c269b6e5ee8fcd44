"""`ivr schema`: what is printed is what is published."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.schema import schema as command


@pytest.mark.parametrize(("name", "arguments"), [("routes", []), ("calls", ["--calls"])])
def test_it_prints_the_schema(name, arguments):
    result = CliRunner().invoke(command, arguments)
    published = Path(__file__).parents[2] / f"examples/{name}.schema.json"
    assert (result.exit_code, result.output) == (0, published.read_text("utf-8"))
