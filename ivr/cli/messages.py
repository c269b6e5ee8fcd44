"""`ivr messages`: the messages that were taken. Nothing here deletes one."""

from pathlib import Path

import click

from ivr.cli.kept import as_json as print_json
from ivr.cli.kept import kept_options, seconds, table, told, when
from ivr.errors import StoreError
from ivr.messages import STATES, Message
from ivr.store.export import as_json as message_json
from ivr.store.export import export as copy_out
from ivr.store.messages import Messages

__all__ = ["messages"]


@click.group()
def messages():
    """The messages that were taken: list, show, export."""


@messages.command("list")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Only in this state; may be repeated."
)
@click.option("--box", help="Only of this box, such as message/sales.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10000), help="So many, newest first.")
@kept_options
def list_(kept, zone, as_json, states, box, limit):
    """The messages, newest first."""
    with kept.open() as store:
        found = Messages(store, kept.spool).list(states or None, box, limit)
    if as_json:
        print_json([message_json(message, zone) for message in found])
        return
    if not found:
        click.echo("no messages")
        return
    table(
        ("number", "state", "box", "from", "call back", f"taken ({zone})", "length"),
        (
            (
                message.reference,
                message.state,
                message.box,
                message.caller or "withheld",
                message.callback,
                when(message.begun, zone),
                seconds(None if message.ms is None else message.ms / 1000),
            )
            for message in found
        ),
        right=frozenset({"length"}),
    )


@messages.command("show")
@click.argument("number")
@kept_options
def show(kept, zone, as_json, number):
    """One message, by the number that was spoken to its caller."""
    with kept.open() as store:
        store_messages = Messages(store, kept.spool)
        message = known(store_messages, number)
    if as_json:
        print_json(message_json(message, zone))
        return
    spool = store_messages.spool
    told(
        [
            ("number", message.reference),
            ("state", message.state),
            ("box", message.box),
            ("from", message.caller or "withheld"),
            ("call back", message.callback),
            ("dialled", message.dialled),
            ("language", message.language),
            ("begun", f"{when(message.begun, zone)} {zone}"),
            ("finished", message.finished and f"{when(message.finished, zone)} {zone}"),
            ("length", seconds(None if message.ms is None else message.ms / 1000)),
            ("ended by", message.ended),
            ("call", message.uuid),
            ("recording", spool.where(message.name) + ("" if spool.exists(message.name) else " (not there)")),
        ]
    )


@messages.command("export")
@click.argument("numbers", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every message that is not empty.")
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to copy into."
)
@kept_options
def export(kept, zone, as_json, numbers, every, folder):
    """Copy recordings into a folder, each with what is known of it. Nothing is overwritten."""
    if bool(numbers) == every:
        raise click.UsageError("say which messages, by their numbers, or --all")
    made: list[Path] = []
    with kept.open() as store:
        store_messages = Messages(store, kept.spool)
        if every:
            taken = [state for state in STATES if state not in ("recording", "empty")]
            chosen = store_messages.list(taken, limit=1_000_000)
        else:
            chosen = [known(store_messages, number) for number in numbers]
        for message in chosen:
            made += copy_out(store_messages, message, folder, zone)
    if as_json:
        print_json([str(path) for path in made])
        return
    for path in made:
        click.echo(str(path))
    if not made:
        click.echo("no messages")


def known(store_messages: Messages, number: str) -> Message:
    message = store_messages.get(number)
    if message is None:
        raise StoreError(f"there is no message {number}; `ivr messages list` shows those there are")
    return message
