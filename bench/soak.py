"""A long day: a busy house in virtual time, and whether anything grows.

    python -m bench.soak             # make soak: 24 hours of 5,000 calls; rewrites docs/soak.md
    python -m bench.soak --hours 2

Line and switch are in one process, so that time jumps when all wait: a day passes in an hour or two. Every hour what is
held is counted: memory, objects the collector knows, files, greenlets, connections, rows left open.
"""

import argparse
import gc
import os
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import gevent
from greenlet import greenlet

from bench import house
from bench.page import DOCS, put
from ivr.health import resident
from ivr.line import Line
from ivr.share import shared
from ivr.switch import Answers, Busy, Caller, Phone, Switch, VirtualClock

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = 3600
HEADS = (
    "hour",
    "calls",
    "memory, MB",
    "objects",
    "files",
    "greenlets",
    "sessions",
    "calls open",
    "messages unfinished",
)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--hours", type=int, default=24)
    given.add_argument("--calls", type=int, default=5000, help="an hour")
    given.add_argument("--dry", action="store_true", help="write no page")
    asked = given.parse_args()
    began = monotonic()
    rows, text = [], ""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        for row in soak(Path(folder), asked.hours, asked.calls):
            rows.append(row)
            print(*row, sep="\t", flush=True)
            text = page(rows, asked, monotonic() - began)
            if not asked.dry:  # after each hour: a run that is stopped has told what it saw
                put("soak", text, DOCS / "soak.md")
    print(text)


def soak(folder: Path, hours: int, calls: int) -> Iterator[tuple]:
    """What is held after each hour."""
    with VirtualClock(MONDAY) as clock:
        line = Line(house.settings(folder), house.table(), clock=clock, voice=house.voice(folder))
        line.start()
        host = "{}:{}".format(*line.server.address[:2])
        variables = {
            "ivr_data": str(folder), "ivr_line_1": host, "ivr_line_2": host, "ivr_domain": "house.example",
            "ivr_operator": "user/8000@house.example", "ivr_emergency_gateway": "c", "ivr_default_language": "zh",
        }  # fmt: skip
        switch = Switch(clock, shared("freeswitch-conf") / "dialplan", variables, records=line.records.take, seed=1)
        for hour in range(hours):
            switch.phones |= phones(hour)
            for number in range(calls):
                switch.call(to="4000", frm=f"139{hour:02}{number:06}", script=caller(number))
                clock.sleep(HOUR / calls)
            clock.sleep(120)
            yield hour + 1, (hour + 1) * calls, *held(line)
            for recording in (folder / "spool").glob("*.wav"):
                recording.unlink()  # collected, as a delivery would
            for noted in (switch.recordings, switch.dialled):
                noted.clear()  # what the built-in switch remembers for tests is no part of a line
        line.stop(5)


def phones(hour: int) -> dict[str, Phone]:
    """Somebody talks, somebody is busy, and every third hour nobody is there."""
    if hour % 3 == 2:
        return house.phones()
    return {"8000": Answers(after=2, talks=40), "8001": Busy() if hour % 3 else Answers(after=4, talks=90)}


def caller(number: int) -> Caller:
    """The standard caller; one who says nothing; one who hangs up in the middle; one who wants the operator."""
    scripts = (
        house.caller,
        Caller,
        lambda: Caller().hears().waits(0.3).hangs_up(),
        lambda: Caller().hears().waits(0.2).presses("0").hears("recording").says(2),
    )
    return scripts[number % len(scripts)]()


def held(line: Line) -> tuple:
    gc.collect()
    gevent.idle()
    objects = gc.get_objects()
    alive = sum(1 for one in objects if isinstance(one, greenlet) and not one.dead)
    return (
        round(resident() / 1e6, 1), len(objects), len(os.listdir("/proc/self/fd")), alive, len(line.server.sessions),
        len(line.journal.open_calls()), len(line.messages.unfinished()),
    )  # fmt: skip


def page(rows: list[tuple], asked, seconds: float) -> str:
    lines = [f"| {' | '.join(HEADS)} |", f"|{'---:|' * len(HEADS)}"]
    lines += ["| " + " | ".join(f"{cell:,}" for cell in row) + " |" for row in rows]
    whole = (
        f"{asked.hours} virtual hours" if len(rows) == asked.hours else f"{len(rows)} of {asked.hours} virtual hours"
    )
    about = f"{whole} of {asked.calls:,} calls, in {seconds / 60:.0f} minutes, {date.today()}."
    return "\n".join([*lines, "", about])


if __name__ == "__main__":
    main()
