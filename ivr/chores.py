"""What a line does besides answering calls: each chore at its time; one that fails stops no other, and no call.

chores = Chores(clock)
chores.once(line.look)
chores.every(60.0, line.sweep)
chores.stop()
"""

from collections.abc import Callable

import gevent
import structlog

from ivr.clock import Clock
from ivr.errors import ZongjiError

__all__ = ["Chores"]

log = structlog.get_logger(__name__)

STOP = 5.0
"""Seconds a chore may take to stop."""


class Chores:
    """The chores of one line. A chore is a method without arguments; its name is what the log calls it."""

    def __init__(self, clock: Clock):
        self.clock = clock
        self._failing: dict[str, int] = {}
        self._running: list[gevent.Greenlet] = []

    def aside(self, work: Callable, *args) -> None:
        """Work that nobody waits for; `stop` ends it."""
        self._running = [one for one in self._running if not one.dead]
        self._running.append(gevent.spawn(work, *args))

    def every(self, seconds: float, chore: Callable[[], None]) -> None:
        """The first time after as many seconds."""
        self.aside(self._again, seconds, chore)

    def _again(self, seconds: float, chore: Callable[[], None]) -> None:
        while True:
            self.clock.sleep(seconds)
            self.once(chore)

    def once(self, chore: Callable[[], None]) -> None:
        """Now. One that fails is told, and it is for others to try again: of one that fails each second the first time
        is told, the second, the fourth, the eighth …"""
        name = chore.__qualname__
        times = self._failing.get(name, 0) + 1
        tell = times & (times - 1) == 0
        try:
            chore()
        except (ZongjiError, OSError) as error:
            self._failing[name] = times
            if tell:
                log.error("a chore failed; it is tried again", chore=name, times=times, error=str(error))
        except Exception:
            self._failing[name] = times
            if tell:
                log.exception("a chore failed; it is tried again", chore=name, times=times)
        else:
            self._failing.pop(name, None)

    def stop(self) -> None:
        gevent.killall(self._running, block=True, timeout=STOP)
