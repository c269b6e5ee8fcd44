"""The flows of tests/tapes/flows.py, lived through on a real FreeSWITCH, and recorded by `ivr serve --tapes`.

    FREESWITCH=<its bin folder> python -m tests.tapes.record_calls --live [FLOW …]

The same scripts as on the built-in switch: their steps are done by a SIP telephone here. It takes a quarter of an hour,
because time is real. Hours of the house are set around now, so that it is open, at lunch or closed.
"""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.errors import WireError
from ivr.switch import Phone as Asked
from ivr.telephones import Phone
from tests.house import LUNCH, NIGHT
from tests.live import sound
from tests.live.caller import Caller
from tests.live.freeswitch import FreeSwitch
from tests.live.line import Line
from tests.tapes.flows import FLOWS, Flow
from tests.tapes.record_calls import keep, numbered

__all__ = ["record"]

LONGEST = 150.0
"""Seconds a flow may take."""
BEEP = 3000
"""A beep that no voice sounds like."""
MANNERS = {"USER_BUSY": "busy", "CALL_REJECTED": "refuses", "NO_USER_RESPONSE": "do-not-disturb"}
"""What a telephone does that ends a call so."""
OFFICE = 'office: {mon-fri: "09:00-12:00, 13:30-18:00"}'


def table(flow: Flow) -> str:
    """The table with hours in which it is, now, what it is in the flow."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    day = now.strftime("%a").lower()
    if flow.at == LUNCH:
        early, late = (now - timedelta(minutes=5)), (now + timedelta(minutes=55))
        hours = f'{day}: "00:00-{early:%H:%M}, {late:%H:%M}-23:59"'
    elif flow.at == NIGHT:
        hours = f'{(now + timedelta(days=2)).strftime("%a").lower()}: "09:00-12:00"'
    else:
        hours = 'mon-sun: "00:00-24:00"'
    assert OFFICE in flow.table
    return flow.table.replace(OFFICE, f"office: {{{hours}}}")


class Telephone:
    """What a `Caller` script does, done by a SIP telephone."""

    def __init__(self, caller: Caller):
        self.caller, self.channel, self.since = caller, self, caller.rang_at

    def wait(self, seconds: float) -> None:
        self.caller._ended.wait(seconds)

    def hear(self, what: str) -> None:
        """Until something is heard; `beep`: until the beep."""
        end = time.monotonic() + 60
        while time.monotonic() < end and not self.caller._ended.is_set():
            if what == "beep":
                heard = self.caller.media.heard(self.since)
                if BEEP in sound.pitches(heard):
                    break
            elif self.caller.is_up:
                break
            time.sleep(0.05)
        self.since = time.monotonic() - 0.2

    def hear_end(self) -> None:
        self.wait(1.0)

    def press(self, keys: str, gap: float = 0.0) -> None:
        self.caller.press(keys).said()

    def say(self, seconds: float, wav: str | None = None) -> None:
        self.caller.speak(seconds).said()

    @property
    def down(self) -> bool:
        return self.caller._ended.is_set()

    def hang_up(self) -> None:
        self.caller.hang_up()


def phone(switch: FreeSwitch, number: str, asked: Asked) -> Phone | None:
    """A telephone that does what a phone of the built-in switch would do."""
    if asked.cause == "USER_NOT_REGISTERED":
        return None
    manner = MANNERS.get(asked.cause) or ("rings" if asked.after is None else "answers")
    return Phone(switch.sip, number, manner, after=asked.after or 0.0, talks=asked.talks)


def lived(switch: FreeSwitch, name: str, flow: Flow, folder: Path) -> list:
    """One flow; its tapes."""
    folder.mkdir(parents=True)
    text = folder / "house.yaml"
    text.write_text(table(flow))
    prompts = folder / "prompts"  # beside those that come with the program
    sound.save(prompts / "beep.wav", sound.tone(BEEP, 0.4))
    tapes = folder / "tapes"
    more = {"IVR_TAPES": str(tapes)} | {f"IVR_{key.upper()}": str(value) for key, value in flow.more.items()}
    with ExitStack() as stack:
        stack.enter_context(environment(more))
        line = stack.enter_context(Line(switch, 0, table=text, prompts=prompts))
        if flow.dies is not None:
            stack.enter_context(Line(switch, 1, table=text, prompts=prompts))
        for number, asked in flow.phones.items():
            if (one := phone(switch, number, asked)) is not None:
                stack.enter_context(one)
        if flow.rang:
            line.process.send_signal(signal.SIGSTOP)  # it rings as long as nobody takes the call from the backlog
            waking = threading.Timer(flow.rang, line.process.send_signal, (signal.SIGCONT,))
            waking.start()
        caller = stack.enter_context(Caller(switch.sip, flow.to, flow.number))
        if flow.dies is not None:
            dying = threading.Timer(flow.dies, line.process.send_signal, (signal.SIGKILL,))
            dying.start()
        if "soft_limit" not in flow.more:
            caller.answered(flow.rang + 10)
        telephone = Telephone(caller)
        for step in flow.caller().steps:
            if telephone.down:
                break
            step(telephone)
        caller._ended.wait(LONGEST)
    switch.quiet()
    return numbered(tapes, name, flow.what)


class environment:
    """Variables for the processes started inside."""

    def __init__(self, more: dict[str, str]):
        self.more = more

    def __enter__(self):
        os.environ.update(self.more)

    def __exit__(self, *_):
        for name in self.more:
            os.environ.pop(name, None)


def record(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Every flow, or those named, from the FreeSWITCH of the environment into a folder."""
    tapes, tables, missed = [], {}, []
    with tempfile.TemporaryDirectory() as scratch:
        switch = FreeSwitch(os.environ["FREESWITCH"], Path(scratch) / "freeswitch")
        switch.folder.mkdir()
        try:
            switch.start()
            for name in names or FLOWS:
                place = Path(scratch) / name
                try:
                    found = lived(switch, name, FLOWS[name], place)
                except (AssertionError, WireError) as error:  # of the telephones: one flow less, not all of them
                    print(f"{name}: not recorded: {error}", flush=True)
                    missed.append(name)
                    continue
                print(f"{name}: {len(found)} connections", flush=True)
                tapes += found
                tables |= {file.stem: file.read_bytes() for file in (place / "tapes").glob("*.yaml")}
        finally:
            switch.stop()
        about = {"switch": "FreeSWITCH"}
        paths = keep([replace(tape, about=tape.about | about) for tape in tapes], tables, folder)
    if missed:
        sys.exit(f"not recorded: {' '.join(missed)}")
    return paths
