"""`ivr serve`: the line."""

import sys
from dataclasses import fields
from pathlib import Path

import click

from ivr.settings import Settings, variable

__all__ = ["serve"]


def options(command):
    """Every setting as an option, its environment variable beside it (docs/settings.md)."""
    for one in reversed(fields(Settings)):
        kind = click.Path(path_type=Path) if one.type is Path else one.type
        command = click.option(
            "--" + one.name.replace("_", "-"),
            one.name,
            type=kind,
            default=one.default,
            envvar=variable(one.name),
            show_envvar=True,
            show_default=str(one.default) != "",
            help=one.metadata["about"],
        )(command)
    return command


@click.command()
@options
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info",
              envvar="IVR_LOG_LEVEL", show_envvar=True, help="how much is said on stderr")  # fmt: skip
def serve(log_level, **given):
    """Answer calls: FreeSWITCH's socket action connects here.

    With a broken table every error is printed, nothing listens, and the exit status is 2. SIGTERM and SIGINT drain:
    callers in dialogue have ten seconds, then the switch takes them to another line or its fallback.
    """
    import signal

    import gevent
    import structlog
    from gevent.event import Event

    from ivr.cli.common import load_or_exit, table_path
    from ivr.errors import ZongjiError
    from ivr.heap import settle
    from ivr.line import Line
    from ivr.logs import Scroll, set_up

    scroll = Scroll(sys.stderr)
    set_up(log_level, scroll)
    log = structlog.get_logger("ivr")
    settings = Settings(**given)
    table = load_or_exit(table_path(settings.table if settings.table.exists() else None))
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # The handler only sets an event (gevent rule 6).
        gevent.signal_handler(number, stopping.set)
    try:
        line = Line(settings, table)
        line.start()
    except (ZongjiError, OSError, ValueError) as error:
        click.echo(f"ivr serve: {error}", err=True)
        sys.exit(2)
    log.info(
        "the line is open", table=table.source, version=table.version, listen=line.server.address,
        records=line.records_server.address, data=str(line.data),
    )  # fmt: skip
    settle()
    stopping.wait()
    whole = line.stop()
    log.info("the line is closed", cut_off=not whole)
    scroll.drain()
    # Who was cut off goes on with another line: a stop that was asked for has not failed.
    sys.exit(0)
