"""How long a sound is, and the WAV a caller's voice makes.

>>> seconds("silence_stream://250")
0.25
>>> seconds("tone_stream://%(300,100,600);loops=2")
0.8
"""

import functools
import math
import os
import random
import re
import wave
from array import array

__all__ = ["RATE", "TICK", "parts", "seconds", "write_voice"]

RATE = 8000
TICK = 0.02
"""A frame of 20 ms: everything FreeSWITCH plays or reads goes by these."""

_TONE = re.compile(r"%\((\d+),(\d+)")
_LOOPS = re.compile(r"loops=(-?\d+)")


def parts(path: str) -> list[str]:
    """What is played one after the other: `file_string://a!b` has two parts."""
    if path.startswith("file_string://"):
        return [part for part in path[len("file_string://") :].split("!") if part]
    return [path]


def seconds(path: str) -> float | None:
    """How long one part lasts, in seconds; None if there is no such file; inf if it never ends."""
    if path.startswith("silence_stream://"):
        ms = path[len("silence_stream://") :].split(",")[0]
        return math.inf if ms.startswith("-1") else int(ms or 0) / 1000
    if path.startswith("tone_stream://"):
        loops = _LOOPS.search(path)
        if loops and int(loops[1]) < 0:
            return math.inf
        once = sum(int(on) + int(off) for on, off in _TONE.findall(path))
        return once * int(loops[1] if loops else 1) / 1000
    if path.startswith("local_stream://"):
        return math.inf
    try:
        found = os.stat(path)
    except OSError:
        return None
    return _file_seconds(path, found.st_mtime_ns, found.st_size)


@functools.lru_cache(maxsize=4096)
def _file_seconds(path: str, _mtime: int, _size: int) -> float | None:
    try:
        with wave.open(path, "rb") as file:
            return file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, OSError, ZeroDivisionError):
        return None


@functools.cache
def _voice() -> bytes:
    """One second that measures like speech: noise, in syllables."""
    dice = random.Random(20261120)
    return array(
        "h",
        [int(dice.gauss(0, 3500) * (0.15 + abs(math.sin(math.pi * 4 * at / RATE)))) for at in range(RATE)],
    ).tobytes()


def write_voice(path: str, start: float, end: float, spoken: list[tuple[float, float, str | None]]) -> int:
    """Write what was recorded from `start` to `end`: silence, and what was spoken in it. Returns the samples."""
    samples = max(0, round((end - start) * RATE))
    data = bytearray(2 * samples)
    for begin, until, wav in spoken:
        first = max(0, round((begin - start) * RATE))
        last = min(samples, round((until - start) * RATE))
        if first < last:
            data[2 * first : 2 * last] = _spoken(wav, 2 * (last - first))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(data))
    return samples


def _spoken(wav: str | None, length: int) -> bytes:
    if wav is None:
        second = _voice()
        return (second * (length // len(second) + 1))[:length]
    with wave.open(wav, "rb") as file:
        return file.readframes(file.getnframes())[:length].ljust(length, b"\0")
