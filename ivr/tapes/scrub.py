"""Takes callers and machines out of tapes: numbers, names, SDP, addresses, paths. Alike in all tapes of one run.

    scrubber = Scrubber("a key")
    clean = scrubber.all([tape, …])

First every value that tells who called, or where, is collected from the headers that hold one; then each is replaced
wherever it stands, in both directions, percent-encoded or in JSON, so that a tape still replays. The same key gives the
same replacements. Where a value is still found afterwards, the tape is not given back. What is not replaced: the
house's own numbers and extensions, ids, times, and the words in the table beside a tape.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote, unquote

from ivr.errors import FrameError
from ivr.esl.frames import Frame
from ivr.switch.wire import encode
from ivr.tapes.framing import framed, measured
from ivr.tapes.reading import Line, Tape

__all__ = ["Scrubber"]

NUMBERS = re.compile(
    r"(Caller|Channel|Other-Leg)-((Orig-)?Caller-ID-Number|ANI|Username|RDNIS)|variable_(sip_(from|contact|P-Asserted-Ide"
    r"ntity|rpid)_user(_stripped)?|(effective_|origination_)?caller_id_number|username|sip_to_display)"
)
NAMES = re.compile(
    r"(Caller|Channel|Other-Leg)-(Orig-)?Caller-ID-Name|variable_(sip_from_display|(effective_|origination_)?caller_id_name)"
)
HOSTS = re.compile(r"FreeSWITCH-(Hostname|Switchname)|variable_(ivr_domain|domain_name|sip_auth_realm)")
SDP = re.compile(r"variable_(switch_[rm]_sdp|.*_sdp(_str)?)")
SIGNALLING = re.compile(r"variable_sip_(call_id|from_tag|to_tag|via_branch|user_agent|full_via|h_.*)")
WHOLE = re.compile("|".join(each.pattern for each in (NUMBERS, NAMES, HOSTS, SIGNALLING)))
ADDRESSES = re.compile(r".*Channel-Name|variable_(channel_name|sip_.*|bridge_channel|.*_uri|presence_id|caller_id)")
HOUSE = re.compile(r"(Caller|Channel)-Destination-Number|variable_(ivr_dialled|sip_(to|req)_user)")
DIGITS = re.compile(r"variable_ivr_digits")
LONG = 7
"""Keys in a row that are somebody's telephone number, and no extension."""

V4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
V6 = re.compile(
    r"(?<![0-9a-fA-F:])(?:(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}"
    r"|(?:[0-9a-fA-F]{1,4}:){1,6}(?::[0-9a-fA-F]{1,4}){1,6})(?![0-9a-fA-F:])"
)
LOCAL = re.compile(r"127\.|0\.0\.0\.0|255\.|192\.0\.2\.|1\.10\.")
FOLDER = re.compile(r"(?:/[\w.+@-]+)+(?=/(?:speech|spool|static|records|tapes|prompts)/)")
HOME = "/srv/ivr"
MOST_KNOWN = 100_000
NOTHING = {"", "_undef_", "unknown", "anonymous", "Anonymous", "Outbound Call", "Inbound Call"}


