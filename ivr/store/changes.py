"""The journal of the house: who changed what (`ivr.changes`). Nothing is ever changed in it."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from ivr.changes import Change
from ivr.store.database import Store
from ivr.store.tables import changes

__all__ = ["Changes"]

_MOST_BY = 80
"""Characters of who it was."""
_MOST_DATA = 8000
"""Characters of a change's data: a hundred errors of a table."""


class Changes:
    """What people did to the house."""

    def __init__(self, store: Store):
        self.store = store

    def write(self, change: Change) -> None:
        with self.store.writing() as connection:
            self.write_in(connection, change)

    def write_in(self, connection: Connection, change: Change) -> None:
        """The same within a transaction of somebody else's."""
        text = json.dumps(dict(change.data), sort_keys=True, ensure_ascii=False, default=str)
        if len(text) > _MOST_DATA:
            text = json.dumps({"cut": text[: _MOST_DATA // 2]}, ensure_ascii=False)
        row = {"at": change.at, "what": change.what, "by": change.by[:_MOST_BY], "data": text}
        connection.execute(changes.insert(), row)

    def list(self, limit: int = 100, since: datetime | None = None, whats: Iterable[str] | None = None) -> list[Change]:
        """The changes, newest first. `since`: only those of then or later; `whats`: only those."""
        query = select(changes).order_by(changes.c.at.desc(), changes.c.id.desc()).limit(limit)
        if since is not None:
            query = query.where(changes.c.at >= since)
        if whats is not None:
            query = query.where(changes.c.what.in_(list(whats)))
        with self.store.reading() as connection:
            return [Change(row.at, row.what, row.by, json.loads(row.data)) for row in connection.execute(query)]
