"""What may stand in a file of call scripts: one model for each thing in it, as `ivr.table.models` for routes.yaml.

Where a thing is a word or a mapping, its branches are tagged; tags begin with a zero byte and are in no message.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, model_validator

from ivr.overrides import STATES
from ivr.rehearsal import values
from ivr.rehearsal.values import Span
from ivr.table.models import Text
from ivr.table.told import told
from ivr.table.values import Fault, digits, reads, seconds, something

__all__ = ["ANSWERS", "DOES", "PHONES", "CallText", "EndsText", "FileText", "PhoneText", "StepText"]

PHONES = ("answers", "busy", "refuses", "rings", "voicemail", "unreachable", "do_not_disturb")
"""What a phone may do, in a word."""
ANSWERS, TALKS = 3.0, 10.0
"""Seconds of ringing and of talking where a script does not say."""
ENDS = ("goodbye", "hangs_up")
WORD, MAPPING = "\0word", "\0mapping"

Length = Annotated[Span, reads(values.span)]
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

    answers: Seconds | None = told("lifts after so many seconds of ringing", "3s")
    talks: Seconds | None = told("hangs up so many seconds later", "`10s`")
    transfers: Number | None = told("gives the caller to this extension instead of hanging up", "none")
    refuses: Seconds | None = told("declines after so many seconds of ringing", "at once")

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

    hears: _several(Words) | None = told(
        "hears a prompt: by its name (`menu`, as `ivr prompts list` says it), by language and name (`en/menu`), by "
        "words in it (in capitals or not), or the `music`; a list is one prompt of which all of that is true",
        "",
    )
    presses: Annotated[str, AfterValidator(values.keys)] | None = told("presses keys, half a second later: `8001#`", "")
    says: Seconds | None = told("waits for the tone, and speaks for so long", "")
    waits: Seconds | None = told("does nothing for so long", "")
    comes_to: Words | None = told("is at this step of the table, such as `hold/sales`, or comes to it", "")
    rings: _several(Number) | None = told(
        "is being put through to exactly these extensions; the order counts where they ring in turn", ""
    )
    talks_to: Number | None = told("is connected with this extension", "")

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

    talked_to: Number | None = told("he has talked to this extension", "", alias="with")
    message: Words | None = told("he has left a message in this box: `sales` is `message/sales`", "")
    lasts: Length | None = told(
        "so long they talked; so long the message is, silence at its end included", "any length"
    )
    number: Annotated[str, AfterValidator(values.caller)] | None = told("the message's number to call back", "any")

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

    at: Annotated[datetime, reads(values.when)] | None = told(
        "when it is, on the clock of the house", "must be written, here or in `every`"
    )
    frm: Annotated[str, AfterValidator(values.caller)] | None = told(
        "the caller's number, or `withheld`", '`"13800138000"`', alias="from"
    )
    to: Annotated[str, AfterValidator(values.dialled)] | None = told("the number he dials", "the first of the table")
    hours: dict[Words, Annotated[str, AfterValidator(values.word("what hours are made by hand", *STATES))]] = told(
        "hours that somebody has opened or closed by hand: `{bar: closed}`", "as the table says", {}
    )
    chose: Words | None = told(
        "the language he chose by key when he called before; for tables with `remember_language`", "none"
    )
    phones: dict[PhoneKey, _several(Phone)] = told(
        'what each extension does, see below; `"*"` is every other one', "they ring, and nobody answers", {}
    )
    caller: list[Step] = told("what he does and lives through, in order, see below", "he listens", [])
    ends: _or_word(EndsText, "how a call ends", *ENDS) | None = told("how the call ends, see below", "however it does")
    lasts: Length | None = told("how long the whole call is: `under 80s`, `over 20s`, `20s to 60s`", "as long as it is")
    never_hears: _several(Words) = told("names of prompts, or words, that are not to be heard in it", "none", [])
    each: dict[str, list[str]] | None = told(
        'one call for each value: `{phone: [8101, 8102]}`, and `"{phone}"` wherever it is to stand', "one call"
    )


class FileText(Text):
    """A file of call scripts, without its calls."""

    SECTIONS: ClassVar[tuple[str, ...]] = ("table", "every", "calls")
    table: Words | None = told("the path of the table, from this file", "the routes.yaml here")
