"""What a caller hears: prompts (words), and sounds (music, beep).

A prompt is a name and values. The words come from `prompts/<language>/<name>.j2`, or from a recording
`prompts/<language>/<name>.wav`, which wins.

    >>> Prompt("transfer", to=Names(zh="销售部", en="Sales"))
    Prompt('transfer', to=Names(en='Sales', zh='销售部'))
"""

from dataclasses import dataclass
from datetime import date, time

__all__ = ["Names", "Opening", "Prompt", "Sound"]


class Names(tuple):
    """The name of one thing in several languages, hashable: Names(zh="销售部", en="Sales").

    >>> Names(zh="销售部", en="Sales")["en"]
    'Sales'
    >>> Names(zh="销售部")["en"]
    '销售部'
    """

    __slots__ = ()

    def __new__(cls, **by_language: str):
        return super().__new__(cls, sorted(by_language.items()))

    def __getnewargs_ex__(self):
        return (), dict(tuple.__iter__(self))

    def __getitem__(self, language):
        """The name in `language`; where it has none there, in any language rather than in none."""
        mapping = dict(tuple.__iter__(self))
        return mapping.get(language) or next(iter(mapping.values()), "")

    def languages(self) -> list[str]:
        return [language for language, _ in tuple.__iter__(self)]

    def __repr__(self):
        return "Names(" + ", ".join(f"{key}={value!r}" for key, value in tuple.__iter__(self)) + ")"


@dataclass(frozen=True, slots=True)
class Opening:
    """When a place opens next, said from the caller's now (rule A7): "tomorrow, Monday, at nine".

    `day` is "today", "tomorrow", "week" (within six days: the weekday is said) or "date" (the date is said).
    `date` and `time` are local to the place.
    """

    day: str
    date: date
    time: time


class Prompt:
    """Words to be spoken: a name and the values its template needs.

    Values are str, int, bool, None, Names, Opening, `datetime.time`, `datetime.date`, or tuples of these.
    Two prompts with the same name and values are equal, whatever made them.
    """

    __slots__ = ("name", "values")

    def __init__(self, name: str, /, **values):
        self.name = name
        self.values = tuple(sorted(values.items()))

    def __eq__(self, other):
        return isinstance(other, Prompt) and (self.name, self.values) == (other.name, other.values)

    def __hash__(self):
        return hash((self.name, self.values))

    def __repr__(self):
        return f"Prompt({', '.join([repr(self.name), *(f'{key}={value!r}' for key, value in self.values)])})"


@dataclass(frozen=True, slots=True)
class Sound:
    """Something heard that has no words: `name` is "hold" (music), "beep" or "ringing" (his own telephone).

    `part` picks the n-th slice of the music, so that it goes on where it stopped; slices last `seconds`.
    """

    name: str
    seconds: float | None = None
    part: int = 0
