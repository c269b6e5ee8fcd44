"""Where tapes are written while calls go on: a thread of its own, a queue with an end, and no file held open.

A disk that is slow, full or gone costs tapes and never a call: what does not fit into the queue is dropped, and the
tape it belongs to says so and ends.
"""

import itertools
import os
import threading
from collections import deque
from pathlib import Path

import structlog

__all__ = ["Shelf"]

log = structlog.get_logger(__name__)

TAPE = ".jsonl"
MOST_WAITING = 8 * 1024 * 1024
"""Bytes that may wait for the disk: a second of a thousand calls."""
GATHER = 0.25
"""Seconds in which pieces are gathered before they are written: to wake a thread for each costs more than they do."""
LEAST_FREE = 512 * 1024 * 1024
"""Bytes that stay free on the disk: messages matter, tapes do not."""


class Shelf:
    """Appends to files in `folder`, in the order of `put`. Nothing here raises or waits."""

    def __init__(self, folder: Path, most: int = MOST_WAITING, least_free: int = LEAST_FREE):
        self.folder, self.most, self.least_free = Path(folder), most, least_free
        self.lost = 0
        """Pieces that were dropped."""
        self._waiting: deque[tuple[str, bytes, bool]] = deque()
        self._bytes = 0
        self._told = False
        self._places: dict[str, str] = {}
        self._lock = threading.Lock()
        self._stir, self._idle, self._hurry = threading.Event(), threading.Event(), threading.Event()
        self._idle.set()
        self._closed = False
        self._thread: threading.Thread | None = None

    def put(self, name: str, data: bytes, new: bool = False) -> bool:
        """Append to a file of the folder (`new`: to one that was not there). False: dropped, the tape is at its end."""
        with self._lock:
            if self._closed or self._bytes + len(data) > self.most:
                self.lost += 1
                return False
            self._waiting.append((name, data, new))
            self._bytes += len(data)
            self._idle.clear()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tapes", daemon=True)
                self._thread.start()
        self._stir.set()
        return True

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything is written. Blocks the whole process: for the end of it, and for tests."""
        self._hurry.set()
        done = self._idle.wait(seconds)
        self._hurry.clear()
        return done

    def close(self, seconds: float = 5.0) -> None:
        self.flush(seconds)
        with self._lock:
            self._closed = True
        self._hurry.set()
        self._stir.set()

    def _run(self) -> None:
        while True:
            self._stir.wait()
            self._hurry.wait(GATHER)
            self._stir.clear()
            while self._waiting:
                self._write(self._take())
            with self._lock:
                if not self._waiting:
                    self._idle.set()
                    if self._closed:
                        return

    def _take(self) -> list[tuple[str, bytes, bool]]:
        """Everything that waits, what belongs to one file together."""
        with self._lock:
            batch, self._bytes = list(self._waiting), 0
            self._waiting.clear()
        together: dict[str, tuple[bytearray, bool]] = {}
        for name, data, new in batch:
            together.setdefault(name, (bytearray(), new))[0].extend(data)
        return [(name, bytes(data), new) for name, (data, new) in together.items()]

    def _write(self, batch: list[tuple[str, bytes, bool]]) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            free = os.statvfs(self.folder)
            room = free.f_bavail * free.f_frsize > self.least_free
        except OSError as error:
            self._tell(str(error), len(batch))
            return
        for name, data, new in batch:
            try:
                if not room:
                    raise OSError(f"less than {self.least_free >> 20} MB are free")
                self._append(name, data, new)
            except OSError as error:
                self._tell(str(error), 1)

    def _append(self, name: str, data: bytes, new: bool) -> None:
        # What callers say and key: for its owner only. A tape whose beginning was not written is not begun later.
        flags = os.O_WRONLY | os.O_APPEND | (os.O_CREAT | os.O_EXCL if new else 0)
        place = name if new else self._places.get(name, name)
        for again in itertools.count(2):
            try:
                file = os.open(self.folder / place, flags, 0o600)
                break
            except FileExistsError:
                if not name.endswith(TAPE):
                    return  # a table; another line has written it down
                # Another line had this connection's number before: it was killed.
                place = f"{name.removesuffix(TAPE)}.{again}{TAPE}"
        if new and place != name:
            self._places[name] = place
        with open(file, "wb") as writing:
            writing.write(data)

    def _tell(self, reason: str, lost: int) -> None:
        self.lost += lost
        if not self._told:
            log.error("tapes are not written; calls go on without", folder=str(self.folder), reason=reason)
        self._told = True
