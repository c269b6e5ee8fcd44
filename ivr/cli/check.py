"""`ivr check`: what is wrong with a table, all of it at once."""

import sys

import click

__all__ = ["check"]


@click.command()
@click.argument("tables", nargs=-1, type=click.Path(dir_okay=False), metavar="[FILE]...")
@click.option("--strict", is_flag=True, help="Warnings count: exit 1.")
@click.option("--prompts", default="prompts", show_default=True, envvar="IVR_PROMPTS", help="The site's own prompts.")
def check(tables, strict, prompts):
    """Read routing tables and report every error and warning, each with its place.

    Exit status: 0 all is well, 1 warnings (with --strict), 2 errors.
    """
    from ivr.cli.common import prompt_names, table_path
    from ivr.gevent_clock import SystemClock
    from ivr.table import check as check_table
    from ivr.table.report import exit_code, lines

    worst = 0
    for path in tables or [table_path(None)]:
        today = SystemClock().now().date()
        table, findings = check_table(table_path(path), today=today, prompts=prompt_names(prompts))
        click.echo(lines(findings), nl=False)
        worst = max(worst, exit_code(findings, strict))
        if table is not None:
            click.echo(f"{path}: {summary(table)}")
    sys.exit(worst)


def summary(table) -> str:
    """What a table holds, in a line."""
    from ivr.handlers import kind_of

    kinds = [kind_of(address) for address in table.steps]
    counted = ("menu", "department", "extension", "message")
    told = [f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) != 1 else ''}" for kind in counted]
    return f"version {table.version}: {len(table.numbers)} numbers, {', '.join(told)}"
