"""What came of a call script: each line that did not come true, and what the caller lived through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ivr.messages import Message
from ivr.rehearsal.caller import Unmet, matches
from ivr.rehearsal.ear import Moment
from ivr.rehearsal.script import Ends, Script

__all__ = ["Fault", "Verdict", "judged"]

NEVER = {
    "failed": "a step failed",
    "prompt-missing": "a prompt could not be played",
    "message-refused": "no message could be taken",
}
"""Events no script may live through."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as the script says, and where it says so."""

    place: tuple[int, int]
    message: str


@dataclass(slots=True)
class Verdict:
    """It is true where the call went as written. `lasted`: seconds of the call; `took`: of the machine."""

    script: Script
    moments: list[Moment]
    lasted: float
    faults: list[Fault] = field(default_factory=list)
    took: float = 0.0
    end: str = ""
    """How the call ended: with 8102, message sales, goodbye, hangs_up, or why it was cleared."""

    def __bool__(self):
        return not self.faults

    def lines(self) -> list[str]:
        """Each fault, as a finding of `ivr check` is written."""
        script = self.script
        return [f"{script.file}:{line}:{col}: {script.name}: {fault.message}" for fault in self.faults
                for line, col in [fault.place]]  # fmt: skip


def judged(script: Script, moments: list[Moment], unmet: Unmet | None, messages: Sequence[Message]) -> Verdict:
    """What came of a call that is over. `messages`: those it left."""
    lasted = moments[-1].at if moments else 0.0
    verdict = Verdict(script, moments, lasted, end=ended(moments, messages))
    faults = verdict.faults
    for moment in moments:
        if moment.kind in NEVER:
            why = " ".join(str(moment.data.get(key, "")) for key in ("address", "prompt", "error", "reason"))
            faults.append(Fault(script.place, f"{NEVER[moment.kind]}: {' '.join(why.split())}"))
        if moment.kind == "hears":
            for words in script.never_hears:
                if matches(moment, words):
                    message = f"the caller should never hear “{words}”; he heard {moment.what}: {moment.text}"
                    faults.append(Fault(script.places["never_hears"], message))
    if unmet is not None:
        faults.append(Fault(unmet.step.place, str(unmet)))
        return verdict
    if script.ends is not None:
        faults += (Fault(script.ends.place, message) for message in _end(script.ends, verdict, messages))
    if script.lasts is not None and lasted not in script.lasts:
        message = f"the call should last {script.lasts}; it lasted {lasted:.1f}s"
        faults.append(Fault(script.places["lasts"], message))
    return verdict


def _end(ends: Ends, verdict: Verdict, messages: Sequence[Message]) -> Iterator[str]:
    """What is wrong with how it ended."""
    wanted = f"{ends.how} {ends.who}".strip()
    if verdict.end != wanted:
        yield f"the call should end {told(wanted)}; it ended {told(verdict.end)}"
        return
    if ends.how == "message":
        [message] = [one for one in messages if one.box == f"message/{ends.who}"][:1]
        if ends.lasts is not None and message.ms / 1000 not in ends.lasts:
            yield f"the message should last {ends.lasts}; it lasts {message.ms / 1000:.1f}s"
        if ends.number is not None and message.callback != ends.number:
            yield f"the message should have the call-back number {ends.number}; it has {message.callback or 'none'}"
    if ends.how == "with" and ends.lasts is not None:
        length = conversation(verdict.moments)
        if length not in ends.lasts:
            yield f"they should talk {ends.lasts}; they talked {length:.1f}s"


def ended(moments: Sequence[Moment], messages: Sequence[Message]) -> str:
    """How a call ended, as `Verdict.end` says it."""
    talked = [moment.what for moment in moments if moment.kind == "talks_to"]
    if talked:
        return f"with {talked[-1]}"
    if messages:
        return f"message {messages[0].box.removeprefix('message/')}"
    if any(moment.kind == "hangs_up" for moment in moments):
        return "hangs_up"
    heard = [moment.what for moment in moments if moment.kind == "hears"]
    if heard[-1:] == ["goodbye"]:
        return "goodbye"
    return moments[-1].what if moments else ""


def told(end: str) -> str:
    """An end in words.

    >>> told("with 8102"), told("message sales"), told("hangs_up"), told("USER_BUSY")
    ('with 8102', 'with a message for sales', 'by the caller hanging up', 'with USER_BUSY')
    """
    how, _, who = end.partition(" ")
    if how == "message":
        return f"with a message for {who}"
    if how == "goodbye":
        return "with the goodbye"
    return "by the caller hanging up" if how == "hangs_up" else f"with {end.removeprefix('with ') or 'nothing'}"


def conversation(moments: Sequence[Moment]) -> float:
    """Seconds of the last conversation: until the next thing that happened."""
    for at in range(len(moments) - 1, -1, -1):
        if moments[at].kind == "talks_to":
            return (moments[at + 1].at if at + 1 < len(moments) else moments[at].at) - moments[at].at
    return 0.0
