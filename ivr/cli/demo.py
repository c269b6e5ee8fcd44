"""`ivr demo`: the main job, with nothing installed."""

import click

__all__ = ["demo"]


@click.command()
@click.option("--data", default="data/demo", show_default=True, type=click.Path(file_okay=False),
              help="Where speech, messages and journal are kept.")  # fmt: skip
def demo(data):
    """A call to the house, from the greeting to the message, on the built-in switch."""
    from pathlib import Path

    from ivr.cli.common import load_or_exit, table_path
    from ivr.demo import demo as live_through
    from ivr.logs import set_up
    from ivr.settings import Settings

    set_up("error")
    table = load_or_exit(table_path(None))
    settings = Settings(data=Path(data), listen="127.0.0.1:0", records_listen="127.0.0.1:0")
    click.echo(f"{table.source}, {len(table.steps)} steps; a call to 02085550100 on a Friday at 10:00. Virtual time.\n")

    def tell(seconds: float, who: str, what: str) -> None:
        colour = {"house": "green", "caller": "cyan", "switch": "yellow"}[who]
        minutes, rest = divmod(seconds, 60)
        click.echo(f"{int(minutes):3d}:{rest:04.1f}  " + click.style(f"{who:<7}", fg=colour) + f" {what}")

    for path in live_through(settings, table, tell):
        click.echo(f"\nThe message: {path}\n  ivr messages list --data {data}\n  ivr calls list --data {data}")
