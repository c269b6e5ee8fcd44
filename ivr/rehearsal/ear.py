"""What a caller lives through, moment by moment.

The ear is at the line: it hears what the line has the switch play, when it is played by the lengths of the files. So a
call on the built-in switch and one on a FreeSWITCH are told alike, and in words.

    ear = Ear(clock)
    line = Line(settings, table, on_call=ear.listen)
    …
    [moment.what for moment in ear.moments if moment.kind == "hears"]       # ["greeting", "menu"]
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gevent.event import Event

from ivr.clock import Clock
from ivr.errors import PromptError
from ivr.prompt import Prompt, Sound
from ivr.switch.sounds import seconds

__all__ = ["Ear", "Moment"]

LATENCY = 0.06
"""Seconds: what was played for less (the switch had keys already) nobody heard. Two or three ticks of the switch."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something in a call. `at`: seconds since it began.

    `kind`: hears (`what`: a prompt's name, `data["language"]`, `text`: the words), music; presses, says, hangs_up: the
    caller; talks_to, records, ended: the switch; and every event the line notes (docs/journal.md), such as step, ring.
    """

    at: float
    kind: str
    what: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class Ear:
    """Hears one call at a time."""

    def __init__(self, clock: Clock):
        self.clock = clock
        self.watchers: list[Callable[[Moment], None]] = []
        """Called at each moment, before what it tells of goes on."""
        self.begin()

    def begin(self) -> None:
        """Another call."""
        self.start = self.clock.monotonic()
        self.moments: list[Moment] = []
        self.over = False
        self.uuid = ""
        self._changed = Event()

    def tell(self, kind: str, what: str = "", text: str = "", **data) -> None:
        if not self.over:
            moment = Moment(round(self.clock.monotonic() - self.start, 3), kind, what, text, data)
            self.moments.append(moment)
            self.over = kind == "ended"
            self._changed.set()
            for watcher in self.watchers:
                watcher(moment)

    def wait(self, seconds: float) -> None:
        """Until something more has happened, so many seconds at most."""
        self._changed.clear()
        timer = self.clock.call_later(max(0.0, seconds), self._changed.set)
        self._changed.wait()
        timer.cancel()

    # At the line ------------------------------------------------------------------------------------------------------

    def listen(self, call):
        """Listen to a call of the line; to each of its connections."""
        self.uuid = call.uuid
        for verb in ("play", "ask", "ask_number"):
            setattr(call, verb, self._heard(call, getattr(call, verb)))
        note, hang_up = call.note, call.hang_up

        def telling_note(event: str, **data) -> None:
            self.tell(event, str(data.get("address", "")), **data)
            note(event, **data)

        def telling_hang_up(*cause):
            self.tell("house-hangs-up")
            return hang_up(*cause)

        call.note, call.hang_up = telling_note, telling_hang_up
        return call

    def _heard(self, call, verb: Callable) -> Callable:
        def telling(*heard: Prompt | Sound, **how):
            at, timers = LATENCY, []
            for one in heard:
                timers.append(self.clock.call_later(at, self._begins, call, one, call.language))
                at += self._length(call, one)
            try:
                return verb(*heard, **how)
            finally:
                for timer in timers:
                    timer.cancel()

        return telling

    def _begins(self, call, one: Prompt | Sound, language: str) -> None:
        if isinstance(one, Sound):
            self.tell("music", one.name)
            return
        try:
            self.tell("hears", one.name, call.sounds.voice.text(one, language), language=language)
        except PromptError:
            pass  # the line notes that it is missing

    def _length(self, call, one: Prompt | Sound) -> float:
        voice = call.sounds.voice
        try:
            files = [voice.sound(one)] if isinstance(one, Sound) else voice.files(one, call.language)
        except (PromptError, OSError):
            files = None
        return sum(seconds(str(file)) or 0.0 for file in files or ())
