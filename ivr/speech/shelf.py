"""The prompt folders as `ivr check` needs them; and the note that somebody listened to a recording.

A recording wins over the words beside it, so words that are changed reach nobody until they are recorded anew. Dates of
files say nothing: git gives every file the date of its clone. So `recorded.txt` in the folder of a language has a line
for each recording that somebody listened to: its name, what the words were then, and which recording it was, the last
two as the first 12 hex digits of a SHA-256.

    parking 6c0e1ab2f4d9 5be02c7716aa
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2 import meta, nodes

from ivr.speech.templates import FILTERS, JINJAS_FILTERS
from ivr.table.shelf import Shelf, Words

__all__ = ["NOTES", "note_recorded", "shelf"]

NOTES = "recorded.txt"
_LANGUAGE = re.compile("[a-z]{2,3}")


def shelf(folders: Sequence[Path]) -> Shelf:
    """What stands in the folders; the first that has a prompt wins."""
    found: dict[str, dict[str, Words]] = {}
    for language in sorted({path.name for folder in folders for path in _languages(folder)}):
        for name in sorted({path.stem for folder in folders for path in _prompts(folder / language)}):
            found.setdefault(name, {})[language] = _words(folders, language, name)
    return Shelf(found)


def note_recorded(folder: Path, folders: Sequence[Path], names: Collection[str] = ()) -> Iterator[Path]:
    """Note that recordings of `folder` say what their words say: those of `names`, or all. Gives what was noted.

    `folders`: as for `shelf`, the words may lie in a later one.
    """
    for language in sorted(_languages(folder)):
        notes = dict(_notes(language / NOTES))
        for recording in sorted(language.glob("*.wav")):
            text = _first(folders, language.name, f"{recording.stem}.j2")
            if text is not None and (not names or recording.stem in names):
                notes[recording.stem] = (_digest(text), _digest(recording))
                yield recording
        notes = {name: digests for name, digests in notes.items() if (language / f"{name}.wav").is_file()}
        if notes:
            lines = (f"{name} {text} {sound}\n" for name, (text, sound) in sorted(notes.items()))
            (language / NOTES).write_text("".join(lines), "utf-8")


def _languages(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if _LANGUAGE.fullmatch(path.name) and path.is_dir()]


def _prompts(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.suffix in (".j2", ".wav")]


def _first(folders: Sequence[Path], language: str, file: str) -> Path | None:
    return next((path for folder in folders if (path := folder / language / file).is_file()), None)


def _words(folders: Sequence[Path], language: str, name: str) -> Words:
    template, recording = _first(folders, language, f"{name}.j2"), None
    for folder in folders:
        if (path := folder / language / f"{name}.wav").is_file():
            recording = path
            break
        if (folder / language / f"{name}.j2").is_file():
            break
    variables, fault = _read(template) if template else ({}, None)
    noted = _noted(template, recording) if template and recording else "yes"
    return Words(str(template or ""), str(recording or ""), variables, fault, noted)


def _noted(template: Path, recording: Path) -> str:
    words, sound = _notes(recording.parent / NOTES).get(recording.stem, ("", ""))
    if sound != _digest(recording):
        return "no"
    return "yes" if words == _digest(template) else "before"


def _notes(path: Path) -> dict[str, tuple[str, str]]:
    """Name → digests of words and sound; lines that are no notes are passed over: nothing is noted by them."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {parts[0]: (parts[1], parts[2]) for line in lines if len(parts := line.split()) == 3}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _jinja() -> jinja2.Environment:
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.filters = dict.fromkeys((*FILTERS, *JINJAS_FILTERS), str)  # nothing is rendered: the names are enough
    return environment


def _read(path: Path) -> tuple[dict[str, int], tuple[int, str] | None]:
    """The values a template uses, each with its line; or the line of a fault, and what it is."""
    try:
        tree = _jinja().parse(path.read_text("utf-8"))
        wanted = meta.find_undeclared_variables(tree)
    except jinja2.TemplateSyntaxError as error:
        return {}, (error.lineno, (error.message or "it cannot be read").rstrip("."))
    except RecursionError:
        return {}, (1, "its braces are nested too deep")
    except (OSError, UnicodeDecodeError) as error:
        return {}, (1, getattr(error, "strerror", None) or "it is not UTF-8")
    variables: dict[str, int] = {}
    for one in tree.find_all(nodes.Name):
        if one.name in wanted:
            variables[one.name] = min(one.lineno, variables.get(one.name, one.lineno))
    return variables, None
