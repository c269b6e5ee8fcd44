"""A Call over the event socket (`ivr.call.Call`): each verb is one write, and one wait with a deadline.

    call = EslCall(session, voice, clock, books)
    call.at("menu/main")                                  # waits for what follows
    call.ask(Prompt("menu", …), keys=Keys(frozenset("12")))    # multiset and play_and_get_digits in one write

What must outlive this process — where the call is, its little state, what the caller carries, the language, the number
of its hand-over — is written onto the channel as `ivr_*` variables; what the switch did meanwhile is read from the
connect reply.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog

from ivr.call import Ended, HandOver, Heard, Keys, Recorded, Silence
from ivr.clock import Clock
from ivr.errors import Deadline, Hangup, Refused, WireError
from ivr.esl import commands
from ivr.esl.arrival import arrived
from ivr.esl.digits import AGAIN, Keying
from ivr.esl.frames import Event
from ivr.esl.legs import legs
from ivr.esl.packing import CARRIED, STATE
from ivr.esl.session import Session
from ivr.esl.sounds import Sounds, Voice, length, names
from ivr.overrides import Override
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.steps import Address, Hold, MessageBox, Table

__all__ = ["Books", "EslCall"]

log = structlog.get_logger(__name__)

MARGIN = 10.0
"""Seconds a command may take beyond what it plays and waits for: the deadline is there for a switch that is stuck."""
PAUSE = 1.5
"""Seconds between two keys of one number."""
AGAINS = 3
"""How often a question is put again because of a # that belongs to the one before."""
RINGING = "tone_stream://%(1000,4000,450)"
"""What is heard while phones ring if the music can't be had: the Chinese ringing tone."""
TICK = 0.02
"""Seconds between two of the switch's frames."""
SPARE = 2
"""Seconds `call_timeout` is longer than its legs' time together: it is up to 0.6 s short."""


class Books(Protocol):
    """What is written down for a call: its journal, its messages, its place among those who wait; and what others
    have written down that concerns it."""

    def note(self, call: "EslCall", event: str, data: dict[str, Any]) -> None: ...
    def write_down(self, call: "EslCall", name: str, box: MessageBox, callback: str) -> None: ...
    def keep(self, call: "EslCall", recorded: Recorded, shortest: float) -> str | None: ...
    def place(self, call: "EslCall", hold: Hold) -> int | None: ...
    def step_out(self, call: "EslCall") -> None: ...
    def turn(self, call: "EslCall", address: Address) -> int: ...
    def remember_language(self, call: "EslCall", language: str) -> None: ...
    def recall_language(self, call: "EslCall") -> str: ...
    def overridden(self, call: "EslCall", hours: str) -> Override | None: ...
    def override(self, call: "EslCall", hours: str, state: str | None, until: datetime | None) -> bool: ...


