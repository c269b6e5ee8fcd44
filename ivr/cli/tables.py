"""`ivr tables`: which table is live, what was live, what was refused; and what each was written in."""

import sys

import click

from ivr.cli.kept import as_json as print_json
from ivr.cli.kept import kept_options, table, when
from ivr.store import Changes

__all__ = ["tables"]

WHATS = {"table-live": "live", "table-refused": "refused", "table-returned": "live again"}


@click.group()
def tables():
    """The routing tables: list, show."""


@tables.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10000), help="So many, newest first.")
@kept_options
def list_(kept, zone, as_json, limit):
    """What happened to the table, newest first: went live, was refused, came back because another had failed."""
    with kept.open() as store:
        found = Changes(store).list(limit, whats=WHATS)
    archive = kept.archive
    live, there = archive.live(), archive.versions()
    if as_json:
        print_json(
            [
                {"at": change.at.astimezone(zone).isoformat(timespec="seconds"), "what": change.what, "by": change.by}
                | dict(change.data)
                for change in found
            ]
        )
        return
    if not found:
        click.echo("no table was live yet")
        return
    table(
        (f"when ({zone})", "what", "table", "by", "because"),
        ((when(one.at, zone), WHATS[one.what], one.data.get("version", ""), one.by, because(one)) for one in found),
    )
    if live:
        click.echo(f"{live.version} is live; kept: {', '.join(there)}")


@tables.command("show")
@click.argument("version", required=False)
@kept_options
def show(kept, zone, as_json, version):
    """What a table is written in; the live one where no VERSION is named, or the first characters of one.

    Several files stand one after the other, each behind a line with its name.
    """
    archive = kept.archive
    live = archive.live()
    wanted = version or (live.version if live else "")
    found = [one for one in archive.versions() if wanted and one.startswith(wanted.lower())]
    if len(found) != 1:
        what = f"{len(found)} tables that are kept begin with {version!r}" if version else "no table is live"
        raise click.ClickException(f"{what}; `ivr tables list` shows those there are")
    text = archive.place(found[0]).read_bytes()
    if as_json:
        from ivr.table.kept import apart

        main, source, files = apart(text)
        parts = {main: source, **files}
        print_json({"version": found[0], "files": {name: one.decode(errors="replace") for name, one in parts.items()}})
        return
    sys.stdout.buffer.write(text)


def because(change) -> str:
    """Why, in a few words."""
    data = change.data
    if change.what == "table-live":
        return f"{data.get('source', '')} changed"
    if change.what == "table-returned":
        return f"{data.get('why', '')} under {data.get('failed', '')}"
    errors = data.get("errors") or [""]
    more = len(errors) - 1 + int(data.get("more", 0))
    return errors[0] + (f" (and {more} more)" if more else "")
