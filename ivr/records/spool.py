"""Finds the messages that a death left behind: of the line, of the database, or of both (rule D4).

    sidecar without a row                    → row                 the database was away when it began
    row "recording", its call over           → finished            the line, or the caller, went before the end
    recording without row and sidecar        → row and finished    a backup of the database was put back
    fallback-<uuid>.wav                      → row and finished    the switch took it with no line there

A message comes in once however often this runs, and by however many workers: its row is its name's only one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from ivr.clock import Clock
from ivr.errors import StoreError
from ivr.messages import EMERGENCY_BOX, named
from ivr.records.steady import Steady
from ivr.store import sidecar as sidecars
from ivr.store.journal import Journal
from ivr.store.messages import Messages
from ivr.store.sidecar import Sidecar

__all__ = ["Found", "Spool"]

log = structlog.get_logger(__name__)

MARGIN = timedelta(seconds=120)
"""What a recording may take beyond its limit: the way to the switch, the beep, a limit counted in whole seconds."""


@dataclass(slots=True)
class Found:
    """What one sweep did, by names of recordings."""

    rows: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)


class Spool:
    """The folder of recordings, looked over for what the database does not know or believes unfinished."""

    def __init__(self, journal: Journal, messages: Messages, clock: Clock):
        self._journal, self._messages, self._clock = journal, messages, clock
        self._steady = Steady(clock)

    def sweep(self) -> Found:
        """Look over all of it. StoreError when the database is away: then nothing is lost, and next time will do."""
        found = Found()
        known = self._messages.names()
        recordings, noted = self._listed()
        for name in sorted(noted - known.keys()):
            note = sidecars.read(self._messages.spool, name)
            if note is not None:
                self._recover(note, found)
                known[name] = "recording"
        strangers = sorted(recordings - known.keys())
        unfinished = self._messages.unfinished()
        over = self._journal.over({named(name).uuid for name in strangers} | {uuid for _, uuid, _, _ in unfinished})
        for name in strangers:
            if named(name).uuid in over or self._still(name):
                self._adopt(name, found)
        for name, uuid, begun, limit in unfinished:
            self._end(name, uuid in over, begun + timedelta(seconds=limit) + MARGIN, found)
        return found

    def settle(self, uuid: str, name: str, at: datetime, ms: int | None, ended: str) -> None:
        """The call is over: finish this recording of its, if there is one and nobody did."""
        spool, known = self._messages.spool, self._messages.of(name)
        if known is None and not spool.exists(name) and sidecars.read(spool, name) is None:
            return
        if known is not None and known.state != "recording" and known.ended != "missing":
            return
        if known is None and sidecars.read(spool, name) is None:
            self._adopt(name, Found())
            return
        self._finish(name, at, ms, ended)

    def _listed(self) -> tuple[set[str], set[str]]:
        """The recordings in the spool, and the recordings there are sidecars of; names of ours only."""
        recordings, noted = set(), set()
        try:
            for name in self._messages.spool.names():
                if named(name):
                    recordings.add(name)
                elif name.endswith(".json") and named(name[:-5]):
                    noted.add(name[:-5])
        except OSError as error:
            raise StoreError(f"{self._messages.spool}: the spool cannot be read: {error}") from error
        return recordings, noted

    def _still(self, name: str) -> bool:
        return self._steady(name, self._messages.spool.stamp(name))

    def _recover(self, note: Sidecar, found: Found) -> None:
        if self._messages.recover(note):
            found.rows.append(note.name)
            log.info("a message was found beside its recording", name=note.name, reference=note.reference)
        sidecars.release(self._messages.spool, note.reference)

    def _adopt(self, name: str, found: Found) -> None:
        """A recording of which nothing is known but its name, and what the journal has of the call."""
        about = named(name)
        call = self._journal.call(about.uuid)
        now = self._clock.now()
        if call is None:
            note = Sidecar(name, EMERGENCY_BOX, now)
        else:
            note = Sidecar(
                name, EMERGENCY_BOX, call.at, caller=call.caller, dialled=call.dialled, language=call.language,
                callback=call.caller,
            )  # fmt: skip
        if self._messages.recover(note):
            found.rows.append(name)
            log.info("a recording nobody wrote down is a message now", name=name, box=note.box)
        self._finish(name, (call and call.closed) or now, None, "")
        found.finished.append(name)

    def _end(self, name: str, over: bool, latest: datetime, found: Found) -> None:
        note = sidecars.read(self._messages.spool, name)
        there = self._messages.spool.exists(name)
        known = self._messages.of(name)
        if known.ended == "missing" and not there:
            return
        if note is not None and note.finished is not None:
            self._finish(name, note.finished, note.ms, note.ended)
        elif over:
            self._finish(name, self._clock.now(), None, "")
        elif self._clock.now() > latest and (not there or self._still(name)):
            self._finish(name, self._clock.now(), None, "")
        else:
            return
        found.finished.append(name)

    def _finish(self, name: str, at: datetime, ms: int | None, ended: str) -> None:
        try:
            self._messages.finish(name, at, ms, ended)
        except StoreError as error:
            if not ms:
                raise
            # The record says that something was recorded. It may be on its way (a network's file system): the row
            # stays as it is, and the next sweep looks again.
            log.error("a recording is not there", name=name, error=str(error))
            return
        self._steady.forget(name)
