"""A call: what can be done with a caller, in about ten verbs.

Three implementations speak it: over ESL (`ivr.esl.call`), in the terminal (`ivr.terminal`), and scripted, with a
virtual clock (`ivr.scripted`). Handlers know only this.

    @handles("announcement")
    def announcement(call, step):
        call.play(Prompt(step.prompt))
        return step.then

The unhappy ends are values (`Silence`, `Invalid`, `Busy` …). Hang-up is one exception, `ivr.errors.Hangup`, which any
verb may raise and only reception catches. A handler returns the address of the next step, or what `ring`, `record`
or `hang_up` gave it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.overrides import Override
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Address, Hold, MessageBox, Table

__all__ = [
    "Answered", "Busy", "Call", "Digits", "DoNotDisturb", "Ended", "HandOver", "Heard", "Invalid", "Keys",
    "NoAnswer", "Rang", "Recorded", "Refused", "Silence", "To", "Unreachable",
]  # fmt: skip


# What a caller keys -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keys:
    """Which keys mean something: single keys, and numbers that may be dialled beside them.

    `single`: complete by themselves, such as "1", "0", "*". `lengths`: for each first digit of an extension, the
    lengths it may have: {"8": (4,)} — a whole table in a few bytes, whatever its size.

    >>> keys = Keys(frozenset("1280"), (("8", (4,)),))
    >>> keys.complete("8"), keys.complete("80"), keys.complete("8001")
    (True, False, True)
    """

    single: frozenset[str] = frozenset()
    lengths: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def longest(self) -> int:
        """How many keys the longest complete input has."""
        return max([1 if self.single else 0, *(n for _, lengths in self.lengths for n in lengths)], default=0)

    def complete(self, digits: str) -> bool:
        """Is this input one of those that mean something?"""
        if digits in self.single:
            return True
        return any(digits[:1] == first and len(digits) in lengths for first, lengths in self.lengths)


@dataclass(frozen=True, slots=True)
class Digits:
    """The caller keyed something complete. `value` consists of 0–9 and * only."""

    value: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller keyed nothing."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """The caller keyed something that means nothing here. `value` may be empty (only # was keyed)."""

    value: str = ""


Heard = Digits | Silence | Invalid


# What became of ringing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody took the call, and has hung up since; the caller is still there."""

    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Busy:
    """Every phone was busy."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It rang, nobody took it in time."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The call was declined by hand."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No phone is registered, or it does not answer the network."""


@dataclass(frozen=True, slots=True)
class DoNotDisturb:
    """Nobody was rung: do-not-disturb is set (or the phone said so)."""


Rang = Answered | Busy | NoAnswer | Refused | Unreachable | DoNotDisturb


@dataclass(frozen=True, slots=True)
class Recorded:
    """The switch recorded. `name` is the file's name in the spool (no folder); `ms` its length.

    `ended` is "key", "silence", "limit" or "hangup".
    """

    name: str
    ms: int
    ended: str


# How a step ends ----------------------------------------------------------------------------------------------------


class To:
    """The next step, with a little state for it: To("menu/main", first="1"). A bare address does without."""

    __slots__ = ("address", "state")

    def __init__(self, address: Address, **state: str):
        self.address, self.state = address, state

    def __eq__(self, other):
        return isinstance(other, To) and (self.address, self.state) == (other.address, other.state)

    def __hash__(self):
        return hash((self.address, tuple(sorted(self.state.items()))))

    def __repr__(self):
        return f"To({', '.join([repr(self.address), *(f'{k}={v!r}' for k, v in self.state.items())])})"


@dataclass(frozen=True, slots=True)
class HandOver:
    """The switch has the caller now, and will call the line again. `part` is "ring" or "record"."""

    part: str
    turn: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The line has hung up."""

    cause: str = "NORMAL_CLEARING"


class Call(Protocol):
    """One caller."""

    uuid: str
    """The channel's id: 36 characters of 0–9, a–f and -."""
    caller: str
    """The caller's number, digits and an optional leading +; empty when withheld or not clean."""
    dialled: str
    """The number that was dialled, digits; empty when not clean."""
    table: Table
    """The table this call lives by, from its first step to its last."""
    entered_at: Address | None
    """Where the channel says the call is; None for a new call."""
    waited: float
    """Seconds the caller had rung before the line got the call (rule A1); 0 where it had been answered."""
    answered: bool
    """Is the call taken?"""
    by_colleague: bool
    """Was he transferred here by somebody of the house whom he was talking to?"""
    language: str
    """What the caller is spoken to in; setting it lasts for the call."""
    back: Rang | Recorded | None
    """With what the switch came back to this step; None on a first entry. Cleared when the step changes."""
    state: Mapping[str, str]
    """The little state `at` wrote for this step, 16 values at most: keys [a-z]+, values [a-z0-9_/-]{0,64}."""
    carried: Mapping[str, str]
    """What the caller carries from step to step, 8 values at most with reception's own: keys [a-z]+, values
    [a-z0-9_/-]{1,200}. It lasts until the call enters the house anew: through `at`, hand-overs, and the death of a
    worker."""

    def now(self) -> datetime:
        """The time, aware, in UTC; from the injected clock."""

    def at(self, address: Address, **state: str) -> None:
        """Write where the call is, and the step's little state, onto the channel — in one write with what follows."""

    def carry(self, **values: str) -> None:
        """Have the caller carry these values beside those he has; an empty one is put down. For what belongs to the
        whole call and not to a step's state: carry(trail="main/sales"), carry(trail=""). Written like `at`, in one
        write with what follows. Raises Refused, and changes nothing, if a value can't be written. Reception itself
        carries `rescued` and `trail`."""

    def answer(self) -> None:
        """Take the call, if it is not yet taken."""

    def let_ring(self, seconds: float) -> float:
        """Unless it is taken, let the caller hear it ring until `seconds` (600 at most) after his call came. The
        seconds since then. A worker's death begins nothing anew: it is the switch that knows when the call came."""

    def play(self, *heard: Prompt | Sound) -> None:
        """Play to the end. Keys typed meanwhile are lost: what may be interrupted is played by `ask`."""

    def ask(self, *heard: Prompt | Sound, keys: Keys, timeout: float = 5.0) -> Heard:
        """Play, and collect keys; a key at any moment interrupts. `timeout`: seconds of silence after the sound."""

    def ask_number(self, *heard: Prompt | Sound, most: int, timeout: float = 5.0) -> Heard:
        """Play, and collect 1 to `most` digits, ended by # or by a pause."""

    def ring(self, plan: RingPlan, music: Sound, cancel: str = "", whisper: Prompt | None = None) -> HandOver:
        """Hand the caller to the switch, which rings; he hears `music` meanwhile (never silence). `cancel`: a key by
        which he ends it; the result is NoAnswer, sooner than the plan says. `whisper`: what whoever lifts hears before
        they are connected; whoever must accept the call hears `accept` after it (rules B3, B6)."""

    def record(self, name: str, limit: int, silence: int) -> HandOver:
        """Hand the caller to the switch, which beeps and records. # ends it, `limit` and `silence` (seconds) too."""

    def file_name(self) -> str:
        """A name for a recording that no recording ever had or will have: `<uuid>-<turn>.wav`."""

    def write_down(self, name: str, box: MessageBox, callback: str = "") -> None:
        """Write the message down before it is recorded as `name`. Raises CannotKeep if that can't be done."""

    def keep(self, recorded: Recorded, shortest: float) -> str | None:
        """Finish the message. Its reference number, digits; "" if it is safe but the number can't be had now;
        None if nothing was said."""

    def place(self, hold: Hold) -> int | None:
        """Take, or keep, a place in the line of those who wait: 1 is next. None when it is not sure (rule A8)."""

    def step_out(self) -> None:
        """Give the place in line back. Never fails."""

    def turn(self, address: Address) -> int:
        """Whose turn it is where phones are rung in rotation: one more each time that any call asks for this address,
        in any worker. 0 when it cannot be had now. Never fails."""

    def remember_language(self, language: str) -> None:
        """Keep for his next call what the caller has chosen by key; nothing where he shows no number. Never fails,
        never blocks."""

    def recall_language(self) -> str:
        """What he chose in a call before; "" where that is not known, or cannot be had now. Never fails."""

    def overridden(self, hours: str) -> Override | None:
        """What somebody has made of these hours by hand; None where the table says how it is. Does not wait."""

    def override(self, hours: str, state: str | None, until: datetime | None = None) -> bool:
        """Make these hours "open" or "closed" until an aware instant (None: until taken back), or, with None, what the
        table says. False where it could not be written down: then all is as before. This call sees it at once, every
        other within two seconds."""

    def note(self, event: str, **data) -> None:
        """Write into the journal. Never fails, never blocks."""

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> Ended:
        """End the call."""
