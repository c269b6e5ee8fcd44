"""Speech: prompts and sounds become files that the switch can play. Start at `voice.py`."""

from ivr.speech.engine import Engine, best_engine
from ivr.speech.vocabulary import vocabulary
from ivr.speech.voice import Built, Voice

__all__ = ["Built", "Engine", "Voice", "best_engine", "vocabulary"]
