"""A scripted call that is watched: what happens in each step, every rule that is asked there, and where it leads.

It is the real handlers that decide; what is written down here is what they read, what they did and what they gave back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ivr.call import Ended, HandOver, Heard, Keys, Rang, To
from ivr.handlers import Handler
from ivr.overrides import Override
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.scripted import ScriptedCall
from ivr.steps import Address, Step
from ivr.watched import Asked, watched

__all__ = ["Happening", "Visit", "Witness", "attended"]


@dataclass(frozen=True, slots=True)
class Happening:
    """`verb`: hears (what: Prompt or Sound, in which language), presses (what: the keys, "" for none; `to`: what they
    mean), rings (what: a RingPlan; with which outcome), tells (what: the Prompt that who takes the call hears first),
    speaks (what: seconds), fails (what: the error)."""

    verb: str
    what: object
    language: str = ""
    outcome: Rang | None = None
    to: Address = ""


@dataclass(slots=True)
class Visit:
    """One step, from the moment the caller enters it until he leaves. `address` "" is the door, where the number is
    looked up. `to` is the way on that the step gave, a `Written` where that stands in the table; None where it gave
    none."""

    address: Address
    at: datetime
    happened: list[Happening] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    to: Address | None = None

    def last(self, verb: str) -> Happening | None:
        """The last thing of this kind that happened here."""
        return next((each for each in reversed(self.happened) if each.verb == verb), None)


@dataclass
class Witness(ScriptedCall):
    """A ScriptedCall that keeps its visits."""

    def __post_init__(self):
        super().__post_init__()
        self.table = watched(self.table, self._heard_of)
        self.visits = [Visit("", self.clock.now())]

    @property
    def here(self) -> Visit:
        return self.visits[-1]

    def note(self, event: str, **data) -> None:
        super().note(event, **data)
        if event == "step":
            self.here.to = self.here.to or data["address"]
            self.visits.append(Visit(str(data["address"]), self.clock.now()))
        elif event == "keyed":
            self.here.happened[-1] = replace(self.here.happened[-1], to=data["to"])
        elif event == "remembered":
            chose = data["language"]
            self._heard_of(Asked(chose, ("house", "remember_language"), "remembered", None, chose))
        elif event == "failed":
            self._happens("fails", data["error"])

    def overridden(self, hours: str) -> Override | None:
        override = super().overridden(hours)
        if override is not None:
            self._heard_of(Asked(override, ("hours", hours), "overridden", self.now(), override))
        return override

    def ring(self, plan: RingPlan, music: Sound, cancel: str = "", whisper: Prompt | None = None) -> HandOver:
        handed_over = super().ring(plan, music, cancel, whisper)
        self._happens("rings", plan, outcome=self._coming)
        return handed_over

    def record(self, name: str, limit: int, silence: int) -> HandOver:
        handed_over = super().record(name, limit, silence)
        self._happens("speaks", self._coming.ms / 1000)
        return handed_over

    def ask(self, *heard: Prompt | Sound, keys: Keys, timeout: float = 5.0) -> Heard:
        answer = super().ask(*heard, keys=keys, timeout=timeout)
        self._happens("presses", getattr(answer, "value", ""))
        return answer

    def ask_number(self, *heard: Prompt | Sound, most: int, timeout: float = 5.0) -> Heard:
        answer = super().ask_number(*heard, most=most, timeout=timeout)
        self._happens("presses", getattr(answer, "value", ""))
        return answer

    def _hear(self, heard) -> None:
        for one in heard:
            self._happens("hears", one, language=self.language)
        super()._hear(heard)

    def _happens(self, verb: str, what: object, **more) -> None:
        self.here.happened.append(Happening(verb, what, **more))

    def _heard_of(self, asked: Asked) -> None:
        self.here.asked.append(asked)


def attended(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """The same handlers; each way on that one gives is kept in its visit, before reception says what it means."""

    def attend(handler: Handler) -> Handler:
        def run(call: Witness, step: Step):
            outcome = handler.run(call, step)
            if not isinstance(outcome, HandOver | Ended):
                call.here.to = outcome.address if isinstance(outcome, To) else outcome
            return outcome

        return replace(handler, run=run)

    return {kind: attend(handler) for kind, handler in handlers.items()}
