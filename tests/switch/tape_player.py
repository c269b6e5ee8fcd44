"""Plays the app side of a tape of a real FreeSWITCH to the built-in switch, and makes both sides comparable."""

import base64
import json
import re
import wave
from pathlib import Path
from urllib.parse import unquote

import gevent
from gevent.event import Event
from gevent.server import StreamServer

TAPES = Path(__file__).parent.parent / "tapes" / "freeswitch"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

HEADERS = (
    "Event-Name", "Channel-State", "Channel-Call-State", "Channel-State-Number", "Answer-State", "Application",
    "Application-Data", "Application-Response", "DTMF-Digit", "DTMF-Source", "Hangup-Cause",
    "Caller-Caller-ID-Name", "Caller-Caller-ID-Number", "Caller-ANI", "Caller-Destination-Number",
)  # fmt: skip
"""The headers that matter."""

UNTOLD = re.compile(
    # what media and SIP negotiated: the stand-in has neither
    r"sip_(?!from_display|h_|from_user$)|rtp_|switch_[rm]_|.*codec|.*_rate$|.*media|ep_|dtmf_type|recovery_|sofia_"
    # names, addresses and times of that machine and day
    r"|channel_name|bridge_channel|session_id|socket_host|.*_u?epoch|.*_stamp|.*[um]?duration|.*sec$|hold_|caller_id$"
    # how far into a file a prompt got: FreeSWITCH counts what was read ahead, per buffer
    r"|playback_(ms|seconds|samples|last_offset_pos)"
    # record_ms is compared, with a tolerance; these say the same in other units. Names of legs; of loopback channels
    r"|record_(?!ms$)|is_loopback|last_sent_callee|remote_|origination_|loopback|other_loopback|last_arg|last_app"
    r"|port$|uuid$|call_uuid|transfer_|max_forwards|rdnis"
)
"""Variables that are not compared, each group with its reason."""


def read(name: str) -> list[dict]:
    """The rows of a tape, texts as str (bytes that are not UTF-8 as surrogates)."""
    rows = []
    for line in (TAPES / f"{name}.jsonl").read_text().splitlines():
        row = json.loads(line)
        if "base64" in row:
            row["text"] = base64.b64decode(row["base64"]).decode("utf-8", "surrogateescape")
        rows.append(row)
    return rows


class Frames:
    """Bytes from the switch into comparable frames."""

    def __init__(self):
        self._bytes = b""

    def feed(self, data: bytes) -> list[dict]:
        self._bytes += data
        frames = []
        while True:
            head, found, rest = self._bytes.partition(b"\n\n")
            if not found:
                return frames
            headers = _lines(head.decode("utf-8", "surrogateescape"))
            length = int(headers.get("Content-Length", "0")) if "Event-Name" not in headers else 0
            if len(rest) < length:
                return frames
            body = rest[:length].decode("utf-8", "surrogateescape")
            self._bytes = rest[length:].lstrip(b"\n") if "Event-Name" in headers else rest[length:]
            frames.append(frame(headers, body))


def _lines(text: str) -> dict[str, str]:
    rows: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            rows.setdefault(name, value.removeprefix(" "))
    return rows


def frame(headers: dict[str, str], body: str) -> dict:
    """What of a frame is compared."""
    kind = headers.get("Content-Type")
    if "Event-Name" in headers:  # the connect reply
        return {"kind": "connect", **_event({name: unquote(value) for name, value in headers.items()})}
    if kind == "text/event-plain":
        return {"kind": "event", **_event({name: unquote(value) for name, value in _lines(body).items()})}
    if kind == "text/event-json":
        return {"kind": "event", **_event(json.loads(body))}
    shown = {
        name: value for name, value in headers.items() if name not in ("Content-Length", "Controlled-Session-UUID")
    }
    return {"kind": kind, **shown, "body": body}


def _event(headers: dict[str, str]) -> dict:
    row = {name: headers[name] for name in HEADERS if name in headers}
    if row.get("Application") == "socket":
        row["Application-Data"] = re.sub(r"\d+(?= |\|)", "PORT", row["Application-Data"])
    row["variables"] = {
        name.removeprefix("variable_"): UUID.sub("<uuid>", re.sub(r"127.0.0.1:\d+", "HOST", value))
        for name, value in headers.items()
        if name.startswith("variable_") and not UNTOLD.match(name.removeprefix("variable_"))
    }
    row["uuid"] = headers.get("Application-UUID")
    return row


def told(rows: list[dict]) -> list[tuple[float, dict]]:
    """The frames of a tape's switch side with their times."""
    reader, frames = Frames(), []
    for row in rows:
        if row.get("from") == "switch":
            found = reader.feed(row["text"].encode("utf-8", "surrogateescape"))
            frames += [(row["t"], one) for one in found]
    return frames


class App:
    """The app of a tape, playing it again: each write comes when as many frames have arrived as had on the tape, and
    as long after the last of them."""

    def __init__(self, clock, rows: list[dict], ignored, swap=lambda text: text):
        self.clock, self.swap = clock, swap
        self.steps: list[tuple[int, float, bytes | None]] = []
        self.frames: list[tuple[float, dict]] = []
        self.ignored = ignored
        self.done, self._more = Event(), Event()
        reader, count, last = Frames(), 0, 0.0
        for row in rows:
            if row.get("from") == "switch":
                found = [one for one in reader.feed(row["text"].encode("utf-8", "surrogateescape")) if not ignored(one)]
                if found:
                    count, last = count + len(found), row["t"]
            elif row.get("from") == "app":
                data = swap(row["text"]).encode("utf-8", "surrogateescape")
                self.steps.append((count, max(0.0, row["t"] - last), data))
                last = row["t"]
            elif row.get("note") == "A>F EOF":
                self.steps.append((count, max(0.0, row["t"] - last), None))
        self.server = StreamServer(("127.0.0.1", 0), self._handle)
        self.server.start()

    @property
    def port(self) -> int:
        return self.server.server_port

    def _handle(self, connection, address) -> None:
        self.begun = self.clock.monotonic()
        writer = gevent.spawn(self._write, connection)
        reader = Frames()
        try:
            while data := connection.recv(65536):
                now = self.clock.monotonic() - self.begun
                self.frames += [(now, one) for one in reader.feed(data) if not self.ignored(one)]
                self._more.set()
        except OSError:
            pass
        writer.kill()
        self.done.set()

    def _write(self, connection) -> None:
        for count, delay, data in self.steps:
            while len(self.frames) < count:
                self._more.clear()
                self._more.wait()
            self.clock.sleep(delay)
            if data is None:
                connection.shutdown(1)  # as the tap did: what still comes is read
                return
            connection.sendall(data)


def make_sounds(folder: Path) -> None:
    """The files the tapes play, as long as they were there (playback_samples)."""
    folder.mkdir(parents=True)
    for name, samples in {"invalid": 17050, "leave": 25328, "menu": 66950, "long": 160000}.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"\0\0" * samples)
