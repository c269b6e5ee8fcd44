"""The true engine: it speaks, in another process, in time; and what is built with it is level."""

import sys

import numpy
import pytest

from ivr.errors import SpeechError
from ivr.speech import Voice, audio
from ivr.speech.engine import EspeakLibrary, EspeakProgram, NoEngine, best_engine
from tests.speech.prompts import every_prompt
from tests.speech.test_wording import HERE


@pytest.fixture(scope="module")
def engine():
    return best_engine()


@pytest.fixture(scope="module")
def built(tmp_path_factory, engine):
    """Everything the house says, spoken by the true engine: path → samples."""
    voice = Voice([HERE], tmp_path_factory.mktemp("data") / "speech", engine)
    done = voice.build(list(every_prompt()), ["zh", "en"])
    assert done.failed == ()
    return {path: audio.read_wav(path.read_bytes(), "")[0] for path in voice.cache.folder.iterdir()}


def test_it_comes_with_pip_and_is_not_loaded_into_our_process(engine):
    assert isinstance(engine, EspeakLibrary)
    assert "espeakng_loader" not in sys.modules


def test_texts_come_back_in_order(engine):
    (long, rate), (short, _) = engine.speak([("en", "one, two, three, four, five"), ("cmn", "八")], 10)
    assert rate == 22050
    assert len(long) > 3 * len(short) > 3000


def test_a_text_is_read_as_a_text(engine):
    """No markup and no phonemes: nothing that stands in a table changes how the engine works."""
    for text in ("<speak>Sales</speak>", "[[s'eIlz]]", "a\nb", "A" * 3000, "&amp;"):
        assert engine.speak([("en", text)], 10)[0][0].any()


def test_an_unknown_voice(engine):
    with pytest.raises(SpeechError, match=r"espeak-ng cannot speak 'hello': no voice tlh \(wanted: tlh\)"):
        engine.speak([("tlh", "hello")], 10)


def test_a_text_without_sound(engine):
    with pytest.raises(SpeechError, match="gave no sound"):
        engine.speak([("cmn", "。")], 10)


def test_an_engine_that_hangs_is_given_up(tmp_path):
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    with pytest.raises(SpeechError, match=r"did not speak within 0\.2 s"):
        EspeakProgram(str(program)).speak([("en", "hello")], 0.2)


@pytest.mark.parametrize(
    ("script", "said"),
    [("echo no data >&2; exit 3", r"failed \(3\): no data"), ("exit 0", "it gave no WAV"), ("exit 1", "said nothing")],
)
def test_an_engine_that_fails_says_why(tmp_path, script, said):
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    with pytest.raises(SpeechError, match=said):
        EspeakProgram(str(program)).speak([("en", "hello")], 10)


def test_an_engine_that_is_gone():
    with pytest.raises(SpeechError, match="cannot be started"):
        EspeakProgram("/nowhere/espeak-ng").speak([("en", "hello")], 10)


def test_without_an_engine_it_is_said_what_to_install():
    with pytest.raises(SpeechError, match="pip install espeakng-loader"):
        NoEngine().speak([("zh", "您好")], 10)


def test_levels_are_alike_across_prompts(built):
    """Speech at −20 dBFS, within what the shortest digit allows; no peak above −3 dBFS; nothing cut off."""
    levels = {path: audio.active_level(samples, 8000) for path, samples in built.items()}
    assert len(built) > 150
    assert -21.5 < min(levels.values()) and max(levels.values()) < -19.5, (min(levels.values()), max(levels.values()))
    assert max(20 * numpy.log10(abs(samples).max()) for samples in built.values()) <= -2.99


def test_no_prompt_is_too_short_or_too_long_to_listen_to(built):
    seconds = sorted(len(samples) / 8000 for samples in built.values())
    assert 0.15 < seconds[0] and seconds[-1] < 20


def test_no_direct_current_and_silence_at_the_edges(built):
    for samples in built.values():
        assert abs(samples.mean()) < 0.001
        assert not samples[:200].any() and not samples[-400:].any()


def test_the_pace_is_an_operators(engine):
    chinese = "请您在提示音后给销售部留言，并请留下您的姓名、单位、联系电话和事由。留言结束后，请按井号键。"
    english = "We are putting you through to Sales. Please hold the line while we connect you to an operator."
    spoken = engine.speak([("cmn", chinese), ("en", english)], 10)
    zh, en = (len(audio.fit(samples, rate, 8000)) / 8000 for samples, rate in spoken)
    assert 2.8 < sum(word not in "，、。" for word in chinese) / zh < 4.2
    assert 140 < 60 * len(english.split()) / en < 210
