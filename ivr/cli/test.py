"""`ivr test`: call scripts, lived through by the house."""

import sys
from pathlib import Path

import click

__all__ = ["test"]


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--table", type=click.Path(dir_okay=False, path_type=Path), envvar="IVR_TABLE",
              help="The table, in place of the one each file names.")  # fmt: skip
@click.option("--prompts", default="prompts", show_default=True, envvar="IVR_PROMPTS", help="The site's own prompts.")
@click.option("-k", "only", default="", metavar="WORDS", help="Only calls whose name holds these words.")
@click.option("-v", "--verbose", is_flag=True, help="Tell every call, not only those that failed.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write the results there, as JUnit XML.")
@click.option("--coverage", is_flag=True, help="Tell which ways through the table no call has walked.")
@click.option("--fail-under", type=click.FloatRange(0, 100), help="With less of them walked, in percent: exit 1.")
@click.option("--new", is_flag=False, flag_value="-", type=click.Path(dir_okay=False), metavar="[FILE]",
              help="Write first scripts for the table, into a file or to the screen.")  # fmt: skip
@click.option("--live", is_flag=True, help="On a FreeSWITCH, in real time; the options below say which.")
@click.option("--sip", default="127.0.0.1:5060", show_default=True, metavar="HOST:PORT", help="Where it takes calls.")
@click.option("--domain", default="house.example", show_default=True, help="ivr_domain of its vars.xml.")
@click.option("--phone-password", default="change-me", envvar="IVR_PHONE_PASSWORD", show_envvar=True,
              help="ivr_phone_password of its vars.xml.")  # fmt: skip
@click.option("--data", default="data", show_default=True, type=click.Path(path_type=Path), envvar="IVR_DATA",
              help="The folder it shares with the line.")  # fmt: skip
@click.option("--listen", default="127.0.0.1:8084", show_default=True, envvar="IVR_LISTEN",
              help="Where it looks for the line.")  # fmt: skip
@click.option("--records-listen", default="127.0.0.1:8085", show_default=True, envvar="IVR_RECORDS_LISTEN",
              help="Where it posts call records.")  # fmt: skip
def test(paths, table, prompts, only, verbose, junit, coverage, fail_under, new, live, **lab):
    """Let the house live through call scripts, on the built-in switch and in virtual time.

    PATH: files or folders of call scripts (docs/testing.md); else the folder calls, else those that came with the
    program. Exit status: 0 every call went as written, 1 not every one, 2 something cannot be read.
    """
    from ivr.cli.common import prompt_names, write_or_exit
    from ivr.errors import ZongjiError
    from ivr.logs import set_up
    from ivr.rehearsal.junit import junit as as_junit
    from ivr.rehearsal.season import Season
    from ivr.share import shared

    set_up("error")
    if new:
        write_new(new, table, [Path(prompts), shared("prompts")])
        return
    house = live_house(prompts, **lab) if live else built_in(prompts)
    season = Season(house, prompt_names(prompts), table)
    season.read(paths or [default()])
    for finding in season.findings:
        click.echo(str(finding), err=True)
    verdicts = []
    try:
        for verdict in season.verdicts(only):
            verdicts.append(verdict)
            tell(verdict, verbose)
    except ZongjiError as error:  # of a switch that is not there, or not as the options say
        click.echo(f"ivr test: {error}", err=True)
        sys.exit(2)
    if junit:
        errors = [str(one) for one in season.findings if one.severity == "error"]
        write_or_exit(junit, as_junit(verdicts, errors))
    if coverage or fail_under is not None:
        for ways in season.ways:
            tell_ways(ways, coverage)
    good = sum(map(bool, verdicts))
    seconds = sum(verdict.took for verdict in verdicts)
    click.echo(f"{good} of {len(verdicts)} calls as written, in {seconds:.1f} s")
    if season.errors or not verdicts:
        if not season.errors:
            click.echo(f"no call script {'with these words ' if only else ''}was found", err=True)
        sys.exit(2)
    least = min((ways.percent for ways in season.ways), default=100.0)
    sys.exit(0 if good == len(verdicts) and least >= (fail_under or 0) else 1)


def built_in(prompts: str):
    """Makes a house on the built-in switch."""
    from ivr.rehearsal.house import House
    from ivr.share import shared

    return lambda table: House(table, [Path(prompts), shared("prompts")])


def live_house(prompts: str, sip: str, domain: str, phone_password: str, **line):
    """Makes a house on a FreeSWITCH."""
    from ivr.rehearsal.live import Lab, LiveHouse
    from ivr.settings import Settings
    from ivr.sockets import socket_address

    lab = Lab(
        socket_address(sip, "sip", "127.0.0.1:5060"), Settings(prompts=Path(prompts), **line), domain, phone_password
    )
    return lambda table: LiveHouse(table, lab)


def write_new(file: str, table, folders: list[Path]) -> None:
    """First scripts; a file that is there is left as it is."""
    import os

    from ivr.cli.common import load_or_exit, table_path
    from ivr.gevent_clock import SystemClock
    from ivr.rehearsal.first import first_calls

    if file != "-" and Path(file).exists():
        click.echo(f"{file} is there already; nothing was written", err=True)
        sys.exit(2)
    path = table_path(table)
    written = os.path.relpath(path, Path(file).parent) if file != "-" else str(path)
    text = first_calls(load_or_exit(path), folders, Path(written).as_posix(), SystemClock().now().date())
    if file == "-":
        click.echo(text, nl=False)
        return
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text, "utf-8")
    click.echo(f"{file}: {text.count('    caller:')} first scripts; `ivr test {file}` lives through them")


def default() -> Path:
    """Where call scripts are looked for."""
    from ivr.share import shared

    return Path("calls") if Path("calls").exists() else shared("examples") / "calls"


def tell(verdict, verbose: bool) -> None:
    """One call: its faults and its story where it failed."""
    from ivr.rehearsal.story import story

    for line in verdict.lines():
        click.echo(click.style(line, fg="red"))
    if verdict and verbose:
        script = verdict.script
        click.echo(f"{script.file}:{script.place[0]}:{script.place[1]}: {script.name}: as written")
    if verbose or not verdict:
        for line in story(verdict.moments):
            click.echo(f"  {line}")


def tell_ways(ways, every: bool) -> None:
    """How much of a table was walked; with `every`, each way that was not."""
    from ivr.rehearsal.coverage import KINDS

    if every:
        for way in ways.missed:
            click.echo(way.missed(ways.table.source))
    told = ", ".join("{} of {} {}".format(*ways.count(kind), kind) for kind in KINDS)
    click.echo(f"{ways.table.source}: walked {told}: {ways.percent:.0f} %")
