"""`ivr draw`: the table as a picture."""

from pathlib import Path

import click

__all__ = ["draw"]

FORMATS = ("mermaid", "svg")


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False), envvar="IVR_TABLE", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), help="[default: svg for a FILE.svg, else mermaid]")
@click.option("--at", "when", help="Only the ways that are open then, in the house's time: 2026-11-21T23:00.")
@click.option("--entry", "entries", multiple=True, metavar="NUMBER", help="Only what this number leads to.")
@click.option("--language", default="", help="In which language of the house.  [default: its first]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write it to.")
def draw(table, form, when, entries, language, output):
    """Where each number leads: keys on the ways, hours and phones in the boxes.

    Mermaid is a text that GitHub and GitLab draw; SVG is a picture for browsers and printers.
    """
    from ivr.cli.common import instant, load_or_exit, write_or_exit
    from ivr.drawing import flow, flow_at, mermaid, svg
    from ivr.handlers import installed
    from ivr.logs import set_up

    set_up("critical")
    routes = load_or_exit(table)
    if language and language not in routes.languages:
        raise click.BadParameter(f"the house speaks {', '.join(routes.languages)}", param_hint="--language")
    if bad := next((entry for entry in entries if not entry.isdecimal()), None):
        raise click.BadParameter(f"{bad!r} is no number that can be dialled", param_hint="--entry")
    if bad := next((entry for entry in entries if entry in routes.emergency), None):
        raise click.BadParameter(f"{bad} goes through before any line and any table", param_hint="--entry")
    language = language or routes.languages[0]
    if when:
        drawn = flow_at(routes, installed(), instant(when, routes.timezone), language, entries)
    else:
        drawn = flow(routes, language, entries)
    form = form or ("svg" if output and output.suffix == ".svg" else "mermaid")
    told = svg(drawn) if form == "svg" else mermaid(drawn)
    if output:
        write_or_exit(output, told.encode())
    else:
        click.echo(told, nl=False)
