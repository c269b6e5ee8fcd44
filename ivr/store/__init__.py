"""What is kept: journals, messages, who waits, what stands by hand. Plain functions that block; the line calls them by
`OffHub`."""

from ivr.store.changes import Changes
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.languages import Languages
from ivr.store.leases import Leases
from ivr.store.messages import Messages
from ivr.store.off_hub import OffHub
from ivr.store.overrides import Overrides
from ivr.store.scribe import Scribe
from ivr.store.sidecar import Sidecar
from ivr.store.turns import Turns
from ivr.store.waiting import Waiting

__all__ = [
    "Changes", "Journal", "Languages", "Leases", "Messages", "OffHub", "Overrides", "Scribe", "Sidecar", "Store",
    "Turns", "Waiting",
]  # fmt: skip
