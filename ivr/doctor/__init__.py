"""Is everything in place on this machine? Each check is a function that gives its findings; nothing is changed.

A finding is (level, what): "ok", "warning" (callers are served, something is missing) or "error" (callers would
notice).
"""

from collections.abc import Iterator
from pathlib import Path

from ivr.clock import Clock
from ivr.doctor.freeswitch import configuration, controlled
from ivr.doctor.machine import Finding, database, folders, listening, well
from ivr.errors import SpeechError, TableError
from ivr.handlers import installed
from ivr.prompt import Prompt
from ivr.ready import instants, needed
from ivr.settings import Settings
from ivr.speaking import voice_of
from ivr.steps import Table
from ivr.table import load
from ivr.tables import Archive
from ivr.tables.lines import Lines

__all__ = ["examine"]


def examine(settings: Settings, clock: Clock, switch_conf: Path | None = None) -> Iterator[Finding]:
    """Every finding, in the order in which one would mend them."""
    try:
        table = load(settings.table)
        yield "ok", f"{settings.table}: version {table.version}, {len(table.steps)} steps"
    except TableError as error:
        table = None
        yield (
            "error",
            f"{settings.table} cannot be used; `ivr check {settings.table}` says why ({len(error.findings)} errors)",
        )
    yield from live(settings, table, clock)
    yield from folders(settings)
    yield from database(settings)
    if table is not None:
        yield from words(settings, table, clock)
    yield from listening(settings)
    yield from well(settings)
    yield from controlled(settings, clock)
    if switch_conf is None:
        yield "warning", "FreeSWITCH's configuration was not looked at: say where it lies with --freeswitch-conf"
    else:
        yield from configuration(settings, switch_conf, table)


def live(settings: Settings, table: Table | None, clock: Clock) -> Iterator[Finding]:
    """Which table is live, and whether every line has it."""
    archive = Archive(settings.data.resolve() / "tables")
    now = archive.live()
    if now is None:
        return
    since = f"version {now.version} is live since {now.since:%Y-%m-%d %H:%M:%S} UTC, by {now.by}"
    if table is None:
        yield "error", f"{since}: the last good table, in place of {settings.table}"
    elif table.version in now.failed:
        yield "error", f"{settings.table} was live and failed (`ivr tables list`); {since}"
    elif table.version != now.version:
        yield "warning", f"{settings.table} is not what is live: `ivr reload` takes it or says why not; {since}"
    else:
        yield "ok", since
    for line in Lines(archive.folder / "lines").running(clock.now()):
        if line.version != now.version:
            yield "warning", f"the line {line} has version {line.version}, which is not live"


def words(settings: Settings, table: Table, clock: Clock) -> Iterator[Finding]:
    """The prompts: words in every language, a speech engine, sound."""
    voice = voice_of(settings)
    wanted = needed(table, installed(), instants(table, clock.now()))
    missing = voice.missing([one for one in wanted if isinstance(one, Prompt)], table.languages)
    for error in missing:
        yield "error", str(error)
    try:
        voice.engine.speak([(voice.engine.voice(table.languages[0]), "1")], 20)
        yield "ok", f"speech: {voice.engine.id}"
    except SpeechError as error:
        yield "error", f"no speech engine ({error}): prompts without a recording are not heard"
    if not missing:
        yield "ok", f"prompts: nothing is missing in {', '.join(table.languages)}"
