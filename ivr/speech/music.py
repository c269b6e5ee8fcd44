"""Hold music and the tone before a message, made by the house itself: nothing to license, the same on every machine.

The melody is 茉莉花 (Jasmine Flower), traditional, in the public domain: twice through in 80 s, on plucked strings.
Every harmonic lies below 3.4 kHz, so 8 kHz loses nothing; every note rings on into the next, so nobody who waits hears
silence (rule A8). Levels: music −26 dBFS, below speech; the tone −18 dBFS.
"""

from functools import lru_cache

import numpy

__all__ = ["BEEP", "LOOP_SECONDS", "beep", "hold_music"]

BEAT = 60 / 84
LOOP_SECONDS = 80.0
"""112 beats; a multiple of 20 s, so that the slices between two check-ins go round without a remainder."""
MUSIC_LEVEL, BEEP_LEVEL = -26.0, -18.0
BEEP = 800.0
"""Hertz: far from the 425–480 Hz of ringing and busy tones, so that it is taken for what it is."""
DO = 392.0
"""Hertz of do (G4): the lowest note of the melody is D4, 294 Hz, the lowest a telephone carries."""
SEMITONES = {"1": 0, "2": 2, "3": 4, "4": 5, "5": 7, "6": 9, "7": 11}

# Numbered notation: note or note with ' (octave up) or , (octave down), then beats after a colon; one beat without.
MELODY = """
    3 3:.5 5:.5 6:.5 1':.5 1':.5 6:.5   5 5:.5 6:.5 5:2
    3 3:.5 5:.5 6:.5 1':.5 1':.5 6:.5   5 5:.5 6:.5 5:2
    5 5 5 3:.5 5:.5                     6 6 5:2
    3 2:.5 3:.5 5 3:.5 2:.5             1 1:.5 2:.5 1:2
    3:.5 2:.5 1:.5 3:.5 2:1.5 3:.5      5 6:.5 1':.5 5:2
    2 3:.5 5:.5 2:.5 3:.5 1:.5 6,:.5    5,:2 6, 1
    2:1.5 3:.5 1:.5 2:.5 1:.5 6,:.5     5,:4
"""
# The accompaniment: one broken chord for each half bar.
CHORDS = "I I I I  I vi I I  I I vi I  I I I I  I V I I  V vi V vi  V vi I I".split()
BROKEN = {"I": "1, 5, 1 3", "vi": "6, 1 3 6", "V": "5, 2 5 2"}


def hold_music(rate: int) -> numpy.ndarray:
    """The whole loop; its end goes on at its beginning.

    >>> len(hold_music(8000)) / 8000
    80.0
    """
    size = round(LOOP_SECONDS * rate)
    sound = numpy.zeros(size)
    melody = _beats(MELODY)
    length = sum(beats for _, beats in melody)
    for time_through in range(2):
        start = time_through * length
        for note, beats in melody:
            _strike(sound, rate, start, note, 1.0)
            start += beats
        for half_bar, chord in enumerate(CHORDS):
            at = time_through * length + half_bar * 2
            # First in crotchets, then in quavers: the second time through is told from the first.
            notes = BROKEN[chord].split()
            step = 1.0 if time_through == 0 else 0.5
            for place, note in enumerate(notes if time_through else notes[::2]):
                _strike(sound, rate, at + place * step, note, 0.42)
    level = numpy.sqrt((sound**2).mean())
    return (sound * (10 ** (MUSIC_LEVEL / 20) / level)).astype("f4")


def beep(rate: int) -> numpy.ndarray:
    """The tone before a message: 0.3 s with soft edges, after 0.15 s and before 0.05 s of silence.

    >>> len(beep(8000)) / 8000
    0.5
    """
    t = numpy.arange(round(0.3 * rate)) / rate
    edge = numpy.minimum(1, numpy.minimum(t, t[-1] - t) / 0.015)
    tone = numpy.sin(2 * numpy.pi * BEEP * t) * (0.5 - 0.5 * numpy.cos(numpy.pi * edge))
    tone *= 10 ** (BEEP_LEVEL / 20) * numpy.sqrt(2)
    silence = numpy.zeros(round(0.05 * rate))
    return numpy.concatenate([numpy.tile(silence, 3), tone, silence]).astype("f4")


def _beats(notation: str) -> list[tuple[str, float]]:
    pairs = (word.partition(":") for word in notation.split())
    return [(note, float(beats or 1)) for note, _, beats in pairs]


def _strike(sound, rate, beat, note, loudness):
    """Add a note at a beat; what rings past the end comes in at the beginning."""
    string = _string(note, rate)
    at = round(beat * BEAT * rate) % len(sound)
    head = min(len(string), len(sound) - at)
    sound[at : at + head] += loudness * string[:head]
    sound[: len(string) - head] += loudness * string[head:]


@lru_cache(maxsize=128)
def _string(note: str, rate: int) -> numpy.ndarray:
    """A plucked string: each harmonic weaker and sooner gone than the one below it; 6 ms of attack, 3 s to the end."""
    octave = note.count("'") - note.count(",")
    pitch = DO * 2 ** (SEMITONES[note[0]] / 12 + octave)
    t = numpy.arange(3 * rate) / rate
    string = numpy.zeros(len(t))
    for harmonic in range(1, 8):
        if harmonic * pitch < 3400:
            decay = numpy.exp(-t * (1.1 + 0.8 * harmonic))
            string += harmonic**-1.4 * decay * numpy.sin(2 * numpy.pi * harmonic * pitch * t)
    string *= 0.5 - 0.5 * numpy.cos(numpy.pi * numpy.minimum(1, t / 0.006))
    return string * numpy.minimum(1, (t[-1] - t) / 0.2)
