"""Which language a caller has chosen by key, kept by his number until his next call (rule A3)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from ivr.store.database import Store
from ivr.store.tables import languages

__all__ = ["KEPT", "Languages"]

KEPT = timedelta(days=400)
"""How long after the last choice: whoever calls once a year is known again, and no number is kept for ever."""


class Languages:
    """The choices, by the callers' numbers as they are written everywhere."""

    def __init__(self, store: Store):
        self.store = store

    def keep(self, caller: str, language: str, at: datetime) -> None:
        """He has chosen this one, whatever he had before."""
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(languages).where(languages.c.caller == caller))
            connection.execute(languages.insert(), {"caller": caller, "language": language, "at": at})

    def of(self, caller: str, now: datetime) -> str:
        """What he chose last; "" where that is not known, or too long ago."""
        with self.store.reading() as connection:
            query = select(languages.c.language).where(languages.c.caller == caller, languages.c.at > now - KEPT)
            return connection.scalar(query) or ""

    def forget(self, now: datetime) -> int:
        """Delete what was chosen too long ago; how many callers' numbers that were."""
        with self.store.writing() as connection:
            return connection.execute(delete(languages).where(languages.c.at <= now - KEPT)).rowcount
