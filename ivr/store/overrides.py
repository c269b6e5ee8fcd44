"""Hours overridden by hand, for every line of the house: by a caller who knows the PIN, or by `ivr override`."""

from datetime import datetime

from sqlalchemy import delete, select

from ivr.changes import Change
from ivr.overrides import Override
from ivr.store.changes import Changes
from ivr.store.database import Store
from ivr.store.tables import overrides

__all__ = ["Overrides"]


class Overrides:
    """What stands. `of` answers from memory: a call asks several times, and no disk is touched for it. Whoever runs a
    line calls `look` every second; `set` and `clear` look by themselves."""

    def __init__(self, store: Store):
        self.store, self._changes = store, Changes(store)
        self._seen: dict[str, Override] = {}

    def of(self, hours: str, now: datetime) -> Override | None:
        """What stands for these hours at an aware instant, as it was last seen; does not block."""
        found = self._seen.get(hours)
        return found if found is not None and found.stands(now) else None

    def look(self) -> None:
        """See what stands, whoever has set it."""
        with self.store.reading() as connection:
            rows = connection.execute(select(overrides)).all()
        self._seen = {row.hours: Override(row.state, row.until, row.by) for row in rows}

    def standing(self, now: datetime) -> dict[str, Override]:
        """Name of hours → what stands at an aware instant, in the order of the names."""
        self.look()
        return {hours: found for hours, found in sorted(self._seen.items()) if found.stands(now)}

    def set(self, hours: str, override: Override, at: datetime) -> None:
        """Override these hours from now on, in place of what stood before."""
        row = {"hours": hours, "state": override.state, "until": override.until, "by": override.by[:80], "at": at}
        with self.store.writing() as connection:
            connection.execute(delete(overrides).where((overrides.c.hours == hours) | (overrides.c.until <= at)))
            connection.execute(overrides.insert(), row)
            data = {"hours": hours, "state": override.state, "until": override.plain["until"]}
            self._changes.write_in(connection, Change(at, "override-set", override.by, data))
        self.look()

    def clear(self, hours: str, at: datetime, by: str) -> bool:
        """These hours follow the table again; False where they did already."""
        with self.store.writing() as connection:
            stood = connection.execute(
                delete(overrides)
                .where(overrides.c.hours == hours, overrides.c.until.is_(None) | (overrides.c.until > at))
                .returning(overrides.c.hours)
            ).all()
            if stood:
                self._changes.write_in(connection, Change(at, "override-cleared", by, {"hours": hours}))
        self.look()
        return bool(stood)
