"""Tables on the disk, for all lines of a house: every version in use by its hash, and which of them is live.

    <data>/tables/3f2a9c001122.yaml     all that this version is written in
    <data>/tables/live.json             which version is live, since when, by whom; what was live before

Whoever puts another version into live.json has put it into every line: they look once a second. A file is written
under another name, synced and renamed, so it is there whole or not at all.
"""

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from ivr.clock import Clock
from ivr.errors import StoreError, TableError
from ivr.steps import Table
from ivr.table.kept import from_kept, kept

__all__ = ["Archive", "Live"]

KEEP = timedelta(days=1)
"""How long a version that is no longer live is kept though no call is known to need it: the journal may come late."""
MOST_FAILED = 20
ALONE = 60.0
"""Seconds to wait for somebody else's reload."""
_VERSION = re.compile(r"[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Live:
    """Which table is live. `before`: the version that was live before it, the way back; "" where there was none.
    `failed`: versions that went live and failed. `count`: how often that was said, so that the same version said once
    more is news (its prompts are read anew).

    >>> first = Live("aaaaaaaaaaaa", datetime(2026, 11, 20), "start", "routes.yaml")
    >>> second = first.then("bbbbbbbbbbbb", datetime(2026, 11, 21), "root", "routes.yaml")
    >>> second.before, second.back(datetime(2026, 11, 22)).version, second.back(datetime(2026, 11, 22)).failed
    ('aaaaaaaaaaaa', 'aaaaaaaaaaaa', ('bbbbbbbbbbbb',))
    """

    version: str
    since: datetime
    by: str
    source: str
    before: str = ""
    failed: tuple[str, ...] = ()
    count: int = 0

    def then(self, version: str, since: datetime, by: str, source: str) -> "Live":
        """This version is live now. The same one again is news, and nothing else."""
        if version == self.version:
            return replace(self, count=self.count + 1)
        failed = tuple(one for one in self.failed if one != version)
        return Live(version, since, by, source, self.version, failed, self.count + 1)

    def back(self, since: datetime) -> "Live":
        """The version before is live again, and this one is known to have failed."""
        failed = (*self.failed, self.version)[-MOST_FAILED:]
        return Live(self.before, since, "the line", self.source, "", failed, self.count + 1)


class Archive:
    """The folder `<data>/tables`. Everything here blocks: a line asks off the hub."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    # Versions -------------------------------------------------------------------------------------------------------

    def place(self, version: str) -> Path:
        return self.folder / f"{version}.yaml"

    def keep(self, table: Table) -> None:
        """Write all that a table is written in down; once more where something else stands there."""
        place, text = self.place(table.version), kept(table)
        if not place.exists() or place.read_bytes() != text:
            self._write(place, text)

    def load(self, version: str) -> Table:
        """The table of a version; TableError where it is not there, or cannot be read."""
        return load_from(self.place(version), version)

    def versions(self) -> list[str]:
        """Those that are kept, the last written first."""
        found = [path for path in self.folder.glob("*.yaml") if _VERSION.fullmatch(path.stem)]
        return [path.stem for path in sorted(found, key=_written, reverse=True)]

    def prune(self, needed: Collection[str], now: datetime) -> list[str]:
        """Throw away the versions that no call can need; which they were. `needed`: those that calls in progress
        have."""
        live = self.live()
        if live is None:
            return []
        spared = {live.version, live.before, *needed}
        gone = [one for one in self.versions() if one not in spared and _age(self.place(one), now) > KEEP]
        for version in gone:
            self.place(version).unlink(missing_ok=True)
        return gone

    # Which is live --------------------------------------------------------------------------------------------------

    @property
    def pointer(self) -> Path:
        return self.folder / "live.json"

    def live(self) -> Live | None:
        """Which table is live; None where nobody has said so yet, or what stands there cannot be read."""
        try:
            found = json.loads(self.pointer.read_bytes())
            live = Live(
                version=found["version"],
                since=datetime.fromisoformat(found["since"]),
                by=str(found["by"]),
                source=str(found["source"]),
                before=found["before"],
                failed=tuple(found["failed"]),
                count=int(found["count"]),
            )
            versions = (live.version, *live.failed, *([live.before] if live.before else []))
            whole = live.since.tzinfo is not None and all(map(_VERSION.fullmatch, versions))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return live if whole else None

    def set_live(self, live: Live) -> None:
        """Say which is live. What was live until now is kept from here on for as long as `KEEP` says."""
        before = self.live()
        text = json.dumps({**asdict(live), "since": live.since.isoformat()}, ensure_ascii=False, indent=1)
        self._write(self.pointer, text.encode())
        if before is not None and before.version != live.version:
            with contextlib.suppress(OSError):
                os.utime(self.place(before.version), (live.since.timestamp(),) * 2)

    def stamp(self) -> tuple | None:
        """Another one whenever somebody has said which is live; it costs a `stat`."""
        return stamp(self.pointer)

    # One at a time --------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def alone(self, clock: Clock, what: str = "reload", seconds: float = ALONE) -> Iterator[None]:
        """Nobody else, in any process, does this meanwhile. StoreError after `seconds` of waiting."""
        end = clock.monotonic() + seconds
        while (lock := self.claim(what)) is None:
            if clock.monotonic() >= end:
                raise StoreError(f"another {what} is under way for more than {seconds:g} s; try again when it is done")
            clock.sleep(0.1)
        with lock:
            yield

    def claim(self, what: str) -> IO | None:
        """A claim that one process at a time can have, until it closes it or dies; None where another has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder / f".{what}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return os.fdopen(handle, "r+b", buffering=0)

    def _write(self, place: Path, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        half = place.with_name(f".{place.name}.{os.getpid()}")
        with open(half, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)


def load_from(place: Path, version: str) -> Table:
    """The table kept in a file; TableError where it is not this version."""
    try:
        return from_kept(place.read_bytes(), version)
    except OSError as error:
        raise TableError([f"{place} cannot be read: {error.strerror or error}"]) from error


def stamp(path: Path) -> tuple | None:
    """What changes when a file is written; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _age(path: Path, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - _written(path))
