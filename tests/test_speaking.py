"""Speech is made before a caller waits for it; that of a big table by another process."""

import pytest

from ivr.errors import Deadline, SpeechError
from ivr.gevent_clock import SystemClock
from ivr.prompt import Prompt
from ivr.settings import Settings
from ivr.share import shared
from ivr.speaking import make_speech_aside, voice_of
from ivr.table import load
from ivr.tables import Archive

CLOCK = SystemClock()
SMALL = """
house: {name: Small, timezone: UTC, languages: {en: English}}
operator: {name: the operator, ring: {phones: [8001]}}
numbers: {"*": {to: operator}}
extensions: {8001: {name: Zhang San}}
"""


@pytest.fixture
def site(tmp_path):
    """Settings, and the version of a table that is kept."""
    settings, table = Settings(data=tmp_path / "data", prompts=shared("prompts")), load(SMALL)
    Archive(tmp_path / "data" / "tables").keep(table)
    return settings, table


def test_another_process_makes_what_this_one_finds(site):
    settings, table = site
    voice = voice_of(settings, table.languages)
    busy = Prompt("busy", to=table.step("operator").name)
    assert voice.files(busy, "en") is None
    make_speech_aside(settings, table.version, CLOCK, 120)
    assert all(path.exists() for path in voice.files(busy, "en"))


def test_one_that_takes_too_long_or_fails_is_an_error(site, capfd):
    settings, table = site
    with pytest.raises(Deadline, match=r"speech was not made within 0\.001 s"):
        make_speech_aside(settings, table.version, CLOCK, 0.001)
    with pytest.raises(SpeechError, match="the process that makes the speech of aaaaaaaaaaaa ended with status 1"):
        make_speech_aside(settings, "a" * 12, CLOCK, 60)
    assert "aaaaaaaaaaaa.yaml cannot be read" in capfd.readouterr().err


def test_a_line_with_a_big_table_has_another_process_do_it(tmp_path, monkeypatch):
    from ivr import line
    from ivr.line import Line

    asked = []
    monkeypatch.setattr(line, "BIG", 3)
    monkeypatch.setattr(line, "make_speech_aside", lambda *given: asked.append(given[1]))
    opened = Line(Settings(data=tmp_path, listen="127.0.0.1:0", records_listen="127.0.0.1:0"), load(SMALL))
    opened.speak()
    assert asked == [opened.tables.current.version]
    opened.off_hub.close()
    opened.store.close()
