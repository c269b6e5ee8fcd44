"""A bad day: calls come, and meanwhile workers are killed, tables are reloaded and the database stands still.

    python -m bench.chaos            # make chaos; rewrites docs/chaos.md and its picture
    python -m bench.chaos --calls 200 --every 2

The line is `ivr serve --workers`, as it is run; the switch is the built-in one, in real time, in this process. Every
call is the standard one: greeted, 1, nobody answers, a message, goodbye. Afterwards each is accounted for.
"""

import argparse
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from typing import NoReturn
from urllib.request import urlopen

import gevent

from bench import bad_day_page, house, unrest
from ivr.errors import Deadline
from ivr.gevent_clock import SystemClock
from ivr.share import shared
from ivr.switch import Caller, Switch

PROMPT = 0.4
"""Seconds each prompt lasts: a recorded tone."""
LONGEST = 60.0
"""Seconds after the last call came in until whoever has not ended is given up."""
COLLECTED = 90.0
"""Seconds until every message must be in the database: the line looks for what deaths left behind once a minute."""
BOOT = 90.0
PLAYS = ("playback", "play_and_get_digits")


def main() -> None:
    day = wanted(__doc__, calls=2000, rate=10.0)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        found = bad_day(Path(folder), day.calls, day.rate, day.workers, day.every)
    told(found, day, "chaos")


def wanted(about: str, calls: int, rate: float) -> argparse.Namespace:
    """What day it is to be, by the command's options."""
    given = argparse.ArgumentParser(description=about.splitlines()[0])
    given.add_argument("--calls", type=int, default=calls)
    given.add_argument("--rate", type=float, default=rate, help="new calls a second")
    given.add_argument("--workers", type=int, default=4)
    given.add_argument("--every", type=float, default=1.0, help="seconds between two kills")
    given.add_argument("--dry", action="store_true", help="write no page")
    given.add_argument("--seed", type=int, default=20261121, help="who is killed")
    asked = given.parse_args()
    random.seed(asked.seed)
    return asked


def told(found: dict, day: argparse.Namespace, name: str) -> NoReturn:
    """Print it, write the page's part of this name, and fail if anybody is missing."""
    print(json.dumps({key: value for key, value in found.items() if key not in ("gaps", "moments")}, indent=1))
    if not day.dry:
        bad_day_page.write(found, name)
    sys.exit(bool(found["dropped"] or found["lost"] or found["twice"]))


def bad_day(folder: Path, calls: int, rate: float, workers: int, every: float) -> dict:
    """Live through it; what became of everybody."""
    data, table = folder / "data", folder / "routes.yaml"
    data.mkdir(mode=0o2770)
    table.write_text(house.TABLE)
    tones(folder / "prompts")
    done = unrest.none_yet()
    with line(folder, data, workers) as (parent, port, health):
        switch = switchboard(port, data)
        disturbing = unrest.begin(parent.pid, table, data, every, done)
        began = monotonic()
        placed = []
        for number in range(calls):
            gevent.sleep(max(0.0, began + number / rate - monotonic()))
            placed.append(switch.call(to="4000", frm=f"138{number:08}", script=caller()))
        late, end = 0, monotonic() + LONGEST
        for call in placed:
            try:
                call.wait_ended(max(0.001, end - monotonic()))
            except Deadline:
                late += 1
        gevent.killall(disturbing)
        took = monotonic() - began
        collected(data)
        figures = asked(health)
    return account(placed, data) | done | {
        "calls": calls, "rate": rate, "workers": workers, "every": every, "late": late, "seconds": round(took, 1),
        "deaths_seen_by_the_parent": figures, "errors": [str(error) for _, error in switch.errors][:3],
        "date": str(date.today()), "cores": os.cpu_count(),
    }  # fmt: skip


def caller() -> Caller:
    """The standard caller, who keys again when he is asked again."""
    return Caller().does(keys_until_heard).hears("recording").says(house.SPOKEN).presses("#")


def keys_until_heard(line) -> None:
    """A key that died with its worker was never heard: whoever hears the menu once more keys it once more."""
    channel = line.channel
    while not channel.down:
        line.hear("")
        line.wait(0.1)
        if not channel.variables.get("ivr_at", "menu/").startswith(("greeting/", "menu/")):
            return
        line.press(house.KEY)


# The house -----------------------------------------------------------------------------------------------------------


def tones(folder: Path) -> None:
    """A site's own recording of every prompt: a short tone, so that a bad day is not spent listening."""
    for language in ("zh", "en"):
        (folder / language).mkdir(parents=True)
        for prompt in (shared("prompts") / language).glob("*.j2"):
            with closing(wave.open(str(folder / language / f"{prompt.stem}.wav"), "wb")) as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes(b"\x00\x10\x00\xf0" * int(8000 * PROMPT / 2))


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        return one.getsockname()[1]


