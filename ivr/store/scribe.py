"""Writes the journal for calls: never fails, never blocks, many entries in one transaction.

    scribe = Scribe(journal, off_hub)
    scribe.write(Noted(uuid, clock.now(), "keyed", {"keys": "1"}))

While the thread is at work the entries of all calls gather on a page, and go in together: under load, when it
matters, a transaction holds hundreds.
"""

from threading import Lock

from ivr.journal import Entry
from ivr.store.journal import Journal
from ivr.store.off_hub import OffHub

__all__ = ["Scribe"]

_FULL = 500
"""Entries on a page."""


class _Page:
    __slots__ = ("entries", "turned")

    def __init__(self):
        self.entries: list[Entry] = []
        self.turned = False


class Scribe:
    """One pen for all calls of a worker. `most`: entries kept while the database refuses; more are dropped, counted."""

    def __init__(self, journal: Journal, off_hub: OffHub, most: int = 100_000):
        self._journal, self._off_hub, self._most = journal, off_hub, most
        self._page = _Page()
        self._page.turned = True
        self._lock = Lock()
        self._kept = 0
        self.dropped = 0

    def write(self, *entries: Entry) -> None:
        """Write them down, in order, some time soon."""
        with self._lock:
            if self._kept + len(entries) > self._most:
                self.dropped += len(entries)
                return
            self._kept += len(entries)
            new = self._page.turned or len(self._page.entries) >= _FULL
            if new:
                self._page = _Page()
            self._page.entries.extend(entries)
        if new:
            self._off_hub.post(self._put_down, self._page)

    def flush(self, deadline: float = 5.0) -> bool:
        """Wait until all of it is in the database; False at the deadline."""
        return self._off_hub.flush(deadline)

    def _put_down(self, page: _Page) -> None:
        """In the thread; again with the same page if the database refused."""
        with self._lock:
            page.turned = True
        self._journal.write(page.entries)
        with self._lock:
            self._kept -= len(page.entries)
