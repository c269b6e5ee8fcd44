"""The voice: what is made once is never made again, by whatever process, and nobody finds half a file."""

import io
import os
import threading
import wave
from pathlib import Path

import gevent
import numpy
import pytest

from ivr.errors import PromptError, SpeechError
from ivr.prompt import Names, Prompt, Sound
from ivr.speech import Voice, audio
from tests.speech.stand_in import ToneEngine

SALES = Names(zh="销售部", en="Sales")
OURS = Path(__file__).parents[2] / "prompts"


@pytest.fixture
def engine():
    return ToneEngine()


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "prompts"
    (folder / "zh").mkdir(parents=True)
    (folder / "zh/busy.j2").write_text("很抱歉，{{ to }}占线。", encoding="utf-8")
    (folder / "zh/called.j2").write_text("分机{{ number | digits }}。", encoding="utf-8")
    return folder


@pytest.fixture
def voice(site, tmp_path, engine):
    return Voice([site], tmp_path / "data/speech", engine)


def a_recording(rate=44100, channels=2, width=2, seconds=1.0, level=0.01):
    t = numpy.arange(round(rate * seconds)) / rate
    tone = level * numpy.sin(2 * numpy.pi * 600 * t)
    samples = numpy.repeat(tone[:, None], channels, axis=1)
    pcm = numpy.rint(samples * 2 ** (8 * width - 1)).astype("<i4")
    raw = pcm.view(numpy.uint8).reshape(-1, 4)[:, :width].tobytes() if width > 1 else (pcm + 128).astype("u1").tobytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(raw)
    return out.getvalue()


