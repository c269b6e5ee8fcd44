"""Samples made fit for a telephone: one rate, one level, no rumble, no click, a known pause at each end.

Samples are float32 arrays within ±1, mono. Levels are dB below full scale (dBFS), as `sox … stats` prints them.
"""

import io
import wave

import numpy
import soxr

from ivr.errors import SpeechError

__all__ = ["active_level", "fit", "read_wav", "to_wav"]

LEVEL = -20.0
"""RMS of the active speech; loud enough for a bad line, and the limiter seldom has anything to do."""
PEAK = -3.0
"""No sample above this: room for the codec, and for what resampling in a phone adds."""
FRAME = 0.02


def fit(
    samples: numpy.ndarray, rate: int, to_rate: int, lead: float = 0.03, tail: float = 0.06, level: float = LEVEL
) -> numpy.ndarray:
    """Speech at `to_rate`, at the house's level (or another), with `lead` and `tail` seconds of silence around it.

    >>> tone = 0.01 * numpy.sin(2 * numpy.pi * 500 * numpy.arange(22050) / 22050)
    >>> done = fit(tone.astype(numpy.float32), 22050, 8000)
    >>> len(done) / 8000, round(active_level(done, 8000))
    (1.09, -20)
    """
    samples = numpy.asarray(samples, dtype=numpy.float32)
    if rate != to_rate:
        samples = soxr.resample(samples, rate, to_rate, quality="HQ")
    # A telephone carries 300–3400 Hz: what is below 200 Hz only uses up the level. Wideband begins at 50 Hz.
    samples = _high_pass(samples, to_rate, 200 if to_rate <= 8000 else 80)
    samples = _trim(samples, to_rate)
    for _ in range(3):  # the limiter lowers the level a little: raise and limit again
        samples = _limit(samples * 10 ** ((level - active_level(samples, to_rate)) / 20), to_rate)
    samples = _soft_edges(samples, to_rate)
    return numpy.concatenate([numpy.zeros(int(lead * to_rate)), samples, numpy.zeros(int(tail * to_rate))]).astype("f4")


def active_level(samples: numpy.ndarray, rate: int) -> float:
    """The RMS level in dBFS of the parts where somebody speaks: frames within 25 dB of the loudest."""
    power = _frames(samples, rate)
    loudest = power.max(initial=0.0)
    if loudest <= 1e-12:
        raise SpeechError("there is nothing but silence in it")
    return float(10 * numpy.log10(power[power > loudest * 10**-2.5].mean()))


def read_wav(content: bytes, where: str) -> tuple[numpy.ndarray, int]:
    """A recording as it was delivered: PCM of 8, 16, 24 or 32 bit, any rate, any number of channels."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            raw = numpy.frombuffer(file.readframes(file.getnframes()), dtype=numpy.uint8)
    except (wave.Error, EOFError) as error:
        raise SpeechError(f"{where}: no WAV of plain samples ({error}); convert it: sox IN -b 16 OUT.wav") from None
    raw = raw[: len(raw) // (width * channels) * width * channels]
    if width == 1:
        samples = (raw.astype(numpy.float32) - 128) / 128
    else:
        wide = numpy.zeros((len(raw) // width, 4), dtype=numpy.uint8)
        wide[:, 4 - width :] = raw.reshape(-1, width)
        samples = wide.view("<i4")[:, 0].astype(numpy.float32) / 2**31
    if not samples.any():
        raise SpeechError(f"{where}: there is nothing but silence in it; record it again")
    return samples.reshape(-1, channels).mean(axis=1), rate


def to_wav(samples: numpy.ndarray, rate: int) -> bytes:
    """A mono 16 bit WAV."""
    pcm = numpy.clip(numpy.rint(samples * 32767), -32768, 32767).astype("<i2").tobytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return out.getvalue()


def _frames(samples, rate):
    """Mean power of each frame of 20 ms; the last one is filled up with silence."""
    size = max(1, int(FRAME * rate))
    padded = numpy.pad(numpy.asarray(samples, dtype=numpy.float64), (0, -len(samples) % size))
    return (padded.reshape(-1, size) ** 2).mean(axis=1)


def _high_pass(samples, rate, corner):
    """Nothing below `corner`/2, all above `corner`, no phase shift; takes DC away with it."""
    room = rate // 10  # for the filter's own ringing, so that the end does not reach the start
    size = 1 << (len(samples) + room - 1).bit_length()  # other sizes take up to ten times as long
    spectrum = numpy.fft.rfft(samples, size)
    where = numpy.fft.rfftfreq(size, 1 / rate)
    spectrum *= 0.5 - 0.5 * numpy.cos(numpy.pi * numpy.clip((where - corner / 2) / (corner / 2), 0, 1))
    return numpy.fft.irfft(spectrum, size)[: len(samples)]


def _trim(samples, rate):
    """Without the silence at both ends. 45 dB below the loudest is silence; 10 ms stay, for the f in "for"."""
    power = _frames(samples, rate)
    loud = numpy.flatnonzero(power > power.max(initial=0.0) * 10**-4.5)
    if not len(loud):
        raise SpeechError("there is nothing but silence in it")
    size, margin = max(1, int(FRAME * rate)), int(0.01 * rate)
    return samples[max(0, loud[0] * size - margin) : (loud[-1] + 1) * size + margin]


def _limit(samples, rate):
    """No peak above PEAK, by turning down for some milliseconds rather than by cutting off."""
    most = 10 ** (PEAK / 20) * 0.999
    gain = numpy.minimum(1.0, most / numpy.maximum(numpy.abs(samples), 1e-9))
    if gain.min() >= 1.0:
        return samples
    reach = int(0.003 * rate)
    padded = numpy.pad(gain, 2 * reach, constant_values=1.0)
    lowest = numpy.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    window = numpy.hanning(2 * reach + 3)[1:-1]
    return samples * numpy.convolve(lowest, window / window.sum(), mode="valid")


def _soft_edges(samples, rate):
    size = min(int(0.005 * rate), len(samples) // 2)
    edge = 0.5 - 0.5 * numpy.cos(numpy.pi * numpy.arange(size) / max(1, size))
    samples = numpy.array(samples)
    samples[:size] *= edge
    samples[len(samples) - size :] *= edge[::-1]
    return samples
