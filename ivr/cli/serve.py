"""`ivr serve`: the line."""

import os
import sys
from collections.abc import Collection
from dataclasses import fields, replace
from pathlib import Path

import click

from ivr.settings import Settings, variable

__all__ = ["serve"]


def options(command, only: Collection[str] = ()):
    """Every setting as an option, its environment variable beside it (docs/settings.md); or `only` some."""
    for one in reversed([one for one in fields(Settings) if not only or one.name in only]):
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

    With a broken table every error is printed, and the last good one serves (docs/reload.md); where there never was
    one, nothing listens, and the exit status is 2. SIGHUP takes a changed table. SIGTERM and SIGINT drain: callers in
    dialogue have ten seconds, then the switch takes them to another line or its fallback. With --workers, SIGUSR2
    replaces one worker after the other: an upgrade that refuses nobody.
    """
    import signal

    import gevent
    import structlog
    from gevent.event import Event

    from ivr.errors import ZongjiError
    from ivr.gevent_clock import SystemClock
    from ivr.heap import settle
    from ivr.line import Line
    from ivr.logs import Scroll, set_up
    from ivr.nurse import NURSERY, tend
    from ivr.renewal import in_another_process
    from ivr.worker import Reporting, inherited
    from ivr.workers import FDS

    if NURSERY in os.environ:
        read_ahead()
        tend(os.environ)
    scroll = Scroll(sys.stderr)
    set_up(log_level, scroll)
    log = structlog.get_logger("ivr")
    settings, clock = with_table(Settings(**given)), SystemClock()
    if settings.workers > 1 and FDS not in os.environ:
        sys.exit(with_workers(settings, clock, log))
    stopping, asked = Event(), Event()
    # The handlers only set an event (gevent rule 6).
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopping.set)
    gevent.signal_handler(signal.SIGHUP, asked.set)
    try:
        parent = inherited(os.environ)
        table, refused = live_table(settings) if parent else first_table(settings, clock, log)
        line = Line(settings, table, clock=clock, renew=in_another_process(settings, clock), given=parent)
        line.live.refused = refused
        line.start()
    except (ZongjiError, OSError, ValueError) as error:
        click.echo(f"ivr serve: {error}", err=True)
        sys.exit(2)
    log.info(
        "the line is open", table=table.source, version=table.version, listen=line.server.address,
        records=line.records_server.address, data=str(line.data),
    )  # fmt: skip
    settle()
    reloading = gevent.spawn(reload_when, asked, line)
    reporting = Reporting(parent, clock, line.report, stopping.set) if parent else None
    if reporting:
        reporting.start()
    stopping.wait()
    reloading.kill()
    if reporting:
        reporting.stop()
    whole = line.stop()
    log.info("the line is closed", cut_off=not whole)
    scroll.drain()
    # Who was cut off goes on with another line: a stop that was asked for has not failed.
    sys.exit(0)


def read_ahead() -> None:
    """What a line reads no sooner than it needs it, so that its workers find it read."""
    from ivr.handlers import installed
    from ivr.store import Store

    installed()
    Store.newest()


def with_table(settings: Settings) -> Settings:
    """The table that is named, else the one here; else, where no table was ever live, the one that came with the
    program."""
    from ivr.share import shared
    from ivr.tables import Archive

    if settings.table.exists() or settings.table != Settings().table:
        return settings
    live, demo = Archive(settings.data.resolve() / "tables").live(), shared("routes.yaml")
    return settings if live and live.source != str(demo) else replace(settings, table=demo)


def with_workers(settings: Settings, clock, log) -> int:
    """The parent of several workers: it sees to the table, opens the doors, and takes no call."""
    from ivr.errors import ZongjiError
    from ivr.parent import run_parent

    first_table(settings, clock, log)
    try:
        return run_parent(settings, sys.argv[1:])
    except (ZongjiError, OSError) as error:
        click.echo(f"ivr serve: {error}", err=True)
        return 2


def live_table(settings: Settings):
    """What a worker begins with: the parent, or another worker, has put it live. And is a newer one refused?"""
    from ivr.tables import Archive

    archive = Archive(settings.data.resolve() / "tables")
    return archive.load(archive.live().version), False


def first_table(settings: Settings, clock, log):
    """What the line begins with: the table; where it cannot be used, the last good one, and every error on stderr.
    Where there never was one, exit 2."""
    from ivr.renewal import opening
    from ivr.store import Store
    from ivr.table.report import lines

    store = Store(settings.database_url)
    try:
        store.migrate()
    finally:
        store.close()
    table, outcome = opening(settings, clock)
    if outcome.state == "refused":
        click.echo(lines(outcome.findings), nl=False, err=True)
        click.echo("".join(f"{fault}\n" for fault in outcome.faults), nl=False, err=True)
    if table is None:
        sys.exit(2)
    if outcome.state == "refused":
        log.error("THE TABLE IS REFUSED, AND THE LAST GOOD ONE SERVES", refused=str(settings.table),
                  version=table.version, errors=len(outcome.errors), do=f"ivr check {settings.table}")  # fmt: skip
    return table, outcome.state == "refused"


def reload_when(asked, line) -> None:
    """SIGHUP: whoever sent it wants the table's files taken."""
    while True:
        asked.wait()
        asked.clear()
        line.live.reload("SIGHUP")
