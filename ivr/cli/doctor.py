"""`ivr doctor`: is everything in place?"""

import sys
from pathlib import Path

import click

from ivr.cli.serve import options
from ivr.settings import Settings

__all__ = ["doctor"]

COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command()
@options
@click.option("--freeswitch-conf", type=click.Path(path_type=Path, file_okay=False), envvar="IVR_FREESWITCH_CONF",
              show_envvar=True, help="FreeSWITCH's configuration folder, where vars.xml lies")  # fmt: skip
def doctor(freeswitch_conf, **given):
    """Look whether everything is in place, and change nothing. Exit status 1 with warnings, 2 with errors."""
    from ivr.doctor import examine
    from ivr.gevent_clock import SystemClock

    worst = 0
    for level, what in examine(Settings(**given), SystemClock(), freeswitch_conf):
        click.echo(f"{click.style(f'{level:<8}', fg=COLOURS[level])} {what}")
        worst = max(worst, list(COLOURS).index(level))
    sys.exit(worst)
