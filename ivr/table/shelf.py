"""What there is to say, as far as a table must know it: which prompts, in which languages, and what they need.

`ivr.speech.shelf` reads it from the folders; this is what the check is given.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

__all__ = ["Shelf", "Words"]


@dataclass(frozen=True, slots=True)
class Words:
    """One prompt in one language. `template` and `recording`: their files, "" where there is none.

    `variables`: name of a value the template uses → the line it first stands in. `fault`: line and what makes the
    template unreadable. `noted`: did somebody note that the recording says what the template says? "yes", "no" (or not
    of this recording), or "before", when the template said something else.
    """

    template: str = ""
    recording: str = ""
    variables: Mapping[str, int] = field(default_factory=dict)
    fault: tuple[int, str] | None = None
    noted: str = "yes"


@dataclass(frozen=True)
class Shelf:
    """`words`: prompt → language → what there is."""

    words: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)

    def names(self) -> Set[str]:
        """Every prompt that has words or a recording, in any language."""
        return self.words.keys()

    def find(self, name: str, language: str) -> Words | None:
        return self.words.get(name, {}).get(language)
