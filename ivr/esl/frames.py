r"""What came over the event socket: a frame is a block of headers and a body, and may carry an event.

    >>> Frame(b"Content-Type: command/reply\nReply-Text: +OK bob%0AX-Forged: 1")["Reply-Text"]
    '+OK bob\nX-Forged: 1'

A block of headers is split at line feeds first and each value is unquoted after that (D2); nothing but a line feed
ends a line (D3); of two equal headers the first wins (D2). A frame is only looked into where somebody asks: most
events of a call are never parsed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

import orjson

from ivr.errors import FrameError

__all__ = [
    "JSON_NAME",
    "SHOWN",
    "Event",
    "Frame",
    "announced_length",
    "announced_type",
    "decoded",
    "headers_named",
    "unquoted",
]  # fmt: skip

SHOWN = 60
"""Bytes of a bad frame that an error message shows."""


def decoded(raw: bytes) -> str:
    """Bytes as text; what is not UTF-8 becomes \\xNN, so that nothing a caller sends can stop the reader (D4)."""
    return raw.decode("utf-8", "backslashreplace")


def unquoted(raw: bytes) -> str:
    """A header's value as it was before FreeSWITCH wrote it."""
    return decoded(unquote_to_bytes(raw)) if b"%" in raw else decoded(raw)


def _headers(block: bytes) -> dict[str, str]:
    """The headers of a block: split, then unquoted (D2). A line without a colon belongs to nothing and is left out."""
    found: dict[str, str] = {}
    for line in block.split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            key = decoded(name)
            if key not in found:
                found[key] = unquoted(value[1:] if value[:1] == b" " else value)
    return found


def headers_named(names: str) -> re.Pattern[bytes]:
    """For `Frame.those`: header names as one regular expression."""
    return re.compile(rb"\n((?:%b)): ?([^\n]*)" % names.replace(".*", "[^:\n]*").encode())


def _find(block: bytes, name: bytes) -> bytes | None:
    """One header's raw value out of a block, without looking at the others; the first of two equal ones."""
    if block.startswith(name + b":"):
        start = len(name) + 1
    else:
        start = block.find(b"\n" + name + b":")
        if start < 0:
            return None
        start += len(name) + 2
    end = block.find(b"\n", start)
    value = block[start:] if end < 0 else block[start:end]
    return value[1:] if value[:1] == b" " else value


def announced_length(block: bytes, most: int) -> int:
    """The Content-Length of a block; 0 where it has none."""
    value = _find(block, b"Content-Length")
    if value is None:
        return 0
    if not value.isdigit() or len(value) > 9:
        raise FrameError(f"Content-Length must be a number of bytes, not {decoded(value[:SHOWN])!r}")
    length = int(value)
    if length > most:
        raise FrameError(f"a body of {length} bytes is announced; {most} is the most that is taken")
    return length


def announced_type(block: bytes) -> str:
    """The Content-Type of a block."""
    kind = _find(block, b"Content-Type")
    if kind is None:
        raise FrameError(f"a frame without Content-Type, beginning {decoded(block[:SHOWN])!r}")
    return decoded(kind)


