"""What is written down for a call: the journal, its messages, its place among those who wait.

The only way from a call to the store. The journal never blocks and never fails; the rest waits off the hub, with a
deadline, so that a slow disk or a locked database delays nobody but this caller (rule D4, gevent rule 4).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from ivr.call import Call, Ended, Recorded
from ivr.caller_list import international
from ivr.clock import Clock
from ivr.errors import CannotKeep, Deadline, StoreError
from ivr.journal import Closed, Noted, Opened
from ivr.overrides import Override
from ivr.steps import Address, Hold, MessageBox
from ivr.store import Languages, Messages, OffHub, Overrides, Scribe, Sidecar, Store, Turns, Waiting
from ivr.waits import Threads

__all__ = ["Books"]

log = structlog.get_logger(__name__)

BEGIN = 1.0
"""Seconds a caller waits, after "please speak", for the database; then his message is written down in the spool."""
FINISH = 0.15
"""Seconds a caller waits, after his message, for the database; then what lies in the spool is enough to tell him its
number."""
BESIDE = 2.0
"""Seconds the spool may take, for either."""
NOTES = Threads(4)
"""Where it is asked then, beside the database's thread: a disk that hangs keeps four threads."""
PLACE = 0.3
"""Seconds a place in line may take to find; then it is not said."""
TURN = 0.3
"""Seconds whose turn it is may take to find; then the first is rung."""
RECALL = 0.3
"""Seconds it may take to find which language a caller chose before; then he is greeted as if he never had."""
SWITCH = 3.0
"""Seconds an override may take to be written down; then the caller hears that it is not."""
SPEAKING = 30
"""Seconds of a round of waiting beside its music and its ringing: the words, and the way to the switch and back."""


def round_of(hold: Hold) -> timedelta:
    """The longest time until a waiting caller is asked again, and so is heard of again: phones ring for `every` seconds
    at most, and if they rang for less than half of that, music is played for as long."""
    return timedelta(seconds=2 * hold.every + SPEAKING)


