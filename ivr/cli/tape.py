"""`ivr tape`: ESL fixtures."""

import sys

import click

__all__ = ["tape"]


@click.group()
def tape():
    """Tapes of ESL connections."""


@tape.command()
@click.argument("tapes", nargs=-1, required=True, type=click.Path(dir_okay=False))
def show(tapes):
    """A tape as a dialogue: → the line, ← the switch, · a note."""
    from ivr.errors import ScriptError
    from ivr.tapes import dialogue, read

    failed = False
    for path in tapes:
        try:
            for line in dialogue(read(path)):
                click.echo(line)
        except ScriptError as error:
            click.echo(str(error), err=True)
            failed = True
    sys.exit(2 if failed else 0)
