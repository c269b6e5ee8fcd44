"""Reception: a call comes in, or comes back; it walks from step to step until the switch or nobody has it.

Any failure inside a step ends at the operator or, failing that, at the message box, or, failing that, at a spoken
apology: never in silence, never in a dropped call (rule A4). Hang-up is caught here and nowhere else.
"""

from collections.abc import Mapping

import structlog

from ivr import trail
from ivr.call import Call, Ended, HandOver, Recorded, To
from ivr.errors import GoneAway, Hangup
from ivr.handlers import Handler, kind_of
from ivr.prompt import Prompt
from ivr.steps import BACK, TOP, Address

__all__ = ["Reception"]

log = structlog.get_logger(__name__)

OPERATOR = "operator"
GOODBYE = "goodbye"
STEPS = 500
"""Steps one connection may take: more than any table leads through, so a caller is never walked in circles."""
RESUMES = 5
"""How often a step is entered again after a worker died in it, before the step itself is blamed: on a day on which
workers are killed every second, a caller may meet three in one menu."""
RESCUES = 2
"""How often the operator is given a caller whose step failed: the operator's own way on may be what fails."""


class Reception:
    """Walks calls through the table with the handlers it is given."""

    def __init__(self, handlers: Mapping[str, Handler]):
        self.handlers = handlers

    def receive(self, call: Call) -> HandOver | Ended:
        """One connection of a call: from where it enters to the hand-over, or the end.

        Raises GoneAway when the socket closed under it: the switch then brings the caller back.
        """
        try:
            return self._walk(call, *self._entrance(call))
        except Hangup as hangup:
            call.note("hangup", cause=hangup.cause)
            return Ended(hangup.cause)

    def _entrance(self, call: Call) -> tuple[Address, dict[str, str]]:
        """Where the call goes on: the entry of its number, or the step it was in."""
        if call.entered_at is None or call.entered_at not in call.table.steps:
            if call.answered or not call.table.greeting(call.dialled).rings:  # else it is not yet
                call.note("answered", waited=round(call.waited, 1))
            call.language = call.language or call.table.languages[0]
            if call.by_colleague and f"extension/{call.dialled}" in call.table.steps:
                # From outside, no number leads to an extension but those the table names (rule B1).
                return f"extension/{call.dialled}", {}
            return call.table.entry(call.dialled), {}
        if call.back is not None:
            if not isinstance(call.back, Recorded):
                seconds = round(getattr(call.back, "seconds", 0.0), 1)
                call.note("rang", outcome=type(call.back).__name__, address=call.entered_at, seconds=seconds)
            return call.entered_at, dict(call.state)
        again = int(call.state.get("again", "0")) + 1
        call.note("resumed", at=call.entered_at, again=again)
        return call.entered_at, {**call.state, "again": str(again)}

    def _walk(self, call: Call, address: Address, state: dict[str, str]) -> HandOver | Ended:
        failed: list[Address] = []
        entered = call.entered_at == address
        for _ in range(STEPS):
            # A step that comes back with a result keeps it until it moves on: killed now, it comes back again.
            outcome = self._step(call, address, state, failed, back=entered and call.back is not None)
            entered = False
            if isinstance(outcome, HandOver | Ended):
                return outcome
            if kind_of(address) == "hold" and outcome.address != address:
                call.step_out()
            address, state = self._meant(call, outcome.address, address), dict(outcome.state)
        call.note("failed", address=address, error=f"{STEPS} steps in one connection")
        return self._apologise(call)

    def _meant(self, call: Call, to: Address, here: Address) -> Address:
        """The step an address means to this caller: the operator of the house he called, the menu he came from."""
        if to == OPERATOR:
            return call.table.greeting(call.dialled).operator
        come = call.carried.get("trail", "")
        if to in (BACK, TOP):
            to = (trail.back(come, here) if to == BACK else trail.top(come)) or ""
            if to not in call.table.steps:
                return self._meant(call, OPERATOR, here)
        if call.table.goes_back and kind_of(to) == "menu":
            call.carry(trail=trail.entered(come, to))
        return to

    def _step(self, call: Call, address: Address, state: dict, failed: list, back: bool) -> To | HandOver | Ended:
        try:
            if not back:
                call.at(address, **state)
                call.note("step", address=address)
            if int(state.get("again", "0")) > RESUMES:
                raise RuntimeError(f"{RESUMES} workers died in this step")
            step = call.table.step(address)
            outcome = self.handlers[kind_of(address)](call, step)
            outcome = To(outcome) if isinstance(outcome, str) else outcome
            if not isinstance(outcome, To | HandOver | Ended):
                raise TypeError(f"the handler of {address} gave {outcome!r}; give an address, a To, or what ring, "
                                "record or hang_up gave")  # fmt: skip
            if isinstance(outcome, To) and not self._leads(call, outcome.address):
                raise LookupError(f"the handler of {address} leads to {outcome.address!r}, which the table has not")
        except (Hangup, GoneAway):
            raise
        except Exception as error:
            log.exception("a step failed", call=call.uuid, step=address)
            call.note("failed", address=address, error=f"{type(error).__name__}: {error}")
            failed.append(address)
            return self._rescue(call, failed)
        return outcome

    def _leads(self, call: Call, address: Address) -> bool:
        return address in call.table.steps or address in (BACK, TOP)

    def _rescue(self, call: Call, failed: list[Address]) -> To | Ended:
        """Where a caller goes whose step failed. Who was to hear goodbye has been served and is let go: nothing is
        rung or recorded for him again. Anybody else goes to the operator; from there, or from a message box, to a box
        that did not fail yet; then he hears an apology. Never back from a box to a person: what failed would fail
        again. He carries how often he was `rescued`, since between two failures phones may have rung.
        """
        if failed[-1] == GOODBYE:
            return call.hang_up()
        steps, rescued = call.table.steps, int(call.carried.get("rescued", "0"))
        person = "operator" in steps and "operator" not in failed and rescued < RESCUES
        if person and kind_of(failed[-1]) != "message":
            call.carry(rescued=str(rescued + 1))
            return To("operator")
        boxes = [address for address in steps if kind_of(address) == "message"]
        if "operator" in steps:
            boxes.sort(key=lambda address: address != steps["operator"].ends.no_answer)
        for box in boxes[:1]:
            if box not in failed:
                return To(box)
        return self._apologise(call)

    def _apologise(self, call: Call) -> Ended:
        """The last thing the line can do by itself. If even this fails, the socket closes and the dialplan's fallback
        speaks."""
        call.play(Prompt("apology"))
        return call.hang_up("NORMAL_TEMPORARY_FAILURE")
