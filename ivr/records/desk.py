"""Where call records arrive: they close calls and finish messages of callers who went while the switch had them.

    records = CallRecords(store, journal, messages, clock)
    records.take(body)            # posted by mod_json_cdr; when this returns it is on the disk, and 200 may be said
    records.sweep(folder)         # what could not be posted; at start, and every minute
    records.sweep_spool()         # the same for recordings

Records come twice, late and in any order (measured): taking one twice is taking it once. All of it blocks: by OffHub.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ivr.clock import Clock
from ivr.errors import RecordError, StoreError
from ivr.journal import Closed, Noted, Opened
from ivr.records.record import LARGEST, CallRecord, parse
from ivr.records.spool import Found, Spool
from ivr.records.steady import Steady
from ivr.store.blobs import Folder
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.messages import Messages
from ivr.store.waiting import Waiting

__all__ = ["CallRecords", "Swept"]

log = structlog.get_logger(__name__)

ASIDE = "unreadable"
"""The folder within the folder for files that stayed no record."""


@dataclass(slots=True)
class Swept:
    """What one sweep of the folder did, by names of files."""

    taken: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


class CallRecords:
    """Takes FreeSWITCH's records of calls."""

    def __init__(self, store: Store, journal: Journal, messages: Messages, clock: Clock):
        self._journal, self._messages, self._clock = journal, messages, clock
        self._waiting = Waiting(store)
        self._spool = Spool(journal, messages, clock)
        self._steady = Steady(clock)

    def take(self, body: bytes) -> str:
        """Take one; the call's id. When this returns, all of it is on the disk.

        RecordError: it is no record. StoreError: the database is away, and the record must come again.
        """
        record = parse(body)
        if record.caller_leg and (record.ours or self._journal.call(record.uuid) is not None):
            self._close(record)
        return record.uuid

    def _close(self, record: CallRecord) -> None:
        uuid = record.uuid
        ended = record.ended or self._clock.now()
        opened = Opened(uuid, record.started or ended, record.caller, record.dialled, record.table, record.language)
        # The row first: a message that is found by its name alone asks the journal who called.
        self._journal.write([opened], durable=False)
        if record.recording:
            self._spool.settle(uuid, record.recording, ended, record.record_ms, record.record_ended)
        for name in (*self._messages.open_for(uuid), f"fallback-{uuid}.wav"):
            if name != record.recording:
                self._spool.settle(uuid, name, ended, None, "hangup")
        # `closed` last: whoever reads a closed call finds its messages finished.
        self._journal.write(
            [Noted(uuid, ended, "call-record", record.data()), Closed(uuid, ended, record.cause)], durable=True
        )
        self._waiting.leave(uuid)

    def sweep(self, folder: Path) -> Swept:
        """Take what mod_json_cdr could not post (`<uuid>.cdr.json`), and remove each file when it is on our disk.

        It writes them in place, so half of one may be met: what is no record is left until it has not changed for 60
        seconds, read once more, and then moved aside. Nothing is deleted that was not read.
        """
        swept = Swept()
        for path in self._files(folder):
            # Asked before reading: what has not changed since the reading 60 seconds ago will not become a record.
            steady = self._steady(path.name, Folder(folder).stamp(path.name))
            try:
                self.take(_read(path))
            except StoreError as error:
                log.warning("call records wait for the database", folder=str(folder), error=str(error))
                swept.waiting.append(path.name)
                break
            except (RecordError, OSError) as error:
                if not steady:
                    swept.waiting.append(path.name)
                elif self._put_aside(path, error):
                    swept.aside.append(path.name)
                continue
            path.unlink(missing_ok=True)
            self._steady.forget(path.name)
            swept.taken.append(path.name)
        return swept

    def sweep_spool(self) -> Found:
        """Bring in the messages a death left behind; waiting callers who are gone are struck out."""
        self._waiting.clear_gone(self._clock.now())
        return self._spool.sweep()

    @staticmethod
    def _files(folder: Path) -> list[Path]:
        try:
            return sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            log.error("the folder of call records cannot be read", folder=str(folder), error=str(error))
            return []

    def _put_aside(self, path: Path, error: Exception) -> bool:
        log.error("a file is no call record", file=str(path), error=str(error), moved_to=ASIDE)
        try:
            aside = path.parent / ASIDE
            aside.mkdir(exist_ok=True)
            target, n = aside / path.name, 1
            while os.path.lexists(target):
                target, n = aside / f"{path.stem}.{n}{path.suffix}", n + 1
            path.rename(target)
        except OSError as trouble:
            log.error("it could not be moved either", file=str(path), error=str(trouble))
            return False
        self._steady.forget(path.name)
        return True


def _read(path: Path) -> bytes:
    """A file's bytes, one more than a record may have at most. Links are not followed, pipes not waited for."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(handle, "rb") as file:
        return file.read(LARGEST + 1) or b""
