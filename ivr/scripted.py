"""The scripted Call: a caller and phones that follow a script, in virtual time.

    >>> from datetime import UTC, datetime
    >>> from ivr.clock import ManualClock
    >>> call = ScriptedCall(None, ManualClock(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)), keys=["1"])
    >>> call.ask(Prompt("menu-silence"), keys=Keys(frozenset("12")))
    Digits(value='1')
    >>> call.heard
    [Prompt('menu-silence')]

For tests and `ivr explain`.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.call import (
    Answered,
    Digits,
    DoNotDisturb,
    Ended,
    HandOver,
    Heard,
    Invalid,
    Keys,
    NoAnswer,
    Rang,
    Recorded,
    Silence,
)
from ivr.clock import Clock
from ivr.errors import CannotKeep, GoneAway, Hangup
from ivr.outcome import of_several
from ivr.overrides import Override
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Address, Hold, MessageBox, Table

__all__ = ["Kept", "ScriptedCall", "live_through"]

SPOKEN = 3.0
"""Seconds a prompt lasts in a script: long enough to matter, short enough to read a transcript."""


@dataclass
class Kept:
    """A message of a scripted call."""

    name: str
    box: Address
    callback: str
    ms: int | None = None


@dataclass
class ScriptedCall:
    """One caller after a script. `keys`: what is keyed at each question in turn ("" is silence; when the script runs
    out, silence). `phones`: extension → what becomes of ringing it (NoAnswer where nothing is said); a list is used up
    in turn. `says`: seconds of speech at each recording. `hangs_up_at`, `dies_at`: the k-th verb at which the caller
    hangs up or the worker is killed. `overrides`: what stands when he calls. `cannot_keep`: nothing can be
    written down. `chose`: the language of an earlier call."""

    table: Table | None
    clock: Clock
    keys: Iterable[str] = ()
    phones: Mapping[str, Rang | list[Rang]] = field(default_factory=dict)
    says: Iterable[float] = (5.0,)
    hangs_up_at: int | None = None
    dies_at: int | None = None
    overrides: Mapping[str, Override] = field(default_factory=dict)
    cannot_keep: bool = False
    uuid: str = "00000000-0000-4000-8000-000000000001"
    caller: str = "13800138000"
    dialled: str = "1000"
    language: str = ""
    chose: str = ""
    waited: float = 0.0
    by_colleague: bool = False

    def __post_init__(self):
        self.keys, self.says = deque(self.keys), deque(self.says)
        self.phones = {number: deque(r) if isinstance(r, list) else r for number, r in self.phones.items()}
        self.heard: list[Prompt | Sound] = []
        self.notes: list[tuple[str, dict]] = []
        self.messages: list[Kept] = []
        self.rung: list[RingPlan] = []
        self.whispered: list[Prompt] = []
        self.path: list[Address] = []
        self.verbs = 0
        self.hand_overs = 0
        self.turns: dict[Address, int] = {}
        self.overrides = dict(self.overrides)
        self.entered_at: Address | None = None
        self.state: dict[str, str] = {}
        self.carried: dict[str, str] = {}
        self.back: Rang | Recorded | None = None
        self.answered = self.over = False
        self.standing: Address | None = None
        self._coming: Rang | Recorded | None = None
        self._unheeded: list[str] = []

    # The verbs ------------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.clock.now()

    def at(self, address: Address, **state: str) -> None:
        self._verb()
        self.entered_at, self.state, self.back = address, state, None
        self._unheeded.clear()
        self.path.append(address)

    def carry(self, **values: str) -> None:
        self.carried = {key: value for key, value in {**self.carried, **values}.items() if value}

    def answer(self) -> None:
        self._verb()
        self.answered = True

    def let_ring(self, seconds: float) -> float:
        self._verb()
        if self.answered or seconds <= self.waited:
            return self.waited
        self._hear([Sound("ringing", seconds - self.waited)])
        return seconds

    def play(self, *heard: Prompt | Sound) -> None:
        self._verb()
        self._hear(heard)

    def ask(self, *heard: Prompt | Sound, keys: Keys, timeout: float = 5.0) -> Heard:
        self._verb()
        self._hear(heard)
        keyed = self._keyed()
        if not keyed:
            self.clock.sleep(timeout)
            return Silence()
        value = keyed.rstrip("#")
        return Digits(value) if keys.complete(value) else Invalid(value)

    def ask_number(self, *heard: Prompt | Sound, most: int, timeout: float = 5.0) -> Heard:
        self._verb()
        self._hear(heard)
        keyed = self._keyed().rstrip("#")
        if not keyed:
            return Silence()
        return Digits(keyed) if keyed.isdigit() and len(keyed) <= most else Invalid(keyed)

    def ring(self, plan: RingPlan, music: Sound, cancel: str = "", whisper: Prompt | None = None) -> HandOver:
        self._verb()
        self.rung.append(plan)
        if whisper is not None:
            self.whispered.append(whisper)
        results = [self._phone(target) for target in plan.targets]
        self._coming = of_several(results) if results else DoNotDisturb()
        if isinstance(self._coming, NoAnswer):
            self.clock.sleep(plan.longest)
        elif isinstance(self._coming, Answered):
            self.clock.sleep(self._coming.seconds)
        return self._hand_over("ring")

    def file_name(self) -> str:
        return f"{self.uuid}-{self.hand_overs + 1}.wav"

    def record(self, name: str, limit: int, silence: int) -> HandOver:
        self._verb()
        self.heard.append(Sound("beep"))
        spoken = self.says.popleft() if self.says else 0.0
        self.clock.sleep(min(spoken, limit) + silence)
        self._coming = Recorded(name, int(min(spoken, limit) * 1000), "silence" if spoken < limit else "limit")
        return self._hand_over("record")

    def write_down(self, name: str, box: MessageBox, callback: str = "") -> None:
        self._verb()
        if self.cannot_keep:
            raise CannotKeep("the script says so")
        # A worker that died before the hand-over wrote the same name down; nothing was recorded into it.
        self.messages = [one for one in self.messages if one.name != name] + [Kept(name, box.address, callback)]

    def keep(self, recorded: Recorded, shortest: float) -> str | None:
        for kept in self.messages:
            if kept.name == recorded.name:
                kept.ms = recorded.ms
        return "204816" if recorded.ms >= shortest * 1000 else None

    def place(self, hold: Hold) -> int | None:
        self.standing = hold.address
        return 1

    def step_out(self) -> None:
        self.standing = None

    def turn(self, address: Address) -> int:
        self.turns[address] = self.turns.get(address, -1) + 1
        return self.turns[address]

    def remember_language(self, language: str) -> None:
        if self.caller:
            self.chose = language

    def recall_language(self) -> str:
        return self.chose

    def overridden(self, hours: str) -> Override | None:
        found = self.overrides.get(hours)
        return found if found is not None and found.stands(self.now()) else None

    def override(self, hours: str, state: str | None, until: datetime | None = None) -> bool:
        self._verb()
        if self.cannot_keep:
            return False
        self.overrides.pop(hours, None)
        if state is not None:
            self.overrides[hours] = Override(state, until, f"caller {self.caller or 'withheld'}")
        return True

    def note(self, event: str, **data) -> None:
        self.notes.append((event, data))

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> Ended:
        self._verb()
        self.over = True
        return Ended(cause)

    # The switch's side ----------------------------------------------------------------------------------------------

    def come_back(self) -> None:
        """The switch has done its part and calls the line again."""
        self.back, self._coming = self._coming, None

    def _verb(self) -> None:
        """One more thing done with the caller; here the script may end him, or the worker."""
        if self.over:
            raise Hangup
        self.verbs += 1
        if self.hangs_up_at is not None and self.verbs >= self.hangs_up_at:
            self.over = True
            raise Hangup("ORIGINATOR_CANCEL" if not self.answered else "NORMAL_CLEARING")
        if self.verbs == self.dies_at:
            # What was keyed since the last word on the channel is forgotten with the worker; asked again, a caller
            # keys it again.
            self.keys.extendleft(reversed(self._unheeded))
            self._unheeded.clear()
            raise GoneAway("the worker was killed")

    def _hear(self, heard: Iterable[Prompt | Sound]) -> None:
        for one in heard:
            self.heard.append(one)
            self.clock.sleep(SPOKEN if isinstance(one, Prompt) else one.seconds or 0.5)

    def _keyed(self) -> str:
        if not self.keys:
            return ""
        self._unheeded.append(self.keys.popleft())
        return self._unheeded[-1]

    def _hand_over(self, part: str) -> HandOver:
        self.hand_overs += 1
        return HandOver(part, self.hand_overs)

    def _phone(self, number: str) -> Rang:
        result = self.phones.get(number, NoAnswer())
        if isinstance(result, deque):
            return result.popleft() if result else NoAnswer()
        return result


def live_through(call: ScriptedCall, reception, most: int = 100) -> Ended:
    """The whole call: each hand-over comes back, a killed worker is followed by another."""
    for _ in range(most):
        try:
            outcome = reception.receive(call)
        except GoneAway:
            continue
        if isinstance(outcome, Ended):
            call.over = True
            call.step_out()
            return outcome
        call.come_back()
    raise AssertionError(f"the call had {most} connections and did not end; its last steps: {call.path[-6:]}")
