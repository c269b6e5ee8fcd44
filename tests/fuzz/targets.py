"""What is fuzzed: each target takes any bytes and must either do its work or raise an error of the house.

python -m tests.fuzz.run codec 60        # seconds
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from gevent import socket

from ivr import calendars
from ivr.clock import ManualClock
from ivr.errors import GoneAway, Hangup, ScriptError, WireError, ZongjiError
from ivr.esl import commands
from ivr.esl.codec import Decoder
from ivr.esl.digits import Keying
from ivr.esl.session import Session
from ivr.records.record import parse
from ivr.table import check
from ivr.tapes.reading import read

__all__ = ["TARGETS"]

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def codec(data: bytes) -> None:
    """Bytes of a peer: however they are cut, the frames are the same; no memory beyond its limits."""
    whole, cut = Decoder(), Decoder()
    frames, pieces = [], []
    broken = [False, False]
    try:
        frames = whole.feed(data)
    except WireError:
        broken[0] = True
    step = max(1, (data[0] if data else 1) % 37)
    for at in range(0, len(data), step):
        try:
            pieces += cut.feed(data[at : at + step])
        except WireError:
            broken[1] = True
            break
    assert frames == pieces or broken[0] or broken[1] or whole.broken or cut.broken, "cutting changes the frames"
    for frame in frames:
        assert frame.headers["Content-Type"] == frame.get("Content-Type")
        assert isinstance(frame.data, str)
        if frame.is_event:
            try:
                dict(frame.event)
            except WireError:
                pass


def session(data: bytes) -> None:
    """Bytes of a peer to a whole session: whoever waits wakes up, and the connection is closed or usable."""
    ours, theirs = socket.socketpair()
    clock = ManualClock(NOON)
    one = Session(("127.0.0.1", 1), ours, clock, reply=0.5)
    try:
        theirs.sendall(data[:60_000])
        theirs.shutdown(socket.SHUT_WR)
        try:
            one.open(seconds=0.5)
            one.run([commands.playback(["/a.wav"], commands.new_uuid())], last="x", seconds=0.5, what="playback")
        except (Hangup, GoneAway, WireError):
            pass
    finally:
        one.close()
        theirs.close()
    assert not one.alive


def table(data: bytes) -> None:
    """Any bytes as routes.yaml: findings, each with a place; never a traceback."""
    made, findings = check(data, "fuzz.yaml")
    assert made is not None or any(one.severity == "error" for one in findings)
    for finding in findings:
        assert finding.line >= 1 and str(finding)


def calendar(data: bytes) -> None:
    """Any bytes as an iCalendar file: faults, each with a line, or a calendar that answers for any day."""
    made, faults = calendars.read(data)
    assert (made is None) == bool(faults)
    assert all(fault.line >= 1 and fault.message for fault in faults)
    if made is not None:
        for year in (1970, 2026, 2199):
            made.on(date(year, 12, 24))
            made.at(datetime(year, 2, 28, tzinfo=UTC), datetime(year, 3, 1, tzinfo=UTC), ZoneInfo("Africa/Casablanca"))


def record(data: bytes) -> None:
    """Any body as a call record."""
    try:
        parse(data)
    except ZongjiError:
        pass


def tape(data: bytes) -> None:
    """Any file as a tape."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.jsonl"
        path.write_bytes(data)
        try:
            read(path)
        except ScriptError:
            pass


def keys(data: bytes) -> None:
    """Any sequence of keys, sources and times: one injected terminator at most for each question."""
    keying, now, injected = Keying(), 0.0, 0
    for byte in data:
        now += (byte >> 5) * 0.1
        kind = byte & 31
        if kind < 12:
            injected += bool(keying.key("0123456789*#"[kind], "RTP" if byte & 64 else "APP", now))
            assert injected <= 1, "a second terminator for one question"
        elif kind < 20:
            keying.begin(None, now)
            injected = 0
        else:
            keying.end("", "0123456789*#"[kind % 12], now)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "codec": codec, "session": session, "table": table, "calendar": calendar, "record": record, "tape": tape,
    "keys": keys,
}  # fmt: skip
