"""A message's second copy: a small file beside the recording, on the disk before the recording begins.

    spool/6a260ece-…-2.wav          the recording, by FreeSWITCH
    spool/6a260ece-…-2.wav.json     what is known of it, by the line

Where the database could not be written, this alone is enough to find the message by (rule D4); where it could, this
is enough to make the row again after the database was lost. Nobody deletes it.
"""

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.messages import EMERGENCY_BOX, named
from ivr.store.blobs import BlobStore

__all__ = ["Sidecar", "claim", "read", "release", "write"]

_REFERENCE = re.compile(r"\d{6,10}", re.ASCII)
_BOX = re.compile(r"[\w/-]{1,80}")
_NUMBER = re.compile(r"\+?\d{0,32}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z-]{0,16}", re.ASCII)
_ENDED = re.compile(r"[a-z]{0,12}", re.ASCII)
_LARGEST = 8192


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of a message when its recording begins — and, where the database was away, when it ended.

    `name`: of the recording; `callback`: the number to call back; `shortest` and `limit`: seconds of speech that are a
    message, and seconds it may take. `reference`: "" until it has one. Times with a zone.
    """

    name: str
    box: str
    begun: datetime
    reference: str = ""
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


def beside(name: str) -> str:
    """What the sidecar of a recording is called."""
    return f"{name}.json"


def write(spool: BlobStore, sidecar: Sidecar, again: bool = False) -> None:
    """Write it; it is safe when this returns. FileExistsError where there is one.

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
    if again:
        spool.replace(beside(sidecar.name), data)
    else:
        spool.create(beside(sidecar.name), data)


def read(spool: BlobStore, name: str) -> Sidecar | None:
    """The sidecar of a recording; None where there is none, or half of one.

    The spool is shared with the switch: every value passes a white list, and what does not is as if it were not there.
    """
    try:
        with spool.open(beside(name)) as file:
            found = json.loads(file.read(_LARGEST + 1))
        begun = datetime.fromisoformat(found["begun"])
        finished = datetime.fromisoformat(found["finished"]) if found["finished"] else None
        if found["name"] != name or named(name) is None or not _fits(_REFERENCE, found["reference"]):
            return None
        if begun.tzinfo is None or (finished is not None and finished.tzinfo is None):
            return None
        return Sidecar(
            name=name,
            box=found["box"] if _fits(_BOX, found["box"]) else EMERGENCY_BOX,
            begun=begun,
            reference=found["reference"],
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


def claim(spool: BlobStore) -> str:
    """A reference number nobody has: eight digits from 90,000,000, which the database never gives (`ivr.messages`).

    It is claimed by a file of its name, so that two processes cannot claim the same.
    """
    for _ in range(20):
        reference = str(90_000_000 + secrets.randbelow(10_000_000))
        try:
            spool.create(f".reference-{reference}", b"")
        except FileExistsError:
            continue
        return reference
    raise OSError("no free reference number was found in 20 tries")


def release(spool: BlobStore, reference: str) -> None:
    """The message is in the database: its unique numbers guard it from here on."""
    spool.remove(f".reference-{reference}")
