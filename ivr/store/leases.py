"""What one worker does for all, such as sweeping: one has the role at a time. Who dies loses it: at once to a worker of
the same machine, which sees that his process is gone, to any other by the clock."""

import os
from datetime import datetime, timedelta
from socket import gethostname

from sqlalchemy import delete, or_, select, update

from ivr.store.database import Store
from ivr.store.tables import leases

__all__ = ["Leases", "this_process"]


def this_process() -> str:
    """Who holds what this process takes."""
    return f"{gethostname()[:60]}:{os.getpid()}"


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
            has = connection.scalar(select(leases.c.holder).where(leases.c.role == role))
            free = or_(leases.c.holder == holder, leases.c.until <= now)
            if _dead(has):
                free = or_(free, leases.c.holder == has)
            taken = update(leases).where(leases.c.role == role, free).values(holder=holder, until=until)
            return connection.execute(taken).rowcount == 1

    def give_back(self, role: str, holder: str) -> None:
        """Have it no longer; nothing happens where another has it."""
        with self.store.writing(durable=False) as connection:
            connection.execute(delete(leases).where(leases.c.role == role, leases.c.holder == holder))


def _dead(holder: str) -> bool:
    """Was it a process of this machine that runs no more? Where its number is another's now, or two containers of one
    name see each other's rows but not each other's processes, the answer may be wrong: then the clock decides, or two
    do for a while what may be done twice."""
    host, _, process = holder.rpartition(":")
    if host != gethostname()[:60] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False
