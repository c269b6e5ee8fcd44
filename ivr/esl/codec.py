r"""Bytes in, frames out: the event socket's framing, byte-exact and without I/O.

    >>> decoder = Decoder()
    >>> decoder.feed(b"Content-Type: command/reply\nReply-Te")
    []
    >>> [frame] = decoder.feed(b"xt: +OK bob%0AX-Forged: 1\n\n")
    >>> frame.content_type, frame["Reply-Text"], frame.get("X-Forged")
    ('command/reply', '+OK bob\nX-Forged: 1', None)

Nothing but a line feed ends a line (D3); Content-Length counts bytes and is honoured everywhere (D3, D23).
"""

from functools import lru_cache

from ivr.errors import FrameError
from ivr.esl.frames import JSON_NAME, SHOWN, Frame, announced_length, announced_type, decoded

__all__ = ["Decoder"]

MOST_HEADERS = 64 * 1024
"""Bytes of one block of headers. A connect reply has 5–8 KB; `transfer_history` makes it grow with each transfer."""
MOST_BODY = 2 * 1024 * 1024
"""Bytes of one body. Events have 2–10 KB; FreeSWITCH itself takes up to 16 MB."""


def _read(block: bytes, most: int) -> tuple[str, int]:
    """What a block of headers announces: its Content-Type, and how many bytes of body."""
    return announced_type(block), announced_length(block, most)


# A call's blocks are the same few over and over: `+OK`, and a JSON event of so many bytes.
_known = lru_cache(8192)(_read)
SHORT = 128
"""Bytes of a block that is worth remembering."""


class Decoder:
    """Takes bytes as they come, gives whole frames. After a FrameError the connection is of no more use."""

    def __init__(self, most_headers: int = MOST_HEADERS, most_body: int = MOST_BODY):
        self.most_headers, self.most_body = most_headers, most_body
        self._buffer = b""
        self._block: bytes | None = None  # headers read, the body still to come
        self._kind = ""  # their Content-Type
        self._missing = 0  # bytes of it, all told
        self.broken: str | None = None
        self.heeded: frozenset[bytes] | None = None
        """The JSON events that are wanted; the others are passed over, and no frame is made of them. None: all."""

    @property
    def waiting(self) -> int:
        """How many bytes of an unfinished frame are held."""
        return len(self._buffer) + (len(self._block) if self._block else 0)

    def feed(self, data: bytes) -> list[Frame]:
        """Every frame these bytes completed.

        Whole frames before a fault are given first: `broken` then says what is wrong, and the next call raises it.
        """
        frames: list[Frame] = []
        if not self.broken:
            try:
                self._feed(data, frames)
            except FrameError as error:
                self.broken, self._buffer, self._block = str(error), b"", None
        if self.broken and not frames:
            raise FrameError(self.broken)
        return frames

    def _feed(self, data: bytes, frames: list) -> None:
        buffer = self._buffer + data if self._buffer else data
        at = 0
        while True:
            if self._block is not None:
                if len(buffer) - at < self._missing:
                    break
                if not self._unheeded(buffer, at):
                    frames.append(Frame(self._block, buffer[at : at + self._missing], self._kind))
                at += self._missing
                self._block = None
            while buffer[at : at + 1] == b"\n":
                at += 1
            end = buffer.find(b"\n\n", at)
            if (end if end >= 0 else len(buffer)) - at > self.most_headers:
                start = decoded(buffer[at : at + SHOWN])
                raise FrameError(f"headers of more than {self.most_headers} bytes, beginning {start!r}")
            if end < 0:
                break
            block = buffer[at:end]
            at = end + 2
            kind, length = (_known if len(block) < SHORT else _read)(block, self.most_body)
            if length:
                self._block, self._kind, self._missing = block, kind, length
            else:
                frames.append(Frame(block, b"", kind))
        self._buffer = buffer[at:]

    def _unheeded(self, buffer: bytes, at: int) -> bool:
        """Is the body that begins `at` an event nobody wants?"""
        if self.heeded is None or self._kind != "text/event-json" or not buffer.startswith(JSON_NAME, at):
            return False
        at += len(JSON_NAME)
        return buffer[at : buffer.find(b'"', at)] not in self.heeded

    def close(self) -> None:
        """The peer has closed. FrameError if that was in the middle of a frame: a short read is an error (D5)."""
        if self.broken:
            return
        if self._block is not None:
            held = len(self._buffer)
            raise FrameError(f"the peer closed after {held} of the {self._missing} bytes of a body")
        if self._buffer:
            raise FrameError(f"the peer closed inside a block of headers: {decoded(self._buffer[-SHOWN:])!r}")
