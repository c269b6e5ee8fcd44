"""Recordings for tests, as FreeSWITCH writes them: WAV, 8 kHz, one channel, 16 bits."""

import io
import wave
from pathlib import Path

import numpy

RATE = 8000
HEADER = 44
"""Bytes of a WAV file with nothing in it: what a caller leaves who sends no RTP (freeswitch-facts, "Recording")."""


def speech(seconds: float, level: float = 0.1) -> numpy.ndarray:
    """Something like speech: a tone in syllables. `level`: its peak, of full scale."""
    t = numpy.arange(int(seconds * RATE)) / RATE
    return level * numpy.sin(2 * numpy.pi * 180 * t) * (numpy.sin(2 * numpy.pi * 3 * t) > -0.3)


def hush(seconds: float, level: float = 0.001) -> numpy.ndarray:
    """A quiet line: noise at -60 dB."""
    return numpy.random.default_rng(1).normal(0, level, int(seconds * RATE))


def wav(samples: numpy.ndarray, rate: int = RATE) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def put(path: Path, samples: numpy.ndarray) -> Path:
    path.write_bytes(wav(samples))
    return path
