"""`ivr call`: be the caller."""

import sys

import click

__all__ = ["call"]


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False), envvar="IVR_TABLE", required=False)
@click.option("--to", "dialled", default="", help="The number you dial.  [default: the table's first]")
@click.option("--from", "caller", default="13800138000", show_default=True, help="Your number; '' to withhold it.")
@click.option("--at", "when", help="When you call, in the house's time: 2026-11-21T23:00.  [default: now]")
@click.option("--prompts", default="prompts", show_default=True, envvar="IVR_PROMPTS", help="The site's own prompts.")
def call(table, dialled, caller, when, prompts):
    """Be the caller, against the real handlers: type keys, Enter for silence, Ctrl-D to hang up."""
    from ivr.cli.common import instant, load_or_exit, voice_for
    from ivr.clock import ManualClock
    from ivr.handlers import installed
    from ivr.logs import set_up
    from ivr.reception import Reception
    from ivr.scripted import live_through
    from ivr.terminal import TerminalCall

    set_up("error")
    routes = load_or_exit(table)
    voice = voice_for(prompts)

    def read(question: str) -> str | None:
        click.echo(click.style(f"           [{question}] ", dim=True), nl=False)
        typed = sys.stdin.readline()
        if not typed.endswith("\n") or not sys.stdin.isatty():
            click.echo(typed.rstrip("\n"))
        return typed.rstrip("\n") if typed else None

    clock = ManualClock(instant(when, routes.timezone))
    number = dialled or next(number for number in routes.numbers if number != "*")
    caller = TerminalCall(routes, clock, dialled=number, caller=caller)
    caller.connect(lambda who, what: click.echo(f"{who:>9}  {what}"), read, voice.text)
    ended = live_through(caller, Reception(installed()))
    for kept in caller.messages:
        click.echo(f"{'message':>9}  {kept.box}: {(kept.ms or 0) / 1000:.0f} s")
    click.echo(f"{'end':>9}  {ended.cause}, after {clock.monotonic():.0f} s")
