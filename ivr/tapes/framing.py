r"""A tape's pieces as whole frames and whole commands, however they were cut when they were recorded.

>>> pieces = [Line(0.1, "app", b"conn"), Line(0.2, "app", b"ect\n\nlinger 5\n\n")]
>>> [(line.t, line.data) for line in framed(pieces)]
[(0.2, b'connect\n\n'), (0.2, b'linger 5\n\n')]
"""

import re
from collections.abc import Iterable, Iterator

from ivr.errors import FrameError
from ivr.esl.codec import Decoder
from ivr.esl.frames import Frame
from ivr.tapes.reading import Line

__all__ = ["bytes_of", "framed", "measured"]

LENGTH = re.compile(rb"^Content-Length: ?[0-9]+$", re.MULTILINE)


def bytes_of(frame: Frame) -> bytes:
    """A frame as it goes over the wire."""
    return frame.block + b"\n\n" + frame.body


def measured(raw: bytes) -> bytes:
    r"""A frame whose body was changed, with its length right again.

    >>> measured(b"Content-Length: 3\nContent-Type: api/response\n\n+OK bye")
    b'Content-Length: 7\nContent-Type: api/response\n\n+OK bye'
    """
    block, found, body = raw.partition(b"\n\n")
    return LENGTH.sub(b"Content-Length: %d" % len(body), block, count=1) + found + body


def framed(lines: Iterable[Line]) -> Iterator[Line]:
    """Notes as they are; every frame and every command a line of its own, at the time of its last byte.

    FrameError where the switch said what is no frame. What is left unfinished at the end is given as it is.
    """
    decoder, commands, rest, t = Decoder(), b"", b"", 0.0
    for line in lines:
        t = line.t
        if line.source == "note":
            yield line
        elif line.source == "app":
            *whole, commands = (commands + line.data).split(b"\n\n")
            yield from (Line(t, "app", command.lstrip(b"\n") + b"\n\n") for command in whole if command.strip())
        else:
            rest += line.data
            frames = decoder.feed(line.data)
            if decoder.broken:
                raise FrameError(decoder.broken)
            for raw in map(bytes_of, frames):
                rest = rest.partition(raw)[2]
                yield Line(t, "switch", raw)
    if commands.strip():
        yield Line(t, "app", commands)
    if rest.strip():
        yield Line(t, "switch", rest)
