"""Tapes: both directions of one ESL connection with times, as JSON lines (docs/tapes.md)."""

from ivr.tapes.reading import Line, Tape, read
from ivr.tapes.show import dialogue

__all__ = ["Line", "Tape", "dialogue", "read"]