class Books:
    """One set of books for all calls of a worker."""

    def __init__(self, clock: Clock, off_hub: OffHub, scribe: Scribe, messages: Messages, store: Store):
        self.clock, self.off_hub, self.scribe, self.messages = clock, off_hub, scribe, messages
        self.waiting, self.overrides, self.turns = Waiting(store), Overrides(store), Turns(store)
        self.languages = Languages(store)
        self.on_failure: Callable[[Call], None] = lambda call: None
        """Told of each call a step of which failed."""

    def open(self, call: Call) -> None:
        """The call is here, for the first time or again."""
        self.scribe.write(
            Opened(call.uuid, self.clock.now(), call.caller, call.dialled, call.table.version, call.language)
        )

    def close(self, call: Call, ended: Ended) -> None:
        """The call is over, as far as the line has seen it."""
        self.scribe.write(Closed(call.uuid, self.clock.now(), ended.cause))
        self.step_out(call)

    def note(self, call: Call, event: str, data: dict[str, Any]) -> None:
        self.scribe.write(Noted(call.uuid, self.clock.now(), event, data))
        if event == "failed":
            self.on_failure(call)

    def write_down(self, call: Call, name: str, box: MessageBox, callback: str) -> None:
        note = Sidecar(
            name, box.address, self.clock.now(), caller=call.caller, dialled=call.dialled, language=call.language,
            callback=callback, shortest=box.shortest, limit=box.limit,
        )  # fmt: skip
        try:
            self.off_hub.run(self.messages.begin, note, deadline=BEGIN)
        except CannotKeep:
            raise
        except StoreError as error:
            log.warning("a message is written down beside its recording only", name=name, error=str(error))
            try:
                NOTES.run(self.clock, BESIDE, "note beside the recording", self.messages.begin_beside, note)
            except Deadline as late:
                raise CannotKeep(str(late)) from late

    def keep(self, call: Call, recorded: Recorded, shortest: float) -> str | None:
        """The message was written down before: whatever fails here, the sweep of the spool finishes it."""
        name, now = recorded.name, self.clock.now()
        try:
            state = self.off_hub.run(
                self.messages.finish, name, now, recorded.ms, recorded.ended, shortest=shortest, deadline=FINISH
            )
            number = self.off_hub.run(self.messages.number, name, deadline=FINISH)
        except Exception as error:  # noqa: BLE001 (the recording is there, whatever it was)
            log.warning("a message is not yet in the database; it is brought in later", name=name, error=str(error))
            self.off_hub.post(self._finish_later, recorded, now, shortest)
            try:
                told = self.messages.beside, name, recorded.ms, shortest
                state, number = NOTES.run(self.clock, BESIDE, "look at the recording", *told)
            except Exception as error:  # noqa: BLE001 (the caller hears that his message is kept, by the switch's word)
                log.error("a recording cannot be looked at; the sweep of the spool brings it in", error=str(error))
                state, number = ("new" if recorded.ms >= shortest * 1000 else "empty"), ""
        return None if state == "empty" else number

    def _finish_later(self, recorded: Recorded, at: datetime, shortest: float) -> None:
        """In the thread. What fails even now is the sweep's."""
        try:
            self.messages.finish(recorded.name, at, recorded.ms, recorded.ended, shortest=shortest)
        except StoreError as error:
            log.error("a message is not in the database; the sweep of the spool brings it in", error=str(error))

    def place(self, call: Call, hold: Hold) -> int | None:
        now, queue = self.clock.now(), hold.address
        try:
            self.off_hub.run(self.waiting.join, queue, call.uuid, now, now + round_of(hold), deadline=PLACE)
            return self.off_hub.run(self.waiting.place, queue, call.uuid, now, deadline=PLACE)
        except StoreError as error:
            log.warning("a place in line is not known", call=call.uuid, hold=queue, error=str(error))
            return None

    def step_out(self, call: Call) -> None:
        self.off_hub.post(self.waiting.leave, call.uuid)

    def turn(self, call: Call, address: Address) -> int:
        try:
            return self.off_hub.run(self.turns.next, address, deadline=TURN)
        except StoreError as error:
            log.warning("whose turn it is is not known", call=call.uuid, address=address, error=str(error))
            return 0

    def remember_language(self, call: Call, language: str) -> None:
        if call.caller:
            number = international(call.caller, call.table.country)
            self.off_hub.post(self._remember_later, number, language, self.clock.now())

    def _remember_later(self, number: str, language: str, at: datetime) -> None:
        """In the thread. What is not kept, the caller chooses again."""
        try:
            self.languages.keep(number, language, at)
        except StoreError as error:
            log.warning("a caller's language is not remembered", error=str(error))

    def recall_language(self, call: Call) -> str:
        if not call.caller:
            return ""
        number = international(call.caller, call.table.country)
        try:
            return self.off_hub.run(self.languages.of, number, self.clock.now(), deadline=RECALL)
        except StoreError as error:
            log.warning("which language the caller chose before is not known", call=call.uuid, error=str(error))
            return ""

    def overridden(self, call: Call, hours: str) -> Override | None:
        return self.overrides.of(hours, self.clock.now())

    def override(self, call: Call, hours: str, state: str | None, until: datetime | None) -> bool:
        now, by = self.clock.now(), f"caller {call.caller or 'withheld'}"
        try:
            if state is None:
                self.off_hub.run(self.overrides.clear, hours, now, by, deadline=SWITCH)
            else:
                self.off_hub.run(self.overrides.set, hours, Override(state, until, by), now, deadline=SWITCH)
        except StoreError as error:
            log.error("hours could not be overridden", call=call.uuid, hours=hours, error=str(error))
            return False
        self.note(call, "override", {"hours": hours, "state": state or "table", "until": until and until.isoformat()})
        return True
