"""Getting ready keeps no caller waiting, and a missing language is no silence."""

from threading import Event, current_thread, main_thread

import structlog
from gevent import socket

from ivr import line, speaking
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.settings import Settings
from ivr.speaking import voice_of
from tests.house import house
from tests.switched import Hum, switched


def test_words_are_worked_out_beside_the_hub(tmp_path, monkeypatch):
    # Seconds of work for a big table, every ten minutes: no call is heard while it is done on the hub
    where = []

    def watched(*given, real=speaking.needed):
        where.append(current_thread())
        return real(*given)

    with switched(tmp_path) as house:
        monkeypatch.setattr(speaking, "needed", watched)
        house.line.speak()
        assert where and main_thread() not in where


def test_a_language_without_words_is_spoken_in_the_houses_first_that_has_them(tmp_path):
    settings = Settings(data=tmp_path, prompts=tmp_path / "none")
    with structlog.testing.capture_logs() as told:
        voice = voice_of(settings, ("yue", "zh", "en"))
    assert voice.text(Prompt("menu-silence"), "yue") == voice.text(Prompt("menu-silence"), "zh")
    assert [(one["language"], one["spoken_instead"]) for one in told] == [("yue", "zh")]


def test_a_prompt_of_the_sites_own_is_heard_in_every_language(tmp_path):
    # Given a welcome the site wrote in Chinese only
    (tmp_path / "prompts/zh").mkdir(parents=True)
    (tmp_path / "prompts/zh/welcome.j2").write_text("欢迎光临。", encoding="utf-8")
    voice = voice_of(Settings(data=tmp_path, prompts=tmp_path / "prompts"), ("zh", "en"))
    assert voice.text(Prompt("welcome"), "en") == "欢迎光临。"


def test_a_line_with_an_hour_of_speech_to_make_listens_meanwhile(tmp_path, monkeypatch):
    # Given a voice that is not done when the line should be open
    monkeypatch.setattr(line, "READY", 0.05)
    spoken = Event()
    real = Hum.speak
    monkeypatch.setattr(Hum, "speak", lambda *given: spoken.wait(30) and real(*given))
    settings = Settings(data=tmp_path, listen="127.0.0.1:0", records_listen="127.0.0.1:0")
    voice = voice_of(settings, ("zh", "en"))
    voice.engine = Hum()
    monkeypatch.setattr(voice, "static", lambda folder: [])
    opened = Line(settings, house(), voice=voice)
    try:
        # When it starts, then it answers
        opened.start()
        with socket.create_connection(("127.0.0.1", opened.server.server_port), timeout=5) as caller:
            assert caller.recv(8) == b"connect\n"
    finally:
        spoken.set()
        opened.stop(0)
