"""What was changed in the house, by whom and when: its table, its hours. `ivr.store.changes` keeps it.

The journal of calls (`ivr.journal`) says what happened to callers, this one what people did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["CHANGES", "Change"]

CHANGES: Mapping[str, str] = {
    "override-set": "hours were overridden by hand; `hours`, `state`, `until`",
    "override-cleared": "hours follow the table again; `hours`",
}
"""The changes the house writes down, with their meaning and their data."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `what`: one of CHANGES; `by`: who made it, as it is shown."""

    at: datetime
    what: str
    by: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        if self.what not in CHANGES:
            raise ValueError(f"{self.what!r} is no change; there are {', '.join(CHANGES)}")
