"""One step, lived through in every way: the real handlers, entered as a worker enters them after another's death.

Where a call is, its little state and what the caller carries are all there is of it between two steps, so a step can be
lived through by itself from any `Stand`. At each question, ring and recording the way parts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from ivr.call import (
    Answered,
    Busy,
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
    Refused,
    Silence,
    Unreachable,
)
from ivr.clock import ManualClock
from ivr.errors import GoneAway, ScriptError
from ivr.prompt import Prompt, Sound
from ivr.reception import Reception
from ivr.ring_plan import RingPlan
from ivr.scripted import ScriptedCall
from ivr.steps import Address, MessageBox

__all__ = ["OUTCOMES", "Act", "Choice", "Stand", "Way", "ways"]

OUTCOMES: dict[str, Rang] = {
    "answered": Answered(30.0), "busy": Busy(), "no answer": NoAnswer(), "refused": Refused(),
    "not reachable": Unreachable(), "do not disturb": DoNotDisturb(),
}  # fmt: skip
A_NUMBER = "13800138000"
OF_THE_MOMENT = frozenset({"again", "since"})
"""State that tells of workers and of the clock, and nothing of the caller."""
MOST = 10_000
"""Ways through one step; no step of ours has a thousand."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a caller is, and all there is of his call. `address` "" is before the door."""

    address: Address = ""
    state: tuple[tuple[str, str], ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody does where the way parts. `kind`: key, dials (an extension), number, silence, wrong, rang,
    says or quiet (a recording); `what`: the key, the number, the outcome."""

    kind: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What the house does. `verb`: hears (what: Prompt or Sound), asks (Keys, or "number"), rings (RingPlan), records
    (the MessageBox)."""

    verb: str
    what: object
    language: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a step. `acts`: what the house does, with the choices between them; what is asked again has the
    same answer, which is named once. `to`: where it leads; None where the call ends."""

    acts: tuple[Act | Choice, ...]
    to: Stand | None

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(act for act in self.acts if isinstance(act, Choice))


class Parts(GoneAway):
    """The way parts here, and nobody has said how to go on."""

    def __init__(self, choices: tuple[Choice, ...]):
        self.choices = choices
        super().__init__("the way parts here")


class Left(GoneAway):
    """The caller has entered another step, or the same one in another language."""


@dataclass
class Probe(ScriptedCall):
    """A call that takes the choices given. The same question, asked again in the step, is answered alike."""

    choices: tuple[Choice, ...] = ()
    dials: tuple[str, ...] = ()
    on_caller: Callable[[], None] = lambda: None
    """Called when the caller's number is looked at."""

    @property
    def caller(self) -> str:
        self.on_caller()
        return self._caller

    @caller.setter
    def caller(self, number: str) -> None:
        self._caller = number

    def __post_init__(self):
        super().__post_init__()
        self.acts: list[Act | Choice] = []
        self._entered = 0
        self._chosen: dict[object, Choice] = {}
        self._left = list(self.choices)
        self._language = self.language
        self.box: MessageBox | None = None

    def note(self, event: str, **data) -> None:
        if event == "step":
            self._entered += 1
            if self._entered > 1:
                raise Left("into the next step")
        elif event == "failed":
            raise ScriptError(f"{data['address']} fails: {data['error']}")

    def ask(self, *heard: Prompt | Sound, keys: Keys, timeout: float = 5.0) -> Heard:
        self._same_language()
        self._hear(heard)
        self._act("asks", keys)
        singles = (Choice("key", key) for key in sorted(keys.single))
        numbers = (Choice("dials", number) for number in self.dials if keys.complete(number))
        chosen = self._choose(keys, chain(singles, numbers, (Choice("silence"), Choice("wrong"))))
        if chosen.kind == "silence":
            self.clock.sleep(timeout)
            return Silence()
        return Invalid() if chosen.kind == "wrong" else Digits(chosen.what)

    def ask_number(self, *heard: Prompt | Sound, most: int, timeout: float = 5.0) -> Heard:
        self._same_language()
        self._hear(heard)
        self._act("asks", "number")
        pin = getattr(self.table.steps.get(self.entered_at), "pin", None)
        numbers = [Choice("number", A_NUMBER), *([Choice("pin", pin)] if pin else [])]
        chosen = self._choose("number", (*numbers, Choice("silence")))
        return Silence() if chosen.kind == "silence" else Digits(chosen.what)

    def ring(self, plan: RingPlan, music: Sound, cancel: str = "", whisper: Prompt | None = None) -> HandOver:
        self._act("rings", plan)
        chosen = self._choose(plan, (Choice("rang", outcome) for outcome in OUTCOMES))
        self._coming = OUTCOMES[chosen.what]
        if isinstance(self._coming, NoAnswer):
            self.clock.sleep(plan.longest)
        return self._hand_over("ring")

    def write_down(self, name: str, box: MessageBox, callback: str = "") -> None:
        super().write_down(name, box, callback)
        self.box = box

    def record(self, name: str, limit: int, silence: int) -> HandOver:
        self._act("records", self.box)
        chosen = self._choose("record", (Choice("says"), Choice("quiet")))
        self._coming = Recorded(name, 5000 if chosen.kind == "says" else 0, "silence")
        return self._hand_over("record")

    def _hear(self, heard) -> None:
        for one in heard:
            self._act("hears", one)
        super()._hear(heard)

    def _act(self, verb: str, what: object) -> None:
        self.acts.append(Act(verb, what, self.language))

    def _choose(self, question: object, choices: Iterable[Choice]) -> Choice:
        if question not in self._chosen:
            if not self._left:
                raise Parts(tuple(choices))
            self._chosen[question] = self._left.pop(0)
            self.acts.append(self._chosen[question])
        return self._chosen[question]

    def _same_language(self) -> None:
        """What goes on in another language is another stand."""
        if self._chosen and self.language != self._language:
            raise Left("into another language")


def ways(reception: Reception, stand: Stand, at: datetime, call: Callable[..., Probe]) -> Iterator[Way]:
    """Every way through the step a caller stands at, at an instant. `call(clock=…, choices=…, language=…)` makes the
    call. Raises ScriptError where the step fails: what reception would do then is no way of the table."""
    todo: list[tuple[Choice, ...]] = [()]
    for _ in range(MOST):
        if not todo:
            return
        choices = todo.pop()
        probe = call(clock=ManualClock(at), choices=choices, language=stand.language)
        if stand.address:
            probe.entered_at, probe.state, probe.carried = stand.address, dict(stand.state), dict(stand.carried)
        try:
            to = _lived(probe, reception)
        except Parts as parts:
            todo += [(*choices, choice) for choice in reversed(parts.choices)]
        else:
            yield Way(tuple(probe.acts), to)
    raise AssertionError(f"{stand.address} has more than {MOST} ways")


def _lived(probe: Probe, reception: Reception) -> Stand | None:
    """The step to its end; where the caller stands then."""
    while True:
        try:
            if isinstance(reception.receive(probe), Ended):
                return None
        except Left:
            state = {key: value for key, value in probe.state.items() if key not in OF_THE_MOMENT}
            stands = (tuple(sorted(each.items())) for each in (state, probe.carried))
            return Stand(str(probe.entered_at), *stands, probe.language)
        probe.come_back()
