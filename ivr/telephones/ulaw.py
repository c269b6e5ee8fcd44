"""PCMU (G.711 µ-law), 8 kHz, 20 ms a packet: what these telephones speak.

>>> decode(encode(np.array([0, 1000, -20000], dtype=np.int16))).tolist()
[0, 988, -19836]
"""

import numpy as np

__all__ = ["PACKET", "RATE", "decode", "encode", "tone"]

RATE = 8000
PACKET = 160


def _table() -> np.ndarray:
    codes = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (codes >> 4) & 7, codes & 15
    magnitude = ((mantissa.astype(np.int32) << 3) + 0x84 << exponent) - 0x84
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


_TABLE = _table()
_ORDER = np.argsort(_TABLE, kind="stable")


def decode(ulaw: bytes) -> np.ndarray:
    """PCMU bytes to 16-bit samples."""
    return _TABLE[np.frombuffer(ulaw, dtype=np.uint8)]


def encode(samples: np.ndarray) -> bytes:
    """16-bit samples to the nearest PCMU bytes."""
    levels = _TABLE[_ORDER].astype(np.int32)
    at = np.clip(np.searchsorted(levels, samples), 1, 255)
    nearer_below = samples - levels[at - 1] < levels[at] - samples
    return _ORDER[np.where(nearer_below, at - 1, at)].astype(np.uint8).tobytes()


def tone(hertz: float, seconds: float, level: float = 0.25) -> np.ndarray:
    """A sine as 16-bit samples."""
    at = np.arange(int(seconds * RATE))
    return (level * 32767 * np.sin(2 * np.pi * hertz * at / RATE)).astype(np.int16)
