"""The table's steps: where a caller can be. Frozen; each knows its exits.

An address is `kind/name`: menu/main, department/sales, extension/8001, message/sales, hold/sales,
announcement/parking. Two steps exist once and have no name: `operator` and `goodbye`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.hours import Hours
from ivr.prompt import Names
from ivr.ring_plan import RingPlan

__all__ = [
    "Address", "Announcement", "Department", "Ends", "Extension", "Goodbye", "Greeting", "Hold", "Menu", "MessageBox",
    "Operator", "Step", "Table",
]  # fmt: skip

Address = str


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
    """`greeting/<number>`: what a dialled number opens with (rules A1, A2), and where it leads."""

    address: Address
    number: str
    house: Names
    to: Address
    hours: Hours | None
    language: str | None

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
    """`extension/<number>`: one person's phone. `do_not_disturb` is checked before ringing."""

    address: Address
    number: str
    name: Names
    ring: RingPlan
    do_not_disturb: bool
    ends: Ends

    def exits(self) -> tuple[Address, ...]:
        ends = self.ends
        return (ends.busy, ends.no_answer, ends.refused, ends.unreachable, ends.do_not_disturb)


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
    """`announcement/<name>`: something spoken, then on. `text` (per language) is spoken where no `prompt` is named."""

    address: Address
    prompt: str | None
    text: Names | None
    then: Address

    def exits(self) -> tuple[Address, ...]:
        return (self.then,)


@dataclass(frozen=True, slots=True)
class Goodbye:
    """`goodbye`: the standard goodbye, then the line hangs up (rule A2)."""

    address: Address = "goodbye"

    def exits(self) -> tuple[Address, ...]:
        return ()


Step = Greeting | Menu | Department | Operator | Extension | Hold | MessageBox | Announcement | Goodbye


@dataclass(frozen=True, slots=True)
class Table:
    """routes.yaml, validated and frozen: a graph of steps.

    `version`: 12 hex digits of the source's SHA-256. `numbers`: dialled number → address of its Greeting; the entry
    "*" serves every other number. `source` is the file's name, `text` what stood in it, `lines`: address → its line.
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
    text: str = field(default="", repr=False, compare=False)
    _lengths: tuple[tuple[str, tuple[int, ...]], ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self):
        # Worked out once: every menu with direct dial asks for it, and a table may have 50,000 extensions.
        found: dict[str, set[int]] = {}
        for step in self.steps.values():
            if isinstance(step, Extension):
                found.setdefault(step.number[0], set()).add(len(step.number))
        lengths = sorted((first, tuple(sorted(lengths))) for first, lengths in found.items())
        object.__setattr__(self, "_lengths", tuple(lengths))

    def entry(self, dialled: str) -> Address:
        """The address of the greeting a dialled number opens with."""
        return self.numbers.get(dialled) or self.numbers["*"]

    def step(self, address: Address) -> Step:
        """The step at an address; KeyError if the table has none."""
        return self.steps[address]

    def extension_lengths(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """For each first digit of an extension the lengths it may have, for `Keys.lengths`."""
        return self._lengths
