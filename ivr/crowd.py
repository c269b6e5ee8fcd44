"""One number that calls without end does not keep the others out (a flood is limited). Pure.

    >>> crowd = Crowd(at_once=1, a_minute=3)
    >>> with crowd.here("13800138000"):
    ...     crowd.admits("13800138000", 0.0)
    False
    >>> [crowd.admits("13800138000", at) for at in (1.0, 2.0, 3.0, 4.0, 61.0)]
    [True, True, True, False, True]

Who hides his number is one of many, and is not counted.
"""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Crowd"]

MINUTE = 60.0
MOST = 10_000
"""Numbers remembered at least; twice as many at most."""


class Crowd:
    """`at_once`: calls from one number in dialogue at the same time; `a_minute`: its new calls within a minute."""

    def __init__(self, at_once: int = 20, a_minute: int = 60):
        self.at_once, self.a_minute = at_once, a_minute
        self.refused = 0
        self._here: Counter[str] = Counter()
        self._came: dict[str, deque[float]] = {}

    def admits(self, caller: str, now: float) -> bool:
        """May a new call of this number come in? `now`: seconds of a clock that never goes back."""
        if not caller:
            return True
        came = self._came.setdefault(caller, deque())
        while came and now - came[0] >= MINUTE:
            came.popleft()
        if self._here[caller] >= self.at_once or len(came) >= self.a_minute:
            self.refused += 1
            return False
        came.append(now)
        if len(self._came) > 2 * MOST:
            self._forget(now)
        return True

    @contextmanager
    def here(self, caller: str) -> Iterator[None]:
        """One of its calls is in dialogue, new or come back."""
        self._here[caller] += 1
        try:
            yield
        finally:
            self._here[caller] -= 1
            if not self._here[caller]:
                del self._here[caller]

    def _forget(self, now: float) -> None:
        """Forget those who have not called for a minute; in a flood of invented numbers, the older half."""
        self._came = {caller: came for caller, came in self._came.items() if came and now - came[-1] < MINUTE}
        for caller in list(self._came)[: max(0, len(self._came) - MOST)]:
            del self._came[caller]
