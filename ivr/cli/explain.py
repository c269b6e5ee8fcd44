"""`ivr explain`: what a caller lives through, and why."""

import json

import click

__all__ = ["explain"]


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False), envvar="IVR_TABLE", required=False)
@click.option("--to", "dialled", default="", help="The number he dials.  [default: the table's first]")
@click.option("--from", "caller", default="13800138000", show_default=True, help="His number; '' to withhold it.")
@click.option("--at", "when", help="When he calls, in the house's time: 2026-11-21T23:00.  [default: now]")
@click.option("--keys", default="", help="What he keys at each question in turn: 1,8001,,2 (nothing at the third).")
@click.option("--language", default="", help="What he is spoken to in, as if he had chosen it "
              "before.  [default: as the number says]")  # fmt: skip
@click.option("--phones", default="", metavar="8001=busy,…", help="What phones do: answers, busy, refuses, rings, "
              "unreachable, do_not_disturb; * is every other.  [default: rings]")  # fmt: skip
@click.option("--data", type=click.Path(exists=True, file_okay=False), metavar="FOLDER",
              help="What was switched by hand at the line of this folder counts.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--prompts", default="prompts", show_default=True, envvar="IVR_PROMPTS", help="The site's own prompts.")
def explain(table, dialled, caller, when, keys, language, phones, data, as_json, prompts):
    """Live through a call and say why it went so: every rule that decided with its line, and those that did not.

    The handlers are the real ones; the caller, the phones and the clock follow the options. The last lines say when the
    same caller will live through something else.
    """
    from ivr import explanation
    from ivr.cli.common import by_hand, instant, load_or_exit, templates_for
    from ivr.explanation import text
    from ivr.handlers import installed
    from ivr.logs import set_up

    set_up("critical")
    routes = load_or_exit(table)
    dialled = dialled or next(number for number in routes.numbers if number != "*")
    if dialled in routes.emergency:
        click.echo(f"{dialled} is an emergency number: FreeSWITCH puts it through before any line and any table.")
        return
    if language and language not in routes.languages:
        raise click.BadParameter(f"the house speaks {', '.join(routes.languages)}", param_hint="--language")
    at = instant(when, routes.timezone)
    script = explanation.Script(
        dialled=dialled,
        caller=caller,
        language=language,
        keys=[key.strip() for key in keys.split(",")] if keys else [],
        phones=_phones(phones, routes),
        overrides=by_hand(data, at),
    )
    words = templates_for(prompts).text
    told = explanation.explain(routes, installed(), at, script)
    if as_json:
        click.echo(json.dumps(text.as_json(told, words), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(text.lines(told, words)))


def _phones(written: str, table) -> dict:
    """8001=busy,*=answers"""
    from ivr.call import Answered, Busy, DoNotDisturb, NoAnswer, Refused, Unreachable
    from ivr.table.suggest import nearest

    means = {
        "answers": Answered(30.0), "busy": Busy(), "refuses": Refused(), "rings": NoAnswer(),
        "unreachable": Unreachable(), "do_not_disturb": DoNotDisturb(),
    }  # fmt: skip
    known = [address.partition("/")[2] for address in table.steps if address.startswith("extension/")]
    phones, others = {}, {}
    for one in written.split(",") if written else ():
        number, _, does = (part.strip() for part in one.partition("="))
        if does not in means:
            raise click.BadParameter(f"{one!r}: write 8001= and one of {', '.join(means)}", param_hint="--phones")
        if number == "*":
            others = dict.fromkeys(known, means[does])
        elif number in known:
            phones[number] = means[does]
        else:
            near = nearest(number, known)
            raise click.BadParameter(
                f"there is no extension {number!r}{f'. Did you mean {near}?' if near else ''}", param_hint="--phones"
            )
    return others | phones
