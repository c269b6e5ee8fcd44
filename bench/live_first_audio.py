"""On a real FreeSWITCH: from the call to the first audio, line beside line, at 1 and at 20 new calls a second.

    make bench-live FREESWITCH=<its bin folder>

Callers dial over SIP, and the kernel says when their first RTP packet came (`bench.telephones`). A Lua script inside
the switch is the floor; a bare socket that writes everything before it reads anything is the least a line outside can
do. It is also put behind the house's dialplan, so that what the dialplan costs and what the line costs can be told
apart. The lines take turns, call by call. At the end a line is killed while it speaks.
"""

import argparse
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from bench import page
from bench.goals import LIVE, announced
from bench.run import Line
from bench.telephones import PACKET, Telephones
from tests.live import sound
from tests.live.freeswitch import FreeSwitch

RATES = {"1": 30, "20": 300}
"""New calls a second, and how many of them for each line."""
KILLS, TOGETHER = 10, 4
"""How often a worker is killed, and how many callers it is speaking to."""
LINES = {
    "Lua inside the switch": "7001",
    "bare socket, everything at once": "7002",
    "greenswitch": "7003",
    "Genesis": "7005",
    "Zongji": "7004",
    "bare socket, through the house's dialplan": "7006",
    "Zongji, through the house's dialplan": "4000",
}


class Switch(FreeSwitch):
    """freeswitch-conf as it is shipped, and an extension for each line; mod_lua besides."""

    def __init__(self, binaries: str, folder: Path, sockets: dict[str, int], spare: int, script: Path):
        super().__init__(binaries, folder)
        self.sockets, self.spare, self.script = sockets, spare, script

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
        entry, line = conf / "dialplan" / "entry.xml", conf / "dialplan" / "line.xml"
        text, opening = entry.read_text(), '<context name="ivr-entry">'
        # The bare socket behind the dialplan: the house's own extension, for one number, into a copy of its context.
        dialled = re.search(r'<extension name="dialled">.*?</extension>', text, re.DOTALL)[0]
        bare = dialled.replace(r"^\+?(\d{1,20})$", "^(7006)$").replace("ivr-line", "bare-line")
        text = text.replace(dialled, bare + dialled)
        (conf / "dialplan" / "bare.xml").write_text(
            line.read_text()
            .replace("ivr-line", "bare-line")
            .replace("$${ivr_line_1}", f"127.0.0.1:{self.sockets['7002']}")
            .replace("$${ivr_line_2}", f"127.0.0.1:{self.spare}")
        )
        entry.write_text(text.replace(opening, opening + extensions))
        return conf


def measure(telephones: Telephones, lines: dict[str, str], rate: float, each: int) -> dict[str, list[float]]:
    """p50, p99 and most, in milliseconds, for each line; `rate` calls a second of all lines together."""
    calls = telephones.call([*lines.values()] * each, rate)
    found = {}
    for name, number in lines.items():
        values = sorted(1000 * call.first for call in calls if call.to == number and call.heard)
        found[name] = spread(values)
        p50, p99, most = found[name]
        print(f"{rate:g} a second, {name}: {len(values)} of {each} heard something; "
              f"p50 {p50:.1f}, p99 {p99:.1f}, most {most:.1f} ms", flush=True)  # fmt: skip
    return found


def spread(values: list[float]) -> list[float]:
    if not values:
        return [float("nan")] * 3
    return [values[len(values) // 2], values[min(len(values) - 1, int(len(values) * 0.99))], values[-1]]


def killed(telephones: Telephones, number: str, victim: Line, calls: int) -> list[float]:
    """The first of the two lines behind `number` is killed while it speaks; milliseconds until each caller hears the
    second."""
    moment = 0.0

    def kill() -> None:
        nonlocal moment
        moment = time.time()
        victim.process.kill()

    # At any moment: by itself the loop wakes when a packet comes, which would be the same moment of each tick.
    after = calls / 10 + 0.7 + random.random() * PACKET
    found = telephones.call([number] * calls, rate=10, listen=3.0, then=kill, after=after)
    return [1000 * again for call in found if (again := call.again(moment)) is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls; nothing is written")
    given = parser.parse_args()
    binaries = os.environ.get("FREESWITCH") or sys.exit("make bench-live FREESWITCH=<the folder with freeswitch>")
    print(announced(LIVE))
    folder = Path(tempfile.mkdtemp(prefix="zongji-live-"))
    tone, lua = folder / "tone.wav", folder / "first.lua"
    sound.save(tone, sound.tone(600, 2.5))  # as long as our prompts: it is to be cut off as well
    lua.write_text(f'session:answer()\nsession:streamFile("{tone}")\nsession:hangup()\n')
    steps = [[["answer", ""]], [["playback", str(tone)]], [["hangup", "NORMAL_CLEARING"]]]
    (folder / "data").mkdir()
    (folder / "data" / "script.json").write_text(json.dumps({"writes": [steps] * 9}))
    lines, share = dict(LINES), 10 if given.quick else 1
    with ExitStack() as running:

        def start(name: str, **how) -> Line:
            return running.enter_context(Line(name, folder / "data", **how))

        # Long prompts: a worker is to be killed in the middle of one.
        first, second = start("ours", seconds=2.0), start("ours", seconds=2.0)
        bare, spare = start("at_once", script=str(tone)), start("at_once", script=str(tone))
        sockets = {"7002": bare.port, "7003": start("greenswitch").port}
        sockets["7004"] = first.port
        if find_spec("genesis"):
            sockets["7005"] = start("genesis").port
        else:
            del lines["Genesis"]
        switch = Switch(binaries, folder, sockets, spare.port, lua)
        switch.line_ports = (first.port, second.port)
        running.callback(switch.stop)
        switch.start()
        telephones = Telephones(switch.sip)
        measure(telephones, lines, 5, 3)  # the first calls open files for the first time
        found = {
            "rates": {rate: measure(telephones, lines, float(rate), each // share) for rate, each in RATES.items()}
        }
        found["killed"], found["bare killed"] = [], []
        for _ in range(max(1, KILLS // share)):  # in turn
            found["killed"] += killed(telephones, "4000", first, TOGETHER)
            first = start("ours", seconds=2.0, port=first.port)
            found["bare killed"] += killed(telephones, "7006", bare, TOGETHER)
            bare = start("at_once", script=str(tone), port=bare.port)
        version = re.search(r"Version ([\d.]+)", switch.api("version"))
        telephones.close()
    shutil.rmtree(folder)
    found["about"] = (
        f"Measured on {date.today()} on FreeSWITCH {version[1] if version else '?'}, {os.cpu_count()} cores."
    )
    print(page.live_text(found))
    if not given.quick:
        page.put("live", page.live_text(found))


if __name__ == "__main__":
    main()
