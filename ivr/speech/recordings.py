"""A recording as it was delivered becomes a file the switch can play: the line's rate, the house's level, no click.

It is known by what it contains, so a changed recording is another file, and one being played is never touched.
"""

import hashlib
from pathlib import Path

from ivr.speech import audio
from ivr.speech.cache import Cache

__all__ = ["MANNER", "Recordings"]

MANNER = "1"
"""Part of every key of the cache: raise it when audio.py or music.py makes another sound of the same thing."""


class Recordings:
    """The site's recordings. What a file contains is read once for each change of its date or size."""

    def __init__(self, cache: Cache):
        self.cache = cache
        self._digests: dict[tuple, str] = {}

    def forget(self) -> None:
        self._digests.clear()

    def digest(self, recording: Path, read: bool = True) -> str | None:
        """What tells its content; None where it must be read first and `read` is false."""
        stat = recording.stat()
        key = (recording, stat.st_mtime_ns, stat.st_size)
        if key not in self._digests and read:
            self._digests[key] = hashlib.sha256(recording.read_bytes()).hexdigest()
        return self._digests.get(key)

    def path(self, recording: Path, read: bool = True) -> Path | None:
        """Where it lies when it is made."""
        digest = self.digest(recording, read)
        return self.cache.path(MANNER, "recording", digest) if digest else None

    def make(self, recording: Path) -> Path:
        path = self.path(recording)
        if not path.exists():
            samples, rate = audio.read_wav(recording.read_bytes(), str(recording))
            self.cache.write(path, audio.to_wav(audio.fit(samples, rate, self.cache.rate), self.cache.rate))
        return path
