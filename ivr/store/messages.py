"""Messages: written down before they are recorded, finished after, never deleted (rules D1, D4).

Each message stands in two places, the database and a sidecar beside its recording (`ivr.store.sidecar`), and either
is enough. `docs/messages.md` tells the whole life of one, and what happens at each point where somebody dies.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection, select, update

from ivr.errors import CannotKeep, StoreError
from ivr.journal import Noted
from ivr.messages import EMERGENCY_BOX, STATES, Message, Recording, may_become, named, reference, verdict
from ivr.store import sidecar as sidecars
from ivr.store.blobs import BlobStore, Folder
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.recording import measure
from ivr.store.sidecar import Sidecar
from ivr.store.tables import counters, messages

__all__ = ["Messages"]

log = structlog.get_logger(__name__)

_COLUMNS = [column for column in messages.c if column.name not in ("call", "shortest", "limit")]


class Messages:
    """The messages of a house. `spool`: where FreeSWITCH records to, a folder or another BlobStore.

    What happens to a message is noted in the journal in the same transaction: "message-begun", then
    "message-kept" or "message-empty".
    """

    def __init__(self, store: Store, spool: Path | BlobStore):
        self.store, self.spool = store, Folder(spool) if isinstance(spool, str | Path) else spool
        self._journal = Journal(store)

    # Taking one -------------------------------------------------------------------------------------------------------

    def begin(self, note: Sidecar) -> str:
        """Write a message down that is about to be recorded; its reference number, to be spoken to the caller.

        Asked again with the same name (a worker died in between) it gives the same number. CannotKeep where neither
        database nor spool would take it, and where something was recorded under this name already: a second recording
        would wipe out the first.
        """
        there = self._there(note)
        try:
            number, refused = self._row(replace(note, reference=there.reference) if there else note), None
        except StoreError as error:
            number, refused = "", error
            log.warning("a message is written down beside its recording only", name=note.name, error=str(error))
        if there is not None:
            return number or there.reference
        try:
            return self._sidecar(note, number)
        except OSError as error:
            if refused is None:
                log.warning("a message is written down in the database only", name=note.name, error=str(error))
                return number
            raise CannotKeep(f"{note.name}: neither database ({refused}) nor spool ({error}) would take it") from error

    def begin_beside(self, note: Sidecar) -> str:
        """The same without the database, where that does not answer in time: the sweep of the spool brings it in."""
        there = self._there(note)
        try:
            return there.reference if there is not None else self._sidecar(note, "")
        except OSError as error:
            raise CannotKeep(f"{note.name}: neither database nor spool ({error}) would take it") from error

    def _there(self, note: Sidecar) -> Sidecar | None:
        """What is written down already. CannotKeep where it may not be recorded under this name."""
        if named(note.name) is None:
            raise CannotKeep(f"{note.name!r} is no name of a recording: it must be <uuid>-<turn>.wav")
        if self.spool.exists(note.name):
            raise CannotKeep(f"{note.name} was recorded already: a recording needs a name no recording had")
        return sidecars.read(self.spool, note.name)

    def _row(self, note: Sidecar) -> str:
        with self.store.writing() as connection:
            return self._insert(connection, note)

    def _insert(self, connection: Connection, note: Sidecar) -> str:
        """The row of a message, once; its reference number, the one it has if it is there."""
        known = connection.scalar(select(messages.c.reference).where(messages.c.name == note.name))
        if known is not None:
            return known
        number = note.reference
        while not number or connection.scalar(select(messages.c.name).where(messages.c.reference == number)):
            n = connection.scalar(
                update(counters)
                .where(counters.c.name == "message")
                .values(value=counters.c.value + 1)
                .returning(counters.c.value)
            )
            number = reference(n - 1)
        connection.execute(
            messages.insert(),
            {
                "reference": number,
                "name": note.name,
                "call": named(note.name).uuid,
                "box": note.box[:80],
                "state": "recording",
                "caller": note.caller[:40],
                "dialled": note.dialled[:40],
                "language": note.language[:16],
                "callback": note.callback[:40],
                "begun": note.begun,
                "finished": None,
                "ms": None,
                "ended": "",
                "shortest": note.shortest,
                "limit": note.limit,
            },
        )
        self._note(connection, note.name, note.begun, "message-begun", reference=number, box=note.box, name=note.name)
        return number

    def _sidecar(self, note: Sidecar, number: str) -> str:
        """The sidecar; its number is claimed where the database gave none."""
        claimed = "" if number else sidecars.claim(self.spool)
        full = replace(note, reference=number or claimed)
        try:
            try:
                sidecars.write(self.spool, full)
            except FileExistsError:
                # Half of one: whoever wrote it died before he gave the number to anybody.
                sidecars.write(self.spool, full, again=True)
        except OSError:
            if claimed:
                sidecars.release(self.spool, claimed)
            raise
        return full.reference

    # Finishing one ----------------------------------------------------------------------------------------------------

    def finish(
        self, name: str, at: datetime, ms: int | None = None, ended: str = "", *, shortest: float | None = None
    ) -> str:
        """The recording is over: "new", or "empty" where nothing was said; its state, whatever was asked before.

        The file decides, not who tells of it. Where the database is away, the sidecar remembers and `sweep_spool`
        brings it in. StoreError where the switch recorded something (`ms`) that is not in the spool.
        """
        measured = self._measured(name, ms)
        try:
            with self.store.writing() as connection:
                return self._finish(connection, name, at, ms, ended, measured, shortest)
        except StoreError as error:
            log.warning("a message is finished beside its recording only", name=name, error=str(error))
        there = sidecars.read(self.spool, name)
        if there is not None:
            try:
                sidecars.write(self.spool, there.end(at, ms, ended), again=True)
            except OSError as error:
                # Nothing is lost: the sweep finds the recording, and measures it again.
                log.warning("its sidecar could not be written either", name=name, error=str(error))
        return verdict(measured, there.shortest if shortest is None and there else shortest or 1.0)

    def beside(self, name: str, ms: int | None, shortest: float) -> tuple[str, str]:
        """What `finish` would say of a recording, and its number, without the database: the recording is on the disk
        when this returns. StoreError as there."""
        measured = self._measured(name, ms)
        there = sidecars.read(self.spool, name)
        return verdict(measured, shortest), there.reference if there else ""

    def _measured(self, name: str, ms: int | None) -> Recording | None:
        if named(name) is None:
            raise StoreError(f"{name!r} is no name of a recording")
        measured = measure(self.spool, name)
        if measured is None and ms:
            raise StoreError(
                f"{self.spool.where(name)}: the switch recorded {ms} ms, but there is no such file: do the line and "
                "FreeSWITCH see one folder under this path?"
            )
        if measured is not None:
            self._sync(name)
        return measured

    def _finish(
        self,
        connection: Connection,
        name: str,
        at: datetime,
        ms: int | None,
        ended: str,
        measured: Recording | None,
        shortest: float | None,
    ) -> str:
        row = self._known(connection, name)
        if row is None:
            note = sidecars.read(self.spool, name) or Sidecar(name, EMERGENCY_BOX, at)
            self._insert(connection, note)
            row = self._known(connection, name)
        if row.state != "recording" and not (row.ended == "missing" and measured is not None):
            return row.state
        state = verdict(measured, row.shortest if shortest is None else shortest)
        length = measured.ms if measured is not None and measured.ms is not None else (ms or 0)
        connection.execute(
            update(messages)
            .where(messages.c.name == name)
            .values(state=state, finished=at, ms=length, ended="missing" if measured is None else ended[:12])
        )
        if named(name).fallback:
            self._note(connection, name, at, "fallback", reference=row.reference, name=name)
        event = "message-" + ("missing" if measured is None else "kept" if state == "new" else "empty")
        self._note(connection, name, at, event, reference=row.reference, ms=length, ended=ended[:12])
        return state

    def _note(self, connection: Connection, recording: str, at: datetime, event: str, **data) -> None:
        self._journal.write_in(connection, [Noted(named(recording).uuid, at, event, data)])

    @staticmethod
    def _known(connection: Connection, name: str):
        columns = (messages.c.reference, messages.c.state, messages.c.ended, messages.c.shortest)
        return connection.execute(select(*columns).where(messages.c.name == name)).first()

    def _sync(self, name: str) -> None:
        """FreeSWITCH closes the file, but does not sync it: a message is kept when it is on the disk."""
        try:
            self.spool.keep(name)
        except OSError as error:
            log.warning("a recording could not be synced", name=name, error=str(error))

    # Finding again what a death left behind (`ivr.records.spool`) -----------------------------------------------------

    def recover(self, note: Sidecar) -> bool:
        """Make the row of a message that has none; True if it was made, False if it was there."""
        with self.store.writing() as connection:
            if self._known(connection, note.name) is not None:
                return False
            number = self._insert(connection, note)
        if note.reference and number != note.reference:
            log.error("a message had to be given another number", name=note.name, was=note.reference, now=number)
        return True

    def names(self) -> dict[str, str]:
        """Every recording there is a row of, with the message's state."""
        with self.store.reading() as connection:
            return {name: state for name, state in connection.execute(select(messages.c.name, messages.c.state))}

    def unfinished(self) -> list[tuple[str, str, datetime, int]]:
        """Name, call, beginning and limit in seconds of what is being recorded, or missing."""
        query = select(messages.c.name, messages.c.call, messages.c.begun, messages.c.limit).where(
            (messages.c.state == "recording") | (messages.c.ended == "missing")
        )
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.execute(query.order_by(messages.c.begun))]

    def open_for(self, uuid: str) -> list[str]:
        """The recordings of a call that nobody finished."""
        query = select(messages.c.name).where(messages.c.call == uuid, messages.c.state == "recording")
        with self.store.reading() as connection:
            return list(connection.scalars(query.order_by(messages.c.name)))

    # Reading ----------------------------------------------------------------------------------------------------------

    def list(
        self, states: Iterable[str] | None = None, box: str | None = None, limit: int = 100, uuid: str | None = None
    ) -> list[Message]:
        """Messages, newest first. `states`: only those; `box`: only there; `uuid`: only of that call."""
        query = select(*_COLUMNS).order_by(messages.c.begun.desc(), messages.c.reference).limit(limit)
        if states is not None:
            query = query.where(messages.c.state.in_(_states(states)))
        if box is not None:
            query = query.where(messages.c.box == box)
        if uuid is not None:
            query = query.where(messages.c.call == uuid)
        with self.store.reading() as connection:
            return [Message(**row._mapping) for row in connection.execute(query)]

    def get(self, reference: str) -> Message | None:
        """The message with this number."""
        return self._one(messages.c.reference == reference)

    def of(self, name: str) -> Message | None:
        """The message of this recording."""
        return self._one(messages.c.name == name)

    def number(self, name: str) -> str:
        """The number of this recording's message, from wherever it can be had; "" where nobody knows it."""
        there = sidecars.read(self.spool, name)
        if there is not None:
            return there.reference
        message = self.of(name)
        return "" if message is None else message.reference

    def _one(self, which) -> Message | None:
        with self.store.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(which)).first()
        return None if row is None else Message(**row._mapping)

    def mark(self, reference: str, state: str) -> Message:
        """Set a message's state (rule D3). StoreError where there is no such message, or the state cannot follow."""
        _states([state])
        with self.store.writing() as connection:
            row = connection.execute(select(messages.c.state).where(messages.c.reference == reference)).first()
            if row is None:
                raise StoreError(f"there is no message {reference}")
            if not may_become(row.state, state):
                raise StoreError(f"message {reference} is {row.state!r} and cannot become {state!r}")
            connection.execute(update(messages).where(messages.c.reference == reference).values(state=state))
        return self.get(reference)


def _states(states: Iterable[str]) -> list[str]:
    asked = list(states)
    for state in asked:
        if state not in STATES:
            raise StoreError(f"{state!r} is no state of a message; there are: {', '.join(STATES)}")
    return asked
