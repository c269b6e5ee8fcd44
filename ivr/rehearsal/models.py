"""What may stand in a file of call scripts: one model for each thing in it, as `ivr.table.models` for routes.yaml.

Where a thing is a word or a mapping, its branches are tagged; tags begin with a zero byte and are in no message.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from ivr.overrides import STATES
from ivr.rehearsal import values
from ivr.rehearsal.values import Span
from ivr.table.models import Text
from ivr.table.values import Fault, digits, reads, seconds, something

__all__ = ["ANSWERS", "DOES", "PHONES", "CallText", "EndsText", "FileText", "PhoneText", "StepText"]

PHONES = ("answers", "busy", "refuses", "rings", "unreachable", "do_not_disturb")
"""What a phone may do, in a word."""
ANSWERS, TALKS = 3.0, 10.0
"""Seconds of ringing and of talking where a script does not say."""
ENDS = ("goodbye", "hangs_up")
WORD, MAPPING = "\0word", "\0mapping"

Seconds = Annotated[float, reads(seconds)]
Number = Annotated[str, digits("extension", 2, 8)]
PhoneKey = Annotated[str, AfterValidator(values.phone)]
Words = Annotated[str, AfterValidator(something)]


def _written(value: Any) -> str:
    return WORD if isinstance(value, str) else MAPPING


def _or_word(model: type[Text], what: str, *words: str):
    """A thing that is written as one of these words, or as a mapping."""
    of_words = Annotated[str, AfterValidator(values.word(what, *words)), Tag(WORD)]
    return Annotated[of_words | Annotated[model, Tag(MAPPING)], Discriminator(_written)]


def _several(thing):
    """One, or a list."""
    return Annotated[list[thing], BeforeValidator(values.one_or_more)]


class PhoneText(Text):
    """A phone that does something after some seconds."""

    EXAMPLE = "{answers: 3s, talks: 30s}"

    answers: Seconds | None = None
    talks: Seconds | None = None
    transfers: Number | None = None
    refuses: Seconds | None = None

    @model_validator(mode="after")
    def one_thing(self):
        if (self.answers is None) == (self.refuses is None):
            raise Fault("a phone answers or refuses; write {answers: 3s, talks: 30s} or {refuses: 3s}")
        if self.refuses is not None and (self.talks is not None or self.transfers is not None):
            raise Fault("who refuses talks to nobody; write {refuses: 3s}")
        return self


Phone = _or_word(PhoneText, "what a phone does", *PHONES)


class StepText(Text):
    """What the caller does, or lives through, next: one of these."""

    EXAMPLE = "- hears: menu"

    hears: _several(Words) | None = None
    presses: Annotated[str, AfterValidator(values.keys)] | None = None
    says: Seconds | None = None
    waits: Seconds | None = None
    comes_to: Words | None = None
    rings: _several(Number) | None = None
    talks_to: Number | None = None

    @model_validator(mode="after")
    def one_thing(self):
        if len(self.model_fields_set) != 1:
            raise Fault("one thing in each line of the list: - hears: menu")
        [does] = self.model_fields_set
        if getattr(self, does) is None:
            raise Fault(f"nothing is written after {does}")
        return self


DOES = tuple(StepText.model_fields)
Step = _or_word(StepText, "what a caller does", "hangs_up")


class EndsText(Text):
    """How the call ends, where it is with a person or a message."""

    EXAMPLE = "{with: 8102}"

    talked_to: Number | None = Field(None, alias="with")
    message: Words | None = None
    lasts: Annotated[Span, reads(values.span)] | None = None
    number: Annotated[str, AfterValidator(values.caller)] | None = None

    @model_validator(mode="after")
    def one_end(self):
        if (self.talked_to is None) == (self.message is None):
            raise Fault("a call ends with a person or a message; write {with: 8102} or {message: sales}")
        if self.talked_to is not None and self.number is not None:
            raise Fault("only a message has a number to call back")
        return self


class CallText(Text):
    """One call script."""

    EXAMPLE = "{at: 2026-11-23 10:00, caller: [hears: menu]}"

    each: dict[str, list[str]] | None = None
    at: Annotated[datetime, reads(values.when)] | None = None
    frm: Annotated[str, AfterValidator(values.caller)] | None = Field(None, alias="from")
    to: Annotated[str, AfterValidator(values.dialled)] | None = None
    hours: dict[Words, Annotated[str, AfterValidator(values.word("what hours are made by hand", *STATES))]] = Field({})
    phones: dict[PhoneKey, _several(Phone)] = Field({})
    caller: list[Step] = Field([])
    ends: _or_word(EndsText, "how a call ends", *ENDS) | None = None
    lasts: Annotated[Span, reads(values.span)] | None = None
    never_hears: _several(Words) = Field([])


class FileText(Text):
    """A file of call scripts, without its calls."""

    SECTIONS: ClassVar[tuple[str, ...]] = ("table", "every", "calls")
    table: Words | None = None
