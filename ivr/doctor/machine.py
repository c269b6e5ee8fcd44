"""What stands on this machine: folders, database, doors of the line, and how the line says it is."""

import os
import re
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from prometheus_client.parser import text_string_to_metric_families

from ivr.data_folder import FOLDERS
from ivr.errors import StoreError
from ivr.settings import Settings
from ivr.sockets import socket_address
from ivr.store import Store

__all__ = ["Finding", "database", "folders", "listening", "well"]

Finding = tuple[str, str]
FREE = 1 << 30
"""Bytes that should be free: 18 hours of messages at 8 kHz."""
TROUBLE = (
    "busied", "over", "turned_away", "failed", "worker_deaths", "table_fallen_back", "switches_down", "refused",
    "crowded", "lost_writes",
)  # fmt: skip
"""Figures of the line that are 0 where all is well. Most are counted since it began."""
PATIENCE = 3.0
"""Seconds a door has to open, and a page to come."""


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


def listening(settings: Settings) -> Iterator[Finding]:
    """Is a line there?"""
    doors = {
        "calls": settings.listen,
        "emergencies": settings.emergency_listen,
        "call records": settings.records_listen,
    }
    for name, text in doors.items():
        if not text:
            continue
        host, port = socket_address(text, "listen")
        try:
            socket.create_connection((host, port), timeout=PATIENCE).close()
            yield "ok", f"a line listens for {name} on {text}"
        except OSError as error:
            yield "warning", f"no line listens for {name} on {text} ({error.strerror or error}): start `ivr serve`"


def well(settings: Settings) -> Iterator[Finding]:
    """What the line says of itself: /health, /ready and the figures of all its workers."""
    if not settings.health_listen:
        yield "ok", "nobody asks the line how it is (--health-listen): monitors have nothing to read"
        return
    host, port = socket_address(settings.health_listen, "health-listen")
    for page in ("/health", "/ready", "/metrics"):
        connection = HTTPConnection(host, port, timeout=PATIENCE)
        try:
            connection.request("GET", page)
            answer = connection.getresponse()
            said = answer.read(1_000_000).decode(errors="replace").strip()
        except (OSError, HTTPException) as error:
            yield "warning", f"no line answers {page} on {settings.health_listen} ({error or type(error).__name__})"
            return
        finally:
            connection.close()
        if page != "/metrics":
            yield "ok" if answer.status == 200 else "error", f"the line: {said}"
        elif answer.status == 200:
            yield from figures(said)


def figures(said: str) -> Iterator[Finding]:
    """The figures that tell of trouble (docs/health.md), where they are not 0."""
    try:
        found = {one.name.removeprefix("zongji_"): one for one in text_string_to_metric_families(said)}
    except ValueError:
        yield "warning", "the line: its figures cannot be read"
        return
    for name in TROUBLE:
        samples = found[name].samples if name in found else []
        if count := sum(sample.value for sample in samples):
            yield "warning", f"the line: {found[name].documentation}: {count:g} ({samples[0].name}, docs/health.md)"
