"""What one worker does for all, such as sweeping: one has the role at a time, and who dies loses it by the clock."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from ivr.store.database import Store
from ivr.store.tables import leases

__all__ = ["Leases"]


class Leases:
    """Roles, each held until a time by one worker of one host."""

    def __init__(self, store: Store):
        self.store = store

    def take(self, role: str, holder: str, now: datetime, seconds: float) -> bool:
        """Have the role, or have it longer; False while another has it. `holder`: host and process, at most 80
        characters; hosts whose clocks differ by more than `seconds` may both have it for a while."""
        until = now + timedelta(seconds=seconds)
        with self.store.writing(durable=False) as connection:
            connection.execute(self.store.insert_once(leases), {"role": role, "holder": holder, "until": until})
            free = or_(leases.c.holder == holder, leases.c.until <= now)
            taken = update(leases).where(leases.c.role == role, free).values(holder=holder, until=until)
            return connection.execute(taken).rowcount == 1

    def give_back(self, role: str, holder: str) -> None:
        """Have it no longer; nothing happens where another has it."""
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(leases).where(leases.c.role == role, leases.c.holder == holder))
