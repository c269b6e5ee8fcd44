"""A caller whose ear knows tones: each prompt of these tests is one."""

import time

import numpy as np

from ivr import telephones
from tests.live import sound


class Caller(telephones.Caller):
    """`ivr.telephones.Caller`, and what he hears."""

    def heard(self, since: float | None = None, until: float | None = None) -> np.ndarray:
        """From the answer to the end, unless told otherwise."""
        return self.media.heard(since or self.answered_at, until or self.ended_at or time.monotonic())

    def pitches(self, since: float | None = None) -> list[int]:
        return sound.pitches(self.heard(since))

    def hears(self, pitch: int, deadline: float = 20, since: float | None = None) -> None:
        """Wait until a tone is heard."""
        end = time.monotonic() + deadline
        while time.monotonic() < end:
            if pitch in self.media_pitches(since):
                return
            time.sleep(0.05)
        raise AssertionError(f"{pitch} Hz not heard within {deadline} s; heard {self.media_pitches(since)}")

    def media_pitches(self, since: float | None = None) -> list[int]:
        return sound.pitches(self.media.heard(since or self.rang_at))
