"""The voice of a house, and making it say beforehand what its table will need."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from ivr.handlers import installed
from ivr.prompt import Prompt, Sound
from ivr.ready import instants, needed
from ivr.settings import Settings
from ivr.share import prompt_folders
from ivr.speech import Voice, best_engine, vocabulary
from ivr.speech.templates import Templates
from ivr.steps import Table

__all__ = ["make_speech", "other_words", "voice_of"]

log = structlog.get_logger(__name__)


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
