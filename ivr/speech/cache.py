"""Files of speech, named by what they contain: made once, never changed, shared by all processes.

    <folder>/<rate>/<32 hex digits of the SHA-256 of everything that decides the sound>.wav

A file is written under another name, synced and renamed, so whoever finds it finds it whole; two processes that make
the same file at once make the same bytes.
"""

import hashlib
import itertools
import json
import os
from pathlib import Path

__all__ = ["Cache", "write_whole"]

_numbers = itertools.count()


class Cache:
    """The files of one sampling rate."""

    def __init__(self, folder: Path, rate: int):
        self.folder = Path(folder).absolute() / str(rate)
        self.rate = rate

    def path(self, *decides: str | int | float) -> Path:
        """Where the sound lies that these things decide; the rate is one of them.

        >>> Cache("/speech", 8000).path("espeak-ng", "cmn", "您好").name
        'b4d436928a49894a26da71e5fab3041c.wav'
        """
        key = json.dumps([self.rate, *decides], ensure_ascii=False)
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"

    def write(self, path: Path, content: bytes) -> Path:
        if not path.exists():
            write_whole(path, content)
        return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees a part of it, not even after a power cut. The group may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{next(_numbers)}")
    try:
        # 660 less the umask, and not mkstemp's 600: FreeSWITCH reads it as another user of the same group.
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
