"""A FreeSWITCH of the tests' own: freeswitch-conf as it is shipped, in a copy in which vars.xml alone is another.

It listens on loopback, on ports that were free a moment ago, and keeps everything it writes in one folder.
"""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.live import sound

SHIPPED = Path(__file__).parents[2] / "freeswitch-conf"
LANGUAGES = ("zh", "en")
# What the dialplan's own parts play, as tones that can be told apart.
APOLOGY, MESSAGE, THANKS, BEEP, HOLD = 500, 640, 780, 1000, 300


def free_port() -> int:
    """A port free for UDP and TCP (SIP takes both), below those the kernel gives to whoever asks for any."""
    for _ in range(1000):
        port = random.randrange(12000, 20000)
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise AssertionError("no free port between 12000 and 20000")


class FreeSwitch:
    """`folder`/data is the folder shared with the line; `folder`/log/freeswitch.log what it said."""

    def __init__(self, binaries: str, folder: Path):
        self.program = Path(binaries) / "freeswitch"
        assert self.program.is_file(), f"FREESWITCH={binaries}: no program `freeswitch` in this folder"
        self.folder = folder
        self.data = folder / "data"
        self.sip = ("127.0.0.1", free_port())
        self.gateway_port = free_port()
        self.event_port = free_port()
        self.line_ports = (free_port(), free_port())
        self.lines: tuple[str, str] | None = None
        """Where the dialplan's two actions ask for a line, if not at these two ports."""
        self.emergency_port = free_port()
        self.records_port = free_port()
        self.password = "only-for-this-test"
        self._process: subprocess.Popen | None = None

    @property
    def vars(self) -> dict[str, str]:
        first_rtp = 20000 + os.getpid() % 24 * 500
        lines = self.lines or tuple(f"127.0.0.1:{port}" for port in self.line_ports)
        return {
            "ivr_data": str(self.data),
            "ivr_line_1": lines[0],
            "ivr_line_2": lines[1],
            "ivr_emergency_entries": "4119",
            "ivr_emergency_line_1": f"127.0.0.1:{self.emergency_port}",
            "ivr_emergency_line_2": f"127.0.0.1:{self.emergency_port}",
            "ivr_records_url": f"http://127.0.0.1:{self.records_port}/records",
            "ivr_carrier": f"127.0.0.1:{self.gateway_port}",
            "ivr_sip_port": str(self.sip[1]),
            "ivr_event_port": str(self.event_port),
            "ivr_event_password": self.password,
            "ivr_rtp_first": str(first_rtp),
            "ivr_rtp_last": str(first_rtp + 498),
        }

    def write_configuration(self) -> Path:
        """Copy freeswitch-conf; put our values into vars.xml, keeping every variable that it has and no other."""
        conf = self.folder / "conf"
        shutil.copytree(SHIPPED, conf)
        text = (conf / "vars.xml").read_text()
        for name, value in self.vars.items():
            text, found = re.subn(rf'data="{name}=[^"]*"', f'data="{name}={value}"', text)
            assert found == 1, f"vars.xml has {name} {found} times"
        (conf / "vars.xml").write_text(text)
        return conf

    def write_sounds(self) -> None:
        """Tones in the places of the dialplan's prompts."""
        for folder in ("spool", "records", "speech"):
            (self.data / folder).mkdir(parents=True, exist_ok=True)
        static = self.data / "static"
        for language in LANGUAGES:
            for name, pitch in (("apology", APOLOGY), ("message", MESSAGE), ("thanks", THANKS)):
                sound.save(static / language / f"fallback-{name}.wav", sound.tone(pitch, 1.0))
        sound.save(static / "beep.wav", sound.tone(BEEP, 0.3))
        sound.save(static / "hold.wav", sound.tone(HOLD, 60, 0.1))

    def start(self, deadline: float = 60) -> None:
        conf = self.write_configuration()
        self.write_sounds()
        places = ["log", "db", "run", "temp", "cache", "storage", "certs", "recordings", "scripts", "sounds", "grammar"]
        options = [part for name in places for part in (f"-{name}", str(self.folder / name))]
        for name in places:
            (self.folder / name).mkdir(exist_ok=True)
        libraries = str(self.program.parents[1] / "lib")
        with (self.folder / "console").open("wb") as console:
            self._process = subprocess.Popen(
                [self.program, "-nf", "-c", "-nonat", "-conf", str(conf), *options],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, cwd=self.folder, start_new_session=True,
                env={**os.environ, "LD_LIBRARY_PATH": libraries},
            )  # fmt: skip
        end = time.monotonic() + deadline
        while time.monotonic() < end:
            assert self._process.poll() is None, f"FreeSWITCH ended: {(self.folder / 'console').read_text()[-2000:]}"
            try:
                if "RUNNING" in self.api("sofia status"):
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"FreeSWITCH was not ready: {(self.folder / 'console').read_text()[-2000:]}")

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)

    def api(self, command: str, deadline: float = 10) -> str:
        """One command on the inbound event socket."""
        with socket.create_connection(("127.0.0.1", self.event_port), timeout=deadline) as connection:
            stream = connection.makefile("rwb")

            def answer() -> tuple[dict[str, str], str]:
                headers = {}
                while line := stream.readline().decode().strip():
                    name, _, value = line.partition(": ")
                    headers[name] = value
                return headers, stream.read(int(headers.get("Content-Length", 0))).decode()

            answer()
            stream.write(f"auth {self.password}\n\n".encode())
            stream.flush()
            headers, _ = answer()
            assert headers.get("Reply-Text", "").startswith("+OK"), headers
            stream.write(f"api {command}\n\n".encode())
            stream.flush()
            return answer()[1]

    def calls(self) -> int:
        """How many channels there are."""
        return int(json.loads(self.api("show channels as json")).get("row_count", 0))

    def quiet(self, deadline: float = 20) -> None:
        """Wait until no channel is left."""
        end = time.monotonic() + deadline
        while self.calls() and time.monotonic() < end:
            time.sleep(0.1)
        assert not self.calls(), self.api("show channels")

    @property
    def log(self) -> str:
        return (self.folder / "log" / "freeswitch.log").read_text(errors="replace")

    @property
    def spool(self) -> Path:
        return self.data / "spool"

    @property
    def records(self) -> Path:
        return self.data / "records"
