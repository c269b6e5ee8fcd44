"""`ivr check`: what is wrong with a table, all of it at once."""

import json
import sys
from importlib.metadata import version

import click

__all__ = ["check"]


@click.command()
@click.argument("tables", nargs=-1, type=click.Path(dir_okay=False), metavar="[FILE]...")
@click.option("--strict", is_flag=True, help="Warnings count: exit 1.")
@click.option("--prompts", default="prompts", show_default=True, envvar="IVR_PROMPTS", help="The site's own prompts.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text",
              show_default=True, help="For people, programs, code hosts, or GitHub's annotations.")  # fmt: skip
@click.option("--explain", metavar="ID", help="Say what a finding means, with an example, and end (docs/findings.md).")
def check(tables, strict, prompts, form, explain):
    """Read routing tables and report every error and warning, each with its place.

    What is known to be right is allowed in the table itself, with a reason, on its line or alone on the line above:
    # check: allow unreachable, kept for the summer fair

    Exit status: 0 all is well, 1 warnings (with --strict), 2 errors.
    """
    from ivr.cli.common import table_path
    from ivr.gevent_clock import SystemClock
    from ivr.share import prompt_folders
    from ivr.speech.shelf import shelf
    from ivr.table import examine
    from ivr.table.report import exit_code, lines

    if explain is not None:
        explained(explain)
    today, there = SystemClock().now().date(), shelf(prompt_folders(prompts))
    seen = {}
    for path in tables or [table_path(None)]:
        seen[str(path)] = examined = examine(table_path(path), today=today, prompts=there)
        if form == "text":
            click.echo(lines(examined.findings), nl=False)
            if examined.table is not None:
                click.echo(f"{path}: {summary(examined.table)}")
    if form != "text":
        click.echo(WRITTEN[form](seen), nl=False)
    elif ids := dict.fromkeys(finding.id for examined in seen.values() for finding in examined.findings):
        told = ", ".join(ids)
        click.echo(f"ivr check --explain ID says what it means and what to do; the IDs here: {told}", err=True)
    sys.exit(max(exit_code(examined.findings, strict) for examined in seen.values()))


def explained(id: str) -> None:
    """The page of a kind of finding; the nearest one's name where there is none."""
    from ivr.table.ids import KINDS
    from ivr.table.report import page
    from ivr.table.suggest import nearest

    if id not in KINDS:
        near = nearest(id, KINDS)
        click.echo(f"there is no finding {id!r}" + (f". Did you mean {near}?" if near else ""), err=True)
        click.echo(f"They are {', '.join(KINDS)}.", err=True)
        sys.exit(2)
    click.echo(page(KINDS[id]), nl=False)
    sys.exit(0)


def as_json(seen) -> str:
    from ivr.table.report import records

    tables = [
        {
            "file": path,
            "version": one.table.version if one.table else None,
            "findings": records(one.findings),
            "allowed": records(one.allowed),
        }
        for path, one in seen.items()
    ]
    return json.dumps({"tables": tables}, ensure_ascii=False, indent=2) + "\n"


def as_sarif(seen) -> str:
    from ivr.table.sarif import sarif

    findings = [finding for one in seen.values() for finding in one.findings]
    allowed = [finding for one in seen.values() for finding in one.allowed]
    return json.dumps(sarif(findings, allowed, version("zongji")), ensure_ascii=False, indent=2) + "\n"


def as_annotations(seen) -> str:
    from ivr.table.sarif import annotations

    return annotations(finding for one in seen.values() for finding in one.findings)


WRITTEN = {"json": as_json, "sarif": as_sarif, "github": as_annotations}


def summary(table) -> str:
    """What a table holds, in a line."""
    from ivr.handlers import kind_of

    kinds = [kind_of(address) for address in table.steps]
    counted = {"number": len(table.numbers)}
    counted |= {kind: kinds.count(kind) for kind in ("menu", "department", "extension", "message")}
    told = [f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in counted.items()]
    return f"version {table.version}: {', '.join(told)}"