class EslCall:
    """One caller, over a session that is open."""

    def __init__(self, session: Session, voice: Voice, clock: Clock, books: Books, *, ringback: str = ""):
        self.session, self.clock, self.books = session, clock, books
        self.uuid = session.uuid
        self.sounds = Sounds(voice, clock, self.uuid, self._missing)
        self.ringback = ringback
        self._unwritten: dict[str, str] = {}
        self._keying = Keying()
        came = arrived(session.channel, self.uuid)
        self.caller, self.dialled, self.domain = came.caller, came.dialled, came.domain
        self.by_colleague, self.waited = came.by_colleague, came.waited
        self.answered = session.answering or came.answered
        self.entered_at, self.state, self.back = came.entered_at, came.state, came.back
        self.carried, self.hand_overs, self.table_version = came.carried, came.turn, came.table_version
        self._language = came.language
        self._table: Table | None = None
        session.on_key = self._key

    def _missing(self, prompt: str, reason: str) -> None:
        self.note("prompt-missing", prompt=prompt, reason=reason)

    # Where the call is ----------------------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        return self._language

    @language.setter
    def language(self, language: str) -> None:
        if language != self._language:
            self._language = language
            self._unwritten["ivr_lang"] = language

    @property
    def table(self) -> Table:
        assert self._table is not None, "give the call its table before its first step"
        return self._table

    @table.setter
    def table(self, table: Table) -> None:
        self._table = table
        if table.version != self.table_version:
            self.table_version = self._unwritten["ivr_table"] = table.version

    def now(self) -> datetime:
        return self.clock.now()

    def at(self, address: Address, **state: str) -> None:
        """Goes out with the next command. What the switch came back with is used up by then."""
        self._unwritten |= {"ivr_at": address, "ivr_state": STATE.packed(state), "ivr_done": ""}
        self.entered_at, self.state, self.back = address, state, None

    def carry(self, **values: str) -> None:
        """Goes out with the next command."""
        carried = {key: value for key, value in {**self.carried, **values}.items() if value}
        if carried != self.carried:
            self._unwritten["ivr_carried"] = CARRIED.packed(carried)
            self.carried = carried

    def _first(self, **more: str) -> list[bytes]:
        """What is to be written onto the channel, as the first command of a write."""
        values = self._unwritten | more
        if not values:
            return []
        command = commands.multiset(values, commands.new_uuid())
        self._unwritten = {}
        return [command]

    # Speaking and asking --------------------------------------------------------------------------------------------

    def answer(self) -> None:
        if not self.answered:
            self.session.issue(*self._first(), commands.answer(commands.new_uuid()))
            self.answered = True

    def let_ring(self, seconds: float) -> float:
        left = seconds - self.waited
        if self.answered or left < TICK:
            return self.waited
        began, last = self.clock.monotonic(), commands.new_uuid()
        self._run([*self._first(), commands.ring_ready(commands.new_uuid()), commands.sleep(left, last)], last, left,
                  "sleep")  # fmt: skip
        return self.waited + self.clock.monotonic() - began

    def play(self, *heard: Prompt | Sound) -> None:
        sounds = self.sounds.files(heard, self.language)
        if not sounds:
            return
        last = commands.new_uuid()
        try:
            event = self._run([*self._first(), commands.playback(sounds, last)], last, length(sounds), "playback")
        finally:
            self._keying.lose()
        response = event.get("Application-Response", "")
        if response in ("FILE NOT FOUND", "PLAYBACK ERROR"):
            self._missing(names(heard), response)

    def ask(self, *heard: Prompt | Sound, keys: Keys, timeout: float = 5.0) -> Heard:
        return self._collect(heard, keys, max(1, keys.longest), timeout)

    def ask_number(self, *heard: Prompt | Sound, most: int, timeout: float = 5.0) -> Heard:
        return self._collect(heard, None, most, timeout)

    def _collect(self, heard, keys: Keys | None, most: int, timeout: float) -> Heard:
        """One play_and_get_digits for all that is heard: a key at any moment of it counts."""
        for _ in range(AGAINS):
            before = self._keying.begin(keys, self.clock.monotonic(), most)
            if not isinstance(before, str):
                return before
            # Somebody in the middle of a number hears nothing more, and has the time between two keys for the next.
            sounds, patience = ([], PAUSE) if before else (self.sounds.files(heard, self.language), timeout)
            rest = most - len(before)
            last = commands.new_uuid()
            asked = commands.play_and_get_digits(
                sounds,
                last,
                most=rest,
                timeout=patience,
                variable="ivr_digits",
                regex=commands.number_pattern(rest) if keys is None else commands.pattern(keys, before),
                pause=PAUSE,
            )
            # The result is judged by the variable alone, so it is unset before (read_result says success for a
            # rejected key); the switch writes rejected keys beside it.
            sent = [*self._first(ivr_digits="", ivr_digits_invalid=""), asked]
            seconds = length(sounds) + patience + rest * PAUSE
            event = self._run(sent, last, seconds, "play_and_get_digits", self._begun)
            value, invalid = (event.get(f"variable_ivr_digits{end}") or "" for end in ("", "_invalid"))
            meant = self._keying.end(value, invalid, self.clock.monotonic())
            if meant is not AGAIN:
                return meant
        return Silence()

    def _key(self, key: str, source: str) -> None:
        """A DTMF event, from the event loop: the terminator goes out at once, before anybody is woken."""
        if self._keying.key(key, source, self.clock.monotonic()):
            self.session.issue(commands.uuid_recv_dtmf(self.uuid, "#"))

    def _begun(self) -> None:
        """The switch has begun to collect, from the event loop."""
        if self._keying.begun():
            self.session.issue(commands.uuid_recv_dtmf(self.uuid, "#"))

    def _run(self, sent: Sequence[bytes], last: str, seconds: float, what: str, begun=None) -> Event:
        try:
            return self.session.run(sent, last=last, seconds=seconds + MARGIN, what=what, begun=begun)
        except Deadline:
            # Whatever still runs must not keep the caller from hearing what comes instead.
            if self.session.alive:
                self.session.issue(commands.break_off(self.uuid))
            raise

    # Handing over ---------------------------------------------------------------------------------------------------

    def ring(self, plan: RingPlan, music: Sound, cancel: str = "", whisper: Prompt | None = None) -> HandOver:
        groups, accepting = legs(plan, self._table, whisper, self._for_the_house)
        if cancel and accepting:
            # What comes sooner than the plan says is the caller's key: a voicemail's time must not be over before.
            accepting = max(accepting, plan.seconds)
        dial = commands.dial_string(groups, self.domain, plan.seconds, accepting)
        ringing = self.ringback or next(iter(self.sounds.files([music], self.language)), RINGING)
        total = plan.longest + accepting * len(groups) + SPARE
        return self._hand_over(
            "ring",
            ivr_dial=dial,
            ivr_ring_seconds=str(total),
            ivr_ringback=commands.ringback(ringing),
            ivr_cancel_key=commands.digits(cancel, "cancel key") if cancel else "",
        )

    def _for_the_house(self, heard: Sequence[Prompt | Sound]) -> list[str]:
        return self.sounds.files(heard, self.table.languages[0])

    def file_name(self) -> str:
        return f"{self.uuid}-{self.hand_overs + 1}.wav"

    def record(self, name: str, limit: int, silence: int) -> HandOver:
        if name != self.file_name():
            raise Refused(f"recording: {name!r:.200} is not {self.file_name()!r}; no name is ever recorded into twice")
        return self._hand_over(
            "record", ivr_record_file=name, ivr_record_limit=str(int(limit)), ivr_record_silence=str(int(silence))
        )

    def _hand_over(self, part: str, **asked: str) -> HandOver:
        """Write what is asked of the switch, see that it is written, and leave: `exit` is obeyed before anything that
        is still queued."""
        turn, last = self.hand_overs + 1, commands.new_uuid()
        values = self._unwritten | asked | {"ivr_turn": str(turn), "ivr_done": "", "ivr_next": part}
        # If it is not seen to be written it may be written all the same, and the caller goes elsewhere: were the line
        # to die there, the dialplan would do this part.
        self._unwritten |= {"ivr_next": ""}
        event = self._run([commands.multiset(values, last)], last, 0.0, "multiset")
        written = event.headers  # parsed once: a dozen values are looked at
        missing = [name for name, value in values.items() if (written.get(f"variable_{name}") or "") != value]
        if missing:
            raise WireError(f"FreeSWITCH did not take {', '.join(missing)}: nothing is handed over")
        self._unwritten, self.hand_overs = {}, turn
        self.note("handed-over", part=part, turn=turn)
        self.session.leave()
        return HandOver(part, turn)

    # What is written down -------------------------------------------------------------------------------------------

    def write_down(self, name: str, box: MessageBox, callback: str = "") -> None:
        self.books.write_down(self, name, box, callback)

    def keep(self, recorded: Recorded, shortest: float) -> str | None:
        return self.books.keep(self, recorded, shortest)

    def place(self, hold: Hold) -> int | None:
        return self.books.place(self, hold)

    def step_out(self) -> None:
        self.books.step_out(self)

    def turn(self, address: Address) -> int:
        return self.books.turn(self, address)

    def remember_language(self, language: str) -> None:
        self.books.remember_language(self, language)

    def recall_language(self) -> str:
        return self.books.recall_language(self)

    def overridden(self, hours: str) -> Override | None:
        return self.books.overridden(self, hours)

    def override(self, hours: str, state: str | None, until: datetime | None = None) -> bool:
        return self.books.override(self, hours, state, until)

    def note(self, event: str, **data) -> None:
        try:
            self.books.note(self, event, data)
        except Exception:
            log.exception("the journal failed", call=self.uuid, note=event)

    # Ending ---------------------------------------------------------------------------------------------------------

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> Ended:
        last = commands.new_uuid()
        sent = [commands.hangup(cause, last)]
        self.session.raise_if_disconnected()
        try:
            self.session.run(sent, last=last, seconds=MARGIN, what="hangup")
            self.session.live(MARGIN)
        except (Hangup, WireError) as ended:
            if isinstance(ended, Deadline):
                log.warning("FreeSWITCH did not say that it hung up", call=self.uuid)
        return Ended(cause)
