"""Where a line does not say what it had said on the tape, told so that one sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.esl.codec import Decoder
from ivr.tapes.script import Expect, Say
from ivr.tapes.show import command, timed, told

__all__ = ["Difference"]

CONTEXT = 6
"""Lines of dialogue shown before the difference."""


@dataclass(frozen=True)
class Difference:
    """The first difference of a replay. `before`: what went well; `number`: of the command, from 1."""

    tape: str
    before: Sequence[Say | Expect]
    number: int
    expected: str
    came: str
    why: str = ""

    def lines(self) -> list[str]:
        """For a person: what had gone before, what was to come, what came, and where they part."""
        yes, no = (_short(text) if text else "(nothing)" for text in (self.expected, self.came))
        part = next((n for n, (a, b) in enumerate(zip(yes, no, strict=False)) if a != b), min(len(yes), len(no)))
        yes, no, part = _around(yes, no, part)
        shown = [f"{self.tape}: command {self.number} differs{f'; {self.why}' if self.why else ''}"]
        shown += [line for step in self.before for line in _dialogue(step)][-CONTEXT:]
        return [*shown, f"{'the tape':>12}: {yes}", f"{'the line':>12}: {no}", " " * (14 + part) + "^"]

    def __str__(self):
        return "\n".join(self.lines())


def _short(text: str) -> str:
    return command(text.encode()) if text.startswith("sendmsg") else text.replace("\n", " | ")


def _around(yes: str, no: str, part: int, width: int = 100) -> tuple[str, str, int]:
    """Both texts around the place where they part, if they are long."""
    start = max(0, part - width // 2) if max(len(yes), len(no)) > width else 0
    cut = [("…" if start else "") + one[start : start + width] + ("…" if len(one) > start + width else "")
           for one in (yes, no)]  # fmt: skip
    return cut[0], cut[1], part - start + bool(start)


def _dialogue(step: Say | Expect):
    if isinstance(step, Expect):
        yield "  " + timed(step.t, "→", _short(step.command.plain))
        return
    for frame in Decoder().feed(step.data):
        yield "  " + timed(step.t, "←", told(frame))
