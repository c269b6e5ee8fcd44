"""The house that lives through call scripts: a line and the built-in switch in one process, in virtual time.

The wire, the reception, the handlers, the dialplan, the database and the recordings are the real ones; only speech is
silence of the right length. Calls come one after the other, each on its own day: nobody waits in line behind another
script's caller.

    with House(table, [shared("prompts")]) as house:
        verdict = house.rehearse(script)
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import gevent
from gevent.event import AsyncResult

from ivr.errors import Deadline
from ivr.line import Line
from ivr.rehearsal.afresh import afresh
from ivr.rehearsal.caller import Actor
from ivr.rehearsal.ear import Ear
from ivr.rehearsal.hush import Hush
from ivr.rehearsal.script import PhoneAct, Script
from ivr.rehearsal.values import WITHHELD
from ivr.rehearsal.verdict import Fault, Verdict, judged
from ivr.settings import Settings
from ivr.share import shared
from ivr.speech.templates import Templates
from ivr.steps import Extension, Table
from ivr.switch import (
    Answers,
    Busy,
    Caller,
    DoNotDisturb,
    HeardSound,
    Phone,
    Refuses,
    Rings,
    Switch,
    Unregistered,
    VirtualClock,
    Voicemail,
)  # fmt: skip
from ivr.switch import Script as InTurn

__all__ = ["House"]

PATIENCE = 1800.0
"""Seconds a caller waits for what he expects: it costs nothing."""
LONGEST = 4 * 3600.0
DOMAIN = "house.example"


class House:
    """A house of one table. `folders`: of prompts, the first that has one wins."""

    def __init__(self, table: Table, folders: Sequence[Path]):
        self.table, self.folders = table, [folder for folder in folders if folder.is_dir()]
        self.zone = ZoneInfo(table.timezone)

    def __enter__(self) -> "House":
        self._folder = tempfile.TemporaryDirectory(prefix="ivr-test-")
        folder = Path(self._folder.name)
        self.clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.ear = Ear(self.clock)
        # There are no others whose changes it would have to notice.
        settings = Settings(data=folder, listen="127.0.0.1:0", records_listen="127.0.0.1:0", look=3600.0)
        voice = Hush(self.folders, folder / "speech", fallback(self.folders, self.table.languages))
        self.line = Line(settings, self.table, clock=self.clock, voice=voice, on_call=self.ear.listen)
        self.line.start()
        listening = f"127.0.0.1:{self.line.server.server_port}"
        variables = {
            "ivr_data": str(self.line.data), "ivr_line_1": listening, "ivr_line_2": listening, "ivr_domain": DOMAIN,
            "ivr_operator": f"user/0@{DOMAIN}", "ivr_emergency_gateway": "carrier",
            "ivr_emergency_more": "|".join(self.table.emergency), "ivr_default_language": self.table.languages[0],
        }  # fmt: skip
        self.switch = Switch(
            self.clock, shared("freeswitch-conf") / "dialplan", variables, records=self.line.records.take, seed=1
        )
        return self

    def __exit__(self, *exception) -> None:
        self.line.stop(1)
        self.clock.close()
        self._folder.cleanup()

    def rehearse(self, script: Script, played_by: type[Actor] = Actor) -> Verdict:
        """Live through one script."""
        began = time.perf_counter()
        self.clock.turn(script.at.replace(tzinfo=self.zone))
        self.line.off_hub.run(afresh, self.line, script, deadline=10)
        extensions = [step for step in self.table.steps.values() if isinstance(step, Extension)]
        self.switch.phones = {}
        for step in extensions:
            acts = phone(script.phones.get(step.number, script.phones["*"]))
            self.switch.phones[step.outside or step.number] = self.switch.phones[step.number] = acts
        self.ear.begin()
        actor = played_by(script, self.ear, PATIENCE)
        number = "" if script.frm == WITHHELD else script.frm
        came = Came(self.ear, {step.outside: step.number for step in extensions if step.outside})
        call = self.switch.call(to=script.to, frm=number, script=Caller().does(came.here))
        acting = gevent.spawn(lambda: actor.live(came.telephone()))
        faults = []
        try:
            call.wait_ended(LONGEST)
        except Deadline:
            faults.append(Fault(script.place, f"the call does not end: it was still there after {LONGEST / 3600:g} h"))
            call.hang_up()
            call.wait_ended(60)
        self.ear.tell("ended", call.cause or "")
        acting.join()
        self.clock.sleep(2)  # the line, too, has heard of it by then
        faults += (Fault(script.place, f"the built-in switch failed: {error!r}") for _, error in self.switch.errors)
        self.switch.errors.clear()
        messages = self.line.off_hub.run(self.line.messages.list, states=["new"], uuid=call.uuid)
        verdict = judged(script, self.ear.moments, actor.unmet, messages)
        verdict.faults[:0] = faults
        verdict.took = time.perf_counter() - began
        return verdict


class Came:
    """A caller at the built-in switch: his telephone, as soon as he is there, and what the switch does with him.
    `outside`: number of the world outside → the extension by which the table knows it."""

    def __init__(self, ear: Ear, outside: Mapping[str, str]):
        self.ear, self._outside, self._line = ear, outside, AsyncResult()

    def here(self, line) -> None:
        """In the switch's own greenlet for the caller."""
        heard = line.channel.heard
        heard.waiters.append(lambda: heard and self._begins(heard[-1]))
        self._line.set(line)

    def telephone(self):
        """What presses, speaks and hangs up."""
        return self._line.get()

    def _begins(self, sound: HeardSound) -> None:
        kind, _, what = sound.what.partition(" ")
        if sound.end is None and kind == "recording":
            self.ear.tell("records")
        elif sound.end is None and kind == "bridged":
            number = what.removeprefix("to ")
            self.ear.tell("talks_to", self._outside.get(number, number))


def phone(acts: Sequence[PhoneAct]) -> Phone | InTurn:
    """A phone of the built-in switch."""
    phones = [PHONES[act.does](act) for act in acts]
    return phones[0] if len(phones) == 1 else InTurn(*phones)


PHONES = {
    "answers": lambda act: Answers(act.after, act.talks, act.transfers),
    "busy": lambda act: Busy(),
    "refuses": lambda act: Refuses(act.after),
    "rings": lambda act: Rings(),
    "voicemail": lambda act: Voicemail(act.after, act.talks),
    "unreachable": lambda act: Unregistered(),
    "do_not_disturb": lambda act: DoNotDisturb(),
}


def fallback(folders: Sequence[Path], languages: Sequence[str]) -> str:
    """The language whose words serve where another has none: the first that has all that English has."""
    templates = Templates(folders)
    whole = set(templates.names("en"))
    return next((language for language in languages if set(templates.names(language)) >= whole), "en")