def heard(path, rate=8000):
    """The samples of a made file, which must be mono 16 bit of this rate."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
    return audio.read_wav(path.read_bytes(), str(path))[0]


def test_a_prompt_is_made_once(voice, engine):
    # Given a prompt nobody has heard yet
    busy = Prompt("busy", to=SALES)
    assert voice.files(busy, "zh") is None
    # When it is made, twice
    made = voice.make(busy, "zh")
    assert voice.make(busy, "zh") == made == voice.files(busy, "zh")
    # Then it was spoken once
    assert engine.said == [("zh-tone", "很抱歉，销售部占线。")]
    assert heard(made[0]).any()


def test_another_process_finds_what_one_has_made(voice, site, tmp_path):
    voice.make(Prompt("busy", to=SALES), "zh")
    assert Voice([site], tmp_path / "data/speech", ToneEngine()).files(Prompt("busy", to=SALES), "zh")


@pytest.mark.parametrize("other", ["rate", "engine", "words"])
def test_what_changes_the_sound_changes_the_file(voice, site, tmp_path, other):
    made = voice.make(Prompt("busy", to=SALES), "zh")
    engine = ToneEngine()
    if other == "engine":
        engine.id = "tones 2"
    if other == "words":
        (site / "zh/busy.j2").write_text("占线。", encoding="utf-8")
        voice.forget()
    changed = Voice([site], tmp_path / "data/speech", engine, rate=16000 if other == "rate" else 8000)
    assert changed.make(Prompt("busy", to=SALES), "zh") != made
    assert made[0].exists()


def test_digits_are_shared_by_all_numbers(voice, engine):
    files = voice.make(Prompt("called", number="8008"), "zh")
    assert engine.said == [("zh-tone", text) for text in ("分机", "八", "零", "八。")]
    assert len(files) == 5 and files[2] == files[3]
    voice.make(Prompt("called", number="8088"), "zh")
    assert len(engine.said) == 4


def test_a_recording_wins(voice, site, engine):
    # Given words, and a recording of the same name: stereo, quiet, at a studio's rate
    (site / "zh/busy.wav").write_bytes(a_recording())
    # When
    assert voice.files(Prompt("busy", to=SALES), "zh") is None
    path = voice.make(Prompt("busy", to=SALES), "zh")[0]
    # Then it is played at the line's rate and the house's level, and nobody spoke
    assert engine.said == []
    assert audio.active_level(heard(path), 8000) == pytest.approx(-20, abs=0.5)
    assert voice.files(Prompt("busy", to=SALES), "zh") == [path]
    # and its words are still told in transcripts
    assert voice.text(Prompt("busy", to=SALES), "zh") == "很抱歉，销售部占线。"


def test_recorded_words_are_used_wherever_they_are_said(voice, site, engine):
    # Given the digit eight as somebody spoke it, and a department's name that a sentence keeps apart
    (site / "zh/words").mkdir()
    (site / "zh/words/八.wav").write_bytes(a_recording(seconds=0.4))
    (site / "zh/words/销售部.wav").write_bytes(a_recording(seconds=0.6))
    (site / "zh/transfer.j2").write_text("正在为您转接{{ to | cut }}，请稍候。", encoding="utf-8")
    # When
    voice.make(Prompt("called", number="8008"), "zh")
    voice.make(Prompt("transfer", to=SALES), "zh")
    # Then the engine spoke the rest only
    assert [text for _, text in engine.said] == ["分机", "零", "正在为您转接", "请稍候。"]


def test_a_changed_recording_is_another_file(voice, site):
    (site / "zh/busy.wav").write_bytes(a_recording())
    first = voice.make(Prompt("busy"), "zh")
    (site / "zh/busy.wav").write_bytes(a_recording(seconds=0.7))
    assert voice.make(Prompt("busy"), "zh") != first


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_recordings_of_every_kind(voice, site, width, channels):
    (site / "zh/busy.wav").write_bytes(a_recording(22050, channels, width, level=0.2))
    samples = heard(voice.make(Prompt("busy"), "zh")[0])
    assert audio.active_level(samples, 8000) == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3 no wav at all", a_recording(level=0)])
def test_a_recording_that_cannot_be_played(voice, site, content):
    (site / "zh/busy.wav").write_bytes(content)
    with pytest.raises(SpeechError, match=r"zh/busy\.wav: (no WAV of plain samples|there is nothing but silence)"):
        voice.make(Prompt("busy"), "zh")


def test_a_voice_that_fails_leaves_nothing_behind(voice, engine, tmp_path):
    engine.fault = "no voice xx"
    with pytest.raises(SpeechError, match="no voice xx"):
        voice.make(Prompt("busy", to=SALES), "zh")
    assert list((tmp_path / "data").rglob("*")) == []


def test_a_folder_that_cannot_be_written(site, tmp_path, engine):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(SpeechError, match="speech cannot be kept in"):
        Voice([site], tmp_path / "data/speech", engine).make(Prompt("busy", to=SALES), "zh")


def test_a_build_says_what_it_did(voice, engine):
    prompts = [Prompt("busy", to=SALES), Prompt("called", number="8001"), Prompt("nowhere"), Sound("beep")]
    first, again = voice.build(prompts, ["zh"]), voice.build(prompts, ["zh"])
    assert (first.made, first.kept, again.made, again.kept) == (6, 0, 0, 6)
    assert [str(error).split(";")[0] for error in first.failed] == ["prompt nowhere: nothing to say in language zh"]


def test_a_long_build_is_spoken_in_batches(voice, engine, site):
    prompts = [Prompt("busy", to=Names(zh=f"第{'一' * n}部")) for n in range(1, 100)]
    assert voice.build(prompts, ["zh"]).made == 99
    assert sorted(set(engine.said)) == sorted(engine.said)


def test_one_text_that_cannot_be_spoken_does_not_keep_the_others_from_being_made(voice, engine):
    # Given an engine that chokes on one name
    speak = engine.speak

    def chokes(jobs, deadline):
        if any("鿕" in text for _, text in jobs):
            raise SpeechError("no sound for 鿕")
        return speak(jobs, deadline)

    engine.speak = chokes
    # When it is built among others
    built = voice.build([Prompt("busy", to=Names(zh=name)) for name in ("销售部", "鿕部", "财务部")], ["zh"])
    # Then the others are there
    assert (built.made, built.kept, [str(error) for error in built.failed]) == (2, 0, ["no sound for 鿕"])


def test_missing_names_each_language(voice):
    found = voice.missing([Prompt("busy", to=SALES), Prompt("called", number="1"), Sound("hold")], ["zh", "en"])
    assert [str(error).split(";")[0] for error in found] == [
        "prompt busy: nothing to say in language en",
        "prompt called: nothing to say in language en",
    ]


def test_the_hub_goes_on_while_speech_is_made(voice, engine, monkeypatch):
    # Given an engine that waits until another greenlet lets it go on
    go_on = threading.Event()
    speak = engine.speak
    engine.speak = lambda jobs, deadline: (go_on.wait(5), speak(jobs, deadline))[1]
    other = gevent.spawn(go_on.set)
    # When a call has to wait for its prompt, then the other greenlet runs meanwhile
    assert voice.make(Prompt("busy", to=SALES), "zh")
    assert other.dead


def test_two_at_once_make_the_same_file(voice):
    both = [gevent.spawn(voice.make, Prompt("busy", to=SALES), "zh") for _ in range(2)]
    gevent.joinall(both, timeout=10, raise_error=True)
    assert both[0].value == both[1].value
    assert [path.name for path in both[0].value[0].parent.iterdir()] == [both[0].value[0].name]


def test_files_may_be_read_by_the_group(voice):
    before = os.umask(0o007)
    try:
        path = voice.make(Prompt("busy", to=SALES), "zh")[0]
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o660


def test_slices_of_the_music_go_on_where_the_last_one_stopped(voice):
    loop = heard(voice.sound(Sound("hold")))
    pieces = [heard(voice.sound(Sound("hold", seconds=20, part=part))) for part in range(4)]
    assert voice.sound(Sound("hold", seconds=20.0, part=4)) == voice.sound(Sound("hold", seconds=20, part=0))
    edge = 80  # 10 ms at either end are faded
    for part, piece in enumerate(pieces):
        assert len(piece) == 160_000
        start = part * 160_000 % len(loop)
        assert numpy.array_equal(piece[edge:-edge], loop[start + edge : start + 160_000 - edge])


def test_the_sites_own_music_is_brought_to_our_level(voice, site):
    (site / "hold.wav").write_bytes(a_recording(seconds=3))
    samples = heard(voice.sound(Sound("hold")))
    assert len(samples) == 24_000
    assert audio.active_level(samples, 8000) == pytest.approx(-26, abs=0.5)


def test_an_unknown_sound(voice):
    with pytest.raises(PromptError, match="there is no sound 'whale'; there are hold and beep"):
        voice.sound(Sound("whale"))


def test_static_files_for_the_dialplan(tmp_path, engine):
    # Given the house's own prompts
    voice = Voice([OURS], tmp_path / "speech", engine)
    # When
    made = voice.static()
    # Then they lie where the dialplan looks for them
    assert sorted(str(path.relative_to(tmp_path / "static")) for path in made) == [
        "beep.wav",
        "en/fallback-apology.wav", "en/fallback-message.wav", "en/fallback-thanks.wav",
        "hold.wav",
        "zh/fallback-apology.wav", "zh/fallback-message.wav", "zh/fallback-thanks.wav",
    ]  # fmt: skip
    assert all(heard(path).any() for path in made)
    # and a second time nothing is written, for a caller may be hearing them
    before = [path.stat().st_mtime_ns for path in made]
    assert [path.stat().st_mtime_ns for path in voice.static()] == before
