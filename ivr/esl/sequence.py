"""What was missed is counted: events are numbered by the switch, and each of its lives numbers anew.

    >>> order = Sequence()
    >>> at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    >>> order.up("life-1", at); order.seen({"Core-UUID": "life-1", "Event-Sequence": "411"})
    >>> order.down(at)
    >>> gap = order.up("life-1", at + timedelta(seconds=7))
    >>> order.seen({"Core-UUID": "life-1", "Event-Sequence": "419"})
    >>> str(gap)
    '2026-11-20T09:00:00+00:00 to 2026-11-20T09:00:07+00:00: 7 events of all kinds at most'

FreeSWITCH numbers every event it makes (Event-Sequence), whether anybody subscribed to it or not, so holes within a
connection are the rule and say nothing: even `event json ALL` left out 6 numbers of the 68 of one call (measured). What
is sure: between the last number before a break and the first one after it, no more than those between were missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta  # noqa: F401 — the example needs UTC and timedelta

__all__ = ["Gap", "Sequence"]

MOST_GAPS = 100
"""Gaps that are remembered; the count of all goes on."""


@dataclass(slots=True)
class Gap:
    """A time in which nobody listened to a switch. `after`, `before`: the numbers of the events at its ends."""

    since: datetime
    until: datetime
    restarted: bool
    """Within it the switch was started anew: no call of before lives."""
    after: int | None = None
    before: int | None = None

    @property
    def most(self) -> int | None:
        """How many events, of all kinds, were missed at most; None while, or where, that cannot be said."""
        if self.restarted or self.after is None or self.before is None:
            return None
        return max(0, self.before - self.after - 1)

    def __str__(self):
        told = f"{self.since.isoformat(timespec='seconds')} to {self.until.isoformat(timespec='seconds')}: "
        if self.restarted:
            return told + "the switch was started anew"
        return told + ("events unknown" if self.most is None else f"{self.most} events of all kinds at most")


class Sequence:
    """The numbers of one switch's events, over all connections with it."""

    def __init__(self):
        self.core = ""
        self.last: int | None = None
        self.events = 0
        self.restarts = 0
        self.gaps: list[Gap] = []
        self.gap_count = 0
        self._down: datetime | None = None
        self._open: Gap | None = None

    def up(self, core: str, at: datetime) -> Gap | None:
        """From now on events are heard. The gap before it, if there was one; `core` is the switch's Core-UUID."""
        restarted = bool(self.core) and core != self.core
        gap = None
        if self._down is not None:
            gap = Gap(self._down, at, restarted, after=self.last)
            self.gaps = [*self.gaps[1 - MOST_GAPS :], gap]
            self.gap_count += 1
        if restarted:
            self.restarts += 1
            self.last = None
        self.core, self._down, self._open = core, None, gap
        return gap

    def down(self, at: datetime) -> None:
        """Nothing is heard any more, and `at` was the last time something was."""
        if self.core and self._down is None:
            self._down = at

    def seen(self, event: Mapping[str, str]) -> None:
        """An event came."""
        text = str(event.get("Event-Sequence", ""))
        if event.get("Core-UUID") != self.core or not text.isdigit():
            return
        number = int(text)
        self.events += 1
        if self._open is not None:
            self._open.before, self._open = number, None
        # Several threads of the switch deliver: a smaller number may come after a larger one.
        self.last = number if self.last is None else max(self.last, number)
