"""Is everything in place on this machine? Each check is a function that gives its findings; nothing is changed.

A finding is (level, what): "ok", "warning" (callers are served, something is missing) or "error" (callers would
notice).
"""

import os
import re
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

from ivr.clock import Clock
from ivr.data_folder import FOLDERS
from ivr.errors import SettingsError, SpeechError, StoreError, TableError, WireError
from ivr.esl.supervised import look
from ivr.handlers import installed
from ivr.prompt import Prompt
from ivr.ready import instants, needed
from ivr.settings import Settings
from ivr.sockets import socket_address
from ivr.speaking import voice_of
from ivr.steps import Table
from ivr.store import Store
from ivr.switches import event_sockets, password
from ivr.table import load
from ivr.table.build import EMERGENCY
from ivr.tables import Archive
from ivr.tables.lines import Lines

__all__ = ["examine"]

Finding = tuple[str, str]
FREE = 1 << 30
"""Bytes that should be free: 18 hours of messages at 8 kHz."""
SAMPLES = {"ivr_event_password": "change-me-too", "ivr_phone_password": "change-me"}


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
    yield from controlled(settings, clock)
    if switch_conf is None:
        yield "warning", "FreeSWITCH's configuration was not looked at: say where it lies with --freeswitch-conf"
    else:
        yield from switch(settings, switch_conf, table)


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


def folders(settings: Settings) -> Iterator[Finding]:
    """The folder shared with FreeSWITCH: there, writable, of a group of both, setgid, with room."""
    data = settings.data.resolve()
    if not data.is_dir():
        yield "error", f"{data} is not there: create it, owned by a group of line and FreeSWITCH, mode 2770"
        return
    if not re.fullmatch(r"[A-Za-z0-9_./-]+", str(data)):
        yield "error", f"{str(data)!r}: a path that goes into FreeSWITCH's arguments has letters, digits, _ . / - only"
    for folder in (data, *(data / name for name in FOLDERS)):
        if not folder.exists():
            continue
        mode = folder.stat().st_mode
        if not os.access(folder, os.W_OK | os.X_OK):
            yield "error", f"{folder} cannot be written by this user"
        elif mode & stat.S_IRWXO & ~stat.S_IXOTH:
            yield "error", f"{folder} is open to everybody (mode {mode & 0o7777:o}): chmod 2770 {folder}"
        elif not mode & stat.S_ISGID:
            yield (
                "warning",
                f"{folder} has no setgid bit: FreeSWITCH's files in it may be unreadable; chmod 2770 {folder}",
            )
        else:
            yield "ok", f"{folder}: writable, mode {mode & 0o7777:o}"
    free = shutil.disk_usage(data).free
    yield ("ok" if free >= FREE else "error"), f"{free / (1 << 30):.1f} GB free for messages in {data}"


def database(settings: Settings) -> Iterator[Finding]:
    """The database: reachable, of this version's shape."""
    if not settings.database and not (settings.data.resolve() / "zongji.db").exists():
        yield "ok", "the database is made when the line starts"
        return
    try:
        with closing(Store(settings.database_url)) as store:
            version, newest = store.version(), store.newest()
    except StoreError as error:
        yield "error", f"the database: {error}"
        return
    if version == newest:
        yield "ok", f"the database: shape {version}"
    else:
        yield (
            "warning",
            f"the database has shape {version}, the program {newest}: it is brought up when the line starts",
        )


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


def listening(settings: Settings) -> Iterator[Finding]:
    """Is a line there?"""
    for name, text in (("calls", settings.listen), ("call records", settings.records_listen)):
        host, port = socket_address(text, "listen")
        try:
            socket.create_connection((host, port), timeout=2).close()
            yield "ok", f"a line listens for {name} on {text}"
        except OSError as error:
            yield "warning", f"no line listens for {name} on {text} ({error.strerror or error}): start `ivr serve`"


def controlled(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The switches under control: each is connected to and asked how it is. Callers are served without them."""
    try:
        found = event_sockets(settings)
        if not found:
            yield "ok", "no switch is watched (--control): how a call ended is told by call records alone"
            return
        secret = password(settings)
    except SettingsError as error:
        yield "error", str(error)
        return
    file = settings.control_password_file
    if file and Path(file).exists() and Path(file).stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        yield "error", f"{file} is open to everybody: chmod 640 {file}"
    for one in found:
        try:
            yield "ok", f"switch {one[0]}:{one[1]}: {look(one, secret, clock)}"
        except (WireError, SettingsError) as error:
            yield "warning", f"a switch is not under control: {error}"


def switch(settings: Settings, conf: Path, table: Table | None) -> Iterator[Finding]:
    """FreeSWITCH's vars.xml against the line's settings."""
    try:
        tree = ElementTree.parse(conf / "vars.xml")
    except (OSError, ElementTree.ParseError) as error:
        yield "error", f"{conf / 'vars.xml'} cannot be read: {error}"
        return
    told = dict(
        node.get("data", "").split("=", 1) for node in tree.iter("X-PRE-PROCESS") if "=" in node.get("data", "")
    )
    if Path(told.get("ivr_data", "")) != settings.data.resolve():
        yield (
            "error",
            f"ivr_data is {told.get('ivr_data')!r}, the line's --data {settings.data.resolve()}: must be one folder",
        )
    listens = re.sub(r"^(0\.0\.0\.0|\[?::\]?)(?=:)", "", settings.listen)
    if not any(told.get(name, "").endswith(listens) for name in ("ivr_line_1", "ivr_line_2")):
        yield "error", f"neither ivr_line_1 nor ivr_line_2 is {settings.listen}, where this line listens"
    if not told.get("ivr_records_url", "").startswith(f"http://{settings.records_listen}"):
        yield (
            "error",
            f"ivr_records_url is {told.get('ivr_records_url')!r}, the line takes records on {settings.records_listen}",
        )
    gateway = told.get("ivr_emergency_gateway", "")
    named = re.compile(rf'<gateway\s+name="(\$\$\{{ivr_emergency_gateway\}}|{re.escape(gateway)})"')
    if not gateway:
        yield "error", "ivr_emergency_gateway is not set: 110, 119 and 120 lead nowhere (rule F4)"
    elif not any(named.search(file.read_text(errors="replace")) for file in conf.glob("sip_profiles/**/*.xml")):
        yield "error", f"no SIP profile has a gateway named {gateway!r}: 110, 119 and 120 lead nowhere (rule F4)"
    else:
        yield "ok", f"emergency numbers leave by gateway {gateway!r}; try them before you go live"
    if table is not None:
        # The seven of the dialplan, and those it is told of.
        passed = {*EMERGENCY, *told.get("ivr_emergency_more", "").split("|")}
        if lacking := [number for number in table.emergency if number not in passed]:
            needed_more = "|".join(sorted({*lacking, *passed} - {*EMERGENCY, "none", ""}))
            yield (
                "error",
                f"house.emergency has {', '.join(lacking)}, FreeSWITCH does not know: "
                f"ivr_emergency_more={needed_more} (rule F4)",
            )
    if table is not None and told.get("ivr_default_language") not in table.languages:
        yield (
            "error",
            f"ivr_default_language is {told.get('ivr_default_language')!r}, the house speaks "
            + ", ".join(table.languages),
        )
    for name, sample in SAMPLES.items():
        if told.get(name) == sample:
            yield "error", f"{name} is still the sample's: choose another"
