"""Hours overridden by hand: open or closed whatever the table says, until a time, or until somebody takes it back.

>>> from datetime import UTC
>>> evening = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
>>> Override("closed", until=evening).stands(evening), Override("closed").stands(evening)
(False, True)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["STATES", "Override"]

STATES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Override:
    """Hours are `state`: "open" or "closed". `until`: aware, and over at that instant; None: until taken back.

    `by`: who said so, as it is shown: a user of the machine, or a caller's number.
    """

    state: str
    until: datetime | None = None
    by: str = ""

    def __post_init__(self):
        if self.state not in STATES:
            raise ValueError(f"{self.state!r} is nothing hours can be made; they are {' or '.join(STATES)}")

    def stands(self, now: datetime) -> bool:
        """Does it hold at an aware instant?"""
        return self.until is None or now < self.until

    def next_change(self, after: datetime) -> datetime | None:
        """When it is over, if that is after an aware instant; None: it is already, or nobody knows."""
        return self.until if self.until is not None and after < self.until else None

    @property
    def plain(self) -> dict[str, str | None]:
        """As it is written down: into the journal, onto a tape."""
        return {"state": self.state, "until": self.until and self.until.isoformat(), "by": self.by}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Override":
        """Out of `plain`; ValueError or KeyError where it is none."""
        until = plain["until"]
        return cls(str(plain["state"]), datetime.fromisoformat(until) if until else None, str(plain["by"]))
