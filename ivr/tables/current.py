"""The tables calls live by: the current one, and every version a call in progress may still need.

A call keeps its table from its first step to its last, through hand-overs and the death of workers: the version is on
the channel, all that it is written in is in the archive.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import structlog
from gevent.lock import BoundedSemaphore

from ivr.steps import Table
from ivr.tables.archive import Archive, load_from

__all__ = ["Tables"]

log = structlog.get_logger(__name__)

SLICE = 500
"""Steps given back to memory at a time: 60,000 at once are a tenth of a second in which no call is heard."""


class Tables:
    """The current table is `current`; `serving(version)` gives a call in progress its own.

    `read`: what reads a version from the file it is kept in while other calls go on.
    """

    def __init__(self, archive: Archive, current: Table, read: Callable[[Path, str], Table] = load_from):
        self.archive, self.current, self._read = archive, current, read
        self._known = {current.version: current}
        self._calls: Counter[str] = Counter()
        self._gone: set[str] = set()
        # A thousand calls come back together after a restart: one of them reads the table, the others wait for it.
        self._reading = BoundedSemaphore(1)

    @contextmanager
    def serving(self, version: str | None) -> Iterator[Table]:
        """The table of a call, for as long as it is here."""
        table = self.of(version)
        self._calls[table.version] += 1
        try:
            yield table
        finally:
            self._calls[table.version] -= 1

    def of(self, version: str | None) -> Table:
        """The table of a version; the current one where that version is gone."""
        if version is None or version in self._gone:
            return self.current
        try:
            return self.get(version)
        except Exception as error:  # noqa: BLE001 (whatever is the matter with the file, the call goes on)
            log.warning("the table of a call is gone; it goes on with the current one", version=version, why=str(error))
            self._gone.add(version)
            return self.current

    def get(self, version: str) -> Table:
        """The table of a version. TableError, or what else came between, where it cannot be had."""
        if version not in self._known:
            with self._reading:
                if version not in self._known:
                    self._known[version] = self._read(self.archive.place(version), version)
        return self._known[version]

    def turn_to(self, table: Table) -> None:
        """From now on new calls have this table; those in progress keep theirs."""
        self._known[table.version] = self.current = table
        self._gone.discard(table.version)

    def tidy(self, *spared: str) -> list[str]:
        """Give back what no call has any more; which versions. `spared`: versions that may soon be needed."""
        gone = [one for one in self._known if one not in (self.current.version, *spared) and not self._calls[one]]
        for version in gone:
            # In slices: what is held here is let go by and by, not all at once with the table.
            steps = [*self._known.pop(version).steps.values()]
            while steps:
                del steps[-SLICE:]
                gevent.sleep(0)
        self._calls = +self._calls
        return gone
