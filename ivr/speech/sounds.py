"""What has no words: the music while waiting, slices of it, and the tone; the house's own or the site's.

A site's own lie at the top of its prompts, for they have no language: `prompts/hold.wav`, `prompts/beep.wav`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy

from ivr.errors import PromptError
from ivr.prompt import Sound
from ivr.speech import audio, music
from ivr.speech.recordings import MANNER, Recordings

__all__ = ["Sounds"]

LEVELS = {"hold": music.MUSIC_LEVEL, "beep": music.BEEP_LEVEL}


class Sounds:
    """The sounds of a house. `folders`: of prompts, the first that has a sound wins."""

    def __init__(self, folders: Sequence[Path], recordings: Recordings):
        self.folders, self.recordings, self.cache = folders, recordings, recordings.cache

    def path(self, sound: Sound) -> Path:
        """Where a sound lies when it is made."""
        own = self._own(sound)
        source = self.recordings.digest(own) if own else "ours"
        seconds = float(sound.seconds or 0)
        start = sound.part * seconds if own else sound.part * seconds % music.LOOP_SECONDS
        return self.cache.path(MANNER, sound.name, source, seconds, round(start, 3))

    def make(self, sound: Sound) -> Path:
        path = self.path(sound)
        if not path.exists():
            samples = self._whole(sound)
            if sound.name == "hold" and sound.seconds:
                samples = _slice(samples, round(sound.seconds * self.cache.rate), sound.part, self.cache.rate)
            self.cache.write(path, audio.to_wav(samples, self.cache.rate))
        return path

    def _own(self, sound: Sound) -> Path | None:
        if sound.name not in LEVELS:
            raise PromptError(f"there is no sound {sound.name!r}; there are {' and '.join(LEVELS)}")
        return next((path for folder in self.folders if (path := folder / f"{sound.name}.wav").is_file()), None)

    def _whole(self, sound: Sound) -> numpy.ndarray:
        rate = self.cache.rate
        if own := self._own(sound):
            samples, own_rate = audio.read_wav(own.read_bytes(), str(own))
            return audio.fit(samples, own_rate, rate, lead=0, tail=0, level=LEVELS[sound.name])
        return music.hold_music(rate) if sound.name == "hold" else music.beep(rate)


def _slice(samples: numpy.ndarray, size: int, part: int, rate: int) -> numpy.ndarray:
    """The part-th piece of a loop, going round it, without a click at either end."""
    at = (numpy.arange(size) + part * size) % len(samples)
    piece, edge = samples[at].copy(), int(0.01 * rate)
    piece[:edge] *= numpy.linspace(0, 1, edge)
    piece[-edge:] *= numpy.linspace(1, 0, edge)
    return piece
