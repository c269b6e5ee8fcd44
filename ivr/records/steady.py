"""Has a file stopped growing? Seen unchanged for a time, by the clock that is injected.

The file's own time is not compared with ours: it may come from another machine, and a clock may be virtual.
"""

import os
from pathlib import Path

from ivr.clock import Clock

__all__ = ["Steady"]


class Steady:
    """Remembers the files it was asked about. `seconds`: how long one must have been as it is."""

    def __init__(self, clock: Clock, seconds: float = 60.0):
        self._clock, self._seconds = clock, seconds
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def __call__(self, path: Path) -> bool:
        """Unchanged for long enough? False when first seen; False for what is not there."""
        try:
            about = os.stat(path, follow_symlinks=False)
        except OSError:
            self._seen.pop(path, None)
            return False
        look, now = (about.st_size, about.st_mtime_ns), self._clock.monotonic()
        known = self._seen.get(path)
        if known is None or known[0] != look:
            self._seen[path] = (look, now)
            return False
        return now - known[1] >= self._seconds

    def forget(self, path: Path) -> None:
        self._seen.pop(path, None)
