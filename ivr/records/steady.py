"""Has a file stopped growing? Seen unchanged for a time, by the clock that is injected.

The file's own time is not compared with ours: it may come from another machine, and a clock may be virtual.
"""

from ivr.clock import Clock

__all__ = ["Steady"]


class Steady:
    """Remembers the files it was asked about. `seconds`: how long one must have been as it is."""

    def __init__(self, clock: Clock, seconds: float = 60.0):
        self._clock, self._seconds = clock, seconds
        self._seen: dict[str, tuple[tuple[int, int], float]] = {}

    def __call__(self, name: str, stamp: tuple[int, int] | None) -> bool:
        """Unchanged for long enough? `stamp`: `BlobStore.stamp`. False when first seen; False for what is not there."""
        if stamp is None:
            self._seen.pop(name, None)
            return False
        known, now = self._seen.get(name), self._clock.monotonic()
        if known is None or known[0] != stamp:
            self._seen[name] = (stamp, now)
            return False
        return now - known[1] >= self._seconds

    def forget(self, name: str) -> None:
        self._seen.pop(name, None)
