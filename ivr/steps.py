"""The table's steps: where a caller can be. Frozen; each knows its exits.

An address is `kind/name`: menu/main, department/sales, extension/8001, message/sales, hold/sales,
announcement/parking. Two steps exist once and have no name: `operator` and `goodbye`. Two words are no steps and lead
to one: `back`, to the menu before, and `top`, to the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from ivr.caller_list import CallerList
from ivr.hours import Hours
from ivr.prompt import Names
from ivr.ring_plan import RingPlan
from ivr.rota import Rota

__all__ = [
    "BACK", "TOP", "Address", "Announcement", "DayNight", "Department", "Duty", "Ends", "Extension", "Goodbye",
    "Greeting", "Hold", "Menu", "MessageBox", "Operator", "Step", "Table",
]  # fmt: skip

Address = str
BACK, TOP = "back", "top"


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a caller goes on when ringing did not end in a conversation (rule B4: each its own way on)."""

    busy: Address
    no_answer: Address
    refused: Address
    unreachable: Address
    do_not_disturb: Address


@dataclass(frozen=True, slots=True)
class Greeting:
    """`greeting/<number>`: what a dialled number opens with (rules A1, A2), and where it leads.

    `house`, `timezone`, `operator`: those of the house that is called. `emergency`: no greeting, no list of callers,
    no wait (rule F3). `rings`: so often the caller hears it ring first.
    """

    address: Address
    number: str
    house: Names
    to: Address
    hours: Hours | None
    language: str | None
    timezone: str = "UTC"
    operator: Address = "operator"
    emergency: bool = False
    rings: int = 0

    def exits(self) -> tuple[Address, ...]:
        return (self.to,)


@dataclass(frozen=True, slots=True)
class Menu:
    """`menu/<name>`. `keys`: key → address; `language/<code>` as an address changes the language and asks again.

    `prompt` names a prompt of the site's own; without one the menu is spoken from `choices`.
    """

    address: Address
    name: Names
    keys: Mapping[str, Address]
    choices: tuple[tuple[str, Names], ...]
    prompt: str | None
    direct_dial: bool
    tries: int
    timeout: float
    silence: Address
    invalid: Address

    def exits(self) -> tuple[Address, ...]:
        return (*(to for to in self.keys.values() if not to.startswith("language/")), self.silence, self.invalid)


@dataclass(frozen=True, slots=True)
class Department:
    """`department/<name>`: a place with hours and phones. `closed` and `lunch` say where callers go then."""

    address: Address
    name: Names
    hours: Hours | None
    ring: RingPlan
    closed: Address
    lunch: Address
    ends: Ends

    def exits(self) -> tuple[Address, ...]:
        ends = self.ends
        return (self.closed, self.lunch, ends.busy, ends.no_answer, ends.refused, ends.unreachable, ends.do_not_disturb)


@dataclass(frozen=True, slots=True)
class Operator(Department):
    """`operator`: the person of last resort; a department with wording of its own."""


@dataclass(frozen=True, slots=True)
class Extension:
    """`extension/<number>`: one person's phone. `do_not_disturb` is checked before ringing.

    `outside`: the number (E.164) that is rung in place of a phone of the house. `accept`: whoever lifts must press 1
    to take the call, so that no voicemail of a mobile ever does (rule B3). While `quiet` is open, callers from outside
    do not ring it and go to `quiet_to` (rule C3).
    """

    address: Address
    number: str
    name: Names
    ring: RingPlan
    do_not_disturb: bool
    ends: Ends
    outside: str | None = None
    accept: bool = False
    quiet: Hours | None = None
    quiet_to: Address = ""

    def exits(self) -> tuple[Address, ...]:
        ends = self.ends
        ways = (ends.busy, ends.no_answer, ends.refused, ends.unreachable, ends.do_not_disturb)
        return (*ways, self.quiet_to) if self.quiet else ways


@dataclass(frozen=True, slots=True)
class Duty:
    """`duty/<name>`: whoever is on duty now (rule F1). `rota` knows who."""

    address: Address
    name: Names
    rota: Rota
    ends: Ends

    def exits(self) -> tuple[Address, ...]:
        ends = self.ends
        return (ends.busy, ends.no_answer, ends.refused, ends.unreachable, ends.do_not_disturb)


@dataclass(frozen=True, slots=True)
class DayNight:
    """`switch/<name>`: behind a PIN, `hours` are opened, closed, or left to the table again. What was switched lasts
    `lasts` seconds; None: until the table would change by itself."""

    address: Address
    name: Names
    hours: tuple[Hours, ...]
    pin: str = field(repr=False)
    lasts: int | None
    then: Address

    def exits(self) -> tuple[Address, ...]:
        return (self.then,)


@dataclass(frozen=True, slots=True)
class Hold:
    """`hold/<name>`: wait for `ring` with music; every `every` seconds the phones are tried again and the caller is
    asked (rule A8). After `rounds` times he goes to `leave`, where key 2 leads at any time."""

    address: Address
    name: Names
    ring: RingPlan
    every: int
    rounds: int
    leave: Address

    def exits(self) -> tuple[Address, ...]:
        return (self.leave,)


