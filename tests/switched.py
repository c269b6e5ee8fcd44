"""The whole house in one process:

    with switched(tmp_path) as house:
        call = house.call(Caller().hears("menu").presses("1"))
        assert call.heard ...

A line, the built-in switch with the real dialplan, virtual time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy

from ivr.esl.call import EslCall
from ivr.line import Line
from ivr.settings import Settings
from ivr.share import shared
from ivr.speech import Voice
from ivr.switch import Caller, Switch, VirtualClock
from ivr.table import load
from tests.house import HOUSE

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Hum:
    """A speech engine for tests: it hums for as long as the text would take."""

    id = "hum 1"

    def voice(self, language: str) -> str:
        return language

    def speak(self, jobs, deadline):
        hums = []
        for _, text in jobs:
            n = int(8000 * (0.4 + 0.12 * len(text)))
            hums.append((0.3 * numpy.sin(numpy.arange(n) * 0.5).astype(numpy.float32), 8000))
        return hums


class SwitchedHouse:
    """A line and a switch; `calls` are the EslCalls the line had, one for each connection."""

    def __init__(
        self, folder: Path, clock: VirtualClock, table=HOUSE, prompts: Path | None = None, renew=None, table_file=None,
        variables: dict[str, str] | None = None, **settings,
    ):  # fmt: skip
        self.clock, self.folder = clock, folder
        self.listen: Callable[[EslCall], EslCall] = lambda call: call
        self.renew = renew and renew(self)
        self.connections: list[EslCall] = []
        self.settings = Settings(
            data=folder, prompts=prompts or shared("prompts"), listen="127.0.0.1:0", records_listen="127.0.0.1:0",
            table=table_file or Path("routes.yaml"), **{"look": 10.0, **settings},
        )  # fmt: skip
        self.table = load(table, name="house.yaml") if isinstance(table, str) else table
        folders = [self.settings.prompts, shared("prompts")]
        self.voice = Voice(folders, SPEECH_CACHE or folder / "speech", Hum())
        self.line = self.new_line()
        self.line.start()
        self.second = self.new_line()
        self.second.start()
        self.given_variables = variables or {}
        self.switch = self.new_switch()

    def new_switch(self, **variables: str) -> Switch:
        """A switch for these lines; `variables`: of vars.xml, in place of the usual ones."""
        return Switch(
            self.clock, shared("freeswitch-conf") / "dialplan", self.variables() | variables,
            records=self.line.records.take, records_folder=self.folder / "records", name_of=self.named, seed=1,
        )  # fmt: skip

    def new_line(self, listen: str = "127.0.0.1:0") -> Line:
        """Another line on the same folder, not yet started."""
        settings = Settings(**{**{k: getattr(self.settings, k) for k in Settings.__slots__}, "listen": listen})
        return Line(
            settings, self.table, clock=self.clock, voice=self.voice, on_call=self._watch, renew=self.renew
        )  # fmt: skip

    def _watch(self, call: EslCall) -> EslCall:
        self.connections.append(call)
        return self.listen(call)

    def variables(self) -> dict[str, str]:
        doors = {}
        if self.line.emergencies:
            doors = {
                f"ivr_emergency_line_{n}": f"127.0.0.1:{line.emergencies.server_port}"
                for n, line in enumerate((self.line, self.second), 1)
            }
        return doors | self.given_variables | {
            "ivr_data": str(self.folder.resolve()),
            "ivr_line_1": f"127.0.0.1:{self.line.server.server_port}",
            "ivr_line_2": f"127.0.0.1:{self.second.server.server_port}",
            "ivr_domain": "house.example", "ivr_operator": "user/8001@house.example",
            "ivr_emergency_gateway": "carrier", "ivr_emergency_more": "12395", "ivr_default_language": "zh",
            "ivr_records_url": f"http://127.0.0.1:{self.line.records_server.server_port}/records",
        }  # fmt: skip

    def named(self, path: str) -> str:
        return path

    def call(self, script: Caller, to: str = "1000", seconds: float = 1200, **how):
        """One whole call."""
        call = self.switch.call(to=to, script=script, **how).wait_ended(seconds)
        self.clock.sleep(2.0)  # the line, too, has heard of it by then
        assert self.switch.errors == []
        return call

    def kill(self, line: Line | None = None) -> None:
        """What `kill -9` is to a switch: the line's port and all its connections are closed, at once."""
        (line or self.line).server.stop(0)

    def settle(self) -> None:
        """Let the books be written."""
        for line in (self.line, self.second):
            assert line.books.scribe.flush(10)
            assert line.off_hub.flush(10)
            assert line.back_office.flush(10)

    def journal(self, uuid: str):
        self.settle()
        return self.line.journal.call(uuid)

    def path(self, uuid: str) -> list[str]:
        """The steps of a call, as the journal has them, without repetitions."""
        steps = [row.data["address"] for row in self.journal(uuid).events if row.event == "step"]
        return [step for at, step in enumerate(steps) if at == 0 or step != steps[at - 1]]


SPEECH_CACHE: Path | None = None
"""Set by the tests' conftest, so that the hum is made once for all tests."""


@contextmanager
def switched(folder: Path, at: datetime = FRIDAY, **how) -> Iterator[SwitchedHouse]:
    with VirtualClock(at) as clock:
        house = SwitchedHouse(folder, clock, **how)
        try:
            yield house
        finally:
            house.line.stop(1)
            house.second.stop(1)
