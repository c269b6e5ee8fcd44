"""On a real FreeSWITCH: from the new channel to the first audio, line beside line, at 1 and at 20 new calls a second.

    make bench-live FREESWITCH=<its bin folder>

FreeSWITCH calls itself over SIP and RTP. The times are its own: of the called channel, from CHANNEL_CREATE to the
PLAYBACK_START of what it plays first, in microseconds, so nothing of this process is in them. A Lua script inside the
switch is the floor; a bare socket that writes everything before it reads anything is the least a line outside can do.
The lines take turns, call by call.
"""

import argparse
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from threading import Thread

from bench import page
from bench.run import Line
from tests.live import sound
from tests.live.freeswitch import FreeSwitch

RATES = {"1": 20, "20": 200}
"""New calls a second, and how many of them for each line."""
LINES = {
    "Lua inside the switch": "7001",
    "bare socket, everything at once": "7002",
    "greenswitch": "7003",
    "Genesis": "7005",
    "Zongji": "7004",
    "Zongji, through the house's dialplan": "4000",
}


class Switch(FreeSwitch):
    """freeswitch-conf as it is shipped, and an extension for each line; mod_lua besides."""

    def __init__(self, binaries: str, folder: Path, sockets: dict[str, int], script: Path):
        super().__init__(binaries, folder)
        self.sockets, self.script = sockets, script

    def write_configuration(self) -> Path:
        conf = super().write_configuration()
        modules = conf / "autoload_configs" / "modules.conf.xml"
        modules.write_text(modules.read_text().replace("</modules>", '<load module="mod_lua"/></modules>'))
        actions = {number: ("socket", f"127.0.0.1:{port} async full") for number, port in self.sockets.items()}
        actions["7001"] = ("lua", str(self.script))
        extensions = "".join(
            f'<extension name="{number}"><condition field="destination_number" expression="^{number}$">'
            f'<action application="{name}" data="{data}"/></condition></extension>'
            for number, (name, data) in actions.items()
        )
        entry = conf / "dialplan" / "entry.xml"
        opening = '<context name="ivr-entry">'
        entry.write_text(entry.read_text().replace(opening, opening + extensions))
        return conf


class Events(Thread):
    """Reads the switch's events: when each called channel came, and when it was first played something."""

    def __init__(self, switch: FreeSwitch):
        super().__init__(daemon=True)
        self.came: dict[str, tuple[str, int]] = {}
        self.played: dict[str, int] = {}
        self.connection = socket.create_connection(("127.0.0.1", switch.event_port))
        names = "CHANNEL_CREATE PLAYBACK_START"
        self.connection.sendall(f"auth {switch.password}\n\nevent json {names}\n\n".encode())
        self.start()

    def run(self) -> None:
        try:
            self._read()
        except OSError:  # closed here, while events were coming
            pass

    def _read(self) -> None:
        stream = self.connection.makefile("rb")
        while True:
            length = 0
            while line := stream.readline().strip():
                if line.startswith(b"Content-Length: "):
                    length = int(line[16:])
            if not length and not stream.peek(1):
                return
            if length and (body := stream.read(length)).startswith(b"{"):
                self._note(json.loads(body))

    def _note(self, event: dict) -> None:
        uuid, at = event["Unique-ID"], int(event["Event-Date-Timestamp"])
        if event["Event-Name"] == "PLAYBACK_START":
            if uuid not in self.played:
                self.played[uuid] = at
                self.command(f"bgapi sched_api +1 none uuid_kill {uuid}")
        elif event["Call-Direction"] == "inbound":
            self.came[uuid] = (event["Caller-Destination-Number"], at)

    def command(self, text: str) -> None:
        self.connection.sendall(f"{text}\n\n".encode())

    def close(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)


def measure(switch: FreeSwitch, lines: dict[str, str], rate: float, each: int) -> dict[str, list[float]]:
    """p50, p99 and most, in milliseconds, for each line; `rate` calls a second of all lines together."""
    events = Events(switch)
    time.sleep(0.5)
    began = time.monotonic()
    for number in range(each * len(lines)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        to = list(lines.values())[number % len(lines)]
        events.command(f"bgapi originate sofia/internal/{to}@{switch.sip[0]}:{switch.sip[1]} &park()")
    time.sleep(3)
    events.close()
    found: dict[str, list[float]] = {name: [] for name in lines}
    names = {number: name for name, number in lines.items()}
    for uuid, (number, at) in events.came.items():
        if uuid in events.played:
            found[names[number]].append((events.played[uuid] - at) / 1000)
    for name, values in found.items():
        values.sort()
        print(f"{rate:g} a second, {name}: {len(values)} of {each} heard something; {spread(values)}", flush=True)
    return {name: spread(values) for name, values in found.items()}


def spread(values: list[float]) -> list[float]:
    if not values:
        return [float("nan")] * 3
    return [values[len(values) // 2], values[min(len(values) - 1, int(len(values) * 0.99))], values[-1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls; nothing is written")
    given = parser.parse_args()
    binaries = os.environ.get("FREESWITCH") or sys.exit("make bench-live FREESWITCH=<the folder with freeswitch>")
    folder = Path(tempfile.mkdtemp(prefix="zongji-live-"))
    tone, lua = folder / "tone.wav", folder / "first.lua"
    sound.save(tone, sound.tone(600, 0.5))
    lua.write_text(f'session:answer()\nsession:streamFile("{tone}")\nsession:hangup()\n')
    steps = [[["answer", ""]], [["playback", str(tone)]], [["hangup", "NORMAL_CLEARING"]]]
    (folder / "script.json").write_text(json.dumps({"writes": [steps] * 9}))
    (folder / "data").mkdir()
    shutil.copy(folder / "script.json", folder / "data" / "script.json")
    with (
        Line("at_once", folder / "data", script=str(tone)) as bare,
        Line("greenswitch", folder / "data") as stock,
        Line("ours", folder / "data", seconds=0.5) as ours,
    ):
        lines = dict(LINES)
        sockets = {"7002": bare.port, "7003": stock.port, "7004": ours.port}
        try:
            import genesis  # noqa: F401
        except ImportError:
            genesis_line = None
            del lines["Genesis"]
        else:
            genesis_line = Line("genesis", folder / "data").__enter__()
            sockets["7005"] = genesis_line.port
        switch = Switch(binaries, folder, sockets, lua)
        switch.line_ports = (ours.port, ours.port)
        try:
            switch.start()
            measure(switch, lines, 5, 3)  # the first calls open files for the first time
            rates = {
                rate: measure(switch, lines, float(rate), each // 10 if given.quick else each)
                for rate, each in RATES.items()
            }
            version = re.search(r"Version ([\d.]+)", switch.api("version"))
        finally:
            switch.stop()
            if genesis_line:
                genesis_line.__exit__()
    shutil.rmtree(folder)
    about = f"Measured on {date.today()} on FreeSWITCH {version[1] if version else '?'}, {os.cpu_count()} cores."
    if not given.quick:
        page.put("live", page.live_text({"rates": rates, "about": about}))


if __name__ == "__main__":
    main()
