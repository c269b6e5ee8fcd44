"""The main job with nothing installed: the built-in switch calls a line in the same process, in virtual time.

A caller dials the house in the morning; Sales is busy, he waits, nobody is free, and he leaves a message. What he lives
through is told as a dialogue, as it happens.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.line import Line
from ivr.messages import Message
from ivr.prompt import Prompt
from ivr.settings import Settings
from ivr.share import shared
from ivr.steps import Table
from ivr.switch import Busy, Caller, Switch, VirtualClock

__all__ = ["Story", "demo"]

WHEN = (2026, 11, 20, 10, 0)
"""A Friday morning, when the default house is open."""


class Story:
    """Tells a call as it happens: `tell(seconds, who, what)`. Knows prompts by their files; a caller does not."""

    def __init__(self, clock, tell: Callable[[float, str, str], None]):
        self.clock, self.tell = clock, tell
        self.start = clock.monotonic()
        self.names: dict[str, str] = {}

    def listen(self, call):
        """Watch a call of the line: what it says, what it hears, what it notes."""
        play, ask, note = call.play, call.ask, call.note

        def telling_play(*heard):
            self.say(call, heard)
            return play(*heard)

        def telling_ask(*heard, **how):
            self.say(call, heard)
            answer = ask(*heard, **how)
            if getattr(answer, "value", ""):
                self.told("caller", f"presses {answer.value}")
            return answer

        def telling_note(event, **data):
            if event in NOTES:
                self.told("switch", NOTES[event](data))
            return note(event, **data)

        call.play, call.ask, call.note = telling_play, telling_ask, telling_note
        return call

    def say(self, call, heard) -> None:
        for one in heard:
            if isinstance(one, Prompt):
                self.names |= {str(path): one.name for path in call.sounds.voice.files(one, call.language) or ()}
                self.told("house", call.sounds.voice.text(one, call.language))
            else:
                self.names[str(call.sounds.voice.sound(one))] = one.name
                self.told("house", f"♪ music, {one.seconds:g} s")

    def told(self, who: str, what: str) -> None:
        self.tell(self.clock.monotonic() - self.start, who, what)


NOTES: dict[str, Callable[[dict], str]] = {
    "ring": lambda data: f"rings {', '.join(data['targets'])}",
    "rang": lambda data: {"Busy": "all of them are busy", "NoAnswer": "nobody answers"}.get(
        data["outcome"], data["outcome"]
    ),
    "handed-over": lambda data: {"ring": "has the caller", "record": "beeps, and records"}[data["part"]],
}


def demo(
    settings: Settings, table: Table, tell: Callable[[float, str, str], None], dialled: str = ""
) -> list[tuple[Message, str]]:
    """Live through the sample call; the messages it left, and where their recordings lie."""
    start = datetime(*WHEN, tzinfo=ZoneInfo(table.timezone))
    with VirtualClock(start) as clock:
        story = Story(clock, tell)
        line = Line(settings, table, clock=clock, on_call=story.listen)
        line.start()
        listening = f"127.0.0.1:{line.server.server_port}"
        variables = {
            "ivr_data": str(line.data), "ivr_line_1": listening, "ivr_line_2": listening,
            "ivr_domain": "house.example", "ivr_operator": "user/8000@house.example",
            "ivr_emergency_gateway": "carrier", "ivr_emergency_more": "none",
            "ivr_default_language": table.languages[0],
        }  # fmt: skip
        switch = Switch(
            clock, shared("freeswitch-conf") / "dialplan", variables,
            records=line.records.take, name_of=lambda path: story.names.get(path, path),
        )  # fmt: skip
        switch.phones |= {number: Busy() for number in ("8101", "8102", "8103")}
        # He presses 1 in the menu, waits with the music, and at the second check-in prefers to leave a message.
        caller = Caller().hears("menu").waits(3).presses("1")
        caller.hears("hold-check-in").hears("hold-check-in").waits(5).presses("2").hears("recording").waits(0.5).says(7)
        try:
            call = switch.call(to=dialled or next(iter(table.numbers)), frm="13800138000", script=caller)
            call.wait_ended(900)
            line.books.scribe.flush()
            messages = line.messages.list(states=["new"], uuid=call.uuid)
        finally:
            line.stop()
    return [(message, line.messages.spool.where(message.name)) for message in messages]
