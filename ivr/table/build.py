"""From what was read to frozen steps: every default filled in, so that handlers need none.

`message/<name>` is there for every department, extension and the operator without being written: their own box.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cached_property
from types import MappingProxyType

from ivr.calendars import Calendar
from ivr.caller_list import CallerList
from ivr.hours import Hours
from ivr.prompt import Names
from ivr.ring_plan import RingPlan
from ivr.steps import (
    Address,
    Announcement,
    DayNight,
    Department,
    Duty,
    Ends,
    Extension,
    Goodbye,
    Greeting,
    Hold,
    Menu,
    MessageBox,
    Operator,
    Step,
    Table,
)  # fmt: skip
from ivr.table.blanks import NAMED, written
from ivr.table.duties import rota_of
from ivr.table.models import DepartmentText, EndsText, MessageText, RingText
from ivr.table.reading import SECTIONS, Reading

__all__ = ["EMERGENCY", "Builder"]

# Always let through (rule F4): police, fire, ambulance, traffic police in China; 112 and 911 from a mobile; Hong Kong.
EMERGENCY = ("110", "119", "120", "122", "112", "911", "999")

EXTENSION = {"zh": "分机{}", "yue": "分機{}", "en": "extension {}"}
# What a menu calls the ways that have no name in the table.
WAYS = {
    "goodbye": {"zh": "结束通话", "yue": "收線", "en": "end the call"},
    "back": {"zh": "上一层菜单", "yue": "上一層選單", "en": "the menu before"},
    "top": {"zh": "主菜单", "yue": "主選單", "en": "the main menu"},
}
DEFAULT_RING, DEFAULT_BOX = RingText(), MessageText()
OWNERS = ("departments", "extensions", "duties")
"""Sections whose things have a message box of their own."""


def _hidden(to: Address) -> bool:
    """Is a key not read out? A day/night switch is for those who know of it."""
    return to.startswith("switch/")


def version(source: bytes, files: Mapping[str, bytes]) -> str:
    """12 hex digits of the SHA-256 of all that a table is written in."""
    digest = hashlib.sha256(source)
    for name in sorted(files):
        digest.update(b"\0" + name.encode() + b"\0" + files[name])
    return digest.hexdigest()[:12]


class Builder:
    """Makes the steps of a reading. Destinations that lead nowhere stay as they are: `check` reports them."""

    def __init__(self, reading: Reading, calendars: Mapping[str, Calendar]):
        self.reading = reading
        self.calendars = calendars
        self.languages = tuple(reading.house.languages) or ("en",)
        self.house = self.names(reading.house.name) or Names(**dict.fromkeys(self.languages, "?"))
        self.zone = reading.house.timezone or "UTC"
        self.hours = {name: self._hours(name, model) for name, model in reading.things("hours")}
        self._steps: dict[Address, Step] | None = None
        self.lines: dict[Address, int] = {}
        self.lies_in: dict[Address, str] = {}
        self.owners = {name: (section, name) for section in reversed(OWNERS) for name in reading.names(section)}
        self.owners["operator"] = ("operator",)

    @property
    def steps(self) -> dict[Address, Step]:
        """Made when the first rule asks for them: where a thousand names are wrong, none does."""
        if self._steps is None:
            self._steps = {}
            for address, path, step in self._all():
                self._steps[address] = step
                self._written_at(address, path)
            self._own_boxes()
        return self._steps

    @cached_property
    def phones(self) -> dict[str, Extension]:
        """The extensions by their numbers."""
        return {step.number: step for step in self.steps.values() if isinstance(step, Extension)}

    def _written_at(self, address: Address, path: tuple) -> None:
        self.lines[address], _, file = self.reading.place(path, key=True)
        if file:
            self.lies_in[address] = file

    def table(self, source: bytes, name: str, files: Mapping[str, bytes]) -> Table:
        """The table; only a reading without errors makes one. `files`: those that `source` includes."""
        steps = self.steps
        numbers = {step.number: step.address for step in steps.values() if isinstance(step, Greeting)}
        numbers.setdefault("*", next(iter(numbers.values())))
        emergency = dict.fromkeys((*EMERGENCY, *self.reading.house.emergency))
        return Table(
            version=version(source, files),
            house=self.house,
            languages=self.languages,
            timezone=self.zone,
            steps=MappingProxyType(steps),
            numbers=MappingProxyType(numbers),
            emergency=tuple(emergency),
            source=name,
            lines=MappingProxyType(self.lines),
            country=self.reading.house.country,
            callers=tuple(self._callers(name, model) for name, model in self.reading.things("callers")),
            gateway=self.reading.house.gateway,
            remembers=self.reading.house.remember_language,
            hours=MappingProxyType(self.hours),
            text=source.decode("utf-8"),
            files=MappingProxyType(dict(files)),
            lies_in=MappingProxyType(self.lies_in),
        )

    def _callers(self, name: str, model) -> CallerList:
        return CallerList(
            name=name,
            numbers=tuple(model.numbers),
            countries=tuple(model.countries),
            withheld=model.withheld,
            to=model.to,
            language=model.language,
            home=self.reading.house.country,
        )

    def names(self, texts: Mapping[str, str] | None) -> Names | None:
        if not texts:
            return None
        return Names(**(dict.fromkeys(self.languages, texts[""]) if "" in texts else texts))

    def own_box(self, address: Address) -> bool:
        """Is this the message box that a department, an extension, a duty or the operator has without being written?"""
        kind, _, name = address.partition("/")
        return kind == "message" and name in self.owners and name not in self.reading.names("messages")

    # The steps, in the order of the sections -----------------------------------------------------------------------

    def _all(self) -> Iterator[tuple[Address, tuple, Step]]:
        read = self.reading
        yield "goodbye", (), Goodbye()
        if read.operator:
            yield "operator", ("operator",), self._department("operator", "operator", read.operator)
        makers = {
            "departments": lambda name, model: self._department(f"department/{name}", name, model),
            "extensions": self._extension,
            "duties": self._duty,
            "messages": self._box,
            "announcements": self._announcement,
            "holds": self._hold,
            "switches": self._switch,
            "menus": self._menu,
            "numbers": self._greeting,
        }
        for section, make in makers.items():
            for name, model in read.things(section):
                kind = SECTIONS[section][1] or "greeting"
                address = "greeting/any" if name == "*" else f"{kind}/{name}"
                yield address, (section, name), make(name, model)

    def _hours(self, name: str, model) -> Hours:
        week = [()] * 7
        for days, spans in model.week.items():
            for day in days:
                week[day] = spans
        zone = model.timezone or self.zone
        return Hours(
            name=name,
            zone=zone,
            week=tuple(week),
            holidays=model.holidays,
            make_up=model.make_up,
            exceptions=MappingProxyType(dict(model.exceptions)),
            closures=self.calendars.get(model.calendar),
            openings=self.calendars.get(model.open_calendar),
        )

    def _plan(self, model: RingText | None, own: str | None = None) -> RingPlan:
        model = model or DEFAULT_RING
        groups = model.phones.groups if model.phones else ((own,),) if own else ()
        if model.how == "together" and groups:
            groups = (tuple(phone for group in groups for phone in group),)
        return RingPlan(groups, int(model.time), rotate=model.how == "rotate", announce=model.announce)

    def _ends(self, model: EndsText, name: str) -> Ends:
        rest = model.otherwise or f"message/{name}"
        if model.model_fields_set <= {"otherwise"}:
            return Ends(rest, rest, rest, rest, rest)
        kinds = ("busy", "no_answer", "refused", "unreachable", "do_not_disturb")
        return Ends(**{kind: getattr(model, kind) or rest for kind in kinds})

    def _department(self, address: Address, name: str, model: DepartmentText) -> Department:
        closed = model.closed or f"message/{name}"
        return (Operator if address == "operator" else Department)(
            address=address,
            name=self.names(model.name) or self.house,
            hours=self.hours.get(model.hours),
            ring=self._plan(model.ring),
            closed=closed,
            lunch=model.lunch or closed,
            ends=self._ends(model.ends, name),
        )

    def _extension(self, number: str, model) -> Extension:
        said = {code: EXTENSION.get(code, "{}").format(number) for code in self.languages}
        return Extension(
            address=f"extension/{number}",
            number=number,
            name=self.names(model.name) or Names(**said),
            ring=self._plan(model.ring, number),
            do_not_disturb=model.do_not_disturb,
            ends=self._ends(model.ends, number),
            outside=model.outside,
            accept=model.outside is not None if model.accept is None else model.accept,
            quiet=self.hours.get(model.quiet.hours) if model.quiet else None,
            quiet_to=(model.quiet.to if model.quiet else None) or f"message/{number}",
        )

    def _duty(self, name: str, model) -> Duty:
        return Duty(
            address=f"duty/{name}",
            name=self.names(model.name) or self.house,
            rota=rota_of(model, name, self.zone),
            ends=self._ends(model.ends, name),
        )

    def _switch(self, name: str, model) -> DayNight:
        return DayNight(
            address=f"switch/{name}",
            name=self.names(model.name) or self.house,
            hours=tuple(self.hours[one] for one in model.hours if one in self.hours),
            pin=model.pin or "",
            lasts=model.lasts,
            then=model.then,
        )

    def _box(self, name: str, model: MessageText) -> MessageBox:
        owners = (name if name == "operator" else f"department/{name}", f"extension/{name}", f"duty/{name}")
        owner = next((self.steps[address] for address in owners if address in self.steps), None)
        return MessageBox(
            address=f"message/{name}",
            name=self.names(model.name) or (owner.name if owner else self.house),
            prompt=model.prompt,
            ask_number=model.ask_number,
            limit=int(model.limit),
            silence=int(model.silence),
            shortest=model.shortest,
            then=model.then,
        )

    def _announcement(self, name: str, model) -> Announcement:
        opens = {key: self.hours.get(texts.get("", "").removeprefix("hours/")) for key, texts in model.values.items()
                 if texts.get("", "").startswith("hours/")}  # fmt: skip
        return Announcement(
            address=f"announcement/{name}",
            prompt=model.prompt,
            text=self.names(model.say),
            then=model.then,
            values=tuple((key, self._value(texts)) for key, texts in model.values.items() if key not in opens),
            opens=tuple((key, hours) for key, hours in opens.items() if hours),
        )

    def _value(self, texts: Mapping[str, str]) -> str | int | time | date | Names:
        """What stands for a blank: what one text for all languages names, or is written like; else words."""
        if "" not in texts:
            return self.names(texts)
        kind = texts[""].partition("/")[0]
        if texts[""] == "house":
            return self.house
        if texts[""] == "operator" or kind in NAMED:
            return self._offered(texts[""])
        return written(texts[""])

    def _hold(self, name: str, model) -> Hold:
        ahead = self.steps.get(model.ahead or "")
        ahead = ahead if isinstance(ahead, Department | Extension) else None
        own = model.ahead.rpartition("/")[2] if model.ahead else "operator"
        return Hold(
            address=f"hold/{name}",
            name=self.names(model.name) or (ahead.name if ahead else self.house),
            ring=self._plan(model.ring) if model.ring or not ahead else ahead.ring,
            every=int(model.every),
            rounds=model.rounds,
            leave=model.leave or f"message/{own}",
        )

    def _menu(self, name: str, model) -> Menu:
        return Menu(
            address=f"menu/{name}",
            name=self.names(model.name) or self.house,
            keys=MappingProxyType(dict(model.keys)),
            choices=tuple((key, self._offered(to)) for key, to in model.keys.items() if not _hidden(to)),
            prompt=model.prompt,
            direct_dial=model.direct_dial,
            tries=model.tries,
            timeout=float(model.timeout),
            silence=model.silence,
            invalid=model.invalid,
        )

    def _greeting(self, number: str, model) -> Greeting:
        branch = self.reading.names("houses").get(model.house or "")
        return Greeting(
            address="greeting/any" if number == "*" else f"greeting/{number}",
            number=number,
            house=(self.names(branch.name) if branch else None) or self.house,
            to=model.to or "operator",
            hours=self.hours.get(model.hours),
            language=model.language,
            timezone=(branch.timezone if branch else None) or self.zone,
            operator=(branch.operator if branch else None) or "operator",
            emergency=model.emergency,
            rings=model.rings,
        )

    def _offered(self, to: Address) -> Names:
        """What a menu calls a destination."""
        kind, _, name = to.partition("/")
        if kind == "language":
            # In its own language and no other: who needs English does not understand 英语请按九 (rule A3).
            names = self.names(self.reading.house.languages.get(name)) or self.house
            return Names(**{name: names[name]})
        if kind in WAYS:
            return Names(**{code: WAYS[kind].get(code, WAYS[kind]["en"]) for code in self.languages})
        section = next((section for section, (_, made) in SECTIONS.items() if made == kind), "")
        model = self.reading.names(section).get(name)
        if model is not None and model.name:
            return self.names(model.name)
        step = self.steps.get(f"department/{name}" if self.own_box(to) else to)
        return getattr(step, "name", self.house)

    def _own_boxes(self) -> None:
        """Make the boxes that are led to and not written; and the operator's, reception's last resort."""
        wanted = {exit for step in self.steps.values() for exit in (*step.exits(), *getattr(step, "keys", {}).values())}
        for address in sorted({*wanted, "message/operator"} - self.steps.keys()):
            if self.own_box(address):
                name = address.partition("/")[2]
                self.steps[address] = self._box(name, DEFAULT_BOX)
                self._written_at(address, self.owner_of(name))

    def owner_of(self, name: str) -> tuple:
        """Where the owner of a box of this name is written."""
        return self.owners[name]
