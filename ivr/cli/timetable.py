"""`ivr timetable`: what changes when."""

import json
from zoneinfo import ZoneInfo

import click

__all__ = ["timetable"]


@click.command()
@click.argument("file", type=click.Path(dir_okay=False), envvar="IVR_TABLE", required=False)
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 800), help="So many.")
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The first day: 2026-12-24.  [default: today]",
)
@click.option("--data", type=click.Path(exists=True, file_okay=False), metavar="FOLDER",
              help="What was switched by hand at the line of this folder counts.")  # fmt: skip
@click.option("--json", "form", flag_value="json", help="For programs.")
@click.option("--ical", "form", flag_value="ical", help="An iCalendar file, for calendar programs.")
def timetable(file, days, first, data, form):
    """Every opening, lunch break, closing and hand-over of a duty in the days to come, in order.

    Days are those of the house; what has a time zone of its own is told on its own wall too.
    """
    from ivr.cli.common import by_hand, in_years, load_or_exit
    from ivr.gevent_clock import SystemClock
    from ivr.timetable import timetable as timetable_of

    table = load_or_exit(file)
    if first:
        in_years(first, "--from")
    now = SystemClock().now()
    day = first.date() if first else now.astimezone(ZoneInfo(table.timezone)).date()
    shown = timetable_of(table, day, days, now, by_hand(data, now))
    if form == "json":
        from ivr.timetable.text import as_json

        click.echo(json.dumps(as_json(shown, table.version), ensure_ascii=False, indent=2))
    elif form == "ical":
        from ivr.timetable.ical import as_ical

        click.echo(as_ical(shown, table.house[table.languages[0]], now), nl=False)
    else:
        from ivr.timetable.text import lines

        click.echo("\n".join(lines(shown, f"{table.source}, version {table.version}")))
