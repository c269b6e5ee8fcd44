"""A line with one application, the built-in switch, and virtual time: for tests of the Call over the event socket."""

import wave
from datetime import UTC, datetime
from pathlib import Path

import gevent
from gevent import socket
from gevent.server import StreamServer

from ivr.errors import SpeechError
from ivr.esl.call import EslCall
from ivr.esl.server import Server
from ivr.prompt import Prompt, Sound
from ivr.switch.switch import Switch
from ivr.switch.virtual_clock import VirtualClock
from tests.esl.peer import received, sent, settle

__all__ = ["DIALPLAN", "House", "Notebook", "StubVoice"]

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

DIALPLAN = """<include><context name="ivr-entry"><extension name="line"><condition>
<action application="set" data="socket_resume=true"/>
<action application="set" data="ivr_dialled=${{destination_number}}"/>
<action application="set" data="ivr_domain=pbx.example"/>
<action application="socket" data="127.0.0.1:{port} async full"/>
<action application="{then}" data="{data}"/>
</condition></extension></context></include>"""


class StubVoice:
    """Each prompt is one file of `seconds`; one that is called `missing…` has none, `late…` is made when asked for."""

    def __init__(self, folder: Path, seconds: float = 2.0):
        self.folder, self.seconds = folder, seconds

    def _file(self, name: str, language: str) -> Path:
        path = self.folder / language / f"{name}.wav"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            with wave.open(str(path), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes(b"\0\0" * int(8000 * self.seconds))
        return path

    def files(self, prompt: Prompt, language: str) -> list[Path] | None:
        return None if prompt.name.startswith(("missing", "late")) else [self._file(prompt.name, language)]

    def make(self, prompt: Prompt, language: str) -> list[Path]:
        if prompt.name.startswith("missing"):
            raise SpeechError(f"no speech for {prompt.name}")
        return [self._file(prompt.name, language)]

    def sound(self, sound: Sound) -> Path:
        if sound.name.startswith("missing"):
            raise SpeechError(f"no sound {sound.name}")
        return self._file(f"{sound.name}-{sound.part}", "sounds")


class Notebook:
    """Books that only keep what is noted."""

    def __init__(self):
        self.notes: list[tuple[str, dict]] = []

    def note(self, call, event, data) -> None:
        self.notes.append((event, data))


class House:
    """`script(call)` is what the line does with each connection; what it returns, or raises, is in `results`."""

    def __init__(
        self, folder: Path, script, *, then: tuple[str, str] = ("hangup", "NORMAL_CLEARING"), late: float = 0, **limits
    ):
        self.script, self.results, self.calls = script, [], []
        self.clock = VirtualClock(START)
        self.voice, self.books = StubVoice(folder), Notebook()
        self.server = Server(("127.0.0.1", 0), self._application, clock=self.clock, **limits)
        self.server.start()
        conf = folder / "dialplan"
        conf.mkdir()
        self.late = StreamServer(("127.0.0.1", 0), self._pass_late)
        self.late.start()
        self._seconds = late
        port = self.late.server_port if late else self.server.server_port
        text = DIALPLAN.format(port=port, then=then[0], data=then[1])
        (conf / "entry.xml").write_text(text)
        self.switch = Switch(self.clock, conf, {"ivr_data": str(folder)}, seed=1)

    def _application(self, session) -> None:
        call = EslCall(session, self.voice, self.clock, self.books)
        call.language = call.language or "zh"
        self.calls.append(call)
        try:
            self.results.append(self.script(call))
        except Exception as error:
            self.results.append(error)
            raise

    def _pass_late(self, switch, _) -> None:
        """Between switch and line: the line hears everything so much later than it happened."""
        line = socket.create_connection(("127.0.0.1", self.server.server_port))
        for sock in (switch, line):  # a byte that waits for an acknowledgement waits in real time
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = gevent.spawn(self._pass_back, line, switch)
        while data := received(switch):
            self.clock.call_later(self._seconds, gevent.spawn, sent, line, data)
        self.clock.call_later(self._seconds, line.close)
        back.join()

    def _pass_back(self, line, switch) -> None:
        while data := received(line):
            sent(switch, data)
        line.close()
        switch.close()

    def call(self, script, *, to: str = "1000", **more):
        """One whole call."""
        call = self.switch.call(to, script=script, **more).wait_ended(600)
        settle()
        return call

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.server.stop(1)
        self.late.stop(1)
        self.clock.close()
        if exception[0] is None:
            assert self.switch.errors == []
