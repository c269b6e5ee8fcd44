"""Who waits in a hold queue, in the order of arrival (rule A8); what a caller's place is."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from ivr.store.database import Store
from ivr.store.tables import calls, waiting

__all__ = ["Waiting"]

FORGOTTEN = timedelta(hours=1)
"""How long after he was last counted a caller is struck out whose end nobody told: his switch has died."""


class Waiting:
    """The callers on hold, in every worker's calls."""

    def __init__(self, store: Store):
        self.store = store

    def join(self, hold: str, uuid: str, at: datetime, until: datetime) -> None:
        """Wait. Who waits there already keeps his place; who waited elsewhere gives that place up.

        `until`: how long he is counted unless he joins again. The phones that ring for him may be answered, and then
        nobody hears of him until he has talked.
        """
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(waiting).where(waiting.c.uuid == uuid, waiting.c.hold != hold))
            connection.execute(self.store.insert_once(waiting), {"uuid": uuid, "hold": hold, "at": at})
            connection.execute(update(waiting).where(waiting.c.uuid == uuid).values(until=until))

    def leave(self, uuid: str) -> None:
        """Wait no longer. Nothing happens to who does not wait."""
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(waiting).where(waiting.c.uuid == uuid))

    def place(self, hold: str, uuid: str, at: datetime) -> int | None:
        """1 for the first; None for who does not wait there. Callers known to be gone are not counted, nor are those
        who should have joined again before `at`."""
        with self.store.reading() as connection:
            mine = connection.execute(
                select(waiting.c.at).where(waiting.c.uuid == uuid, waiting.c.hold == hold)
            ).first()
            if mine is None:
                return None
            before = (
                select(func.count())
                .select_from(waiting)
                .outerjoin(calls, calls.c.uuid == waiting.c.uuid)
                .where(
                    waiting.c.hold == hold,
                    calls.c.closed.is_(None),
                    waiting.c.until >= at,
                    or_(waiting.c.at < mine.at, (waiting.c.at == mine.at) & (waiting.c.uuid < uuid)),
                )
            )
            return 1 + (connection.scalar(before) or 0)

    def clear_gone(self, at: datetime) -> int:
        """Strike out those whose call is over, or who were not heard of for an hour before `at`; how many they were."""
        over = waiting.c.uuid.in_(select(calls.c.uuid).where(calls.c.closed.is_not(None)))
        gone = or_(over, waiting.c.until < at - FORGOTTEN)
        with self.store.writing(durable=False) as connection:
            return connection.execute(delete(waiting).where(gone)).rowcount
