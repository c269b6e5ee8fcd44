"""What may stand in routes.yaml: one model for each thing in it, typing the texts of the file.

A model never says what is missing of the rest of the table; `ivr.table.check` does. `NEEDS` names the keys that must be
there; all else has its default here or in `ivr.table.build`.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.holidays import Holidays
from ivr.hours_text import spans
from ivr.table import values

__all__ = [
    "WEEK", "AnnouncementText", "BranchText", "CallersText", "DepartmentText", "EndsText", "ExtensionText", "HoldText",
    "HoursText", "HouseText", "MenuText", "MessageText", "NumberText", "QuietText", "RingText", "SwitchText", "Text",
    "TollText",
]  # fmt: skip

Word = Annotated[str, AfterValidator(values.something)]
YesNo = Annotated[bool, values.reads(values.yes_no)]
Texts = Annotated[dict[str, Word], BeforeValidator(values.texts)]
Destination = str  # checked across the table, where its name can be looked up
PromptName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]*$")]
WEEK = "\0week"  # no key of a file: control characters are refused
Gateway = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Day = Annotated[tuple, values.reads(spans)]


class Text(BaseModel):
    """A piece of the table: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    NEEDS: ClassVar[tuple[str, ...]] = ()
    EXAMPLE: ClassVar[str] = ""
    """For messages, where it cannot be made of `NEEDS`."""


Country = Annotated[str, AfterValidator(values.country)]
Caller = Annotated[str, AfterValidator(values.caller)]


class TollText(Text):
    """Which numbers of the world outside may be rung at the house's expense."""

    countries: list[Country] = []
    prefixes: list[Caller] = []
    premium: YesNo = False


class HouseText(Text):
    """The house: its name, where it is, and the languages it speaks."""

    NEEDS = ("name", "timezone", "languages")
    name: Texts | None = None
    country: Country | None = None
    timezone: Annotated[str, AfterValidator(values.zone)] | None = None
    languages: dict[Annotated[str, Field(pattern="^[a-z]{2,3}$")], Texts | None] = {}
    emergency: list[Annotated[str, values.digits("emergency number", 2, 8)]] = []
    gateway: Gateway | None = None
    toll: TollText | None = None


class BranchText(Text):
    """Another house in the same table."""

    NEEDS = ("name",)
    name: Texts | None = None
    timezone: Annotated[str, AfterValidator(values.zone)] | None = None
    operator: Destination | None = None


class HoursText(Text):
    """Opening hours: the days of the week beside the keys that are no days."""

    EXAMPLE = "{mon-fri: 09:00-18:00}"
    week: dict[Annotated[tuple, values.reads(values.days)], Day] = Field({}, alias=WEEK)
    holidays: Annotated[Holidays, values.reads(values.holidays)] | None = None
    make_up: Annotated[int, values.reads(values.one_day)] = 0
    exceptions: dict[Annotated[date, values.reads(values.day)], Day] = Field({}, alias="except")
    calendar: Annotated[str, values.reads(values.calendar)] | None = None
    open_calendar: Annotated[str, values.reads(values.calendar)] | None = None
    timezone: Annotated[str, AfterValidator(values.zone)] | None = None

    @model_validator(mode="before")
    @classmethod
    def days_apart(cls, given):
        apart: dict = {WEEK: {}}
        for key, value in given.items():
            (apart if key in values.BESIDE_DAYS else apart[WEEK])[key] = value
        return apart


class RingText(Text):
    """Which phones ring, how, and how long."""

    phones: Annotated[values.Phones, BeforeValidator(values.phones)] | None = None
    how: Annotated[str, values.reads(values.way)] = "together"
    time: Annotated[float, values.reads(values.ring_time), values.between(5, 120)] = 25
    announce: YesNo = False

    @model_validator(mode="after")
    def how_fits_phones(self):
        written = self.phones.written if self.phones else "list"
        if (written == "levels") != (self.how == "by-skill"):
            raise values.Fault(
                "by-skill and levels of skill belong together: {phones: {8001: 1, 8002: 2}, how: by-skill}"
            )
        if written == "groups" and self.how == "together":
            raise values.Fault("groups ring one after the other; write how: in-turn, or rotate")
        return self


