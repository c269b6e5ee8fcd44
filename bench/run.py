"""One line and one load: started, measured from outside, stopped."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["LINES", "Line", "burst", "calls", "free_port", "load", "waiting"]

LINES = {
    "ours": "bench.lines.ours",
    "greenswitch": "bench.lines.stock",
    "genesis": "bench.lines.genesis_line",
    "bare": "bench.lines.bare",
}
MODULES = LINES | {"at_once": "bench.lines.at_once"}
ARRIVE = 100.0
"""Waiting calls that arrive in a second: not a burst, so that every line gets all of them."""
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody listens on, below those the kernel gives to whoever asks for any."""
    while True:
        port = random.randrange(12000, 30000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


class Line:
    """A line's process. `lag`: what it said of its loop, after `stop`."""

    def __init__(self, name: str, data: Path, *, books: bool = False, lag: bool = False, seconds: float = 0.12,
                 script: str = "", port: int = 0, table: str = ""):  # fmt: skip
        self.port = port or free_port()
        command = [sys.executable, "-m", MODULES[name], str(self.port), "--data", str(data), "--seconds", str(seconds)]
        command += ["--script", script or str(data / "script.json")] + ["--books"] * books + ["--lag"] * lag
        command += ["--table", table] if table else []
        # What it says of calls whose caller has gone is not what is measured.
        with (data / f"{name}.log").open("ab") as said:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
        self.lag = [0.0, 0.0, 0.0]

    def __enter__(self) -> "Line":
        said = self.process.stdout.readline()
        assert said == "ready\n", f"{self.process.args}: {said!r} instead of ready"
        return self

    def __exit__(self, *_) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            said = self.process.communicate(timeout=20)[0]
            self.lag = json.loads(said)["lag"]
        except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
            self.process.kill()

    def cpu(self) -> float:
        """Seconds of CPU so far, of all its threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Bytes that are its own (what is shared with other processes does not count)."""
        rows = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return sum(int(row.split()[1]) for row in rows if row.startswith("Private")) * 1024


def load(module: str, *arguments) -> subprocess.Popen:
    """A load in a process of its own; it prints what it found."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def calls(name: str, data: Path, count: int, rate: float, **line) -> dict:
    """Standard calls: whole ones, and CPU of the line for each, in milliseconds."""
    with Line(name, data, **line) as running:
        warm = load("bench.load", running.port, data, 10, rate)
        warm.communicate(timeout=90)
        time.sleep(0.5)
        before = running.cpu()
        said = json.loads(load("bench.load", running.port, data, count, rate).communicate(timeout=300)[0])
        time.sleep(1.5)  # what is written down after the last call
        used = running.cpu() - before
    said.pop("uuids")
    return {**said, "cpu_ms": 1000 * used / count, "lag": running.lag}


def burst(name: str, data: Path, count: int) -> dict:
    """All at once."""
    with Line(name, data, lag=True, seconds=1.0) as running:
        before = running.cpu()
        said = load("bench.crowd", running.port, count, 0).communicate("go\n", timeout=60)[0]
        used = running.cpu() - before
    return {**json.loads(said.splitlines()[1]), "cpu_ms": 1000 * used / count, "lag": running.lag}


def waiting(name: str, data: Path, count: int, seconds: float) -> dict:
    """Memory of each waiting call in bytes, and CPU of all of them in per cent of a core, over some seconds."""
    with Line(name, data, seconds=90.0) as running:
        time.sleep(0.5)
        empty = running.memory()
        crowd = load("bench.crowd", running.port, count, ARRIVE)
        served = json.loads(crowd.stdout.readline())["served"]
        time.sleep(2)
        full, before = running.memory(), running.cpu()
        time.sleep(seconds)
        used = running.cpu() - before
        crowd.communicate("go\n", timeout=60)
    return {"served": served, "bytes": (full - empty) / max(1, served), "cpu_percent": 100 * used / seconds}
