"""`ivr tape`: ESL fixtures."""

import sys
from contextlib import contextmanager
from pathlib import Path

import click

__all__ = ["tape"]

FILES = click.Path(path_type=Path)


@click.group()
def tape():
    """Tapes of ESL connections: record, show, scrub, cut, replay (docs/tapes.md).

    A line writes them itself: ivr serve --tapes FOLDER.
    """


@contextmanager
def failing(status: int = 2):
    """What is wrong with a tape, on stderr, and the exit status."""
    from ivr.errors import ZongjiError

    try:
        yield
    except (ZongjiError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(status)


@tape.command()
@click.argument("tapes", nargs=-1, required=True, type=FILES)
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


@tape.command()
@click.option("--listen", default="127.0.0.1:8084", show_default=True, help="where FreeSWITCH's socket action connects")
@click.option("--to", required=True, help="host:port of the line, of whatever make")
@click.option("--folder", default="tapes", show_default=True, type=FILES, help="where the tapes are written")
def record(listen, to, folder):
    """Stand between FreeSWITCH and a line of any make, and write every connection down.

    For a line of ours `ivr serve --tapes FOLDER` is better: its tapes also hold what a replay needs. Ends with Ctrl-C;
    the calls that go through it end with it, or go on in their dialplan.
    """
    import signal

    from gevent import signal_handler
    from gevent.event import Event

    from ivr.sockets import socket_address
    from ivr.tapes.tap import TapServer

    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal_handler(number, stopping.set)
    with failing():
        server = TapServer(socket_address(listen, "listen"), socket_address(to, "to"), folder)
        server.start()
    click.echo(f"listening on {listen}, passing on to {to}, writing to {folder}; Ctrl-C ends it", err=True)
    stopping.wait()
    server.stop(1)
    server.shelf.close()


@tape.command()
@click.argument("tapes", nargs=-1, required=True, type=FILES)
@click.option("-o", "--out", required=True, type=FILES, help="folder for the scrubbed tapes (same names)")
@click.option("--key", default="", envvar="IVR_SCRUB_KEY", show_envvar=True,
              help="the same key replaces the same value by the same other; empty: another one every time")  # fmt: skip
@click.option("--gz", is_flag=True, help="compress what is written")
def scrub(tapes, out, key, gz):
    """Replace callers' numbers and names, SDP, addresses and paths; alike in all tapes of one run.

    What cannot be scrubbed is not written, and the exit status is 2.
    """
    from ivr.tapes import read
    from ivr.tapes.replay import folded
    from ivr.tapes.scrub import Scrubber
    from ivr.tapes.writing import write

    with failing():
        found = [read(path) for path, _ in folded(tapes)]
        scrubber = Scrubber(key)
        clean = scrubber.all(found)
        out.mkdir(parents=True, exist_ok=True)
        for one in clean:
            write(one, out / f"{one.name}.jsonl{'.gz' if gz else ''}")
    click.echo(f"{len(clean)} tapes, {len(scrubber.replaced)} values replaced")
    for reason in scrubber.failed:
        click.echo(reason, err=True)
    sys.exit(2 if scrubber.failed else 0)


@tape.command()
@click.argument("tapes", nargs=-1, required=True, type=FILES)
@click.option("--from", "since", type=float, default=0.0, help="seconds of the tape")
@click.option("--to", "until", type=float, default=None, help="seconds of the tape")
@click.option("--call", default="", help="the uuid of a call: only its connections")
@click.option("-o", "--out", required=True, type=FILES, help="a folder, or with one tape a file (.jsonl, .jsonl.gz)")
def cut(tapes, since, until, call, out):
    """A part of a tape, in whole frames; or one call's connections out of many tapes."""
    from ivr.errors import ScriptError
    from ivr.tapes import cut as cutting
    from ivr.tapes import read
    from ivr.tapes.replay import folded, is_tape
    from ivr.tapes.writing import write

    with failing():
        found = [(path, read(path)) for path, _ in folded(tapes)]
        found = [(path, one) for path, one in found if not call or cutting.of_call(one, call)]
        if not found:
            raise ScriptError(f"no tape of call {call}" if call else "no tape: their names end in .jsonl or .jsonl.gz")
        if is_tape(out) and len(found) > 1:
            raise ScriptError(f"{out}: {len(found)} tapes do not go into one file; give a folder")
        for path, one in found:
            place = out if is_tape(out) else out / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            write(cutting.cut(one, since, until), place)
            click.echo(place)


@tape.command()
@click.argument("tapes", nargs=-1, required=True, type=FILES)
@click.option("--table", type=FILES, default=None, help="another routing table than the one they were recorded with")
@click.option(
    "--speed", type=float, default=0.0, show_default=True, help="0: wait for nothing; 1: as it was; 10: faster"
)
@click.option("--to", default="", help="host:port of a line of any make, in place of the handlers here")
@click.option("-v", "--verbose", is_flag=True, help="name the tapes that went well, too")
def replay(tapes, table, speed, to, verbose):
    """The tapes are the switch: does the line still say what it had said, but for ids and times?

    Folders are looked through; tapes in them that no line of ours recorded are passed over. Exit status 0: all as on
    the tapes; 1: not all, the difference is shown; 2: a tape or a table cannot be read, or there was none.
    """
    from ivr.logs import set_up
    from ivr.sockets import socket_address
    from ivr.tapes.replay import folded, run, told

    set_up("error")
    with failing():
        target = socket_address(to, "to") if to else None
        verdicts, passed = run(folded(tapes), table=table, speed=speed, to=target)
    for line in told(verdicts, passed, verbose):
        click.echo(line)
    sys.exit(2 if not verdicts else 0 if all(verdicts) else 1)
