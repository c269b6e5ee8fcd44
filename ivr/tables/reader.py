"""Reads a kept table while calls go on: a small one in a thread, a big one in another process.

A thread that works shares the interpreter with the calls: each of them gets it back 5 ms late, again and again, for
the seconds that a big table takes. So another process reads it, and it is taken over in pieces of a millisecond,
between which calls go on (docs/speed.md).
"""

import gc
import io
import os
import pickle
import struct
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import gevent
from gevent import subprocess

from ivr.clock import Clock
from ivr.errors import Deadline, TableError
from ivr.steps import Table
from ivr.tables.archive import load_from
from ivr.waits import busy, off_hub

__all__ = ["read_aside"]

BIG = 200_000
"""Bytes from which a table is read in another process: a thread is busy with so much for 0.2 s, and to begin a process
takes longer."""
PIECE = 100
"""Entries of a mapping taken over at a time: steps take a hundredth of a millisecond each."""
_LENGTH = struct.Struct(">I")


def read_aside(clock: Clock, seconds: float, place: Path, version: str, big: int = BIG) -> Table:
    """The table kept in a file. TableError where it is not this version, Deadline after `seconds`."""
    if not place.exists() or place.stat().st_size < big:
        return off_hub(clock, seconds, "table", load_from, place, version)
    collecting = gc.isenabled()
    # A million new objects, and no rubbish among them: the collector would walk through them again and again.
    gc.disable()
    try:
        with busy(clock):
            return _from_another(clock, seconds, place, version)
    finally:
        if collecting:
            gc.enable()


def _from_another(clock: Clock, seconds: float, place: Path, version: str) -> Table:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    reader = subprocess.Popen(
        [sys.executable, "-P", "-c", f"from {__name__} import give; give()", str(place), version],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment,
    )  # fmt: skip
    late = []
    timer = clock.call_later(seconds, lambda: (late.append(seconds), reader.kill()))
    try:
        return _taken_over(_frames(reader.stdout))
    except (EOFError, pickle.UnpicklingError) as error:
        if late:
            raise Deadline(f"no table within {seconds:g} s") from error
        raise TableError([f"{place}: the process that reads it broke off"]) from error
    finally:
        timer.cancel()
        reader.kill()
        reader.stdout.close()
        reader.wait()


# The other process --------------------------------------------------------------------------------------------------


class _Giving(pickle.Pickler):
    """Big mappings are left out, and given afterwards in pieces. One pickler for all, so that what is shared stays
    shared."""

    def __init__(self, file: BinaryIO):
        super().__init__(file, protocol=5)
        self.mappings: list[MappingProxyType] = []

    def persistent_id(self, found: Any):
        if type(found) is not MappingProxyType or len(found) < PIECE:
            return None
        self.mappings.append(found)
        return len(self.mappings) - 1

    def reducer_override(self, found: Any):
        return (_proxy, (dict(found),)) if type(found) is MappingProxyType else NotImplemented


def _proxy(mapping: dict) -> MappingProxyType:
    return MappingProxyType(mapping)


def _given(table: Table | TableError) -> Iterator[bytes]:
    """A table as pickled pieces."""
    buffer = io.BytesIO()
    giving = _Giving(buffer)

    def piece(found: Any) -> bytes:
        giving.dump(found)
        content = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return content

    yield piece(table)
    number = 0
    while number < len(giving.mappings):
        entries = iter(giving.mappings[number].items())
        while some := list(islice(entries, PIECE)):
            yield piece((number, some))
        number += 1
    yield piece(None)


def give() -> None:
    """The whole of that process: the table of a file, on stdout."""
    place, version = sys.argv[1:]
    out = sys.stdout.buffer
    try:
        table = load_from(Path(place), version)
    except TableError as error:
        table = error
    for piece in _given(table):
        out.write(_LENGTH.pack(len(piece)) + piece)
    out.flush()


# This process -------------------------------------------------------------------------------------------------------


class _Taking(pickle.Unpickler):
    """The other end of `_Giving`."""

    def __init__(self, file: BinaryIO):
        super().__init__(file)
        self.mappings: dict[int, dict] = {}

    def persistent_load(self, number: int) -> MappingProxyType:
        return MappingProxyType(self.mappings.setdefault(number, {}))


def _taken_over(pieces: Iterable[bytes]) -> Table:
    """The table out of its pieces; others run between two of them."""
    buffer = io.BytesIO()
    taking = _Taking(buffer)
    table = None
    for piece in pieces:
        buffer.seek(0)
        buffer.truncate()
        buffer.write(piece)
        buffer.seek(0)
        found = taking.load()
        if isinstance(found, TableError):
            raise found
        if found is None:
            return table
        if table is None:
            table = found
        else:
            number, entries = found
            taking.mappings[number].update(entries)
        gevent.sleep(0)
    raise EOFError


def _frames(file: BinaryIO) -> Iterator[bytes]:
    while head := _whole(file, _LENGTH.size):
        yield _whole(file, *_LENGTH.unpack(head))


def _whole(file: BinaryIO, length: int) -> bytes:
    parts = []
    while length and (part := file.read(length)):
        parts.append(part)
        length -= len(part)
    if length and parts:
        raise EOFError
    return b"".join(parts)
