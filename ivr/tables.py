"""The tables calls live by: the current one, and every version a call in progress may still need.

A call keeps its table from its first step to its last, through hand-overs and the death of workers: the version is on
the channel, its text in `<data>/tables/<version>.yaml`.
"""

import os
from pathlib import Path

import structlog

from ivr.errors import TableError
from ivr.steps import Table
from ivr.table import load

__all__ = ["Tables"]

log = structlog.get_logger(__name__)


class Tables:
    """The current table is `current`; `of(version)` gives the table of a call in progress."""

    def __init__(self, folder: Path, current: Table):
        self.folder, self.current = folder, current
        self._known = {current.version: current}

    def keep(self, source: bytes) -> None:
        """Write the current table's text down, so that another worker can read it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{self.current.version}.yaml"
        if not place.exists():
            half = place.with_suffix(f".{os.getpid()}")
            half.write_bytes(source)
            half.replace(place)

    def of(self, version: str | None) -> Table:
        """The table of a version; the current one where that version is gone."""
        if version is None or version in self._known:
            return self._known.get(version, self.current)
        try:
            table = load(self.folder / f"{version}.yaml")
        except TableError as error:
            log.warning("the table of a call is gone; it goes on with the current one", version=version, why=str(error))
            return self.current
        self._known[version] = table
        return table
