"""A table that went live is watched for a while: calls that fail under it, one after the other, end it.

>>> at = datetime(2026, 11, 20, 9, 0)
>>> new = Probation("3f2a9c001122", at)
>>> [new.failed(call, at) for call in ("one", "one", "two")], new.served("three"), new.failed("four", at)
([False, False, False], None, False)
>>> [new.failed(call, at) for call in ("five", "six")]
[False, True]
>>> later = Probation("3f2a9c001122", at)
>>> [later.failed(call, at + WITHIN) for call in ("one", "two", "three")]
[False, False, False]
"""

from datetime import datetime, timedelta

__all__ = ["CALLS", "WITHIN", "Probation"]

CALLS = 3
"""Calls in a row in which a step fails, until the table before is live again. One may be the caller's own doing, two
an accident."""
WITHIN = timedelta(minutes=10)
"""For how long after it went live. What fails later was not brought by the table."""


class Probation:
    """How a version does since an instant, in one line."""

    def __init__(self, version: str, since: datetime):
        self.version, self.since = version, since
        self._failed: set[str] = set()

    def failed(self, call: str, now: datetime) -> bool:
        """A step has failed in a call that has this version. Is that enough?"""
        if now - self.since >= WITHIN:
            return False
        self._failed.add(call)
        return len(self._failed) >= CALLS

    def served(self, call: str) -> None:
        """A call that has this version is over. One that did not fail ends the row."""
        if call not in self._failed:
            self._failed.clear()
