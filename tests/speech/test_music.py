"""The music while waiting: pleasant for a telephone, and never a moment of silence (rule A8)."""

import numpy
import pytest

from ivr.speech import music
from ivr.speech.audio import active_level


@pytest.fixture(scope="module")
def loop():
    return music.hold_music(8000)


def levels(samples, seconds, rate=8000):
    """RMS in dBFS of every stretch of so many seconds, going round the loop, a tenth of it apart."""
    size = round(seconds * rate)
    power = numpy.concatenate([samples, samples[:size]]).astype("f8") ** 2
    sums = numpy.concatenate([[0.0], power.cumsum()])
    return 10 * numpy.log10((sums[size:] - sums[:-size])[:: size // 10] / size)


def test_no_half_second_is_silent_the_seam_included(loop):
    assert levels(loop, 0.5).min() > -40


def test_it_is_softer_than_speech_and_never_loud(loop):
    assert 10 * numpy.log10((loop.astype("f8") ** 2).mean()) == pytest.approx(-26, abs=0.1)
    assert 20 * numpy.log10(abs(loop).max()) < -9


def test_all_of_it_lies_in_the_telephone_band(loop):
    power = abs(numpy.fft.rfft(loop)) ** 2
    hertz = numpy.fft.rfftfreq(len(loop), 1 / 8000)
    assert power[hertz > 3450].sum() / power.sum() < 1e-4
    assert power[(hertz > 250) & (hertz < 3400)].sum() / power.sum() > 0.85


def test_the_seam_cannot_be_heard(loop):
    steps = abs(numpy.diff(loop))
    assert abs(loop[0] - loop[-1]) <= numpy.quantile(steps, 0.999)


def test_it_is_the_same_every_time(loop):
    assert numpy.array_equal(music.hold_music(8000), loop)


def test_the_melody_fills_its_bars():
    assert sum(beats for _, beats in music._beats(music.MELODY)) == 56 == 2 * len(music.CHORDS)
    assert 2 * 56 * music.BEAT == pytest.approx(music.LOOP_SECONDS)


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_tone(rate):
    tone = music.beep(rate)
    assert active_level(tone, rate) == pytest.approx(-18, abs=1)
    spectrum = abs(numpy.fft.rfft(tone))
    assert numpy.fft.rfftfreq(len(tone), 1 / rate)[spectrum.argmax()] == pytest.approx(800, abs=5)
    assert abs(numpy.diff(tone)).max() < 0.15
