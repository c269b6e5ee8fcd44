"""The voice of the house: a prompt or a sound becomes files that the switch can play.

    voice = Voice([Path("prompts")], Path("data/speech"), best_engine())
    voice.build(known_prompts, ["zh", "en"])       # before calls come
    voice.files(prompt, "zh") or voice.make(prompt, "zh")

What is slow (speaking, resampling, writing) happens in a thread of gevent's pool, and the speaking in another
process; a call that waits for it delays nobody else.
"""

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import gevent
import numpy

from ivr.errors import PromptError, SpeechError
from ivr.prompt import Prompt, Sound
from ivr.speech import audio
from ivr.speech.cache import Cache, write_whole
from ivr.speech.engine import Engine
from ivr.speech.recordings import MANNER, Recordings
from ivr.speech.segments import Segment
from ivr.speech.sounds import Sounds
from ivr.speech.templates import Templates

__all__ = ["FALLBACK_PROMPTS", "Built", "Voice"]

FALLBACK_PROMPTS = ("fallback-apology", "fallback-message", "fallback-thanks")
"""What the dialplan plays by itself when no line is there; rule A4."""
KNOWN = 10_000
"""Prompts whose files are remembered, 1 kB each: looking them up anew costs ten times as much in every call."""
TOGETHER = 40
"""Segments spoken at a time, so that a long build keeps what it has made when it is interrupted."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: files made, files that were there, and prompts that have nothing to say."""

    made: int
    kept: int
    failed: tuple[PromptError, ...] = ()


