"""What may stand in routes.yaml: one model for each thing in it, typing the texts of the file.

A model never says what is missing of the rest of the table; `ivr.table.check` does. `NEEDS` names the keys that must be
there; all else has its default here or in `ivr.table.build`.
"""

import re
from datetime import date
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.holidays import Holidays, countries
from ivr.hours_text import DAYS, spans, weekdays
from ivr.table.suggest import nearest

__all__ = [
    "AnnouncementText", "DepartmentText", "ExtensionText", "Fault", "HoldText", "HoursText", "HouseText", "MenuText",
    "MessageText", "NumberText", "RingText", "Text",
]  # fmt: skip

KINDS = ("menu", "department", "extension", "hold", "message", "announcement")
WAYS = ("together", "in-turn")
ONE_WORD = ("operator", "goodbye")
RING = 5  # seconds: the length of one ring in the house rules (A1, B5)


class Fault(ValueError):
    """What is wrong with one text, and the word that was probably meant."""

    def __init__(self, message: str, near: str | None = None):
        super().__init__(message)
        self.near = near


def reads(function) -> BeforeValidator:
    """Type a text by `function`; anything that is no text is a fault, what is typed already stays."""

    def typed(value):
        if isinstance(value, str):
            return function(value)
        if value is None or isinstance(value, (list, dict)):
            raise Fault("a single value is expected here")
        return value

    return BeforeValidator(typed)


def _seconds(text: str) -> float:
    match = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?s", text)
    if not match:
        raise Fault(f"{text!r} is no time in seconds; write it as 25s")
    return float(match[1])


def _ring_time(text: str) -> float:
    match = re.fullmatch(r"([0-9]{1,2}) ?rings?", text)
    if match:
        return float(int(match[1]) * RING)
    try:
        return _seconds(text)
    except Fault:
        raise Fault(f"{text!r} is no ring time; write it as 25s or as 5 rings") from None


def _between(low: float, high: float, whole: bool = True):
    def check(seconds: float) -> float:
        if not low <= seconds <= high:
            raise Fault(f"{seconds:g}s is not between {low:g}s and {high:g}s")
        if whole and seconds != int(seconds):
            raise Fault(f"{seconds:g}s is not in whole seconds")
        return int(seconds) if whole else seconds

    return AfterValidator(check)


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Fault(f"{text!r} is neither yes nor no")
    return text == "yes"


def _count(low: int, high: int):
    def check(text: str) -> int:
        if not re.fullmatch("[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise Fault(f"{text!r} is no whole number from {low} to {high}")
        return int(text)

    return reads(check)


def _text(text: str) -> str:
    if not text.strip():
        raise Fault("nothing is written here")
    return text.strip()


def _texts(value):
    """One text for every language, or one for each: {"": text} or {language: text}."""
    return {"": value} if isinstance(value, str) else value


def _destination(text: str) -> str:
    kind, slash, name = text.partition("/")
    if text in ("operator", "goodbye") or (kind in KINDS and re.fullmatch("[a-z0-9][a-z0-9_-]*", name)):
        return text
    if not slash:
        raise Fault(f"{text!r} is no destination; write operator, goodbye or kind/name", nearest(text, ONE_WORD))
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        raise Fault(f"there is no kind of step {kind!r}; the kinds are {', '.join(KINDS)}", near and f"{near}/{name}")
    raise Fault(f"{name!r} is no name; names are written with a–z, 0–9, - and _")


def _key_destination(text: str) -> str:
    return text if re.fullmatch("language/[a-z]{2,3}", text) else _destination(text)


def _days(text: str) -> tuple[int, ...]:
    try:
        return weekdays(text)
    except ValueError as error:
        if re.search("[0-9]:[0-9]", text):
            raise Fault(f"{text!r} looks like a range; inside {{…}} several ranges are quoted together") from None
        raise Fault(str(error), nearest(text, (*DAYS, "mon-fri", "sat-sun", *HoursText.OTHER))) from None


def _one_day(text: str) -> int:
    if text not in DAYS:
        raise Fault(f"{text!r} is no day of the week; the days are {', '.join(DAYS)}", nearest(text, DAYS))
    return DAYS.index(text)


def _date(text: str) -> date:
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{text!r} is no date; write it as 2026-12-31") from None


def _country(text: str) -> str:
    if text not in countries():
        raise Fault(f"{text!r} is no country; write its two letters, such as CN", nearest(text.upper(), countries()))
    return text


def _holidays(text: str) -> Holidays:
    country, _, region = text.partition("-")
    _country(country)
    regions = countries()[country]
    if region and region not in regions:
        message = f"{country} has no region {region!r}" + (f"; it has {', '.join(regions)}" if regions else "")
        raise Fault(message, nearest(region, regions))
    return Holidays(country, region or None)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # not found, not a key, a folder: all say that it is no zone
        raise Fault(f"there is no time zone {text!r}", nearest(text, available_timezones())) from None
    return text


def _together(text: str) -> bool:
    if text not in WAYS:
        raise Fault(f"{text!r} is no way to ring; the ways are {', '.join(WAYS)}", nearest(text, WAYS))
    return text == "together"


def _key(key: str) -> str:
    if not re.fullmatch("[0-9*]", key):
        raise Fault(f"{key!r} is no key; the keys are 0 to 9 and \"*\" (# ends a number)")
    return key


def _digits(what: str, shortest: int, longest: int):
    def check(text: str) -> str:
        if not re.fullmatch("[0-9]+", text) or not shortest <= len(text) <= longest:
            raise Fault(f"{text!r} is no {what}; it has {shortest} to {longest} digits")
        return text

    return AfterValidator(check)


Word = Annotated[str, AfterValidator(_text)]
YesNo = Annotated[bool, reads(_yes_no)]
Texts = Annotated[dict[str, Word], BeforeValidator(_texts)]
Destination = Annotated[str, AfterValidator(_destination)]
KeyDestination = Annotated[str, AfterValidator(_key_destination)]
PromptName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]*$")]
Day = Annotated[tuple, reads(spans)]


