"""What was changed in the house, by whom and when: its table, its hours. `ivr.store.changes` keeps it.

The journal of calls (`ivr.journal`) says what happened to callers, this one what people did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["CHANGES", "Change"]

CHANGES: Mapping[str, str] = {
    "table-live": "another table is live; `version`, `before`, `source`",
    "table-refused": "a table was not let in; `source`, `version` where it is a table at all, `errors`, `more` of them",
    "table-returned": "a table that went live failed, and the one before is live again; `version`, `failed`, `why`",
    "switch-unknown": "a switch that --control does not name has sent calls (docs/control.md); `core`, its Core-UUID",
    "override-set": "hours were overridden by hand; `hours`, `state`, `until`",
    "override-cleared": "hours follow the table again; `hours`",
    "duty-note": "a hand-over note of whoever had a duty (F1); `duty`, `note`",
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
