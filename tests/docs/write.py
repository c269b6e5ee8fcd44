"""Writes what programs write: the help of every command, the pictures, what commands say in the READMEs, the tables of
keys.

`make docs`, or python -m tests.docs.write
"""

import runpy
from collections.abc import Iterator
from pathlib import Path

import click

from ivr.cli import main, schema
from ivr.table.ids import CHAPTERS
from ivr.table.report import page
from tests.docs import changes, drawings, mistakes, readme, tables

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


FINDINGS = """\
# What `ivr check` finds

Every kind of finding: its rule, why callers care, an example, what is said of it, and what to do. Written by `make
docs` from [ivr/table/ids](../ivr/table/ids/__init__.py), where each example is tried. `ivr check --explain loop` prints
one of them.

**Errors** make a table unusable, **warnings** do not (but `--strict` counts them), **notes** never count.

**Allowing.** What is known to be right is allowed in the table, with a reason: by a comment on the line of the finding,
or alone on the line above it.

```yaml
hours:
  # check: allow unused, for the summer fair
  summer: {mon-fri: 08:00-14:00}
  winter: {mon-fri: 09:00-16:00}   # check: allow unused, from November on
```

What leaves a caller without an answer, touches emergencies, or could not be read, cannot be allowed. A comment without
a reason is an error, and one that allows nothing a warning.

**For programs.** `--format json` gives every finding as data, `--format sarif` as SARIF 2.1.0 (with what is allowed as
suppressed), `--format github` as annotations of a workflow. The exit status is 0, 1 (warnings, with `--strict`) or 2
(errors) in each of them.

**The days to come.** Opening hours and duties are lived through for 400 days from today: between two moments at which
something opens, closes or is handed over nothing changes, so every moment is looked at.

Examples leave out what every table has: a house, the number `"*"`, the operator, and extension 8000. They are checked
as on Friday, 20 November 2026.
"""


def findings() -> str:
    """docs/findings.md."""
    parts = [FINDINGS]
    for chapter, kinds in CHAPTERS.items():
        parts.append(f"- [{chapter}](#{chapter.lower().replace(',', '').replace(' ', '-')}): "
                     + ", ".join(f"[{kind.id}](#{kind.id})" for kind in kinds))  # fmt: skip
    for chapter, kinds in CHAPTERS.items():
        parts.append(f"\n## {chapter}\n")
        parts += [page(kind) for kind in kinds]
    return "\n".join(parts)


def pictures() -> dict[Path, str]:
    """Each picture and what it should hold."""
    script = runpy.run_path(str(DOCS / "pictures/call_flow.py"))
    return {DOCS / "pictures" / name: script["drawing"](language) for name, language in script["PICTURES"].items()}


def flows() -> dict[Path, str]:
    """The pictures of tables, and the pages on pictures and changes."""
    pages = {module.PAGE: module.filled(module.PAGE.read_text("utf-8")) for module in (changes, drawings)}
    return {DOCS / "pictures" / name: drawings.picture(name) for name in drawings.PICTURES} | pages


def readmes() -> dict[Path, str]:
    return {page: readme.filled(page.read_text("utf-8"), language) for language, page in readme.PAGES.items()}


def key_tables() -> dict[Path, str]:
    """Each page with tables of keys and what it should hold."""
    return {page: tables.filled(page.read_text("utf-8"), found) for page, found in tables.TABLES.items()}


def schemas() -> dict[Path, str]:
    """The schemas that editors read."""
    folder = DOCS.parent / "examples"
    return {folder / f"{name}.schema.json": schema.text_of(name == "calls") for name in ("routes", "calls")}


if __name__ == "__main__":
    pages = {DOCS / "commands.md": commands(), DOCS / "findings.md": findings(), DOCS / "mistakes.md": mistakes.page()}
    for path, text in {**pages, **pictures(), **flows(), **schemas(), **readmes(), **key_tables()}.items():
        path.write_text(text, "utf-8")
        print(path.relative_to(DOCS.parent))
