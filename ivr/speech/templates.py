"""A prompt becomes words.

A template is `<folder>/<language>/<name>.j2` (Jinja2, sandboxed, strict). What it puts out is spoken by its type: a
`Names` in the prompt's language, an `Opening`, a time, a date or a number in words. Strings of digits go through the
filter `digits`. Digits, numbers, days and times are segments of their own: however many extensions there are, ten
digits are kept once.
"""

import re
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ivr.blanks import filled
from ivr.errors import PromptError
from ivr.prompt import Names, Opening, Prompt
from ivr.prompt_values import OF_CALLERS
from ivr.speech.segments import CUT, Segment, segments, tidy
from ivr.spoken import digits_only, words

__all__ = ["Templates"]

FILTERS = ("digits", "number", "count", "key", "clock", "weekday", "day", "opening", "name", "tongue", "cut", "filled")
JINJAS_FILTERS = ("first", "last", "length", "join", "replace", "sort", "default")


class Templates:
    """The words of every prompt. `folders`: the first that has a prompt wins, so a site's folder stands before ours.

    `fallback`: the language whose words are used for a prompt that a language does not have.
    """

    def __init__(self, folders: Sequence[Path], fallback: str | None = None):
        self.folders = tuple(Path(folder) for folder in folders)
        self.fallback = fallback
        self.segments = lru_cache(maxsize=8192)(self._segments)

    def forget(self) -> None:
        """Read everything anew: call it when files were changed."""
        self.segments.cache_clear()
        _environment.cache_clear()

    def names(self, language: str) -> list[str]:
        """Every prompt that has words or a recording in this language."""
        found = {path.stem for folder in self.folders for path in (folder / language).glob("*.[jw][2a]*")}
        return sorted(found)

    def language(self, name: str, language: str) -> str:
        """The language this prompt is spoken in: the wanted one, or the fallback; PromptError if it has neither."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
            raise PromptError(f"{name!r} is no name of a prompt; use letters, digits, - and _, 64 at most")
        for candidate in (language, self.fallback):
            if candidate and (self._find(candidate, f"{name}.j2") or self.recording(name, candidate)):
                return candidate
        raise PromptError(
            f"prompt {name}: nothing to say in language {language}; write {self.folders[0] / language / name}.j2 "
            f"or record {self.folders[0] / language / name}.wav"
        )

    def recording(self, name: str, language: str) -> Path | None:
        """The recording of a prompt: it wins over the template of the same folder, and over later folders."""
        for folder in self.folders:
            if (path := folder / language / f"{name}.wav").is_file():
                return path
            if (folder / language / f"{name}.j2").is_file():
                return None
        return None

    def recorded_words(self, segment: Segment) -> Path | None:
        """A recording of some words, wherever they stand: `<folder>/<language>/words/八.wav`."""
        if "/" in segment.words or len(segment.words) > 60:
            return None
        return self._find(segment.language, f"words/{segment.words}.wav")

    def text(self, prompt: Prompt, language: str) -> str:
        """What the caller hears, in words, on one line."""
        language = self.language(prompt.name, language)
        if not self._find(language, f"{prompt.name}.j2"):
            return f"[{prompt.name}.wav]"
        return tidy(self._render(prompt, language))

    def _segments(self, prompt: Prompt, language: str) -> tuple[Segment, ...]:
        return segments(self._render(prompt, language), language)

    def _render(self, prompt: Prompt, language: str) -> str:
        where = self._find(language, f"{prompt.name}.j2") or f"{language}/{prompt.name}.j2"
        given = dict(prompt.values)
        for name in OF_CALLERS & {name for name, value in given.items() if value}:
            digits_only(given[name])
        try:
            return _environment(self.folders, language).get_template(f"{prompt.name}.j2").render(given)
        except PromptError as error:
            raise PromptError(f"{where}: {error}") from None
        except jinja2.TemplateSyntaxError as error:
            raise PromptError(f"{where}:{error.lineno}: {error.message}") from None
        except jinja2.UndefinedError as error:
            names = ", ".join(sorted(given)) or "no values"
            raise PromptError(f"{where}: {error.message}; this prompt is given: {names}") from None
        except Exception as error:
            raise PromptError(f"{where}: {error}") from error

    def _find(self, language: str, file: str) -> Path | None:
        return next((path for folder in self.folders if (path := folder / language / file).is_file()), None)


class Cut(str):
    """Words of ours with cuts in them; any other string loses its cuts, and all that cannot be printed."""

    __slots__ = ()


class Spoken:
    """The filters of one language; each cuts its words out as segments of their own."""

    def __init__(self, language: str):
        self.language = language
        self.words = words(language)
        self.filters = {name: getattr(self, name) for name in FILTERS}

    def _cut(self, *pieces: str) -> Cut:
        return Cut(CUT + (self.words.JOINT + CUT).join(pieces) + CUT)

    def cut(self, value) -> str:
        """Anything as a segment of its own: a name that is recorded once and used in many sentences."""
        said = self.anything(value)
        return said if isinstance(said, Cut) else self._cut(said)

    def digits(self, value) -> str:
        return self._cut(*self.words.digits(value))

    def number(self, value) -> str:
        return self._cut(self.words.number(int(value)))

    def count(self, value) -> str:
        return self._cut(self.words.count(int(value)))

    def key(self, value, language: str | None = None) -> str:  # not cut: menus are known, and sound better whole
        return (words(language) if language else self.words).key(digits_only(value))

    def clock(self, value: time) -> str:
        return self._cut(self.words.clock(value))

    def weekday(self, value: date) -> str:
        return self._cut(self.words.weekday(value))

    def day(self, value: date) -> str:
        return self._cut(self.words.day(value))

    def opening(self, value: Opening) -> str:
        return self._cut(*self.words.opening(value))

    def name(self, value) -> str:  # not cut: a name sounds better within its sentence
        return self.anything(value[self.language] if isinstance(value, Names) else value)

    def filled(self, text: Names | str, values: Sequence[tuple[str, object]]) -> Cut:
        """A text of the table with its blanks filled; digits are said one by one."""
        of = dict(values)

        def fill(name: str) -> str:
            value = of[name]
            if value is None:
                return ""
            return self.digits(value) if isinstance(value, str) and value.isdigit() else self.anything(value)

        return Cut("".join(filled(self.name(text), fill, self.anything)))

    def tongue(self, value) -> str:
        """The language a name will be spoken in: this one, if the name has it."""
        languages = value.languages() if isinstance(value, Names) else []
        return self.language if self.language in languages or not languages else languages[0]

    def anything(self, value) -> str:
        """What `{{ value }}` says without a filter, by the type of the value."""
        if isinstance(value, str):
            return value if isinstance(value, Cut) else "".join(c for c in value if c.isprintable() or c in " \n")
        if isinstance(value, Names):
            return self.name(value)
        if isinstance(value, Opening):
            return self.opening(value)
        if isinstance(value, bool) or not isinstance(value, int | time | date):
            raise PromptError(f"{value!r} cannot be spoken; a template asks for it by `if` or `for`")
        if isinstance(value, int):
            return self.number(value)
        return self.clock(value) if isinstance(value, time) else self.day(value)


@lru_cache(maxsize=32)
def _environment(folders: tuple[Path, ...], language: str) -> jinja2.Environment:
    spoken = Spoken(language)

    def finalize(value):
        return value if isinstance(value, jinja2.Undefined) else spoken.anything(value)

    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([folder / language for folder in folders]),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters = spoken.filters | {name: environment.filters[name] for name in JINJAS_FILTERS}
    return environment
