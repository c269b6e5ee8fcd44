"""The tables calls live by: the current one, and every version a call in progress may still need.

A call keeps its table from its first step to its last, through hand-overs and the death of workers: the version is on
the channel, its text in `<data>/tables/<version>.yaml`.
"""

import os
from collections.abc import Callable
from pathlib import Path

import structlog
from gevent.lock import BoundedSemaphore

from ivr.errors import TableError
from ivr.steps import Table
from ivr.table import load

__all__ = ["Tables"]

log = structlog.get_logger(__name__)


def at_once(function: Callable, *args):
    """Where nobody else waits for the hub."""
    return function(*args)


class Tables:
    """The current table is `current`; `of(version)` gives the table of a call in progress.

    `aside`: what runs the reading of a big table while other calls go on, with a deadline.
    """

    def __init__(self, folder: Path, current: Table, aside: Callable = at_once):
        self.folder, self.current, self._aside = folder, current, aside
        self._known = {current.version: current}
        # A thousand calls come back together after a restart: one of them reads the table, the others wait for it.
        self._reading = BoundedSemaphore(1)

    def keep(self, source: bytes) -> None:
        """Write the current table's text down for other workers; once more where a power cut left half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{self.current.version}.yaml"
        if not place.exists() or place.read_bytes() != source:
            half = place.with_suffix(f".{os.getpid()}")
            half.write_bytes(source)
            half.replace(place)

    def of(self, version: str | None) -> Table:
        """The table of a version; the current one where that version is gone."""
        if version is None:
            return self.current
        if version not in self._known:
            with self._reading:
                if version not in self._known:
                    self._known[version] = self._read(version)
        return self._known[version]

    def _read(self, version: str) -> Table:
        try:
            table = self._aside(load, self.folder / f"{version}.yaml")
            if table.version != version:
                raise TableError([f"{version}.yaml holds another table ({table.version})"])
            return table
        except Exception as error:  # noqa: BLE001 (whatever is the matter with the file, the call goes on)
            log.warning("the table of a call is gone; it goes on with the current one", version=version, why=str(error))
            return self.current