class Voice:
    """Speaks prompts. `folders`: of prompts, the first that has one wins. `rate`: 8000 or 16000 samples a second.

    `fallback`: the language whose words serve where a language has none; None: that is an error. `deadline`: seconds
    a caller can be kept waiting for words that were not made before.
    """

    def __init__(
        self, folders: Sequence[Path], cache: Path, engine: Engine, rate: int = 8000,
        fallback: str | None = None, deadline: float = 8.0,
    ):  # fmt: skip
        self.templates = Templates(folders, fallback)
        self.cache = Cache(cache, rate)
        self.recordings = Recordings(self.cache)
        self.sounds = Sounds(self.templates.folders, self.recordings)
        self.engine, self.rate, self.deadline = engine, rate, deadline
        self._known: dict[tuple[Prompt, str], list[Path]] = {}
        self._sounds: dict[Sound, Path] = {}

    def text(self, prompt: Prompt, language: str) -> str:
        """The words of a prompt, on one line; PromptError when there are none."""
        return self.templates.text(prompt, language)

    def files(self, prompt: Prompt, language: str) -> list[Path] | None:
        """The files of a prompt, if all of them are made; it costs a `stat` each."""
        paths = self._known.get((prompt, language))
        if paths is None:
            try:
                paths = [self._path(piece, read=False) for piece in self._pieces(prompt, language)]
            except OSError:  # a recording was taken away just now
                return None
            if None in paths:
                return None
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[prompt, language] = paths
        return list(paths) if all(map(os.path.exists, paths)) else None

    def make(self, prompt: Prompt, language: str) -> list[Path]:
        """The files of a prompt, made now if they must be; SpeechError when they cannot be made in time."""
        return self.files(prompt, language) or self._aside(self._make, prompt, language)

    def sound(self, sound: Sound) -> Path:
        """The file of the music, a slice of it, or the tone."""
        path = self._sounds.get(sound)
        if path is None:
            path = self._sounds[sound] = self.sounds.path(sound)
        return path if os.path.exists(path) else self._aside(self.sounds.make, sound)

    def build(self, heard: Iterable[Prompt | Sound], languages: Sequence[str]) -> Built:
        """Make everything that is missing, of these prompts in these languages, and these sounds; `heard` is gone
        through in the thread."""
        return self._aside(self._build, heard, languages, deadline=None)

    def missing(self, prompts: Iterable[Prompt], languages: Sequence[str]) -> list[PromptError]:
        """Which of these prompts have nothing to say, in which language, and where to write it."""
        found = {}
        for prompt in prompts:
            for language in languages:
                try:
                    if isinstance(prompt, Prompt):
                        Templates(self.templates.folders).text(prompt, language)
                except PromptError as error:
                    found.setdefault(str(error), error)
        return list(found.values())

    def static(self, folder: Path | None = None) -> list[Path]:
        """Write what the dialplan plays by itself: static/hold.wav, static/beep.wav, static/<language>/fallback-….wav.

        `folder`: beside the cache if not given. A file is written only when its sound has changed.
        """
        folder = Path(folder) if folder else self.cache.folder.parents[1] / "static"
        return self._aside(self._static, folder, deadline=60)

    def forget(self) -> None:
        """Read templates and recordings anew: call it when their files were changed."""
        self.templates.forget()
        self.recordings.forget()
        self._known.clear()
        self._sounds.clear()

    # Where things lie -------------------------------------------------------------------------------------------------

    def _pieces(self, prompt: Prompt, language: str) -> list[Segment | Path]:
        """What a prompt is made of, in order: segments to be spoken, and recordings."""
        language = self.templates.language(prompt.name, language)
        if recording := self.templates.recording(prompt.name, language):
            return [recording]
        return [self.templates.recorded_words(part) or part for part in self.templates.segments(prompt, language)]

    def _path(self, piece: Segment | Path, read: bool = True) -> Path | None:
        """Where a piece lies when it is made. `read`: a recording may be read now; else None where one must be."""
        if isinstance(piece, Path):
            return self.recordings.path(piece, read)
        return self.cache.path(MANNER, self.engine.id, self.engine.voice(piece.language), piece.text)

    # Making them; in a thread -----------------------------------------------------------------------------------------

    def _aside(self, work, *given, deadline: float | None = 0):
        """Run `work` off gevent's hub: numpy, fsync and waiting for the speech process would stop every call."""
        seconds = None if deadline is None else (deadline or self.deadline) + 2
        try:
            if threading.current_thread() is not threading.main_thread():
                return work(*given)  # somebody's thread already, where there is no hub
            with gevent.Timeout(seconds, SpeechError(f"speech was not made within {seconds} s")):
                return gevent.get_hub().threadpool.apply(work, given)
        except OSError as error:
            raise SpeechError(f"speech cannot be kept in {self.cache.folder}: {error}") from error

    def _make(self, prompt: Prompt, language: str) -> list[Path]:
        pieces = self._pieces(prompt, language)
        for piece in pieces:
            if isinstance(piece, Path):
                self.recordings.make(piece)
        paths = [self._path(piece) for piece in pieces]
        missing = {path: piece for path, piece in zip(paths, pieces, strict=True) if not path.exists()}
        if missing:
            self._speak(list(missing.items()), self.deadline)
        return paths

    def _speak(self, batch: list[tuple[Path, Segment]], deadline: float) -> None:
        jobs = [(self.engine.voice(segment.language), segment.text) for _, segment in batch]
        for (path, segment), (samples, rate) in zip(batch, self.engine.speak(jobs, deadline), strict=True):
            fitted = audio.fit(samples, rate, self.rate, tail=_pause(segment.text))
            self.cache.write(path, audio.to_wav(fitted, self.rate))

    def _build(self, heard: Iterable[Prompt | Sound], languages: Sequence[str]) -> Built:
        wanted: dict[Path, Segment] = {}
        done: dict[Path, bool] = {}
        failed: dict[str, PromptError] = {}
        for one in heard:
            for language in languages if isinstance(one, Prompt) else ("",):
                try:
                    self._want(one, language, wanted, done)
                except PromptError as error:
                    failed.setdefault(str(error), error)
        missing = [(path, segment) for path, segment in wanted.items() if not path.exists()]
        batches = [missing[start : start + TOGETHER] for start in range(0, len(missing), TOGETHER)]
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
            unspoken = [error for errors in threads.map(self._try, batches) for error in errors]
        made = len(missing) - len(unspoken) + sum(done.values())
        kept = len(wanted) - len(missing) + len(done) - sum(done.values())
        return Built(made, kept, (*failed.values(), *unspoken))

    def _try(self, batch: list[tuple[Path, Segment]]) -> list[SpeechError]:
        """Speak a batch; where that fails, each text by itself, so that one bad text costs no other."""
        try:
            self._speak(batch, 60.0)
        except SpeechError as error:
            return [error] if len(batch) == 1 else [fault for one in batch for fault in self._try([one])]
        return []

    def _want(self, one: Prompt | Sound, language: str, wanted: dict, done: dict) -> None:
        """Note the segments of a prompt; make recordings and sounds at once."""
        if isinstance(one, Sound):
            path = self.sounds.path(one)
            done.setdefault(path, not path.exists())
            self.sounds.make(one)
            return
        for piece in self._pieces(one, language):
            path = self._path(piece)
            if isinstance(piece, Path):
                done.setdefault(path, not path.exists())
                self.recordings.make(piece)
            else:
                wanted[path] = piece

    def _static(self, folder: Path) -> list[Path]:
        sounds = {folder / f"{name}.wav": [self.sounds.make(Sound(name))] for name in ("hold", "beep")}
        languages = {path.parent.name for root in self.templates.folders for path in root.glob("*/fallback-*.*")}
        for language in sorted(languages):
            for name in FALLBACK_PROMPTS:
                sounds[folder / language / f"{name}.wav"] = self._make(Prompt(name), language)
        for path, parts in sounds.items():
            samples = numpy.concatenate([audio.read_wav(part.read_bytes(), str(part))[0] for part in parts])
            content = audio.to_wav(samples, self.rate)
            if not path.exists() or path.read_bytes() != content:
                write_whole(path, content)
        return list(sounds)


def _pause(text: str) -> float:
    """Seconds of silence after a segment, by what it ends with: a digit goes on at once, a sentence does not."""
    return 0.25 if text[-1] in "。.！!？?" else 0.14 if text[-1] in "，,；;：:" else 0.06
