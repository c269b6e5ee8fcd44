"""Who waits in a hold queue, in the order of arrival (rule A8); what a caller's place is."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select

from ivr.store.database import Store
from ivr.store.tables import calls, waiting

__all__ = ["Waiting"]


class Waiting:
    """The callers on hold, in every worker's calls."""

    def __init__(self, store: Store):
        self.store = store

    def join(self, hold: str, uuid: str, at: datetime) -> None:
        """Wait. Who waits there already keeps his place; who waited elsewhere gives that place up."""
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(waiting).where(waiting.c.uuid == uuid, waiting.c.hold != hold))
            connection.execute(self.store.insert_once(waiting), {"uuid": uuid, "hold": hold, "at": at})

    def leave(self, uuid: str) -> None:
        """Wait no longer. Nothing happens to who does not wait."""
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(waiting).where(waiting.c.uuid == uuid))

    def place(self, hold: str, uuid: str) -> int | None:
        """1 for the first; None for who does not wait there. Callers known to be gone are not counted."""
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
                    or_(waiting.c.at < mine.at, (waiting.c.at == mine.at) & (waiting.c.uuid < uuid)),
                )
            )
            return 1 + (connection.scalar(before) or 0)

    def clear_gone(self) -> int:
        """Strike out those whose call is over; how many they were."""
        gone = select(calls.c.uuid).where(calls.c.closed.is_not(None))
        with self.store.writing(durable=False) as connection:
            return connection.execute(delete(waiting).where(waiting.c.uuid.in_(gone))).rowcount
