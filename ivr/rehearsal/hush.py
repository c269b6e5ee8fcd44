"""A voice that says nothing, for as long as the words would take: one file of silence for each prompt.

A call script is not about how words sound; so no speech is made, and a thousand prompts are there at once.
"""

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from ivr.prompt import Prompt, Sound
from ivr.speech.templates import Templates
from ivr.speech.voice import FALLBACK_PROMPTS, Built
from ivr.switch.sounds import seconds as length_of

__all__ = ["Hush", "seconds"]

RATE = 8000
PAUSE, IDEOGRAM, LETTER = 0.3, 0.275, 0.075
"""Seconds: what espeak-ng takes for 60 prompts each of Chinese and English, within 4 % on average."""
SOUNDS = {"hold": 60.0, "beep": 0.4}


def seconds(text: str) -> float:
    """How long it takes to say a text.

    >>> round(seconds("您好"), 2), round(seconds("Good morning."), 2)
    (0.85, 1.27)
    """
    ideograms = sum("\u2e80" <= letter for letter in text)
    return PAUSE + IDEOGRAM * ideograms + LETTER * (len(text) - ideograms)


class Hush:
    """As `ivr.speech.Voice`. `folders`: of prompts; `fallback`: the language that serves where one has no words."""

    def __init__(self, folders: Sequence[Path], cache: Path, fallback: str | None = None):
        self.templates = Templates(folders, fallback)
        self.cache = cache
        self._files: dict[tuple[Prompt, str] | Sound, Path] = {}

    def text(self, prompt: Prompt, language: str) -> str:
        """The words of a prompt, on one line; PromptError when there are none."""
        return self.templates.text(prompt, language)

    def files(self, prompt: Prompt, language: str) -> list[Path]:
        """Its one file; as long as the recording where there is one."""
        path = self._files.get((prompt, language))
        if path is None:
            recording = self.templates.recording(prompt.name, self.templates.language(prompt.name, language))
            told = length_of(str(recording)) if recording else None
            lasts = seconds(self.text(prompt, language)) if told is None else told
            path = self._files[prompt, language] = self._silence(prompt.name, lasts)
        return [path]

    make = files

    def sound(self, sound: Sound) -> Path:
        path = self._files.get(sound)
        if path is None:
            path = self._files[sound] = self._silence(sound.name, sound.seconds or SOUNDS[sound.name])
        return path

    def build(self, heard: Iterable[Prompt | Sound], languages: Sequence[str]) -> Built:
        """Nothing has to be made before it is heard."""
        return Built(0, 0)

    def static(self, folder: Path) -> list[Path]:
        """What the dialplan plays by itself."""
        lengths = {f"{name}.wav": lasts for name, lasts in SOUNDS.items()}
        languages = {path.parent.name for root in self.templates.folders for path in root.glob("*/fallback-*.*")}
        lengths |= {f"{language}/{name}.wav": 3.0 for language in languages for name in FALLBACK_PROMPTS}
        return [write_silence(folder / name, lasts) for name, lasts in lengths.items()]

    def _silence(self, name: str, lasts: float) -> Path:
        return write_silence(self.cache / f"{name}-{len(self._files)}.wav", lasts)


def write_silence(path: Path, lasts: float) -> Path:
    """A WAV of nothing: a header, and a hole that the file system need not keep."""
    size = 2 * round(lasts * RATE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        head = (b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", size)
        file.write(struct.pack("<4sI4s4sIHHIIHH4sI", *head))
        file.truncate(44 + size)
    return path
