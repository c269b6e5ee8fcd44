"""What a caller hears, measured: loudness, silences, and which tone.

The telephones of these tests speak PCMU, 8 kHz, 20 ms a packet. The prompts of the dialplan's own parts are replaced
by tones, so that "the apology, then the operator's music, then the beep" can be read off what arrived.
"""

import wave
from pathlib import Path

import numpy as np

from ivr.telephones.ulaw import PACKET, RATE, decode, encode, tone

__all__ = [
    "PACKET", "QUIET", "RATE", "decode", "encode", "load", "longest_silence", "loudness", "pitches", "save", "silence",
    "tone",
]  # fmt: skip

QUIET = 0.002  # RMS of full scale; dead silence was measured at 0.00003, music and tones at 0.1 and more


def silence(seconds: float) -> np.ndarray:
    """Nothing, as 16-bit samples."""
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def save(path: Path, samples: np.ndarray) -> None:
    """Write 8 kHz mono WAV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def load(path: Path) -> np.ndarray:
    """Read 8 kHz mono WAV."""
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), path
        return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


def loudness(samples: np.ndarray, window: float = 0.2) -> list[float]:
    """RMS of full scale, window by window."""
    size = int(window * RATE)
    whole = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64) / 32768
    return [float(value) for value in np.sqrt((whole**2).mean(axis=1))]


def longest_silence(samples: np.ndarray) -> float:
    """Seconds of the longest stretch in which no window of 200 ms was louder than QUIET."""
    longest = run = 0
    for value in loudness(samples):
        run = run + 1 if value < QUIET else 0
        longest = max(longest, run)
    return longest * 0.2


def pitches(samples: np.ndarray, window: float = 0.1) -> list[int]:
    """The tones heard, in order, each once: the strongest frequency of each window, to 20 Hz; silence is left out.

    >>> pitches(np.concatenate([tone(500, 1), silence(0.5), tone(900, 1)]))
    [500, 900]
    """
    size = int(window * RATE)
    heard: list[int] = []
    previous = None
    for start in range(0, len(samples) - size + 1, size):
        piece = samples[start : start + size].astype(np.float64) / 32768
        if np.sqrt((piece**2).mean()) < QUIET:
            previous = None
            continue
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(size)))
        pitch = round(float(spectrum.argmax()) / window / 20) * 20
        # Two windows in a row, so that one in which a tone begins or ends is not taken for a third tone.
        if pitch == previous and (not heard or heard[-1] != pitch):
            heard.append(pitch)
        previous = pitch
    return heard
