"""The caller of a script: does what it says, and expects what it says, line by line."""

from collections.abc import Callable
from typing import Protocol

from ivr.rehearsal.ear import Ear, Moment
from ivr.rehearsal.script import Script, Step

__all__ = ["Actor", "Telephone", "Unmet", "matches"]

REACTION = 0.5
"""Seconds from what is heard to what is pressed: a person's, and longer than the way to any switch."""


class Telephone(Protocol):
    """What a caller has in his hand, at whatever switch."""

    def press(self, keys: str) -> None: ...
    def say(self, seconds: float) -> None: ...
    def hang_up(self) -> None: ...


class Unmet(Exception):
    """A line of the script did not come true. Its text says what was expected, and what was there instead."""

    def __init__(self, step: Step, told: str):
        super().__init__(told)
        self.step = step


class Actor:
    """`patience`: seconds to wait for what a line expects. `telephone` is put into his hand when the call begins."""

    def __init__(self, script: Script, ear: Ear, patience: float):
        self.script, self.ear, self.patience = script, ear, patience
        self.telephone: Telephone | None = None
        self.unmet: Unmet | None = None
        self._at = 0
        """Moments that are used up: what is expected must come after them."""

    def live(self, telephone: Telephone) -> None:
        """Live through the script. At the first line that is not met he hangs up."""
        self.telephone = telephone
        try:
            for step in self.script.steps:
                getattr(self, step.does)(step)
        except Unmet as unmet:
            self.unmet = unmet
            telephone.hang_up()

    # What he does -----------------------------------------------------------------------------------------------------

    def presses(self, step: Step) -> None:
        if not any(moment.kind in ("hears", "music") for moment in self.ear.moments):
            self._next(step, lambda moment: moment.kind == "hears", "anything")
        self.ear.clock.sleep(REACTION)
        self._acts(step, "presses", step.value)
        self.telephone.press(step.value)

    def says(self, step: Step) -> None:
        self._next(step, lambda moment: moment.kind == "records", "be asked for a message")
        self._acts(step, "says", f"{step.value:g} s")
        self.telephone.say(step.value)

    def waits(self, step: Step) -> None:
        self.ear.clock.sleep(step.value)

    def hangs_up(self, step: Step) -> None:
        self._acts(step, "hangs_up")
        self.telephone.hang_up()

    def _acts(self, step: Step, kind: str, what: str = "") -> None:
        if self.ear.over:
            raise Unmet(step, f"{self._lost(step)}; but the call is over")
        self.ear.tell(kind, what)
        self._at = len(self.ear.moments)

    @staticmethod
    def _lost(step: Step) -> str:
        return "the caller hangs up" if step.does == "hangs_up" else f"the caller {step.does} {step.value}"

    # What he expects --------------------------------------------------------------------------------------------------

    def hears(self, step: Step) -> None:
        self._next(
            step,
            lambda moment: moment.kind in ("hears", "music") and all(matches(moment, each) for each in step.value),
            f"hear {' and '.join(map(repr_of, step.value))}",
        )

    def comes_to(self, step: Step) -> None:
        steps = [moment.what for moment in self.ear.moments[: self._at] if moment.kind == "step"]
        if steps[-1:] == [step.value]:
            return  # he is there: a menu is entered before the greeting, which it plays
        wanted = f"come to {step.value}"
        self._next(step, lambda moment: moment.kind == "step" and moment.what == step.value, wanted)

    def rings(self, step: Step) -> None:
        found = self._next(step, lambda moment: moment.kind == "ring", f"be put through to {listed(step.value)}")
        rung = found.data["targets"]
        if found.data.get("together") and sorted(rung) == sorted(step.value):
            return
        if list(step.value) != rung:
            raise Unmet(step, f"{listed(step.value)} should ring; but {listed(rung)} {'do' if rung[1:] else 'does'}")

    def talks_to(self, step: Step) -> None:
        found = self._next(step, lambda moment: moment.kind == "talks_to", f"talk to {step.value}")
        if found.what != step.value:
            raise Unmet(step, f"the caller should talk to {step.value}; but he talks to {found.what}")

    def _next(self, step: Step, wanted: Callable[[Moment], bool], what: str) -> Moment:
        """The next moment that is wanted."""
        since, until = self._at, self.ear.clock.monotonic() + self.patience
        while True:
            moments = self.ear.moments
            while self._at < len(moments):
                self._at += 1
                if wanted(moments[self._at - 1]):
                    return moments[self._at - 1]
            if self.ear.over or self.ear.clock.monotonic() >= until:
                raise Unmet(step, f"the caller should {what}; {instead(moments[since:], self.patience)}")
            self.ear.wait(until - self.ear.clock.monotonic())


def matches(moment: Moment, wanted: str) -> bool:
    """Is this heard: a prompt's name, its language and name (en/menu), or words in it?

    >>> menu = Moment(3.0, "hears", "menu", "For Sales, press one.", {"language": "en"})
    >>> [matches(menu, wanted) for wanted in ("menu", "en/menu", "for sales", "zh/menu", "men")]
    [True, True, True, False, False]
    """
    if moment.kind == "music":
        return wanted == "music"
    names = (moment.what, f"{moment.data.get('language', '')}/{moment.what}")
    return wanted in names or (" ".join(wanted.split()).casefold() in moment.text.casefold())


def instead(moments: list[Moment], patience: float) -> str:
    """What was there instead.

    >>> instead([Moment(1, "hears", "busy"), Moment(2, "hears", "goodbye"), Moment(3, "ended")], 60)
    'he heard busy, goodbye, and the call was over'
    """
    heard = list(dict.fromkeys(moment.what for moment in moments if moment.kind == "hears"))
    end = "and the call was over" if moments and moments[-1].kind == "ended" else f"for {patience:g} s"
    return f"he heard {', '.join(heard) if heard else 'nothing more'}, {end}"


def repr_of(wanted: str) -> str:
    """A prompt's name as it is; words in quotes."""
    return wanted if wanted.isascii() and " " not in wanted else f"“{wanted}”"


def listed(numbers) -> str:
    return ", ".join(numbers)
