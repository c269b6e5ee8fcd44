"""`ivr serve` as a process that can be killed, for the FreeSWITCH of these tests.

Its prompts are tones, each prompt another pitch: a recording wins over the words of a template. So a test reads off
what the caller heard, and in which language.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.live import freeswitch, sound

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "prompts"
NAMES = sorted(path.stem for path in (SHIPPED / "zh").glob("*.j2") if not path.stem.startswith("fallback-"))
FALLBACK = {
    "fallback-apology": freeswitch.APOLOGY,
    "fallback-message": freeswitch.MESSAGE,
    "fallback-thanks": freeswitch.THANKS,
}
PHONE = 3800  # a telephone that no prompt sounds like


def pitch(name: str, language: str = "zh") -> int:
    """The tone of a prompt, 20 Hz from the next: as near as two can be told apart."""
    hertz = 1080 + 40 * NAMES.index(name) + (20 if language == "en" else 0)
    assert hertz < PHONE, "there are more prompts than tones"
    return hertz


def names(pitches: list[int]) -> list[str]:
    """Tones as the names of prompts: "greeting", "greeting/en", "beep", "music", "phone"."""
    known = {freeswitch.BEEP: "beep", freeswitch.HOLD: "music", PHONE: "phone"}
    known |= {value: key for key, value in FALLBACK.items()}
    known |= {pitch(name): name for name in NAMES} | {pitch(name, "en"): f"{name}/en" for name in NAMES}
    return [known.get(one, f"{one} Hz") for one in pitches]


SECONDS = {"message-kept": 3.0, "menu": 3.0}
"""Long enough to be killed in the middle; the others are short."""


def write_prompts(folder: Path, short: float = 0.6, longer: Mapping[str, float] = SECONDS) -> Path:
    """A tone for each prompt, and for the music and the beep."""
    for language in freeswitch.LANGUAGES:
        for name in NAMES:
            sound.save(folder / language / f"{name}.wav", sound.tone(pitch(name, language), longer.get(name, short)))
        for name, hertz in FALLBACK.items():
            sound.save(folder / language / f"{name}.wav", sound.tone(hertz, 1.0))
    sound.save(folder / "hold.wav", sound.tone(freeswitch.HOLD, 60, 0.1))
    sound.save(folder / "beep.wav", sound.tone(freeswitch.BEEP, 0.3))
    return folder


class Line:
    """One `ivr serve`. `host` 0 or 1: which of the dialplan's line hosts it is; `at`: where it listens, if that is no
    port of loopback's usual address."""

    def __init__(
        self, switch, host: int = 0, *, table: Path = HERE / "house.yaml", prompts: Path | None = None, options=(),
        at: str = "",
    ):  # fmt: skip
        self.switch, self.host, self.table, self.options = switch, host, table, options
        self.at = at or f"127.0.0.1:{switch.line_ports[host]}"
        self.prompts = prompts or write_prompts(switch.folder / "prompts")
        self.output = switch.folder / f"line-{host}.log"
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Line":
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self, deadline: float = 60) -> "Line":
        # The second host takes no call records: there is one address for them in vars.xml.
        records = self.switch.records_port if self.host == 0 else freeswitch.free_port()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ivr", "serve", "--table", str(self.table), "--data", str(self.switch.data),
                 "--prompts", str(self.prompts), "--listen", self.at,
                 "--records-listen", f"127.0.0.1:{records}", *self.options],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        host, _, port = self.at.rpartition(":")
        end = time.monotonic() + deadline
        while time.monotonic() < end:
            assert self.process.poll() is None, f"ivr serve ended:\n{self.said}"
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"ivr serve does not listen:\n{self.said}")

    def kill(self) -> None:
        """As the power failing."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")[-4000:]

    def ivr(self, *command: str):
        """One `ivr` command with --json, on this line's data."""
        done = subprocess.run(
            [sys.executable, "-m", "ivr", *command, "--json"],
            capture_output=True, text=True, timeout=60, env={**os.environ, "IVR_DATA": str(self.switch.data)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def messages(self, count: int, state: str = "new", deadline: float = 20) -> list[dict]:
        """The messages in a state, as soon as there are `count` of them."""
        end = time.monotonic() + deadline
        while True:
            found = [one for one in self.ivr("messages", "list") if one["state"] == state]
            if len(found) >= count or time.monotonic() > end:
                assert len(found) == count, self.ivr("messages", "list")
                return found
            time.sleep(0.3)