class Frame:
    """One frame: a block of headers, and the body its Content-Length announced."""

    __slots__ = ("_event", "_headers", "block", "body", "content_type")

    def __init__(self, block: bytes, body: bytes = b"", content_type: str | None = None):
        self.block, self.body = block, body
        self.content_type = content_type or announced_type(block)
        self._headers: dict[str, str] | None = None
        self._event: Event | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Every header, unquoted."""
        if self._headers is None:
            self._headers = _headers(self.block)
        return self._headers

    def get(self, name: str, default: str | None = None) -> str | None:
        """One header, unquoted, without parsing the others."""
        raw = _find(self.block, name.encode())
        return default if raw is None else unquoted(raw)

    def those(self, named: re.Pattern[bytes]) -> dict[bytes, bytes]:
        r"""The headers whose names a pattern matches, raw (`unquoted` reads one): one look at the block for all.

        >>> Frame(b"Content-Type: x\nvariable_ivr_at: a%2Fb\nX: 1").those(headers_named("variable_ivr_.*|Y"))
        {b'variable_ivr_at': b'a%2Fb'}
        """
        return dict(reversed(named.findall(b"\n" + self.block)))  # of two equal ones the first

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __eq__(self, other):
        return isinstance(other, Frame) and (self.block, self.body) == (other.block, other.body)

    def __hash__(self):
        return hash((self.block, self.body))

    def __repr__(self):
        return f"Frame({self.block!r}, {self.body!r})"

    @property
    def data(self) -> str:
        """What a reply says: its body, or its Reply-Text. (greenswitch's name for it.)"""
        return decoded(self.body) if self.body else self.get("Reply-Text", "")

    @property
    def refused(self) -> bool:
        """Does this reply say -ERR?"""
        return self.body.startswith(b"-ERR") if self.body else b"\nReply-Text: -ERR" in self.block

    @property
    def is_event(self) -> bool:
        return self.content_type in ("text/event-json", "text/event-plain")

    @property
    def event(self) -> "Event":
        """The event this frame carries; FrameError if it carries none."""
        if self._event is None:
            if not self.is_event:
                raise FrameError(f"a {self.content_type} frame carries no event")
            self._event = Event(self.body, self.content_type == "text/event-json")
        return self._event


JSON_NAME = b'{"Event-Name":"'


class Event(Mapping):
    """An event: its headers, parsed when the first one is asked for. `name` alone costs nothing."""

    __slots__ = ("_headers", "_json", "content", "name", "raw")

    def __init__(self, raw: bytes, is_json: bool):
        self.raw, self._json = raw, is_json
        self._headers: dict[str, str] | None = None
        self.content = b""
        self.name = self._peek() or self.get("Event-Name") or ""

    def _peek(self) -> str:
        """The event's name, which FreeSWITCH writes first."""
        start = JSON_NAME if self._json else b"Event-Name: "
        if not self.raw.startswith(start):
            return ""
        end = self.raw.find(b'"' if self._json else b"\n", len(start))
        return decoded(self.raw[len(start) : end]) if end > 0 else ""

    @property
    def headers(self) -> dict[str, str]:
        if self._headers is None:
            self._headers = self._parse_json() if self._json else self._parse_plain()
        return self._headers

    def _whole(self) -> bool:
        """Does it look like an object that was not cut off?"""
        return self.raw[:1] == b"{" and self.raw[-1:] == b"}"

    def _parse_json(self) -> dict[str, str]:
        try:
            headers = orjson.loads(self.raw)
        except orjson.JSONDecodeError:
            # A caller's name that is not UTF-8 stands raw in the JSON; it must not cost him the call (D4).
            try:
                headers = json.loads(self.raw.decode("utf-8", "replace"), strict=False)
            except (ValueError, RecursionError) as error:
                raise FrameError(f"a JSON event that cannot be read: {error}; {decoded(self.raw[:SHOWN])!r}") from None
        if not isinstance(headers, dict):
            raise FrameError(f"a JSON event that is no object: {decoded(self.raw[:SHOWN])!r}")
        self.content = str(headers.pop("_body", "")).encode()
        return headers

    def _parse_plain(self) -> dict[str, str]:
        block, _, rest = self.raw.partition(b"\n\n")
        # An event may have a body of its own, which is no header (D3).
        self.content = rest[: announced_length(block, len(rest))]
        return _headers(block)

    def __getitem__(self, name: str) -> str:
        return self.headers[name]

    def get(self, name: str, default: str | None = None) -> str | None:
        """One header; the others are parsed only if this one can't be found without."""
        if self._headers is None and self._json:
            # Inside a JSON string every quote is escaped: these bytes can be a header's name and nothing else.
            quoted = b'"%b"' % name.encode()
            # From the end, where what is asked for stands: 0.4 µs for Application-UUID instead of 5.
            start = self.raw.rfind(quoted + b':"')
            if start >= 0:
                start += len(quoted) + 2
                value = self.raw[start : self.raw.find(b'"', start)]
                if value.isascii() and b"\\" not in value:
                    return value.decode()
            elif quoted not in self.raw and self._whole():
                return default
        return self.headers.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.headers)

    def __len__(self) -> int:
        return len(self.headers)

    def __repr__(self):
        return f"<Event {self.name}>"
