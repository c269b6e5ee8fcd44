"""`ivr notes`: what whoever hands a duty over tells whoever takes it (rule F1)."""

import click

from ivr.changes import Change
from ivr.cli.kept import as_json as print_json
from ivr.cli.kept import kept_options, table, when
from ivr.cli.who import whoever
from ivr.handlers import kind_of
from ivr.store.changes import Changes

__all__ = ["notes"]

LONGEST = 1000
"""Characters of a note."""
MOST = 10_000
"""Notes looked through for those of one duty."""


@click.command()
@click.argument("duty", required=False)
@click.argument("text", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="So many, newest first.")
@kept_options
def notes(kept, zone, as_json, duty, text, limit):
    """Hand-over notes of a duty: write one, or read them. They are in the journal of the house and stay there.

    \b
    ivr notes manager "Room 1203 was called back at 22:10; the lift is out of order until six"
    ivr notes manager
    ivr notes
    """
    from ivr.gevent_clock import SystemClock

    if duty is not None:
        duty = duty.removeprefix("duty/")
        known(kept.archive, duty)
    with kept.open() as store:
        changes = Changes(store)
        if text is not None:
            changes.write(Change(SystemClock().now(), "duty-note", whoever(), {"duty": duty, "note": clean(text)}))
            click.echo(f"{duty}: written down")
            return
        found = [one for one in changes.list(MOST, whats=["duty-note"]) if duty in (None, one.data["duty"])][:limit]
    if as_json:
        print_json([{"at": one.at.astimezone(zone).isoformat(), "by": one.by, **one.data} for one in found])
    elif not found:
        click.echo("there are no notes")
    else:
        rows = ((when(one.at, zone), one.data["duty"], one.by, one.data["note"]) for one in found)
        table((f"written ({zone})", "duty", "by", "note"), rows)


def clean(text: str) -> str:
    """A note is one line that can be printed.

    >>> clean("  the lift\\n is out of order ")
    'the lift is out of order'
    """
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    if not line or len(line) > LONGEST:
        raise click.ClickException(f"a note has 1 to {LONGEST} characters; this one has {len(line)}")
    return line


def known(archive, duty: str) -> None:
    """A note for a duty that the live table does not have would be read by nobody."""
    from ivr.errors import TableError
    from ivr.table.suggest import nearest

    live = archive.live()
    try:
        steps = archive.load(live.version).steps if live else {}
    except TableError:
        steps = {}
    names = [address.partition("/")[2] for address in steps if kind_of(address) == "duty"]
    if duty not in names:
        near = nearest(duty, names)
        did = f" Did you mean {near}?" if near else f" There are {', '.join(names)}." if names else ""
        raise click.ClickException(f"the live table has no duty {duty!r}.{did}")
