"""One number that calls without end does not keep the others out (a flood is limited). Pure.

    >>> crowd = Crowd(at_once=2, a_minute=3)
    >>> [crowd.admits("13800138000", at) for at in (0.0, 1.0, 2.0)]
    [True, True, False]
    >>> crowd.gone("13800138000"); crowd.gone("13800138000")
    >>> [crowd.admits("13800138000", at) for at in (3.0, 4.0, 61.0)]
    [True, False, True]

Who hides his number is one of many, and is not counted. Each call that was admitted is told of with `gone`, once.
"""

from collections import deque

__all__ = ["Crowd"]

MINUTE = 60.0
MOST = 10_000
"""Numbers remembered at least; twice as many at most."""


class Crowd:
    """`at_once`: calls from one number at the same time; `a_minute`: its calls that begin within a minute."""

    def __init__(self, at_once: int = 20, a_minute: int = 60):
        self.at_once, self.a_minute = at_once, a_minute
        self.refused = 0
        self._here: dict[str, int] = {}
        self._came: dict[str, deque[float]] = {}

    def admits(self, caller: str, now: float) -> bool:
        """May this caller come in? `now`: seconds of a clock that never goes back."""
        if not caller:
            return True
        came = self._came.setdefault(caller, deque())
        while came and now - came[0] >= MINUTE:
            came.popleft()
        if self._here.get(caller, 0) >= self.at_once or len(came) >= self.a_minute:
            self.refused += 1
            return False
        came.append(now)
        self._here[caller] = self._here.get(caller, 0) + 1
        if len(self._came) > 2 * MOST:
            self._forget(now)
        return True

    def gone(self, caller: str) -> None:
        """A call that was admitted has ended."""
        left = self._here.get(caller, 0) - 1
        if left > 0:
            self._here[caller] = left
        else:
            self._here.pop(caller, None)

    def _forget(self, now: float) -> None:
        """Forget those who have not called for a minute; in a flood of invented numbers, the older half."""
        self._came = {caller: came for caller, came in self._came.items() if came and now - came[-1] < MINUTE}
        for caller in list(self._came)[: max(0, len(self._came) - MOST)]:
            del self._came[caller]
