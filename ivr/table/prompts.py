"""What callers would hear: every prompt is there, in every language, and can be spoken with what it is given."""

from collections.abc import Iterator

from ivr.prompt_values import VALUES
from ivr.table.build import Builder
from ivr.table.shelf import Shelf, Words
from ivr.table.suggest import nearest

__all__ = ["prompts_can_be_spoken"]

SECTIONS = ("menus", "messages", "announcements")
"""Those whose things may name a prompt of the site's own."""
SHOWN = 3


def prompts_can_be_spoken(made: Builder, shelf: Shelf) -> None:
    reading = made.reading
    languages = reading.house.languages
    for path, name in _named(made):
        if name not in shelf.names():
            message = f"there is no prompt {name!r} in the prompt folders"
            reading.error(path, message, "unknown-prompt", nearest(name, shelf.names()))
            continue
        for language in languages:
            words = shelf.find(name, language)
            if words is None:
                message = f"the prompt {name} has no words in {language}; write prompts/{language}/{name}.j2"
                reading.warning(path, message, "missing-in-language")
            else:
                _spoken(made, path, words, VALUES.get(name, _values(made, path)))
    for language in languages:
        path = ("house", "languages", language)
        missing = [name for name in VALUES if shelf.find(name, language) is None]
        if missing:
            told = ", ".join(missing[:SHOWN]) + (f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else "")
            message = f"in {language} there are no words for {told}; `ivr prompts missing` lists what to write"
            reading.warning(path, message, "missing-in-language", key=True)
        for name, values in VALUES.items():
            if words := shelf.find(name, language):
                _spoken(made, path, words, values)


def _named(made: Builder) -> Iterator[tuple[tuple, str]]:
    """Where the table names prompts."""
    for section in SECTIONS:
        for name, model in made.reading.things(section):
            if model.prompt:
                yield (section, name, "prompt"), model.prompt


def _values(made: Builder, path: tuple) -> frozenset[str]:
    """What a prompt of the site's own is given where the table names it."""
    model = made.reading.names(path[0])[path[1]]
    return frozenset(getattr(model, "values", ()))


def _spoken(made: Builder, path: tuple, words: Words, values: frozenset[str]) -> None:
    """Can the template be read, and does it use what it is given; does the recording say the same?"""
    reading = made.reading
    key = path[0] == "house"
    if words.fault:
        line, what = words.fault
        reading.error(path, f"{words.template}:{line} cannot be spoken: {what}", "template", key=key)
    for name, line in words.variables.items():
        if name not in values:
            given = f"is given {', '.join(sorted(values))}" if values else "is given no values"
            message = f"{words.template}:{line} uses {name}; this prompt {given}"
            reading.error(path, message, "unknown-variable", nearest(name, values), key=key)
    if words.noted == "before":
        message = f"{words.recording} was recorded before {words.template} was changed: record it anew, or delete it"
        reading.warning(path, message, "older-recording", key=key)
    elif words.noted == "no":
        message = f"does {words.recording} say what {words.template} says? Listen to it, then: ivr prompts recorded"
        reading.warning(path, message, "older-recording", key=key)
