"""Whose turn it is, where phones are rung in rotation: one counter for each place, for all lines together."""

from sqlalchemy import update

from ivr.store.database import Store
from ivr.store.tables import turns

__all__ = ["Turns"]

_AGAIN = 1_000_000_000
"""Where a counter begins again: a database's Integer has 31 bits."""


class Turns:
    """The counters."""

    def __init__(self, store: Store):
        self.store = store

    def next(self, place: str) -> int:
        """0 the first time a place asks, then 1, 2, …: no two calls get the same."""
        with self.store.writing(durable=False) as connection:
            connection.execute(self.store.insert_once(turns), {"place": place, "value": 0})
            following = (turns.c.value + 1) % _AGAIN
            query = update(turns).where(turns.c.place == place).values(value=following).returning(turns.c.value)
            return (connection.scalar(query) - 1) % _AGAIN
