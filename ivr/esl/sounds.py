"""What is heard, as files that FreeSWITCH plays: made where it was not made before, left out where it can't be had.

sounds = Sounds(voice, clock, uuid, missing)
sounds.files([Prompt("greeting"), Sound("beep")], "zh")     # ["/srv/ivr/speech/…wav", …]
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from os.path import getsize
from pathlib import Path
from typing import Protocol

import structlog

from ivr.clock import Clock
from ivr.errors import PromptError, WireError
from ivr.esl import commands
from ivr.prompt import Prompt, Sound
from ivr.waits import Threads, busy

__all__ = ["MAKING", "SPEAKING", "Sounds", "Voice", "length", "names"]

log = structlog.get_logger(__name__)

MAKING = 2.0
"""Seconds a caller may wait for speech that was not made before."""
SPEAKING = Threads(4)
"""Where it is made: an engine that hangs keeps four threads, and nobody but those who wait for it."""


class Voice(Protocol):
    """Prompts as files (`ivr.speech`)."""

    def files(self, prompt: Prompt, language: str) -> list[Path] | None: ...
    def make(self, prompt: Prompt, language: str) -> list[Path]: ...
    def sound(self, sound: Sound) -> Path: ...


class Sounds:
    """Those of the call `uuid`. `missing`: told the name of what can't be had, and why."""

    def __init__(self, voice: Voice, clock: Clock, uuid: str, missing: Callable[[str, str], None]):
        self.voice, self.clock, self.uuid, self.missing = voice, clock, uuid, missing

    def files(self, heard: Sequence[Prompt | Sound], language: str) -> list[str]:
        """The files to be played. What cannot be had is left out and noted: the call goes on."""
        found: list[str] = []
        for one in heard:
            try:
                if isinstance(one, Sound):
                    with busy(self.clock):
                        found.append(commands.sound_path(self.voice.sound(one)))
                    continue
                files = self.voice.files(one, language)
                if files is None:
                    what = f"speech for {one.name}"
                    files = SPEAKING.run(self.clock, MAKING, what, self.voice.make, one, language)
                found += [commands.sound_path(file) for file in files]
            except (PromptError, WireError, OSError) as error:
                log.warning("a prompt cannot be played", call=self.uuid, prompt=repr(one), error=str(error))
                self.missing(one.name, str(error))
        return found


@lru_cache(maxsize=4096)
def _seconds(path: str) -> float:
    """No more than this long does a file play: 8 kHz, 16 bit is the least a prompt has."""
    try:
        return getsize(path) / 16000
    except OSError:
        return 60.0


def length(files: Sequence[str]) -> float:
    """Seconds all of them play, at most."""
    return sum(map(_seconds, files))


def names(heard: Sequence[Prompt | Sound]) -> str:
    """How the journal calls them."""
    return " ".join(one.name for one in heard)
