"""How late everything is: the lag of the event loop, measured ten times a second (gevent rule 5).

Whatever holds the loop, a big table, a slow disk, too many calls at once, is heard by every caller as a pause. So this,
and not a count of calls, says when a line has all it can take.

    pulse = Pulse(clock)
    pulse.start()
    pulse.lag           # seconds: the worst of the last five
"""

from collections import deque

import gevent

from ivr.clock import Clock

__all__ = ["BEAT", "Pulse"]

BEAT = 0.1
"""Seconds between two beats."""
KEPT = 50
"""Beats that are looked at."""


class Pulse:
    """Beats in a greenlet of its own."""

    def __init__(self, clock: Clock, beat: float = BEAT, kept: int = KEPT):
        self.clock, self.beat = clock, beat
        self._late: deque[float] = deque(maxlen=kept)
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin to beat. Time that jumps is never late, and ten jumps a second would cost a day of tests its speed."""
        if getattr(self.clock, "jumps", False):
            return
        self._greenlet = gevent.spawn(self._go_on)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill(timeout=1)

    @property
    def lag(self) -> float:
        """Seconds by which the latest of the last beats came too late."""
        return max(self._late, default=0.0)

    @property
    def usual(self) -> float:
        """Seconds: the middle one of the last beats; 0 until enough were felt, since a start is slow."""
        if len(self._late) < self._late.maxlen // 2:
            return 0.0
        return sorted(self._late)[len(self._late) // 2]

    def _go_on(self) -> None:
        while True:
            before = self.clock.monotonic()
            self.clock.sleep(self.beat)
            self._late.append(max(0.0, self.clock.monotonic() - before - self.beat))
