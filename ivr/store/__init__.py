"""What is kept: the journal, the messages, who waits. Plain functions that block; the line calls them by `OffHub`."""

from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.messages import Messages
from ivr.store.off_hub import OffHub
from ivr.store.scribe import Scribe
from ivr.store.waiting import Waiting

__all__ = ["Journal", "Messages", "OffHub", "Scribe", "Store", "Waiting"]
