"""`ivr demo`: the main job, with nothing installed."""

import click

__all__ = ["demo"]


@click.command()
@click.option("--data", default="data/demo", show_default=True, type=click.Path(file_okay=False),
              help="Where speech, messages and journal are kept.")  # fmt: skip
@click.option("--to", "dialled", default="", help="The number that is dialled.  [default: the table's first]")
def demo(data, dialled):
    """A call to the house, from the greeting to the message, on the built-in switch."""
    from pathlib import Path

    from ivr.cli.common import load_or_exit
    from ivr.demo import demo as live_through
    from ivr.logs import set_up
    from ivr.settings import Settings
    from ivr.share import shared

    set_up("error")
    table = load_or_exit(shared("routes.yaml"))
    number = dialled or next(iter(table.numbers))
    settings = Settings(data=Path(data), listen="127.0.0.1:0", records_listen="127.0.0.1:0")
    click.echo(f"A call to {number} on a Friday at 10:00; built-in switch, virtual time.\n")

    def tell(seconds: float, who: str, what: str) -> None:
        colour = {"house": "green", "caller": "cyan", "switch": "yellow"}[who]
        minutes, rest = divmod(int(seconds), 60)
        click.echo(f"  {minutes}:{rest:02d}  {click.style(f'{who:<7}', fg=colour)} {what}")

    for message, path in live_through(settings, table, tell, number):
        click.echo(f"\nMessage {message.reference} for {message.box}, {message.ms / 1000:.1f} s:\n  {path}")
    click.echo(f"\nLook further:  ivr messages list --data {data}\n               ivr calls list --data {data}")
