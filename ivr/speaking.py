"""The voice of a house, and making it say beforehand what its table will need."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import structlog
from gevent import subprocess

from ivr.clock import Clock
from ivr.errors import Deadline, SpeechError
from ivr.gevent_clock import SystemClock
from ivr.handlers import installed
from ivr.logs import set_up
from ivr.prompt import Prompt, Sound
from ivr.ready import instants, needed
from ivr.settings import Settings
from ivr.share import prompt_folders
from ivr.speech import Voice, best_engine, vocabulary
from ivr.speech.templates import Templates
from ivr.steps import Table
from ivr.tables.archive import Archive
from ivr.waits import busy

__all__ = ["BIG", "make_speech", "make_speech_aside", "other_words", "voice_of"]

log = structlog.get_logger(__name__)

BIG = 5_000
"""Steps from which a table's words are found by another process: with 60,000 that is two minutes of work, and half a
million sentences in memory."""
NICE = 10


def voice_of(settings: Settings, languages: Sequence[str] = ()) -> Voice:
    """The voice of a machine: the site's prompts, then those that came with the program."""
    folders = prompt_folders(settings.prompts)
    fallback = whole_language(folders, languages)
    return Voice(folders, settings.data.resolve() / "speech", best_engine(), settings.rate, fallback=fallback)


def other_words(voice: Voice, languages: Sequence[str]) -> None:
    """Templates and recordings may have changed, and so may the languages that are spoken."""
    voice.forget()
    voice.templates.fallback = whole_language(voice.templates.folders, languages)


def whole_language(folders: Sequence[Path], languages: Sequence[str]) -> str:
    """What is said where a language has no words: the first of `languages` that has everything. A wrong language is
    better than silence (rule A4)."""
    names = {language: set(Templates(folders).names(language)) for language in (*languages, "en")}
    whole = [language for language, found in names.items() if found >= names["en"]]
    for language in languages:
        if language not in whole:
            log.error("a language has not every prompt; `ivr prompts missing` lists them", language=language,
                      spoken_instead=whole[0])  # fmt: skip
    return whole[0]


def make_speech(voice: Voice, table: Table, now: datetime) -> None:
    """Make the speech that will be needed until tomorrow night, before a caller waits for it."""
    built = voice.build(_words(table, now), table.languages)
    for error in built.failed:
        log.error("a prompt has no sound; it will be missing in calls", error=str(error))


def _words(table: Table, now: datetime) -> Iterator[Prompt | Sound]:
    """Found in the voice's thread: seconds of work for a big table, in which no call would be heard."""
    yield from needed(table, installed(), instants(table, now))
    yield from vocabulary(table, now)


def make_speech_aside(settings: Settings, version: str, clock: Clock, seconds: float) -> None:
    """The same by another process, for a version that is in the archive. Deadline after `seconds`, and what was made by
    then is made; SpeechError where it came to nothing."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", f"from {__name__} import in_this_process; in_this_process()",
         str(settings.data.resolve()), str(settings.prompts), str(settings.rate), version],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    late = []
    timer = clock.call_later(seconds, lambda: (late.append(seconds), process.kill()))
    try:
        with busy(clock):
            status = process.wait()
    finally:
        timer.cancel()
        process.kill()
    if late:
        raise Deadline(f"speech was not made within {seconds:g} s")
    if status:
        raise SpeechError(f"the process that makes the speech of {version} ended with status {status}")


def in_this_process() -> None:
    """The whole of that process."""
    data, prompts, rate, version = sys.argv[1:]
    set_up("error")
    os.nice(NICE)
    settings = Settings(data=Path(data), prompts=Path(prompts), rate=int(rate))
    table = Archive(settings.data / "tables").load(version)
    make_speech(voice_of(settings, table.languages), table, SystemClock().now())
