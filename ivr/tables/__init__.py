"""The tables of a house: which is live, and every version that a call in progress may still need."""

from ivr.tables.archive import Archive, Live
from ivr.tables.current import Tables

__all__ = ["Archive", "Live", "Tables"]