class Text(BaseModel):
    """A piece of the table: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    NEEDS: ClassVar[tuple[str, ...]] = ()


class HouseText(Text):
    """The house: its name, where it is, and the languages it speaks."""

    NEEDS = ("name", "timezone", "languages")
    name: Texts | None = None
    country: Annotated[str, AfterValidator(_country)] | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    languages: dict[Annotated[str, Field(pattern="^[a-z]{2,3}$")], Texts | None] = {}
    emergency: list[Annotated[str, _digits("emergency number", 2, 8)]] = []


class HoursText(Text):
    """Opening hours: the days of the week beside the keys that are no days."""

    OTHER: ClassVar[tuple[str, ...]] = ("holidays", "make_up", "except", "timezone")
    week: dict[Annotated[tuple, reads(_days)], Day] = {}
    holidays: Annotated[Holidays, reads(_holidays)] | None = None
    make_up: Annotated[int, reads(_one_day)] = 0
    exceptions: dict[Annotated[date, reads(_date)], Day] = Field({}, alias="except")
    timezone: Annotated[str, AfterValidator(_zone)] | None = None

    @model_validator(mode="before")
    @classmethod
    def days_apart(cls, given):
        if not isinstance(given, dict) or "week" in given:
            return given
        others = {key: value for key, value in given.items() if key in cls.OTHER}
        return {"week": {key: value for key, value in given.items() if key not in cls.OTHER}, **others}


class RingText(Text):
    """Which phones ring, how, and how long."""

    phones: list[Annotated[str, _digits("extension", 2, 8)]] | None = None
    how: Annotated[bool, reads(_together)] = True
    time: Annotated[float, reads(_ring_time), _between(5, 120)] = 25


class NumberText(Text):
    """A dialled number."""

    NEEDS = ("to",)
    to: Destination | None = None
    hours: str | None = None
    language: str | None = None


class MenuText(Text):
    """A menu."""

    NEEDS = ("keys",)
    name: Texts | None = None
    keys: dict[Annotated[str, AfterValidator(_key)], KeyDestination] = {}
    prompt: PromptName | None = None
    direct_dial: YesNo = False
    tries: Annotated[int, _count(1, 9)] = 3
    timeout: Annotated[float, reads(_seconds), _between(1, 60, whole=False)] = 5.0
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


class ExtensionText(Text):
    """One phone."""

    name: Texts | None = None
    ring: RingText = RingText()
    do_not_disturb: YesNo = False
    ends: EndsText = EndsText()


class HoldText(Text):
    """Waiting with music."""

    ahead: Destination | None = Field(None, alias="for")
    name: Texts | None = None
    ring: RingText | None = None
    every: Annotated[float, reads(_seconds), _between(10, 120)] = 20
    rounds: Annotated[int, _count(1, 60)] = 6
    leave: Destination | None = None


class MessageText(Text):
    """A message box."""

    name: Texts | None = None
    prompt: PromptName | None = None
    ask_number: YesNo = False
    limit: Annotated[float, reads(_seconds), _between(10, 3600)] = 180
    silence: Annotated[float, reads(_seconds), _between(2, 30)] = 5
    shortest: Annotated[float, reads(_seconds), _between(0, 10, whole=False)] = 1.0
    then: Destination = "goodbye"


class AnnouncementText(Text):
    """Something spoken."""

    name: Texts | None = None
    say: Texts | None = None
    prompt: PromptName | None = None
    then: Destination = "goodbye"
