"""Reads a tape: the first line says what it is, each other one is a piece of one direction, or a note.

{"tape": 1, "switch": "FreeSWITCH 1.10.12", "what": "…", "notable": "…"}
{"t": 0.0127, "from": "app", "text": "connect\\n\\n"}
{"t": 0.0129, "from": "switch", "base64": "…"}
{"t": 3.5, "note": "the caller hung up"}

A file whose name ends in .gz is such a tape, compressed.
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from ivr.errors import ScriptError

__all__ = ["VERSION", "Line", "Tape", "read"]

VERSION = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One piece: `source` is "app" (the line), "switch", or "note", whose text is in `note`; `more` holds what else
    the row of a note says."""

    t: float
    source: str
    data: bytes = b""
    note: str = ""
    more: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tape:
    """One ESL connection. `about` is the tape's first line."""

    name: str
    about: dict
    lines: tuple[Line, ...] = field(repr=False)

    def said_by(self, source: str) -> bytes:
        """Everything one side wrote."""
        return b"".join(line.data for line in self.lines if line.source == source)

    def notes(self, key: str) -> Iterator[dict]:
        """What the notes say that have a value of this name: "files", "asked", "end"."""
        return (line.more for line in self.lines if key in line.more)

    @property
    def is_cut(self) -> bool:
        """Does the tape end before its call did?"""
        return bool(self.about.get("cut")) or any(self.notes("cut"))

    @property
    def end(self) -> str:
        """Who closed the connection: "line", "switch", or "" where the tape does not say."""
        ends = {"A>F EOF": "line", "F>A EOF": "switch"}  # as other taps note it
        found = (line.more.get("end") or ends.get(line.note) for line in self.lines if line.source == "note")
        return next((str(end) for end in found if end), "")


def read(path: str | Path) -> Tape:
    """The tape of a file. ScriptError names the line that cannot be read."""
    path = Path(path)
    try:
        rows = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise ScriptError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    about = _row(rows[0], path, 1) if rows else {}
    if about.get("tape") != VERSION:
        raise ScriptError(f'{path}:1: no tape: its first line must be like {{"tape": {VERSION}, "what": "…"}}')
    return Tape(path.name.partition(".jsonl")[0], about, tuple(_lines(rows[1:], path)))


def _row(raw: bytes, path: Path, number: int) -> dict:
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ScriptError(f"{path}:{number}: not a line of JSON: {error}") from None
    if not isinstance(row, dict):
        raise ScriptError(f'{path}:{number}: an object is expected, such as {{"t": 0.1, "note": "…"}}')
    return row


def _lines(rows: list[bytes], path: Path) -> Iterator[Line]:
    for number, raw in enumerate(rows, 2):
        row = _row(raw, path, number)
        time = row.get("t")
        if not isinstance(time, int | float):
            raise ScriptError(f'{path}:{number}: "t" must be the time in seconds')
        if "note" in row:
            more = {key: value for key, value in row.items() if key not in ("t", "note")}
            yield Line(float(time), "note", note=str(row["note"]), more=more)
            continue
        if row.get("from") not in ("app", "switch"):
            raise ScriptError(f'{path}:{number}: "from" must be "app" or "switch"')
        try:
            data = base64.b64decode(row["base64"], validate=True) if "base64" in row else str(row["text"]).encode()
        except (KeyError, TypeError, binascii.Error):
            raise ScriptError(f'{path}:{number}: "text" or "base64" must hold what was said') from None
        yield Line(float(time), row["from"], data)
