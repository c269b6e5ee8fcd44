"""The journal in the database: one row per call, one per event; every write may be repeated and may come late."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, update

from ivr.journal import CallRow, Closed, Entry, EventRow, Noted, Opened
from ivr.store.database import Store
from ivr.store.tables import Utc, calls, events

__all__ = ["Journal"]


class Journal:
    """What happened in every call (rule H1)."""

    def __init__(self, store: Store):
        self.store = store

    def opened(
        self, uuid: str, at: datetime, caller: str = "", dialled: str = "", table: str = "", language: str = ""
    ) -> None:
        """A call arrived."""
        self.write([Opened(uuid, at, caller, dialled, table, language)])

    def noted(self, uuid: str, at: datetime, event: str, data: Mapping[str, Any] | None = None) -> None:
        """Something happened in it; the names are in `ivr.journal.EVENTS`."""
        self.write([Noted(uuid, at, event, data or {})])

    def closed(self, uuid: str, at: datetime, cause: str = "") -> None:
        """It is over."""
        self.write([Closed(uuid, at, cause)])

    def write(self, entries: Iterable[Entry], durable: bool = False) -> None:
        """Write entries, in order, in one transaction: all or none."""
        with self.store.writing(durable=durable) as connection:
            self.write_in(connection, entries)

    def write_in(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """The same within a transaction of somebody else's."""
        noted: list[dict] = []
        for entry in entries:
            match entry:
                case Opened():
                    self._opened(connection, entry)
                case Noted():
                    noted.append(
                        {
                            "uuid": entry.uuid,
                            "at": entry.at,
                            "event": entry.event,
                            "data": entry.text,
                            "digest": entry.digest,
                        }
                    )
                case Closed():
                    self._closed(connection, entry)
        if noted:
            connection.execute(self.store.insert_once(events), noted)

    def _opened(self, connection: Connection, entry: Opened) -> None:
        values = {
            "caller": entry.caller,
            "dialled": entry.dialled,
            "table": entry.table,
            "language": entry.language,
        }
        # RETURNING, not rowcount: how many rows an INSERT made is not told by every driver (psycopg: -1).
        made = self.store.insert_once(calls).returning(calls.c.uuid)
        if connection.execute(made, {"uuid": entry.uuid, "at": entry.at, "cause": "", **values}).first():
            return
        # The row is there: a worker took the call over, or the call's record came first. The earlier time stands, and
        # what nobody knew is filled in.
        filled = {name: case((calls.c[name] == "", value), else_=calls.c[name]) for name, value in values.items()}
        filled["at"] = case((calls.c.at > entry.at, literal(entry.at, Utc)), else_=calls.c.at)
        connection.execute(update(calls).where(calls.c.uuid == entry.uuid).values(filled))

    def _closed(self, connection: Connection, entry: Closed) -> None:
        closing = {"closed": entry.at, "cause": entry.cause[:60]}
        done = connection.execute(
            update(calls).where(calls.c.uuid == entry.uuid, calls.c.closed.is_(None)).values(closing)
        )
        if not done.rowcount:
            # Closed already, and then nothing happens; or never opened, and then the row says so much as is known.
            connection.execute(self.store.insert_once(calls), {"uuid": entry.uuid, "at": entry.at, **closing})

    # Reading ----------------------------------------------------------------------------------------------------------

    def calls(self, limit: int = 100, since: datetime | None = None) -> list[CallRow]:
        """The calls, newest first. `since`: only those that arrived then or later."""
        query = select(calls).order_by(calls.c.at.desc(), calls.c.uuid).limit(limit)
        if since is not None:
            query = query.where(calls.c.at >= since)
        with self.store.reading() as connection:
            return [_call(row) for row in connection.execute(query)]

    def call(self, uuid: str) -> CallRow | None:
        """One call with its events, in order; None if nobody knows it."""
        with self.store.reading() as connection:
            row = connection.execute(select(calls).where(calls.c.uuid == uuid)).first()
            if row is None:
                return None
            return _call(row, _events(connection, uuid))

    def find(self, beginning: str, limit: int = 3) -> list[str]:
        """The ids of calls that begin so, for people who type only the first characters of one."""
        query = select(calls.c.uuid).where(calls.c.uuid.startswith(beginning, autoescape=True)).limit(limit)
        with self.store.reading() as connection:
            return list(connection.scalars(query))

    def open_calls(self) -> list[CallRow]:
        """The calls nobody closed yet, oldest first."""
        query = select(calls).where(calls.c.closed.is_(None)).order_by(calls.c.at, calls.c.uuid)
        with self.store.reading() as connection:
            return [_call(row) for row in connection.execute(query)]

    def tables_in_use(self) -> set[str]:
        """The versions that the calls have which nobody closed yet."""
        with self.store.reading() as connection:
            return set(connection.scalars(select(calls.c.table).where(calls.c.closed.is_(None)).distinct()))

    def over(self, uuids: Iterable[str]) -> set[str]:
        """Those of the calls that are known to be over."""
        asked, found = list(uuids), set()
        with self.store.reading() as connection:
            # In portions: a database takes so many parameters and no more.
            for start in range(0, len(asked), 500):
                query = select(calls.c.uuid).where(
                    calls.c.uuid.in_(asked[start : start + 500]), calls.c.closed.is_not(None)
                )
                found.update(connection.scalars(query))
        return found

    def counts(self, since: datetime, until: datetime) -> dict[str, int]:
        """How many calls had each event at least once, since ≤ arrival < until: what the figures stand on (H3)."""
        within = (calls.c.at >= since) & (calls.c.at < until)
        query = (
            select(events.c.event, func.count(events.c.uuid.distinct()))
            .join(calls, calls.c.uuid == events.c.uuid)
            .where(within)
            .group_by(events.c.event)
        )
        with self.store.reading() as connection:
            counted = {event: number for event, number in connection.execute(query)}
            counted["calls"] = connection.scalar(select(func.count()).select_from(calls).where(within)) or 0
        return counted


def _events(connection: Connection, uuid: str) -> tuple[EventRow, ...]:
    found = connection.execute(select(events).where(events.c.uuid == uuid).order_by(events.c.at, events.c.id))
    return tuple(EventRow(each.at, each.event, json.loads(each.data)) for each in found)


def _call(row, found: tuple[EventRow, ...] = ()) -> CallRow:
    return CallRow(row.uuid, row.at, row.caller, row.dialled, row.table, row.language, row.closed, row.cause, found)
