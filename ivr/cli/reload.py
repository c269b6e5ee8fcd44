"""`ivr reload`: a changed table goes live, if it is good."""

import json
import sys
from functools import partial

import click

from ivr.cli.kept import when
from ivr.cli.serve import options, with_table
from ivr.cli.who import whoever
from ivr.cli.zones import house_zone
from ivr.errors import ZongjiError
from ivr.settings import Settings

__all__ = ["reload"]

FOLLOWED = 30.0
"""Seconds the lines may take to have the table: they look once a second, and a big one is read in some seconds."""


@click.command()
@partial(options, only=("table", "data", "prompts", "database", "rate"))
@click.option("--for-line", hidden=True, default="", help="Who asked the line for it; what became of it as JSON.")
def reload(for_line, **given):
    """Check the table, let it pass its own call scripts, and have every line that runs take it.

    Calls in progress stay on the table they have. A table with errors changes nothing. Exit status: 0 it is live, 1 not
    in every line, 2 it was refused.
    """
    from ivr.gevent_clock import SystemClock
    from ivr.logs import set_up
    from ivr.renewal import Renewal

    set_up("warning")
    settings, clock = with_table(Settings(**given)), SystemClock()
    try:
        renewal = Renewal(settings, clock, for_line or whoever(), asked=for_line != "file change")
        outcome = renewal.run()
    except (ZongjiError, OSError) as error:
        if for_line:
            click.echo(json.dumps({"state": "refused", "live": None, "errors": [str(error)], "files": []}))
        else:
            click.echo(f"ivr reload: {error}", err=True)
        sys.exit(2)
    if for_line:
        click.echo(json.dumps(outcome.plain))
        return
    sys.exit(tell(settings, outcome, followed(renewal.archive, outcome.live, clock) if outcome.live else ([], [])))


def followed(archive, live, clock) -> tuple[list, list]:
    """The lines that have what is live, and those that have not, when all have it or the time is over."""
    from ivr.tables.lines import Lines

    lines, end = Lines(archive.folder / "lines"), clock.monotonic() + FOLLOWED
    while True:
        running = lines.running(clock.now())
        have = [line for line in running if line.version == live.version and line.count >= live.count]
        if len(have) == len(running) or clock.monotonic() >= end:
            return have, [line for line in running if line not in have]
        clock.sleep(0.2)


def tell(settings: Settings, outcome, lines: tuple[list, list]) -> int:
    """Say what became of it; the exit status."""
    from ivr.table.report import lines as findings

    click.echo(findings(outcome.findings), nl=False, err=True)
    click.echo("".join(f"{fault}\n" for fault in outcome.faults), nl=False, err=True)
    have, lack = lines
    if outcome.live is None:
        click.echo(f"{settings.table} is refused, and no table is live", err=True)
        return 2
    zone = house_zone(settings.table)
    stands = f"table {outcome.live.version} is live since {when(outcome.live.since, zone)} {zone}"
    if outcome.state == "refused":
        click.echo(f"{settings.table} is refused: {stands}, by {outcome.live.by}", err=True)
        return 2
    if outcome.state == "unchanged":
        click.echo(f"{settings.table} has not changed; prompts are read anew")
    if lack:
        click.echo(f"{stands}, but these lines have not taken it yet:", err=True)
        for line in lack:
            click.echo(f"  {line}: table {line.version}", err=True)
        return 1
    told = {0: "no line runs, the next one begins with it", 1: f"in {have[0]}" if have else ""}
    click.echo(f"{stands}; {told.get(len(have), f'in all {len(have)} lines')}")
    return 0
