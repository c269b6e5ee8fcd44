"""Who speaks: text in, samples out, always in another process and always with a deadline.

>>> engine = best_engine()
>>> engine.voice("zh"), engine.voice("en-gb")
('cmn', 'en')
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy

from ivr.errors import SpeechError

__all__ = ["Engine", "EspeakLibrary", "EspeakProgram", "NoEngine", "best_engine"]

VOICES = {"zh": "cmn", "yue": "yue", "en": "en", "en-gb": "en", "en-us": "en-us"}
"""Language → espeak's voice; a language that is not listed is tried under its own name."""
SPEEDS = {"cmn": 165, "yue": 165, "en": 135, "en-us": 135}
"""espeak's own measure, which is not words a minute. A telephone operator's pace: these gave 3.1 to 3.6 syllables a
second in Mandarin and 155 to 200 words a minute in English, pauses included (tests/speech keeps them there)."""
PITCH, RANGE = 52, 55


class Engine(Protocol):
    """Something that speaks. `id` says what it is, with its version and manner: it is part of the cache's keys."""

    id: str

    def voice(self, language: str) -> str:
        """The name of the voice for a language."""

    def speak(self, jobs: Sequence[tuple[str, str]], deadline: float) -> list[tuple[numpy.ndarray, int]]:
        """Speak (voice, text) pairs: for each its samples, float32 within ±1, and their rate.

        It blocks, for `deadline` seconds at most; SpeechError if it fails.
        """


@dataclass(frozen=True)
class EspeakLibrary:
    """espeak-ng from the wheel `espeakng-loader`: a library and its voices, installed by pip."""

    library: Path
    data: Path
    id: str = f"espeak-ng 1.52 pitch {PITCH} range {RANGE}"

    def voice(self, language: str) -> str:
        return VOICES.get(language, language)

    def speak(self, jobs, deadline):
        lines = b"".join(
            json.dumps({
                "voice": voice, "text": text, "speed": SPEEDS.get(voice, 150), "pitch": PITCH, "range": RANGE
            }).encode() + b"\n" for voice, text in jobs
        )  # fmt: skip
        worker = Path(__file__).with_name("espeak_worker.py")
        # -I -S: neither the site's packages nor its environment; the worker is up in 20 ms instead of 150
        out = _run([sys.executable, "-I", "-S", str(worker), str(self.library), str(self.data)], lines, deadline)
        found, at = [], 0
        for voice, text in jobs:
            end = out.find(b"\n", at)
            if end < 0:
                raise SpeechError(f"the speech process ended before it spoke {text!r}")
            head, at = json.loads(out[at:end]), end + 1
            if "error" in head:
                raise SpeechError(f"espeak-ng cannot speak {text!r}: {head['error']} (wanted: {voice})")
            found.append((_samples(out[at : at + head["bytes"]], text), head["rate"]))
            at += head["bytes"]
        return found


@dataclass(frozen=True)
class EspeakProgram:
    """The system's `espeak-ng`, one process for a text."""

    program: str
    id: str = f"espeak-ng program pitch {PITCH}"

    def voice(self, language: str) -> str:
        return VOICES.get(language, language)

    def speak(self, jobs, deadline):
        return [self._speak(voice, text, deadline) for voice, text in jobs]

    def _speak(self, voice, text, deadline):
        manner = ["-v", voice, "-s", str(SPEEDS.get(voice, 150)), "-p", str(PITCH)]
        out = _run([self.program, "--stdout", "--stdin", "-b", "1", *manner], text.encode(), deadline)
        start = out.find(b"data")
        if out[:4] != b"RIFF" or start < 0:  # written to a pipe, its header claims 2 GB: the sound is all that follows
            raise SpeechError(f"{self.program} did not speak {text!r}: it gave no WAV")
        return _samples(out[start + 8 :], text), int.from_bytes(out[24:28], "little")


@dataclass(frozen=True)
class NoEngine:
    """Nobody speaks: recordings are still played, and what the speech folder holds already."""

    id: str = "none"

    def voice(self, language: str) -> str:
        return language

    def speak(self, jobs, deadline):
        raise SpeechError(
            f"no speech engine for {jobs[0][1]!r}: `pip install espeakng-loader`, or install the system's espeak-ng"
        )


def best_engine() -> Engine:
    """The engine of this machine: the wheel's espeak-ng, or the system's, or none."""
    wheel = importlib.util.find_spec("espeakng_loader")
    if wheel and wheel.submodule_search_locations:
        folder = Path(wheel.submodule_search_locations[0])
        library = next((path for path in sorted(folder.glob("*espeak-ng.*")) if path.suffix != ".py"), None)
        if library and (folder / "espeak-ng-data").is_dir():
            return EspeakLibrary(library, folder / "espeak-ng-data")
    if program := shutil.which("espeak-ng"):
        return EspeakProgram(program)
    return NoEngine()


def _run(command: list[str], given: bytes, deadline: float) -> bytes:
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=deadline, check=False)
    except subprocess.TimeoutExpired:
        raise SpeechError(f"{command[0]} did not speak within {deadline:g} s") from None
    except OSError as error:
        raise SpeechError(f"{command[0]} cannot be started: {error}") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SpeechError(f"{command[0]} failed ({done.returncode}): {said[-1] if said else 'it said nothing'}")
    return done.stdout


def _samples(pcm: bytes, text: str) -> numpy.ndarray:
    samples = numpy.frombuffer(pcm[: len(pcm) & ~1], dtype="<i2").astype(numpy.float32) / 32768
    if not samples.any():
        raise SpeechError(f"{text!r} gave no sound; has it words that this voice can read?")
    return samples