class Scrubber:
    """Replaces; `replaced` holds each value and what stands for it."""

    def __init__(self, key: str = ""):
        self._key = (key or secrets.token_hex(16)).encode()
        self.replaced: dict[str, str] = {}
        self.failed: list[str] = []
        """What was left out, and why."""
        self._keyed: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._house: set[str] = set()
        self._everywhere = self._in_addresses = _pattern(())

    def all(self, tapes: Sequence[Tape]) -> list[Tape]:
        """Every tape, clean. What is no ESL, or would keep something, is left out and stands in `failed`."""
        pieces = {}
        for tape in tapes:
            try:
                pieces[tape.name] = tape, list(framed(tape.lines))
            except FrameError as error:
                self.failed.append(f"{tape.name}: cannot be scrubbed, the switch's side is no ESL: {error}")
        for _, lines in pieces.values():
            self._house.update(_house(lines))
        for _, lines in pieces.values():
            self._collect(lines)
        self._keyed = {number: self.replaced[number] for number in self.replaced if number.isdigit()}
        for value in filter(unmistakable, self.replaced):
            self._forms |= {encode(value): encode(self.replaced[value]), value: self.replaced[value]}
        self._known.clear()
        self._everywhere = _pattern(map(_bounded, sorted(self._forms, key=len, reverse=True)))
        short = (value for value in sorted(self.replaced, key=len, reverse=True) if not unmistakable(value))
        self._in_addresses = _pattern(map(_addressed, short))
        clean = [
            replace(tape, about=self._about(tape.about), lines=tuple(self._lines(lines)))
            for tape, lines in pieces.values()
        ]
        return [tape for tape in clean if self._proved(tape)]

    # What is to be replaced -------------------------------------------------------------------------------------------

    def _collect(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if line.source != "switch":
                continue
            for name, value in _headers(line.data):
                value = unquote(value)
                if value in NOTHING:
                    continue
                if NUMBERS.fullmatch(name):
                    self._learn(value, self._number if re.search(r"\d", value) else self._name)
                elif NAMES.fullmatch(name):
                    self._learn(value, self._number if re.fullmatch(r"\+?\d+", value) else self._name)
                elif HOSTS.fullmatch(name) and not LOCAL.match(value):
                    self._learn(value, self._host)
                elif SIGNALLING.fullmatch(name):
                    self._learn(value, self._token)
                elif DIGITS.fullmatch(name) and len(value) >= LONG:
                    self._learn(value, self._number)
                for found in (*V4.findall(value), *V6.findall(value)):
                    if not LOCAL.match(found):
                        self._learn(found, self._address)

    def _learn(self, value: str, other) -> None:
        if value not in self.replaced and value not in self._house and len(value) > 1:
            self.replaced[value] = other(value)

    def _hash(self, value: str) -> int:
        return int.from_bytes(hmac.digest(self._key, value.encode("utf-8", "replace"), "sha256"))

    def _number(self, value: str) -> str:
        """As long, of the same kind; digits for digits."""
        code = self._hash(value)
        first, made = True, []
        for each in value:
            if each.isdigit():
                code, digit = divmod(code, 9 if first else 10)
                made.append(str(digit + first))
                first = False
            else:
                made.append(each if each in "+-*#" else "x")
        return "".join(made)

    def _name(self, value: str) -> str:
        return f"caller-{self._hash(value) % 16**6:06x}"

    def _host(self, value: str) -> str:
        return f"host-{self._hash(value) % 16**6:06x}.example"

    def _token(self, value: str) -> str:
        return f"sip-{self._hash(value) % 16**10:010x}"

    def _address(self, value: str) -> str:
        if ":" in value:
            return f"2001:db8::{self._hash(value) % 16**4:x}"
        return f"198.51.100.{self._hash(value) % 254 + 1}"  # RFC 5737

    # Replacing --------------------------------------------------------------------------------------------------------

    def _other(self, text: str) -> str:
        # Nearly every value of an event stands in the events before it, too.
        other = self._known.get(text)
        if other is None:
            other = FOLDER.sub(HOME, self._everywhere.sub(lambda found: self._forms[found[0]], text))
            if len(self._known) < MOST_KNOWN:
                self._known[text] = other
        return other

    def _about(self, told):
        if isinstance(told, dict):
            return {key: self._about(value) for key, value in told.items()}
        if isinstance(told, list):
            return [self._about(value) for value in told]
        return self._other(told) if isinstance(told, str) else told

    def _lines(self, lines: Sequence[Line]) -> Iterator[Line]:
        keys = iter(self._retyped(lines))
        for line in lines:
            if line.source == "note":
                yield replace(line, note=self._other(line.note), more=self._about(line.more))
            elif line.source == "app":
                yield replace(line, data=_bytes(self._other(_text(line.data))))
            else:
                data = self._frame(line.data)
                if b"DTMF-Digit" in data and (digit := _digit(data)):
                    key = next(keys)
                    data = re.sub(rb'(DTMF-Digit(?:: |":"))' + re.escape(digit), rb"\g<1>" + key, data, count=1)
                yield replace(line, data=data)

    def _retyped(self, lines: Sequence[Line]) -> list[bytes]:
        """The keys of a tape in order, with the telephone numbers among them replaced."""
        typed = b"".join(_digit(line.data) for line in lines if line.source == "switch" and b"DTMF-Digit" in line.data)
        text = typed.decode()
        for number, other in self._keyed.items():
            if len(number) >= LONG:
                text = text.replace(number, other)
        return [key.encode() for key in text]

    def _frame(self, raw: bytes) -> bytes:
        """A frame with each value replaced, encoded as it was, and its length right again."""
        block, found, body = raw.partition(b"\n\n")
        kind = Frame(block).content_type
        if kind == "text/event-json":
            return measured(block + found + _bytes(self._json(_text(body))))
        if kind == "text/event-plain":
            return measured(block + found + self._block(body))
        if b"Event-Name:" in block:
            return measured(self._block(block) + found + body)
        return measured(_bytes(self._other(_text(block))) + found + _bytes(self._other(_text(body))))

    def _block(self, block: bytes) -> bytes:
        return b"\n".join(map(self._header, block.split(b"\n")))

    def _header(self, line: bytes) -> bytes:
        name, colon, value = _text(line).partition(": ")
        if not colon:
            return line
        plain = unquote(value, errors="surrogateescape")
        other = self._value(name, plain)
        # Only what was changed is encoded anew: FreeSWITCH's encoding is not invertible.
        return line if other == plain else _bytes(f"{name}: {encode(other) if '%' in value else _as(value, other)}")

    def _json(self, text: str) -> str:
        def told(found: re.Match) -> str:
            name, value = found[1], found[2]
            other = self._value(name, value)
            return f'"{name}":"{other}"'

        return ARRAY.sub(lambda found: self._other(found[0]), JSON.sub(told, text))

    def _value(self, name: str, value: str) -> str:
        if SDP.fullmatch(name):
            return "v=0" if value else value
        if WHOLE.fullmatch(name):
            return self.replaced.get(value) or self._other(value)
        if ADDRESSES.fullmatch(name):
            value = self._in_addresses.sub(lambda found: self.replaced[found[0]], value)
        return self._other(value)

    def _proved(self, tape: Tape) -> bool:
        """Is nothing that was to be replaced left, in whatever form?"""
        said = b"\0".join([*(line.data + line.note.encode() for line in tape.lines), repr(tape.about).encode()])
        for value, other in self.replaced.items():
            if not unmistakable(value) or value in other:
                continue
            for form in {value, quote(value), encode(value)}:
                raw = form.encode("utf-8", "surrogateescape")
                if raw in said and re.search(_bounded(form).encode("utf-8", "surrogateescape"), said):
                    shown = f"{value[:1]}…{value[-1:]}"
                    self.failed.append(f"{tape.name}: {shown} is still in it after scrubbing")
                    return False
        return True


def unmistakable(value: str) -> bool:
    """Can this be nothing else, wherever it stands? A word or four digits may mean anything.

    >>> [unmistakable(one) for one in ("13800138000", "8001", "record", "Zhang San", "张三", "10.0.0.7", "vm")]
    [True, False, False, True, True, True, False]
    """
    if re.fullmatch(r"\+?\d*", value):
        return len(value) > 5
    return not value.isascii() or (len(value) > 4 and re.search(r"[^A-Za-z0-9_-]", value) is not None)


def _pattern(alternatives: Iterable[str]) -> re.Pattern:
    return re.compile("|".join(alternatives) or r"(?!)")


def _addressed(value: str) -> str:
    """A pattern for a short value where it is somebody's: all there is, the user of an address, or in quotes."""
    return rf"(?<![\w.+-]){re.escape(value)}(?=@|$)|(?<=\"){re.escape(value)}(?=\")"


def _house(lines: Iterable[Line]) -> Iterator[str]:
    """The house's own numbers: what was dialled, and whom it rings."""
    for line in lines:
        if line.source == "switch":
            for name, value in _headers(line.data):
                if HOUSE.fullmatch(name):
                    yield unquote(value)
        for found in re.findall(rb"user/([0-9]+)@", line.data):
            yield found.decode()


ARRAY = re.compile(r":\[[^\]]*\]")
"""Several values of one variable, such as originated_legs."""
JSON = re.compile(r'"([^"\\]+)":"((?:[^"\\]|\\.)*)"')


def _as(value: str, other: str) -> str:
    """Encoded if that is how it must stand in this place: with nothing in it to encode, it shows no sign of it."""
    return encode(other) if encode(value) == value else other


def _bounded(value: str) -> str:
    """A pattern for a value where it stands alone: a number not inside a longer one, a name not inside a word."""
    before = r"(?<![0-9])" if value[0].isdigit() else r"(?<![A-Za-z])" if value[0].isalpha() and value.isascii() else ""
    after = r"(?![0-9])" if value[-1].isdigit() else r"(?![A-Za-z])" if value[-1].isalpha() and value.isascii() else ""
    return before + re.escape(value) + after


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _headers(raw: bytes) -> Iterator[tuple[str, str]]:
    """Names and values of what a frame tells, JSON or plain; values still encoded as they stand."""
    block, _, body = raw.partition(b"\n\n")
    if b"text/event-json" in block:
        yield from JSON.findall(_text(body))
        return
    for line in _text(block + b"\n" + body).split("\n"):
        name, colon, value = line.partition(": ")
        if colon:
            yield name, value


def _digit(raw: bytes) -> bytes:
    found = re.search(rb'DTMF-Digit(?:: |":")(%23|[0-9*#A-D])', raw)
    return b"" if found is None else found[1].replace(b"%23", b"#")
