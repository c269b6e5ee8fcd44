"""`ivr diff`: what a change of the table changes for callers."""

import json
import sys

import click

__all__ = ["diff"]


@click.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False))
@click.argument("new", type=click.Path(exists=True, dir_okay=False))
@click.option("--days", default=400, show_default=True, type=click.IntRange(1, 4000), help="How far ahead is looked.")
@click.option("--at", "when", help="The day to begin with: 2026-11-21.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--prompts", default="prompts", show_default=True, envvar="IVR_PROMPTS", help="The site's own prompts.")
def diff(old, new, days, when, as_json, prompts):
    """Live through both tables, over the calendar and along every key; tell in words what differs for callers.

    Exit status: 0 nothing differs, 1 something does, 2 an emergency number or the operator loses cover.
    """
    from zoneinfo import ZoneInfo

    from ivr.cli.common import instant, load_or_exit, templates_for
    from ivr.difference import difference
    from ivr.difference.text import as_json as for_programs
    from ivr.difference.text import exit_code, lines
    from ivr.errors import ZongjiError
    from ivr.handlers import installed
    from ivr.logs import set_up

    set_up("critical")
    tables = [load_or_exit(path) for path in (old, new)]
    zone = tables[1].timezone
    start = instant(when, zone).astimezone(ZoneInfo(zone)).date()
    try:
        report = difference(*tables, installed(), templates_for(prompts).text, start, days)
    except ZongjiError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(for_programs(report), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines(report)))
    sys.exit(exit_code(report))
