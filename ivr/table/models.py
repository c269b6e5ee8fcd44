"""What may stand in routes.yaml: one model for each thing in it, typing the texts of the file.

A model never says what is missing of the rest of the table; `ivr.table.check` does. `NEEDS` names the keys that must be
there; all else has its default here or in `ivr.table.build`.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from ivr.holidays import Holidays
from ivr.hours_text import spans
from ivr.table import values
from ivr.table.told import told

__all__ = [
    "WEEK", "AnnouncementText", "BranchText", "CallersText", "DepartmentText", "EndsText", "ExtensionText", "HoldText",
    "HoursText", "HouseText", "MenuText", "MessageText", "NumberText", "QuietText", "RingText", "SwitchText", "Text",
    "TollText",
]  # fmt: skip

Word = Annotated[str, AfterValidator(values.something)]
YesNo = Annotated[bool, values.reads(values.yes_no)]
Blank = Annotated[str, AfterValidator(values.blank)]
Texts = Annotated[dict[str, Word], BeforeValidator(values.texts)]
# Checked across the table, where its name can be looked up.
Destination = Annotated[str, WithJsonSchema({"destination": "of anything"})]
OfAKey = Annotated[str, WithJsonSchema({"destination": "of a key"})]
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

    countries: list[Country] = told("the countries whose numbers may be rung", "`house.country`", [])
    prefixes: list[Caller] = told("beginnings of numbers that may be rung, whatever their country", "none", [])
    premium: YesNo = told("may premium-rate numbers be rung?", "`no`", False)


class HouseText(Text):
    """The house: its name, where it is, and the languages it speaks."""

    NEEDS = ("name", "timezone", "languages")
    name: Texts | None = told("the name callers hear in the greeting", "must be written")
    country: Country | None = told("two letters (ISO 3166); how callers' numbers are read", "none")
    timezone: Annotated[str, AfterValidator(values.zone)] | None = told(
        "a name of the tz database; all hours are told in it", "must be written"
    )
    languages: dict[Annotated[str, Field(pattern="^[a-z]{2,3}$")], Texts | None] = told(
        "the languages spoken, each with its name as a menu offers it; the first is spoken until a number or a key "
        "says otherwise",
        "must be written",
        {},
    )
    remember_language: YesNo = told(
        "is who has chosen a language by key greeted in it when he calls again, within 400 days and with the same "
        "number? (rule A3)",
        "`no`",
        False,
    )
    emergency: list[Annotated[str, values.digits("emergency number", 2, 8)]] = told(
        "further numbers that must never be shadowed, beside 110 119 120 122 112 911 999", "none", []
    )
    gateway: Gateway | None = told(
        "the gateway of FreeSWITCH by which numbers outside are rung", "none: no extension may have `outside`"
    )
    toll: TollText | None = told(
        "which numbers outside may be rung, see below", "those of `country`, no premium numbers"
    )


class BranchText(Text):
    """Another house in the same table."""

    NEEDS = ("name",)
    name: Texts | None = told("the name callers hear in the greeting and the goodbye", "must be written")
    timezone: Annotated[str, AfterValidator(values.zone)] | None = told(
        "by which clock it is morning there", "`house.timezone`"
    )
    operator: Destination | None = told(
        "a department; in calls of this house it is what `operator` leads to", "the operator of the table"
    )


class HoursText(Text):
    """Opening hours: the days of the week beside the keys that are no days."""

    EXAMPLE = "{mon-fri: 09:00-18:00}"
    week: dict[Annotated[tuple, values.reads(values.days)], Day] = told(
        "the ranges of these days, or `closed`; inside `{…}` several ranges stand in quotes", "`closed`", {}, alias=WEEK
    )
    holidays: Annotated[Holidays, values.reads(values.holidays)] | None = told(
        "a country, or one of its regions (`DE-BY`), whose public holidays are closed", "none"
    )
    make_up: Annotated[int, values.reads(values.one_day)] = told(
        "the weekday whose ranges hold on weekend days that are worked for a holiday (调休)", "`mon`", 0
    )
    exceptions: dict[Annotated[date, values.reads(values.day)], Day] = told(
        "single dates with their own ranges, or `closed`; they come before holidays and weekdays",
        "none",
        {},
        alias="except",
    )
    calendar: Annotated[str, values.reads(values.calendar)] | None = told(
        "an iCalendar file beside the table, such as `closures.ics`: closed during its events", "none"
    )
    open_calendar: Annotated[str, values.reads(values.calendar)] | None = told(
        "another: open during its events", "none"
    )
    timezone: Annotated[str, AfterValidator(values.zone)] | None = told("where the clock hangs", "`house.timezone`")

    @model_validator(mode="before")
    @classmethod
    def days_apart(cls, given):
        apart: dict = {WEEK: {}}
        for key, value in given.items():
            (apart if key in values.BESIDE_DAYS else apart[WEEK])[key] = value
        return apart


class RingText(Text):
    """Which phones ring, how, and how long."""

    phones: Annotated[values.Phones, BeforeValidator(values.phones)] | None = told(
        "extensions, and `duty/…` for whoever is on duty, in order; see the four ways below",
        "must be written; for an extension: itself",
    )
    how: Annotated[str, values.reads(values.way)] = told(
        "the way: `together`, `in-turn`, `rotate` or `by-skill`", "`together`", "together"
    )
    time: Annotated[float, values.reads(values.ring_time), values.between(5, 120)] = told(
        "how long, from 5s to 120s; one after the other: each so long", "`25s`, that is five rings", 25
    )
    announce: YesNo = told(
        "who takes the call is told first, without a key, who calls, for what, and who was tried before; the caller "
        "hears music meanwhile (rule B6)",
        "`no`",
        False,
    )

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
    to: Destination | None = told("where callers go after the greeting", "must be written")
    hours: str | None = told(
        "the hours the greeting tells: open, lunch break, closed until …", "none: the greeting says nothing of hours"
    )
    language: str | None = told("in which callers are greeted", "the first of `house.languages`")
    house: str | None = told("one of `houses`", "the house")
    rings: Annotated[int, values.count(0, 3)] = told(
        "how often it rings before the line answers, 0 to 3 (rule A1); one ring is 5 s from the call's arrival",
        "`0`",
        0,
    )
    emergency: YesNo = told("no greeting, no list of callers: `to` is rung at once (rule F3)", "`no`", False)


class CallersText(Text):
    """A list of callers."""

    numbers: list[Caller] = told("numbers, and beginnings of numbers that end in `*`", "none", [])
    countries: list[Country] = told("the countries (ISO 3166) whose numbers these are", "none", [])
    withheld: YesNo = told("also who does not show a number", "`no`", False)
    to: Destination | None = told("where these callers go in place of the number's own `to`", "the number's own")
    language: str | None = told("in which they are greeted", "the number's own")

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
    name: Texts | None = told("what another menu calls this one", "must be written where a menu offers it")
    keys: dict[Annotated[str, AfterValidator(values.key)], OfAKey] = told(
        '`0` to `9` and `"*"`, each with a destination; offered in this order by the names of where they lead',
        "must be written",
        {},
    )
    prompt: PromptName | None = told("a prompt of your own, in place of the offered names", "none")
    direct_dial: YesNo = told(
        "extensions may be dialled at any moment; a key that some extension begins with would wait a moment for more, "
        "and `ivr check` does not let it",
        "`no`",
        False,
    )
    tries: Annotated[int, values.count(1, 9)] = told(
        "how often silence and wrong keys are asked again, 1 to 9", "`3`", 3
    )
    timeout: Annotated[float, values.reads(values.seconds), values.between(1, 60, whole=False)] = told(
        "how long the line waits for a key after the last word, 1s to 60s", "`5s`", 5.0
    )
    silence: Destination = told("where callers go who pressed nothing", "`operator`", "operator")
    invalid: Destination = told("where they go after wrong keys only", "`operator`", "operator")


class EndsText(Text):
    """Where callers go on when ringing did not end in a conversation; `otherwise` serves those not named."""

    otherwise: Destination | None = told("all those not named here", "the own message box")
    busy: Destination | None = told("every phone is busy", "`otherwise`")
    no_answer: Destination | None = told("nobody took it in time", "`otherwise`")
    refused: Destination | None = told("it was declined by hand", "`otherwise`")
    unreachable: Destination | None = told("no phone is registered", "`otherwise`")
    do_not_disturb: Destination | None = told("do-not-disturb is set", "`otherwise`")


class DepartmentText(Text):
    """A department, or the operator."""

    NEEDS = ("name", "ring")
    name: Texts | None = told("what callers hear", "must be written")
    hours: str | None = told("when it is open", "always")
    ring: RingText | None = told("see below", "must be written")
    closed: Destination | None = told(
        "where callers go outside the hours", "must be written where it is closed at times"
    )
    lunch: Destination | None = told("where they go in the lunch break", "the same as `closed`")
    ends: EndsText = told("see below", "the department's own box, `message/<name>`", EndsText())


class QuietText(Text):
    """When a phone does not ring for callers from outside."""

    NEEDS = ("hours",)
    hours: str | None = told("while these hours are open, the phone does not ring", "must be written")
    to: Destination | None = told("where callers go then", "the extension's own box")


class ExtensionText(Text):
    """One phone."""

    name: Texts | None = told(
        "what callers hear; leave it out where a person should not be named to strangers", '"extension 8001"'
    )
    ring: RingText = told("several devices of one person, or another time", "the extension itself, `25s`", RingText())
    outside: Annotated[str, AfterValidator(values.outside)] | None = told(
        "a number of the world outside that is rung in its place, through `house.gateway`: a mobile", "none"
    )
    accept: YesNo | None = told(
        "whoever lifts is told who calls, and must press 1 to take the call; any other key, silence or a voicemail "
        "does not, and the phones beside it ring on (rule B3)",
        "`yes` with `outside`, else `no`",
    )
    quiet: QuietText | None = told("when callers from outside do not ring it, see below", "never")
    do_not_disturb: YesNo = told("the phone never rings", "`no`", False)
    ends: EndsText = told("as for departments", "the extension's own box, `message/<extension>`", EndsText())


class HoldText(Text):
    """Waiting with music."""

    ahead: Destination | None = told(
        "`operator`, a department or an extension: its phones, name and box are used",
        "none; then `ring` must be written",
        alias="for",
    )
    name: Texts | None = told("what callers hear", "the name of `for`, else of the house")
    ring: RingText | None = told("other phones than those of `for`", "those of `for`")
    every: Annotated[float, values.reads(values.seconds), values.between(10, 120)] = told(
        "how long until the next question, 10s to 120s; phones ring so long at most", "`20s`", 20
    )
    rounds: Annotated[int, values.count(1, 60)] = told("how often he is asked, 1 to 60", "`6`", 6)
    leave: Destination | None = told(
        "where callers go who do not want to wait, or have waited `rounds` times",
        "the box of `for`, else `message/operator`",
    )


class MessageText(Text):
    """A message box."""

    name: Texts | None = told(
        "for whom the message is", "the name of the department, extension or operator, else of the house"
    )
    prompt: PromptName | None = told('a prompt of your own, in place of "please leave a message for …"', "none")
    ask_number: YesNo = told("ask for a number to call back, by keys, and read it back", "`no`", False)
    limit: Annotated[float, values.reads(values.seconds), values.between(10, 3600)] = told(
        "the longest message, 10s to 3600s", "`180s`", 180
    )
    silence: Annotated[float, values.reads(values.seconds), values.between(2, 30)] = told(
        "so much silence ends it, 2s to 30s", "`5s`", 5
    )
    shortest: Annotated[float, values.reads(values.seconds), values.between(0, 10, whole=False)] = told(
        "what is shorter is no message, 0s to 10s", "`1s`", 1.0
    )
    then: Destination = told("where callers go afterwards", "`goodbye`", "goodbye")


class SwitchText(Text):
    """Day or night by hand: behind a PIN, whoever has it opens and closes hours."""

    NEEDS = ("name", "hours", "pin")
    name: Texts | None = told("what is switched, as it is said", "must be written")
    hours: list[str] = told(
        "the hours that are opened and closed; the first is the one that is told", "must be written", []
    )
    pin: Annotated[str, values.digits("PIN", 1, 12)] | None = told(
        "1 to 12 digits; three tries a call, ten an hour", "must be written"
    )
    lasts: Annotated[int, values.reads(values.length)] | None = told(
        "how long, `30m` or `12h`", "until the table would change by itself"
    )
    then: Destination = told("where the caller goes afterwards", "`goodbye`", "goodbye")


class AnnouncementText(Text):
    """Something spoken."""

    name: Texts | None = told("what a menu calls it", "must be written where a menu offers it")
    say: Texts | None = told(
        "the words; `{{ price }}` stands for the value of that name", "`say` or `prompt` must be written"
    )
    prompt: PromptName | None = told("a prompt in place of the words; its template is given the values", "none")
    values: dict[Blank, Texts] = told("names, and what is said for them, see below", "none", {})
    then: Destination = told("where callers go afterwards", "`goodbye`", "goodbye")