class NumberText(Text):
    """A dialled number."""

    NEEDS = ("to",)
    to: Destination | None = None
    hours: str | None = None
    language: str | None = None
    house: str | None = None
    emergency: YesNo = False


class CallersText(Text):
    """A list of callers."""

    numbers: list[Caller] = []
    countries: list[Country] = []
    withheld: YesNo = False
    to: Destination | None = None
    language: str | None = None

    @model_validator(mode="after")
    def says_who_and_what(self):
        if not (self.numbers or self.countries or self.withheld):
            raise values.Fault("nobody is on this list; write numbers, countries, or withheld: yes")
        if not (self.to or self.language):
            raise values.Fault("nothing is done for this list; write to, language, or both")
        return self


class MenuText(Text):
    """A menu."""

    NEEDS = ("keys",)
    name: Texts | None = None
    keys: dict[Annotated[str, AfterValidator(values.key)], Destination] = {}
    prompt: PromptName | None = None
    direct_dial: YesNo = False
    tries: Annotated[int, values.count(1, 9)] = 3
    timeout: Annotated[float, values.reads(values.seconds), values.between(1, 60, whole=False)] = 5.0
    silence: Destination = "operator"
    invalid: Destination = "operator"


class EndsText(Text):
    """Where callers go on when ringing did not end in a conversation; `otherwise` serves those not named."""

    otherwise: Destination | None = None
    busy: Destination | None = None
    no_answer: Destination | None = None
    refused: Destination | None = None
    unreachable: Destination | None = None
    do_not_disturb: Destination | None = None


class DepartmentText(Text):
    """A department, or the operator."""

    NEEDS = ("name", "ring")
    name: Texts | None = None
    hours: str | None = None
    ring: RingText | None = None
    closed: Destination | None = None
    lunch: Destination | None = None
    ends: EndsText = EndsText()


class QuietText(Text):
    """When a phone does not ring for callers from outside."""

    NEEDS = ("hours",)
    hours: str | None = None
    to: Destination | None = None


class ExtensionText(Text):
    """One phone."""

    name: Texts | None = None
    ring: RingText = RingText()
    outside: Annotated[str, AfterValidator(values.outside)] | None = None
    accept: YesNo | None = None
    quiet: QuietText | None = None
    do_not_disturb: YesNo = False
    ends: EndsText = EndsText()


class HoldText(Text):
    """Waiting with music."""

    ahead: Destination | None = Field(None, alias="for")
    name: Texts | None = None
    ring: RingText | None = None
    every: Annotated[float, values.reads(values.seconds), values.between(10, 120)] = 20
    rounds: Annotated[int, values.count(1, 60)] = 6
    leave: Destination | None = None


class MessageText(Text):
    """A message box."""

    name: Texts | None = None
    prompt: PromptName | None = None
    ask_number: YesNo = False
    limit: Annotated[float, values.reads(values.seconds), values.between(10, 3600)] = 180
    silence: Annotated[float, values.reads(values.seconds), values.between(2, 30)] = 5
    shortest: Annotated[float, values.reads(values.seconds), values.between(0, 10, whole=False)] = 1.0
    then: Destination = "goodbye"


class SwitchText(Text):
    """Day or night by hand: behind a PIN, whoever has it opens and closes hours."""

    NEEDS = ("name", "hours", "pin")
    name: Texts | None = None
    hours: list[str] = []
    pin: Annotated[str, values.digits("PIN", 1, 12)] | None = None
    lasts: Annotated[int, values.reads(values.length)] | None = None
    then: Destination = "goodbye"


class AnnouncementText(Text):
    """Something spoken."""

    name: Texts | None = None
    say: Texts | None = None
    prompt: PromptName | None = None
    then: Destination = "goodbye"
