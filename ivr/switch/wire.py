"""The bytes FreeSWITCH writes to an event socket, and how it reads commands. No I/O.

>>> encode("张 100%")
'%E5%BC%A0%20100%25'
>>> encode("a%0Ab")     # not invertible: a literal % before two upper-case hex digits is left alone
'a%0Ab'
"""

import json
import re
from collections.abc import Iterator, Mapping

import orjson

__all__ = [
    "GOODBYE",
    "Command",
    "Commands",
    "api_response",
    "encode",
    "event_frame",
    "notice",
    "plain",
    "reply",
    "to_json",
]

_UNSAFE = re.compile(r'[\x00-\x20"#&+:;<=>?@\[\\\]^`{|}\x7f-\xff]|%(?![0-9A-F]{2})')
GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"


def encode(value: str) -> str:
    """A value as plain events carry it: percent-encoded per byte of its UTF-8."""
    if value.isascii():
        return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", value)
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", _bytes(value).decode("latin-1"))


def plain(headers: Mapping[str, str]) -> str:
    """Headers as a plain event's body: one line each, then an empty line. An empty value is `_undef_`."""
    return "".join([f"{name}: {encode(value) or '_undef_'}\n" for name, value in headers.items()]) + "\n"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def to_json(value) -> bytes:
    """As JSON; a caller's bytes that are not UTF-8 stand in it as they are, as FreeSWITCH writes them."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return _bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def event_frame(headers: Mapping[str, str], form: str) -> bytes:
    """One event as a frame; the next frame follows its body without a separator."""
    body = to_json(headers) if form == "json" else plain(headers).encode()
    return b"Content-Length: %d\nContent-Type: text/event-%s\n\n%b" % (len(body), form.encode(), body)


def reply(text: str) -> bytes:
    """The answer to a command. The text is not encoded: a line feed in it forges lines."""
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode("utf-8", "surrogateescape")


def api_response(text: str) -> bytes:
    """The answer to `api`."""
    body = _bytes(text)
    return b"Content-Type: api/response\nContent-Length: %d\n\n%b" % (len(body), body)


def notice(uuid: str, disposition: str, extra: str = "", body: str = "") -> bytes:
    """A disconnect notice; the channel's name stands in `extra` raw, line feeds and all."""
    return (
        "Content-Type: text/disconnect-notice\n"
        f"Controlled-Session-UUID: {uuid}\nContent-Disposition: {disposition}\n{extra}"
        f"Content-Length: {len(body)}\n\n{body}"
    ).encode("utf-8", "surrogateescape")


class Command:
    """One command: its first line, its headers (the first of a name counts, names without case), its body."""

    __slots__ = ("body", "headers", "line", "text")

    def __init__(self, text: str, body: str = ""):
        self.text, self.body = text, body
        lines = text.split("\n")
        self.line = lines[0]
        self.headers: dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                self.headers.setdefault(name.strip().lower(), value.lstrip(" "))

    def get(self, name: str, default: str = "") -> str:
        return self.headers.get(name, default)


class Commands:
    """Bytes in, commands out, however the bytes are split.

    >>> [command.line for command in Commands().feed(b"connect\\n\\nlinger 5\\n\\nexi")]
    ['connect', 'linger 5']
    """

    def __init__(self):
        self._bytes = b""

    def feed(self, data: bytes) -> Iterator[Command]:
        self._bytes += data
        while True:
            self._bytes = self._bytes.lstrip(b"\r\n")
            head, found, rest = self._bytes.partition(b"\n\n")
            if not found:
                return
            command = Command(head.decode("utf-8", "surrogateescape"))
            length = command.get("content-length", "0")
            length = int(length) if length.isdigit() else 0
            if len(rest) < length:
                return
            command.body = rest[:length].decode("utf-8", "surrogateescape")
            self._bytes = rest[length:]
            yield command
