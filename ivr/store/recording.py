"""Listens to a recording: how long it is, and how much of it is louder than a quiet line.

Reads what FreeSWITCH writes (PCM of 16 bits, A-law, μ-law, any rate, one channel or two), also where the switch died
before it wrote the length into the header. Runs off the hub.
"""

import struct

import numpy

from ivr.messages import Recording
from ivr.store.blobs import BlobStore

__all__ = ["measure"]

_FRAME = 0.02
_QUIET = 0.0032
"""RMS, of full scale, below which a frame is silence: -50 dB. Comfort noise and a telephone line lie at -55 to -70,
a low voice at -40."""
_PIECE = 1 << 20
"""Bytes read at once."""
_PCM, _ALAW, _MULAW, _EXTENSIBLE = 1, 6, 7, 0xFFFE


def measure(spool: BlobStore, name: str) -> Recording | None:
    """The measures of a recording; None where there is no such file; measures of None where it cannot be read."""
    try:
        with spool.open(name) as file:
            return _measure(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, struct.error):
        return Recording(None, None)


def _measure(file) -> Recording:
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        return Recording(0, 0)
    header = file.read(12)
    if header[:4] != b"RIFF" or header[8:] != b"WAVE":
        return Recording(None, None)
    form = channels = rate = bits = 0
    while len(chunk := file.read(8)) == 8:
        name, length = struct.unpack("<4sI", chunk)
        if name == b"fmt ":
            about = file.read(length + length % 2)
            form, channels, rate, _, _, bits = struct.unpack("<HHIIHH", about[:16])
            if form == _EXTENSIBLE and len(about) >= 26:
                form = struct.unpack("<H", about[24:26])[0]
        elif name == b"data":
            left = size - file.tell()
            # A switch that died has not written the length: then it is 0, or more than there is.
            return _listen(file, length if 0 < length <= left else left, form, channels, rate, bits)
        else:
            file.seek(length + length % 2, 1)
    return Recording(0, 0) if form else Recording(None, None)


def _listen(file, length: int, form: int, channels: int, rate: int, bits: int) -> Recording:
    width = bits // 8
    known = (form == _PCM and bits == 16) or (form in (_ALAW, _MULAW) and bits == 8)
    if not known or not rate or not 1 <= channels <= 2:
        return Recording(None, None)
    block = int(rate * _FRAME) * channels * width
    voiced = heard = 0
    rest = b""
    while length > 0 and (piece := file.read(min(_PIECE, length))):
        length -= len(piece)
        heard += len(piece)
        rest += piece
        whole = len(rest) // block * block
        samples = _samples(rest[:whole], form).reshape(-1, block // width)
        rest = rest[whole:]
        # Less its mean: a line with a direct current is silent all the same.
        samples = samples - samples.mean(axis=1, keepdims=True)
        voiced += int((numpy.sqrt((samples * samples).mean(axis=1)) > _QUIET).sum())
    return Recording(ms=heard * 1000 // (rate * channels * width), voiced=int(voiced * _FRAME * 1000))


def _samples(data: bytes, form: int) -> numpy.ndarray:
    """Samples from -1 to 1."""
    if form == _PCM:
        return numpy.frombuffer(data, "<i2").astype(numpy.float32) / 32768
    return (_mulaw if form == _MULAW else _alaw)()[numpy.frombuffer(data, numpy.uint8)]


def _mulaw() -> numpy.ndarray:
    """ITU-T G.711 μ-law, byte → sample."""
    byte = ~numpy.arange(256, dtype=numpy.int32) & 0xFF
    magnitude = (((byte & 0x0F) << 3) + 0x84 << ((byte & 0x70) >> 4)) - 0x84
    return numpy.where(byte & 0x80, -magnitude, magnitude).astype(numpy.float32) / 32768


def _alaw() -> numpy.ndarray:
    """ITU-T G.711 A-law, byte → sample."""
    byte = numpy.arange(256, dtype=numpy.int32) ^ 0x55
    part = (byte & 0x70) >> 4
    low = (byte & 0x0F) << 4
    magnitude = numpy.where(part == 0, low + 8, (low + 0x108) << numpy.maximum(part - 1, 0))
    return numpy.where(byte & 0x80, magnitude, -magnitude).astype(numpy.float32) / 32768
