"""`ivr override`: hours are open or closed by hand, whatever the table says."""

import re
from datetime import datetime, timedelta, tzinfo

import click

from ivr.cli.kept import as_json as print_json
from ivr.cli.kept import kept_options, table, when
from ivr.cli.who import whoever
from ivr.overrides import STATES, Override
from ivr.store.overrides import Overrides

__all__ = ["moment", "override"]

_LASTS = re.compile(r"(\d{1,4})([mhd])", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.command()
@click.argument("hours", required=False)
@click.argument("state", required=False, type=click.Choice(STATES))
@click.option("--until", metavar="WHEN", help="18:00, 2026-12-24 18:00, 90m, 12h or 3d; else until it is taken back.")
@click.option("--clear", is_flag=True, help="What the table says.")
@click.option("--list", "listed", is_flag=True, help="What stands by hand.")
@kept_options
def override(kept, zone, as_json, hours, state, until, clear, listed):
    """Make HOURS of the table open or closed, for every line, within two seconds. Times are in --timezone.

    \b
    ivr override office closed --until 18:00
    ivr override --list
    ivr override office --clear
    """
    from ivr.gevent_clock import SystemClock

    if sum((bool(state), clear, listed)) != 1 or (not listed and not hours) or (until and not state):
        raise click.UsageError("write HOURS and open or closed, or HOURS --clear, or --list")
    now = SystemClock().now()
    with kept.open() as store:
        overrides = Overrides(store)
        if listed:
            tell(overrides.standing(now), zone, as_json)
            return
        known(kept.archive, hours)
        if clear:
            stood = overrides.clear(hours, now, whoever())
            click.echo(f"{hours}: as the table says" + ("" if stood else ", as before"))
            return
        ends = moment(until, now, zone) if until else None
        overrides.set(hours, Override(state, ends, whoever()), now)
        click.echo(f"{hours}: {state} {lasting(ends, zone)}")


def tell(standing: dict[str, Override], zone: tzinfo, as_json: bool) -> None:
    if as_json:
        print_json({hours: one.plain for hours, one in standing.items()})
    elif not standing:
        click.echo("nothing stands by hand: all hours are as the table says")
    else:
        rows = ((hours, one.state, lasting(one.until, zone), one.by) for hours, one in standing.items())
        table(("hours", "are", f"({zone})", "by"), rows)


def lasting(until: datetime | None, zone: tzinfo) -> str:
    return f"until {when(until, zone)}" if until else "until taken back"


def known(archive, hours: str) -> None:
    """A name that the live table does not have would change nothing, and nobody would notice."""
    from ivr.errors import TableError

    live = archive.live()
    try:
        names = sorted(archive.load(live.version).hours) if live else []
    except TableError:
        names = []
    if not names:
        raise click.ClickException("no table is live, so there are no hours to override; `ivr serve` makes one live")
    if hours not in names:
        from ivr.table.suggest import nearest

        near = nearest(hours, names)
        did = f" Did you mean {near}?" if near else f" There are {', '.join(names)}."
        raise click.ClickException(f"the live table has no hours {hours!r}.{did}")


def moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Until when, as it is typed; a time of day is the next one.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    >>> [f"{moment(text, now, UTC):%d %H:%M}" for text in ("18:00", "9:00", "90m", "3d", "2026-12-24 18:00")]
    ['20 18:00', '21 09:00', '20 18:30', '23 17:00', '24 18:00']
    """
    local = now.astimezone(zone)
    if lasts := _LASTS.fullmatch(text.strip()):
        return now + timedelta(**{_UNITS[lasts[2]]: int(lasts[1])})
    try:
        if clock := _CLOCK.fullmatch(text.strip()):
            found = local.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
            found = found if found > local else found + timedelta(days=1)
        else:
            found = datetime.fromisoformat(text.strip())
            found = found if found.tzinfo else found.replace(tzinfo=zone)
    except ValueError as error:
        raise click.ClickException(
            f"--until: {text!r} is no time; write 18:00, 2026-12-24 18:00, 90m or 12h"
        ) from error
    if found <= now:
        raise click.ClickException(f"--until: {text} is over already")
    return found
