"""Samples fit for a telephone: level, peak, band, silence."""

import numpy
import pytest

from ivr.errors import SpeechError
from ivr.speech.audio import active_level, fit, read_wav, to_wav


def tone(hertz, rate=22050, seconds=1.0, level=0.05):
    return level * numpy.sin(2 * numpy.pi * hertz * numpy.arange(round(rate * seconds)) / rate)


def strength(samples, rate, hertz):
    """How strong one frequency is, in dB."""
    t = numpy.arange(len(samples)) / rate
    return 20 * numpy.log10(abs((samples * numpy.exp(-2j * numpy.pi * hertz * t)).mean()) + 1e-9)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("level", [0.0005, 0.05, 0.9])
def test_whatever_comes_in_goes_out_at_one_level(rate, level):
    assert active_level(fit(tone(500, level=level), 22050, rate), rate) == pytest.approx(-20, abs=0.3)


def test_peaks_are_held_without_being_cut_off():
    # Given speech with clicks 30 dB above it
    rough = tone(500)
    rough[::4000] = 1.0
    # When
    done = fit(rough, 22050, 8000)
    # Then no sample passes −3 dBFS, and none in a row lies on it
    most = 10 ** (-3 / 20)
    assert abs(done).max() <= most
    assert numpy.count_nonzero(abs(done) > most * 0.998) < 20


def test_silence_around_it_is_what_was_asked_for():
    padded = numpy.concatenate([numpy.zeros(22050), tone(500), numpy.zeros(33075)])
    done = fit(padded, 22050, 8000, lead=0.05, tail=0.1)
    assert not done[:400].any() and not done[-800:].any()
    assert len(done) / 8000 == pytest.approx(1.15, abs=0.07)


def test_rumble_and_direct_current_go_speech_stays():
    mixed = 0.3 + tone(50, level=0.3) + tone(300, level=0.05) + tone(1000, level=0.05)
    done = fit(mixed, 22050, 8000)
    assert abs(done.mean()) < 1e-4
    assert strength(done, 8000, 50) < strength(done, 8000, 1000) - 50
    assert strength(done, 8000, 300) == pytest.approx(strength(done, 8000, 1000), abs=1)


def test_what_a_telephone_cannot_carry_does_not_come_back_as_a_whistle():
    """Resampling without a filter would fold 6 kHz down to 2 kHz."""
    done = fit(tone(1000) + tone(6000), 22050, 8000)
    assert strength(done, 8000, 2000) < strength(done, 8000, 1000) - 60


def test_it_begins_and_ends_without_a_click():
    done = fit(tone(500), 22050, 8000, lead=0, tail=0)
    assert abs(done[0]) < 0.001 and abs(done[-1]) < 0.001


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.5])
def test_silence_is_an_error_not_noise(seconds):
    with pytest.raises(SpeechError, match="nothing but silence"):
        fit(numpy.zeros(round(22050 * seconds)), 22050, 8000)


def test_the_shortest_sound_is_carried():
    assert fit(tone(500, seconds=0.02), 22050, 8000).any()


def test_a_wav_read_back_is_what_was_written():
    samples = tone(500, 8000, level=0.5)
    back, rate = read_wav(to_wav(samples, 8000), "a.wav")
    assert rate == 8000
    assert abs(back - samples).max() < 1 / 16384