@dataclass(frozen=True, slots=True)
class MessageBox:
    """`message/<name>`: a recorded message, in seconds: `limit` and `silence` end it, under `shortest` it is empty."""

    address: Address
    name: Names
    prompt: str | None
    ask_number: bool
    limit: int
    silence: int
    shortest: float
    then: Address

    def exits(self) -> tuple[Address, ...]:
        return (self.then,)


@dataclass(frozen=True, slots=True)
class Announcement:
    """`announcement/<name>`: something spoken, then on. `text` (per language) is spoken where no `prompt` is named.

    `values`: what stands for the blanks of either: words, a number, a time, a date, digits ("02085550100"), or a name;
    `opens`: the blanks that stand for when hours open next.
    """

    address: Address
    prompt: str | None
    text: Names | None
    then: Address
    values: tuple[tuple[str, str | int | time | date | Names], ...] = ()
    opens: tuple[tuple[str, Hours], ...] = ()

    def exits(self) -> tuple[Address, ...]:
        return (self.then,)


@dataclass(frozen=True, slots=True)
class Goodbye:
    """`goodbye`: the standard goodbye, then the line hangs up (rule A2)."""

    address: Address = "goodbye"

    def exits(self) -> tuple[Address, ...]:
        return ()


Step = (
    Greeting | Menu | Department | Operator | Extension | Duty | Hold | MessageBox | Announcement | DayNight | Goodbye
)


@dataclass(frozen=True, slots=True)
class Table:
    """routes.yaml, validated and frozen: a graph of steps.

    `version`: 12 hex digits of the source's SHA-256. `numbers`: dialled number → address of its Greeting; the entry
    "*" serves every other number. `callers`: the first list that matches a caller counts. `gateway`: by which numbers
    outside are rung. `remembers`: is the language a caller has chosen that of his next call too? `source` is the
    file's name, `text` what stood in it, `files` what stood in those it includes; `lines`: address → its line,
    `lies_in`: the file, where that is an included one.
    """

    version: str
    house: Names
    languages: tuple[str, ...]
    timezone: str
    steps: Mapping[Address, Step]
    numbers: Mapping[str, Address]
    emergency: tuple[str, ...]
    source: str = ""
    lines: Mapping[Address, int] = field(default_factory=dict)
    country: str | None = None
    callers: tuple[CallerList, ...] = ()
    gateway: str | None = None
    remembers: bool = False
    hours: Mapping[str, Hours] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False, compare=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    lies_in: Mapping[Address, str] = field(default_factory=dict, repr=False, compare=False)
    goes_back: bool = field(default=False, init=False, compare=False)
    """Does `back` or `top` stand anywhere? Else nobody need know which menus a caller came through."""
    accepts: bool = field(default=False, init=False, compare=False)
    """Must anybody press a key to take a call?"""
    rings_first: bool = field(default=False, init=False, compare=False)
    """Does any number ring before it is answered? Else every call is answered before it is known whose it is."""
    announces: bool = field(default=False, init=False, compare=False)
    """Is anybody told who calls, and who was tried before? Else no caller need carry that."""
    _lengths: tuple[tuple[str, tuple[int, ...]], ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self):
        # Worked out once: every menu with direct dial asks for it, and a table may have 50,000 extensions.
        found: dict[str, set[int]] = {}
        for step in self.steps.values():
            if isinstance(step, Extension):
                found.setdefault(step.number[0], set()).add(len(step.number))
        lengths = sorted((first, tuple(sorted(lengths))) for first, lengths in found.items())
        object.__setattr__(self, "_lengths", tuple(lengths))
        object.__setattr__(self, "accepts", any(getattr(step, "accept", False) for step in self.steps.values()))
        object.__setattr__(self, "rings_first", any(getattr(step, "rings", 0) for step in self.steps.values()))
        plans = (getattr(step, "ring", None) for step in self.steps.values())
        object.__setattr__(self, "announces", any(plan is not None and plan.announce for plan in plans))
        ways = (to for step in self.steps.values() for to in (*step.exits(), *getattr(step, "keys", {}).values()))
        object.__setattr__(self, "goes_back", not {BACK, TOP}.isdisjoint(ways))

    def entry(self, dialled: str) -> Address:
        """The address of the greeting a dialled number opens with."""
        return self.numbers.get(dialled) or self.numbers["*"]

    def greeting(self, dialled: str) -> Greeting:
        """What a dialled number opens with; it knows the house that is called."""
        return self.steps[self.entry(dialled)]

    def listed(self, caller: str) -> CallerList | None:
        """The list a caller is on: the first that matches."""
        return next((one for one in self.callers if one.matches(caller)), None)

    def step(self, address: Address) -> Step:
        """The step at an address; KeyError if the table has none."""
        return self.steps[address]

    def extension_lengths(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """For each first digit of an extension the lengths it may have, for `Keys.lengths`."""
        return self._lengths
