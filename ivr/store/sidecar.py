"""A message's second copy: a small file beside the recording, on the disk before the recording begins.

    spool/6a260ece-…-2.wav          the recording, by FreeSWITCH
    spool/6a260ece-…-2.wav.json     what is known of it, by the line

Where the database could not be written, this alone is enough to find the message by (rule D4); where it could, this
is enough to make the row again after the database was lost. Nobody deletes it.
"""

import json
import os
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ivr.messages import EMERGENCY_BOX, named

__all__ = ["Sidecar", "claim", "read", "release", "write"]

_REFERENCE = re.compile(r"\d{6,10}", re.ASCII)
_BOX = re.compile(r"[\w/-]{1,80}")
_NUMBER = re.compile(r"\+?\d{0,32}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z-]{0,16}", re.ASCII)
_ENDED = re.compile(r"[a-z]{0,12}", re.ASCII)
_LARGEST = 8192


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of a message when its recording begins — and, where the database was away, when it ended."""

    name: str
    reference: str
    box: str
    begun: datetime
    caller: str = ""
    dialled: str = ""
    language: str = ""
    callback: str = ""
    shortest: float = 1.0
    limit: int = 180
    finished: datetime | None = None
    ms: int | None = None
    ended: str = ""

    def end(self, at: datetime, ms: int | None, ended: str) -> "Sidecar":
        return replace(self, finished=at, ms=ms, ended=ended)


def path_of(spool: Path, name: str) -> Path:
    return spool / f"{name}.json"


def write(spool: Path, sidecar: Sidecar, again: bool = False) -> None:
    """Write it, and have it on the disk: file and folder are synced. FileExistsError where there is one.

    `again` puts it in the place of one that is there, whole or not at all.
    """
    data = json.dumps(
        {
            "zongji": 1,
            **{name: getattr(sidecar, name) for name in Sidecar.__slots__},
            "begun": sidecar.begun.isoformat(),
            "finished": sidecar.finished and sidecar.finished.isoformat(),
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    path = path_of(spool, sidecar.name)
    # Not `<name>.json.…`: whoever sweeps for *.json shall not meet a half-written one.
    target = spool / f".{sidecar.name}.{secrets.token_hex(4)}.part" if again else path
    create(target, data)
    if again:
        os.replace(target, path)
    sync(spool)


def create(path: Path, data: bytes) -> None:
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


def sync(path: Path) -> None:
    """Have a file, or a folder's list of names, on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(spool: Path, name: str) -> Sidecar | None:
    """The sidecar of a recording; None where there is none, or half of one.

    The spool is shared with the switch: every value passes a white list, and what does not is as if it were not there.
    """
    try:
        handle = os.open(path_of(spool, name), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, "rb") as file:
            found = json.loads(file.read(_LARGEST + 1))
        begun = datetime.fromisoformat(found["begun"])
        finished = datetime.fromisoformat(found["finished"]) if found["finished"] else None
        if found["name"] != name or named(name) is None or not _fits(_REFERENCE, found["reference"]):
            return None
        if begun.tzinfo is None or (finished is not None and finished.tzinfo is None):
            return None
        return Sidecar(
            name=name,
            reference=found["reference"],
            box=found["box"] if _fits(_BOX, found["box"]) else EMERGENCY_BOX,
            begun=begun,
            caller=found["caller"] if _fits(_NUMBER, found["caller"]) else "",
            dialled=found["dialled"] if _fits(_NUMBER, found["dialled"]) else "",
            language=found["language"] if _fits(_LANGUAGE, found["language"]) else "",
            callback=found["callback"] if _fits(_NUMBER, found["callback"]) else "",
            shortest=min(60.0, max(0.0, float(found["shortest"]))),
            limit=min(7200, max(1, int(found["limit"]))),
            finished=finished,
            ms=None if found["ms"] is None else min(1 << 31, max(0, int(found["ms"]))),
            ended=found["ended"] if _fits(_ENDED, found["ended"]) else "",
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _fits(pattern: re.Pattern, value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


# A reference number without a database --------------------------------------------------------------------------------


def claim(spool: Path) -> str:
    """A reference number nobody has: eight digits from 90,000,000, which the database never gives (`ivr.messages`).

    It is claimed by a file of its name, so that two processes cannot claim the same.
    """
    for _ in range(20):
        reference = str(90_000_000 + secrets.randbelow(10_000_000))
        try:
            create(spool / f".reference-{reference}", b"")
        except FileExistsError:
            continue
        return reference
    raise OSError("no free reference number was found in 20 tries")


def release(spool: Path, reference: str) -> None:
    """The message is in the database: its unique numbers guard it from here on."""
    (spool / f".reference-{reference}").unlink(missing_ok=True)
