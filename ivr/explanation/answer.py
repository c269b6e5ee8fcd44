"""What a caller lives through, without the time of day: what must be the same at two instants for the answer to be one.

"Good morning" and "opens at nine" are the clock's words; that the house is closed is the table's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from ivr.explanation.witness import Visit
from ivr.prompt import Prompt, Sound
from ivr.steps import Address

__all__ = ["Answer", "Moment", "answer", "parting", "timeless"]

OF_THE_CLOCK = frozenset({"late", "opens", "part", "position", "reference"})
"""Values of prompts that tell the time, or how long somebody waits."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens in a step. `verb`: goes to (the step), or as in `Happening`. `whole`: as it happened, with
    what the clock says of it."""

    step: Address
    verb: str
    what: object = None
    language: str = ""
    whole: object = field(default=None, compare=False)


Answer = tuple[Moment, ...]


def timeless(heard: Prompt | Sound) -> Prompt | Sound:
    """A prompt without what the clock has put into it.

    >>> timeless(Prompt("goodbye", part="morning", house="Acme"))
    Prompt('goodbye', house='Acme')
    """
    if not isinstance(heard, Prompt):
        return heard
    return Prompt(heard.name, **{key: value for key, value in heard.values if key not in OF_THE_CLOCK})


def answer(visits: Iterable[Visit]) -> Answer:
    """All of it, in order; what the caller does himself is left out."""
    moments = []
    for visit in visits:
        if visit.address:
            moments.append(Moment(visit.address, "goes to"))
        for each in visit.happened:
            if each.verb in ("hears", "rings", "fails"):
                what = timeless(each.what) if each.verb == "hears" else each.what
                moments.append(Moment(visit.address, each.verb, what, each.language, each.what))
    return tuple(moments)


def parting(before: Answer, after: Answer, verbs: tuple[str, ...]) -> tuple[Moment | None, Moment | None]:
    """The first moments of such a kind in which two answers differ; None where one has no more of them."""
    for one, other in zip_longest(*([each for each in answer if each.verb in verbs] for answer in (before, after))):
        if one != other:
            return one, other
    return None, None
