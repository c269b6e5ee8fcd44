"""A command that looks into a house's data, and what it prints."""

from pathlib import Path

import click
from click.testing import CliRunner

__all__ = ["printed"]


def printed(command: click.Command, data: Path, *args: str, code: int = 0) -> str:
    """Everything the command prints, without the last line feed; it must end with `code`."""
    env = {"TZ": "UTC", "IVR_TABLE": str(data / "routes.yaml")}
    result = CliRunner(env=env).invoke(command, [*args, "--data", str(data)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output.removesuffix("\n")
