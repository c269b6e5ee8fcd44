"""A call record, read from what mod_json_cdr posts or leaves in a folder.

Two forms: raw JSON, and `cdr=` followed by JSON, percent-encoded or in base 64 (its parameter `encode`); its files
have the second without `cdr=`. Values of channel variables may be percent-encoded once more (`encode-values`). Every
value passes a white list, since half of them come from the caller.

    >>> record = parse(b'{"variables": {"uuid": "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b", "ivr_done": "record%3A2"}}')
    >>> record.done
    'record:2'
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import orjson

from ivr.errors import RecordError
from ivr.journal import is_uuid
from ivr.messages import named

__all__ = ["LARGEST", "CallRecord", "parse"]

LARGEST = 1 << 20
"""Bytes of a record; a real one has 5 to 40 thousand."""

_NUMBER = re.compile(r"\+?\d{1,32}", re.ASCII)
_DIGITS = re.compile(r"\d{1,32}", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_MICROSECONDS = re.compile(r"\d{15,16}", re.ASCII)
_WORD = re.compile(r"[A-Z][A-Z0-9_]{0,59}", re.ASCII)
_ADDRESS = re.compile(r"[a-z0-9_-]{1,40}(/[a-z0-9_-]{1,40})?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?", re.ASCII)
_VERSION = re.compile(r"[0-9a-f]{12}", re.ASCII)
_DONE = re.compile(r"(ring|record):\d{1,6}", re.ASCII)
_FILE = re.compile(r"[0-9a-z.-]{1,80}", re.ASCII)
_KEY = re.compile(r"[0-9*#]", re.ASCII)
_CONTEXT = re.compile(r"ivr-[a-z-]{1,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What of a record the house uses. Empty or None: not there, or not clean.

    `ours`: it has been through our dialplan. `caller_leg`: it is a caller's channel, not a phone's that was rung.
    """

    uuid: str
    ours: bool
    caller_leg: bool
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    cause: str = ""
    caller: str = ""
    dialled: str = ""
    language: str = ""
    table: str = ""
    at: str = ""
    done: str = ""
    disposition: str = ""
    recording: str = ""
    record_ms: int | None = None
    record_ended: str = "hangup"

    def data(self) -> dict[str, Any]:
        """What the journal notes of it (`call-record`); of what is not there, nothing."""
        seconds = None if not (self.started and self.ended) else round((self.ended - self.started).total_seconds(), 3)
        noted = {
            "address": self.at,
            "answered": self.answered and self.answered.isoformat(),
            "disposition": self.disposition,
            "done": self.done,
            "recording": self.recording,
            "seconds": seconds,
        }
        return {name: value for name, value in noted.items() if value not in (None, "")}


def parse(body: bytes) -> CallRecord:
    """The record in these bytes; RecordError where they are none."""
    found = _json(body)
    if not isinstance(found, dict):
        raise RecordError("a call record is a JSON object")
    variables = _Clean(found.get("variables"))
    first, last = _profiles(found.get("callflow"))
    uuid = next((one for one in (variables.raw("uuid"), last.raw("uuid"), first.raw("uuid")) if is_uuid(one)), None)
    if uuid is None:
        raise RecordError("the record has no variables.uuid of 36 characters 0-9, a-f and -")
    recording = variables.get("ivr_record_file", _FILE)
    about = named(recording)
    contexts = (first.get("context", _CONTEXT), last.get("context", _CONTEXT))
    length = variables.get("record_ms", _COUNT)
    return CallRecord(
        uuid=uuid,
        ours=any(contexts) or any(name.startswith("ivr_") for name in variables.names()),
        caller_leg=variables.raw("direction") != "outbound",
        started=variables.time("start"),
        answered=variables.time("answer"),
        ended=variables.time("end"),
        cause=variables.get("hangup_cause", _WORD),
        caller=first.get("caller_id_number", _NUMBER),
        dialled=variables.get("ivr_dialled", _DIGITS) or first.get("destination_number", _DIGITS),
        language=variables.get("ivr_lang", _LANGUAGE),
        table=variables.get("ivr_table", _VERSION),
        at=variables.get("ivr_at", _ADDRESS),
        done=variables.get("ivr_done", _DONE),
        disposition=variables.get("originate_disposition", _WORD),
        # A name that speaks of another call is nobody's: it would finish that call's message.
        recording=recording if about is not None and about.uuid == uuid else "",
        record_ms=int(length) if length else None,
        record_ended=_ended(variables, about.turn if about is not None else None),
    )


def _ended(variables: "_Clean", turn: int | None) -> str:
    """How the recording ended. The dialplan says last of all that it did; without that, the caller went meanwhile."""
    if turn is None or variables.get("ivr_done", _DONE) != f"record:{turn}":
        return "hangup"
    if variables.get("playback_terminator_used", _KEY):
        return "key"
    return "silence" if variables.raw("silence_hits_exhausted") == "true" else "limit"


class _Clean:
    """Named values of which only clean ones come out."""

    def __init__(self, values: object):
        self._values: Mapping[str, Any] = values if isinstance(values, dict) else {}

    def names(self):
        return self._values.keys()

    def raw(self, name: str) -> object:
        return self._values.get(name)

    def get(self, name: str, pattern: re.Pattern) -> str:
        value = self._values.get(name)
        if not isinstance(value, str):
            return ""
        if pattern.fullmatch(value):
            return value
        # encode-values: percent-encoded, once.
        decoded = unquote(value) if len(value) < 400 else ""
        return decoded if pattern.fullmatch(decoded) else ""

    def time(self, name: str) -> datetime | None:
        """`<name>_uepoch`, or else `<name>_epoch`; 0 means that it never came to it."""
        micro = self.get(f"{name}_uepoch", _MICROSECONDS)
        second = "" if micro else self.get(f"{name}_epoch", _COUNT) or self.get(f"{name}_epoch", _DIGITS)[:10]
        epoch = int(micro) / 1_000_000 if micro else int(second or 0)
        return datetime.fromtimestamp(epoch, UTC) if epoch >= 1_000_000_000 else None


def _profiles(flow: object) -> tuple[_Clean, _Clean]:
    """The caller's first profile and the last: mod_json_cdr begins with the last."""
    if not isinstance(flow, list):
        return _Clean(None), _Clean(None)
    profiles = [one.get("caller_profile") for one in flow if isinstance(one, dict)]
    return (_Clean(profiles[-1]), _Clean(profiles[0])) if profiles else (_Clean(None), _Clean(None))


def _json(body: bytes) -> object:
    if len(body) > LARGEST:
        raise RecordError(f"a record of {len(body)} bytes: more than {LARGEST} are not read")
    text = body.strip()
    if text.startswith(b"cdr="):
        text = text[4:]
    if text[:3].upper() == b"%7B":
        text = unquote_to_bytes(text)
    elif text[:1] not in (b"{", b"["):
        try:
            text = base64.b64decode(unquote_to_bytes(text), validate=True)
        except (binascii.Error, ValueError):
            raise RecordError("neither JSON nor cdr=… in an encoding of mod_json_cdr's") from None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        # FreeSWITCH copies a caller's name as it came, and that may be no UTF-8: the call is recorded all the same.
        return json.loads(text.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"no JSON: {error}") from None
