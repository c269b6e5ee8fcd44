"""Writes what programs write: the help of every command, the pictures, what commands say in the READMEs, the tables of
keys.

`make docs`, or python -m tests.docs.write
"""

import runpy
from collections.abc import Iterator
from pathlib import Path

import click

from ivr.cli import main
from tests.docs import readme, tables

DOCS = Path(__file__).parents[2] / "docs"
WIDTH = 100
HEAD = """\
# The commands

What `ivr … --help` says of each; written by `make docs`, not by hand. What belongs to a machine (addresses, folders) is
an option of several commands and an environment variable: [settings.md](settings.md). `-h` is `--help`.
"""


def helps(command: click.Command = main, context: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """Every command under this one with its help, the command itself first."""
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    settings = command.context_settings | settings
    context = click.Context(command, context, info_name=command.name if context else "ivr", **settings)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from helps(command.get_command(context, name), context)


def commands() -> str:
    """docs/commands.md."""
    parts = [HEAD]
    for path, told in helps():
        # click remembers whether a command was first called with -h or without: in tests, by itself.
        told = told.replace("-h, --help", "    --help")
        lines = "\n".join(line.rstrip() for line in told.splitlines())
        parts.append(f"{'#' * min(len(path.split()) + 1, 3)} {path}\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


def pictures() -> dict[Path, str]:
    """Each picture and what it should hold."""
    script = runpy.run_path(str(DOCS / "pictures/call_flow.py"))
    return {DOCS / "pictures" / name: script["drawing"](language) for name, language in script["PICTURES"].items()}


def readmes() -> dict[Path, str]:
    return {page: readme.filled(page.read_text("utf-8"), language) for language, page in readme.PAGES.items()}


def key_tables() -> dict[Path, str]:
    """Each page with tables of keys and what it should hold."""
    return {page: tables.filled(page.read_text("utf-8"), found) for page, found in tables.TABLES.items()}


if __name__ == "__main__":
    for path, text in {DOCS / "commands.md": commands(), **pictures(), **readmes(), **key_tables()}.items():
        path.write_text(text, "utf-8")
        print(path.relative_to(DOCS.parent))
