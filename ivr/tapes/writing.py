r"""Rows of a tape as bytes, and tapes as files.

>>> said(0.0127, "app", b"connect\n\n")
b'{"t":0.0127,"from":"app","text":"connect\\n\\n"}\n'
>>> noted(3.5, "the caller hung up")
b'{"t":3.5,"note":"the caller hung up"}\n'
"""

import base64
import gzip
from pathlib import Path

import orjson

from ivr.tapes.reading import VERSION, Line, Tape

__all__ = ["about", "noted", "said", "write"]


def about(**told) -> bytes:
    """The first line."""
    return orjson.dumps({"tape": VERSION} | told) + b"\n"


def said(t: float, source: str, data: bytes) -> bytes:
    """A piece of one direction: as text, and where it is none in UTF-8, as base64."""
    try:
        heard = {"text": data.decode()}
    except UnicodeDecodeError:
        heard = {"base64": base64.b64encode(data).decode()}
    return orjson.dumps({"t": round(t, 6), "from": source} | heard) + b"\n"


def noted(t: float, note: str, **more) -> bytes:
    """A note; `more` is for programs that read the tape."""
    return orjson.dumps({"t": round(t, 6), "note": note} | more) + b"\n"


def row(line: Line) -> bytes:
    """A line of a tape as it is written."""
    if line.source == "note":
        return noted(line.t, line.note, **line.more)
    return said(line.t, line.source, line.data)


def write(tape: Tape, path: str | Path) -> None:
    """The whole tape into a file, which is there whole or not at all; compressed where its name ends in .gz."""
    path = Path(path)
    told = {key: value for key, value in tape.about.items() if key != "tape"}
    data = about(**told) + b"".join(map(row, tape.lines))
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)
    half.replace(path)
