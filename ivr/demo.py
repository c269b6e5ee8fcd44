"""The main job with nothing installed: the built-in switch calls a line in the same process, in virtual time.

A caller dials the house in the morning; Sales is busy, he waits, nobody is free, and he leaves a message. What he lives
through is told as a dialogue, as it happens.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.line import Line
from ivr.prompt import Prompt
from ivr.settings import Settings
from ivr.share import shared
from ivr.steps import Table
from ivr.switch import Busy, Caller, Rings, Switch, VirtualClock

__all__ = ["Story", "demo"]

WHEN = (2026, 11, 20, 10, 0)
"""A Friday morning, when the default house is open."""


class Story:
    """Tells a call as it happens: `tell(seconds, who, what)`."""

    def __init__(self, clock, tell: Callable[[float, str, str], None]):
        self.clock, self.tell = clock, tell
        self.start = clock.monotonic()

    def listen(self, call):
        """Watch a call of the line: what it says, what it notes."""
        play, ask, note = call.play, call.ask, call.note

        def telling_play(*heard):
            self.say(call, heard)
            return play(*heard)

        def telling_ask(*heard, **how):
            self.say(call, heard)
            answer = ask(*heard, **how)
            self.told("caller", f"keys {answer.value}" if getattr(answer, "value", "") else "(says nothing)")
            return answer

        def telling_note(event, **data):
            if event in NOTES:
                self.told("switch", NOTES[event].format_map(data))
            return note(event, **data)

        call.play, call.ask, call.note = telling_play, telling_ask, telling_note
        return call

    def say(self, call, heard) -> None:
        for one in heard:
            text = call.voice.text(one, call.language) if isinstance(one, Prompt) else f"♪ {one.name}"
            self.told("house", text)

    def told(self, who: str, what: str) -> None:
        self.tell(self.clock.monotonic() - self.start, who, what)


NOTES = {
    "ring": "{targets} ring",
    "rang": "{outcome}",
    "message-begun": "message {reference} is written down; beep",
    "message-kept": "message {reference} is kept: {ms} ms",
}


def demo(settings: Settings, table: Table, tell: Callable[[float, str, str], None]) -> list[Path]:
    """Live through the sample call; the recordings of the messages it left."""
    start = datetime(*WHEN, tzinfo=ZoneInfo(table.timezone))
    with VirtualClock(start) as clock:
        story = Story(clock, tell)
        line = Line(settings, table, clock=clock, on_call=story.listen)
        line.start()
        listening = f"127.0.0.1:{line.server.server_port}"
        variables = {
            "ivr_data": str(line.data), "ivr_line_1": listening, "ivr_line_2": listening,
            "ivr_domain": "house.example", "ivr_operator": "user/8000@house.example",
            "ivr_emergency_gateway": "carrier", "ivr_default_language": table.languages[0],
            "ivr_records_url": f"http://127.0.0.1:{line.records_server.server_port}/records",
        }  # fmt: skip
        switch = Switch(clock, shared("freeswitch-conf") / "dialplan", variables, records=line.records.take)
        switch.phones |= {number: Busy() for number in ("8101", "8102", "8103")}
        switch.phones |= {"8000": Rings(), "8009": Rings()}
        caller = (
            Caller().hears().waits(6).presses("1").hears("hold").hears("hold").hears("hold").waits(9).presses("2")
            .hears("beep").waits(1).says(7)
        )
        try:
            call = switch.call(to="02085550100", frm="13800138000", script=caller)
            call.wait_ended(900)
        finally:
            line.stop()
    return [line.settings.spool / name for name in switch.recordings]
