"""Where recordings lie, and what is written beside them, by their names: a folder now; a line on several hosts may have
another kind of store, by another class with these methods.

    spool = Folder(Path("/var/lib/ivr/spool"))
    spool.create("6a260ece-0ada-4bfb-b3f7-7b5a1771d19b-1.wav.json", b"{}")

FreeSWITCH records into the folder by itself; a store that is none brings its recordings in before it is asked for them.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

__all__ = ["BlobStore", "Folder"]


class BlobStore(Protocol):
    """Whole files by plain names (no folders). Every method may raise OSError, and nothing else; FileNotFoundError
    where there is no such file."""

    def create(self, name: str, data: bytes) -> None:
        """A new one, safe from a loss of power when this returns. FileExistsError where there is one; no half of one
        is left where it does not fit."""

    def replace(self, name: str, data: bytes) -> None:
        """The same in the place of one that is there, whole or not at all."""

    def remove(self, name: str) -> None:
        """Nothing happens where there is none."""

    def keep(self, name: str) -> None:
        """What the switch has written is safe from a loss of power when this returns."""

    def open(self, name: str) -> BinaryIO:
        """To read it. Never a link, and never something that makes its reader wait."""

    def exists(self, name: str) -> bool:
        """Is there one?"""

    def stamp(self, name: str) -> tuple[int, int] | None:
        """Changes whenever it is written to; None where there is none."""

    def names(self) -> Iterator[str]:
        """All of them, in no order."""

    def where(self, name: str) -> str:
        """Where a person finds it: a path, or a URL."""


class Folder:
    """A BlobStore that is a folder, shared with FreeSWITCH."""

    def __init__(self, path: Path):
        self.path = Path(path)

    def __str__(self) -> str:
        return str(self.path)

    def create(self, name: str, data: bytes) -> None:
        _write(self.path / name, data)
        _sync(self.path)

    def replace(self, name: str, data: bytes) -> None:
        # Not `<name>.…`: whoever looks for names that end like this one shall not meet half of it.
        part = self.path / f".{name}.{secrets.token_hex(4)}.part"
        _write(part, data)
        os.replace(part, self.path / name)
        _sync(self.path)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def keep(self, name: str) -> None:
        _sync(self.path / name)
        _sync(self.path)

    def open(self, name: str) -> BinaryIO:
        handle = os.open(self.path / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        return open(handle, "rb")

    def exists(self, name: str) -> bool:
        return (self.path / name).exists()

    def stamp(self, name: str) -> tuple[int, int] | None:
        try:
            about = os.stat(self.path / name, follow_symlinks=False)
        except OSError:
            return None
        return about.st_size, about.st_mtime_ns

    def names(self) -> Iterator[str]:
        # A link is not followed: the folder is the switch's too.
        with os.scandir(self.path) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield entry.name

    def where(self, name: str) -> str:
        return str(self.path / name)


def _write(path: Path, data: bytes) -> None:
    """A new file with this in it, synced. A full disk leaves no half file behind; a crash may."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        os.unlink(path)
        raise


def _sync(path: Path) -> None:
    """Have a file, or a folder's list of names, on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
