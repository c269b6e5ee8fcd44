"""`ivr calls`: the journal, every call and what happened in it (rule H1)."""

from datetime import datetime

import click

from ivr.cli.kept import as_json as print_json
from ivr.cli.kept import kept_options, seconds, table, told, when
from ivr.errors import StoreError
from ivr.journal import CallRow
from ivr.store.journal import Journal

__all__ = ["calls"]


@click.group()
def calls():
    """The call journal: list, show."""


@calls.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100000), help="So many, newest first.")
@click.option("--since", type=click.DateTime(), help="Only calls that arrived then or later, in --timezone.")
@click.option("--open", "still_open", is_flag=True, help="Only calls that nobody has closed.")
@kept_options
def list_(kept, zone, as_json, limit, since, still_open):
    """The calls, newest first."""
    since = since and since.replace(tzinfo=zone)
    with kept.open() as store:
        journal = Journal(store)
        found = open_calls(journal, since)[:limit] if still_open else journal.calls(limit, since)
    if as_json:
        print_json([call_json(call, zone) for call in found])
        return
    if not found:
        click.echo("no calls")
        return
    table(
        (f"arrived ({zone})", "call", "from", "dialled", "language", "length", "ended by"),
        (
            (
                when(call.at, zone),
                call.uuid,
                call.caller or "withheld",
                call.dialled,
                call.language,
                seconds(call.seconds),
                call.cause if call.closed else "still open",
            )
            for call in found
        ),
        right=frozenset({"length"}),
    )


@calls.command("show")
@click.argument("call")
@kept_options
def show(kept, zone, as_json, call):
    """One call with everything that happened in it. CALL: its id, or the first characters of it."""
    with kept.open() as store:
        found = one(Journal(store), call)
    if as_json:
        print_json(call_json(found, zone))
        return
    told(
        [
            ("call", found.uuid),
            ("from", found.caller or "withheld"),
            ("dialled", found.dialled),
            ("language", found.language),
            ("table", found.table),
            ("arrived", f"{when(found.at, zone)} {zone}"),
            ("closed", f"{when(found.closed, zone)} {zone}" if found.closed else "still open"),
            ("length", seconds(found.seconds)),
            ("ended by", found.cause),
        ]
    )
    if found.events:
        table(
            ("after", "what", "with"),
            (
                (
                    f"{(event.at - found.at).total_seconds():+.2f} s",
                    event.event,
                    "  ".join(f"{name}={shown(value)}" for name, value in event.data.items()),
                )
                for event in found.events
            ),
            right=frozenset({"after"}),
        )


def shown(value: object) -> str:
    """A value as it is printed: nothing that was kept may steer the terminal.

    >>> shown("menu/main"), shown("\x1b[2J")
    ('menu/main', "'\\\\x1b[2J'")
    """
    text = str(value)
    return text if text.isprintable() else repr(text)


def open_calls(journal: Journal, since: datetime | None) -> list[CallRow]:
    found = [call for call in journal.open_calls() if since is None or call.at >= since]
    return found[::-1]


def one(journal: Journal, beginning: str) -> CallRow:
    uuids = journal.find(beginning.lower()) if beginning else []
    if not uuids:
        raise StoreError(f"no call's id begins with {beginning!r}; `ivr calls list` shows those there are")
    if len(uuids) > 1:
        raise StoreError(f"several calls' ids begin with {beginning!r}, such as {uuids[0]} and {uuids[1]}: write more")
    return journal.call(uuids[0])


def call_json(call: CallRow, zone) -> dict:
    found = {
        "call": call.uuid,
        "arrived": call.at.astimezone(zone).isoformat(timespec="milliseconds"),
        "closed": call.closed and call.closed.astimezone(zone).isoformat(timespec="milliseconds"),
        "cause": call.cause,
        "caller": call.caller,
        "dialled": call.dialled,
        "language": call.language,
        "table": call.table,
    }
    if call.events:
        found["events"] = [
            {
                "at": event.at.astimezone(zone).isoformat(timespec="milliseconds"),
                "event": event.event,
                "data": event.data,
            }
            for event in call.events
        ]
    return found
