"""Which lines of a house run, and which table each of them has: a small file for each, written every few seconds.

So `ivr reload` can say that a table is live, and not only that it should be.
"""

import contextlib
import json
import os
import re
import socket
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

__all__ = ["EVERY", "Lines", "RunningLine"]

EVERY = timedelta(seconds=5)
"""How often a line says that it runs."""
SILENT = timedelta(seconds=15)
"""After so long a line that said nothing is gone; a drain that takes longer is said by its own line."""
FORGOTTEN = timedelta(days=1)
_NAME = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class RunningLine:
    """One line. `version`: the table its new calls have, `count`: how many live tables it has heard of (`Live`)."""

    host: str
    pid: int
    listen: str
    version: str
    count: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.listen} (process {self.pid} on {self.host})"


class Lines:
    """The folder `<data>/tables/lines`. Everything here blocks, for a moment."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def tell(self, listen: str, version: str, count: int, now: datetime) -> None:
        """This line runs, and this is its table."""
        line = RunningLine(socket.gethostname(), os.getpid(), listen, version, count, now)
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self._place(line.host, line.pid, listen)
        half = place.with_suffix(".part")
        half.write_text(json.dumps({**asdict(line), "at": now.isoformat()}), encoding="utf-8")
        half.replace(place)

    def gone(self, listen: str) -> None:
        """This line is closed."""
        with contextlib.suppress(OSError):
            self._place(socket.gethostname(), os.getpid(), listen).unlink(missing_ok=True)

    def running(self, now: datetime) -> list[RunningLine]:
        """Those that run, by their addresses. Files of lines that died long ago are thrown away."""
        found = []
        for place in sorted(self.folder.glob("*.json")):
            line = _read(place)
            silent = None if line is None else now - line.at
            if silent is None or silent > FORGOTTEN:
                place.unlink(missing_ok=True)
            elif silent <= SILENT:
                found.append(line)
        return sorted(found, key=str)

    def _place(self, host: str, pid: int, listen: str) -> Path:
        return self.folder / f"{_NAME.sub('-', f'{host}-{pid}-{listen}')}.json"


def _read(place: Path) -> RunningLine | None:
    try:
        found = json.loads(place.read_bytes())
        at = datetime.fromisoformat(found.pop("at"))
        return RunningLine(**found, at=at) if at.tzinfo is not None else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