@contextmanager
def line(folder: Path, data: Path, workers: int) -> Iterator[tuple]:
    """`ivr serve`, ready."""
    port, records, health = free_port(), free_port(), free_port()
    log = open(folder / "line.log", "wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "ivr", "serve", "--workers", str(workers), "--table", str(folder / "routes.yaml"),
         "--data", str(data), "--prompts", str(folder / "prompts"), "--listen", f"127.0.0.1:{port}",
         "--records-listen", f"127.0.0.1:{records}", "--health-listen", f"127.0.0.1:{health}",
         "--soft-limit", "5000", "--hard-limit", "5000", "--lag-limit", "30"],
        stderr=log, stdout=log,
    )  # fmt: skip
    try:
        end = monotonic() + BOOT
        while not ready(health, workers):
            assert process.poll() is None and monotonic() < end, (folder / "line.log").read_text()[-3000:]
            gevent.sleep(0.2)
        yield process, port, health
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def ready(health: int, workers: int) -> bool:
    """Do all of them take calls?"""
    try:
        told = urlopen(f"http://127.0.0.1:{health}/ready", timeout=2).read().decode()
    except OSError:
        return False
    return told == f"ready: {workers} of {workers} workers take calls\n"


def asked(health: int) -> float:
    """How many workers died, as the parent counts."""
    text = urlopen(f"http://127.0.0.1:{health}/metrics", timeout=5).read().decode()
    return next(float(row.split()[1]) for row in text.splitlines() if row.startswith("zongji_worker_deaths_total "))


def switchboard(port: int, data: Path) -> Switch:
    host = f"127.0.0.1:{port}"
    variables = {
        "ivr_data": str(data), "ivr_line_1": host, "ivr_line_2": host, "ivr_domain": "house.example",
        "ivr_operator": "user/8000@house.example", "ivr_emergency_gateway": "carrier", "ivr_default_language": "zh",
    }  # fmt: skip
    switch = Switch(SystemClock(), shared("freeswitch-conf") / "dialplan", variables, records_folder=data / "records")
    switch.phones |= house.phones()
    return switch


# The account ---------------------------------------------------------------------------------------------------------


def account(placed: list, data: Path) -> dict:
    """What became of every caller and every message, and how long who was heard nothing."""
    with closing(sqlite3.connect(data / "zongji.db")) as database:
        states = dict(database.execute("select name, state from messages"))
    stories = stories_of(data)
    dropped, twice, gaps, fallen, elsewhere = [], [], [], 0, 0
    for call in placed:
        names = [name for name, _, _ in call.session.log]
        recorded = list((data / "spool").glob(f"{call.uuid}-*.wav"))
        fell = any("fallback" in what for _, what, _ in call.session.log)
        if call.cause != "NORMAL_CLEARING" or not (recorded or fell):
            dropped.append((call.uuid, str(call.cause), stories.get(call.uuid)))
        # The fallback rings the operator and takes a message of its own: whoever hears it is counted as that.
        if not fell and (names.count("bridge") > 1 or names.count("record") > 1 or len(recorded) > 1):
            twice.append((call.uuid, names.count("bridge"), names.count("record"), stories.get(call.uuid)))
        fallen += fell
        elsewhere += any(" failed " in row for row in stories.get(call.uuid, ()))
        gaps += [(then - at) / 1000 for at, then in deaths_of(call.session.log)]
    spoken = {path.name for path in (data / "spool").glob("*.wav") if path.stat().st_size > 44}
    lost = sorted(name for name in spoken if states.get(name, "recording") == "recording")
    return {
        "dropped": dropped[:20], "lost": lost[:20], "twice": twice[:20], "fallback": fallen, "elsewhere": elsewhere,
        "messages": len(states), "recordings": len(spoken), "gaps": sorted(gaps), **spread(gaps),
    }  # fmt: skip


def collected(data: Path) -> None:
    """Wait until all that was recorded is in the database: what a death left behind is found by the next sweep."""
    end = monotonic() + COLLECTED
    while monotonic() < end:
        with closing(sqlite3.connect(data / "zongji.db")) as database:
            known = dict(database.execute("select name, state from messages"))
        spoken = {path.name for path in (data / "spool").glob("*.wav")}
        if spoken <= known.keys() and "recording" not in known.values():
            return
        gevent.sleep(1)


def stories_of(data: Path) -> dict[str, list]:
    """What the journal and the messages say of each call, for those that need explaining."""
    found: dict[str, list] = {}
    with closing(sqlite3.connect(data / "zongji.db")) as database:
        for uuid, at, event, more in database.execute("select uuid, at, event, data from events order by at"):
            found.setdefault(uuid, []).append(f"{at[17:23]} {event} {more}")
        for uuid, name, state, ms in database.execute("select call, name, state, ms from messages"):
            found.setdefault(uuid, []).append(f"message {name[-6:]} {state} {ms}")
    return found


def deaths_of(log: list[tuple[str, str, int]]) -> list[tuple[int, int]]:
    """When a line died while it had this call, and when the next sound was begun; microseconds, as in the log."""
    found = []
    for place, (name, what, at) in enumerate(log):
        if name != "execute_extension" or not what.startswith("asked"):
            continue
        sockets = 0
        for later, _, then in log[place + 1 :]:
            if later in ("bridge", "record", "hangup"):
                break
            if later == "socket":
                sockets += 1
            if later == "execute_extension" and sockets:
                break  # that line died too, before it said anything; counted from there
            if later in PLAYS:
                if sockets:
                    found.append((at, then))
                break
    return found


def spread(gaps: list[float]) -> dict:
    if not gaps:
        return {"median_ms": None, "p99_ms": None, "longest_ms": None}
    ordered = sorted(gaps)
    return {
        "deaths_in_dialogue": len(gaps), "median_ms": ordered[len(ordered) // 2],
        "p99_ms": ordered[int(len(ordered) * 0.99)], "longest_ms": ordered[-1],
    }  # fmt: skip


if __name__ == "__main__":
    main()
