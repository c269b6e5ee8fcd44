"""A bad day on a real FreeSWITCH: calls come, and meanwhile workers die, tables change, the database stands still.

    make chaos-live FREESWITCH=<its bin folder>     # rewrites its part of docs/chaos.md and its picture

The line is `ivr serve --workers`, the switch a FreeSWITCH with freeswitch-conf as it is shipped. Callers have ears:
each prompt is a tone of its own, and each caller speaks a tone of his own into his message. Afterwards every caller,
every message and every silence is accounted for.
"""

import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from itertools import pairwise
from pathlib import Path

import gevent

from bench import house, unrest
from bench.chaos import LONGEST, PLAYS, asked, collected, deaths_of, ready, spread, told, wanted
from ivr.telephones import Phone
from tests.live import sound
from tests.live.executed import Executed
from tests.live.freeswitch import FreeSwitch, free_port
from tests.live.line import Line, write_prompts
from tests.live.standard_call import StandardCall

EXECUTED = ("socket", "execute_extension", "bridge", "record", "hangup", *PLAYS)
PACKET = 0.02
NOTICED = 0.06
"""Seconds after a death in which FreeSWITCH has noticed: its ticks are of 20 ms."""
SPOKEN = 2.0
"""Seconds of each message."""
THINKS = 2.0
"""Seconds, at most, for which a caller listens to the menu before he keys."""
BOOT = 90.0


def main() -> None:
    day = wanted(__doc__, calls=50, rate=0.8)
    binaries = os.environ.get("FREESWITCH") or sys.exit("make chaos-live FREESWITCH=<the folder with freeswitch>")
    with tempfile.TemporaryDirectory(prefix="chaos-live-") as folder:
        switch = FreeSwitch(binaries, Path(folder))
        # As vars.xml is shipped: one host, asked twice.
        switch.line_ports = (switch.line_ports[0],) * 2
        try:
            switch.start()
            found = bad_day(switch, day.calls, day.rate, day.workers, day.every)
        finally:
            switch.stop()
    told(found, day, "chaos-live")


def bad_day(switch: FreeSwitch, calls: int, rate: float, workers: int, every: float) -> dict:
    """Live through it; what became of everybody. The FreeSWITCH has started, and its data folder has no database."""
    table, health = switch.folder / "bad-day.yaml", free_port()
    table.write_text(house.TABLE)
    prompts = write_prompts(switch.folder / "bad-day-prompts")
    line = Line(switch, table=table, prompts=prompts, options=(
        "--workers", str(workers), "--health-listen", f"127.0.0.1:{health}", "--lag-limit", "30",
    ))  # fmt: skip
    done = unrest.none_yet()
    with ExitStack() as running:
        phone = running.enter_context(Phone(switch.sip, "8001", "rings"))
        executed = running.enter_context(Executed(switch, EXECUTED))
        running.enter_context(line)
        end = time.monotonic() + BOOT
        while not ready(health, workers):
            assert time.monotonic() < end, line.said
            gevent.sleep(0.2)
        disturbing = unrest.begin(line.process.pid, table, switch.data, every, done)
        began, placed, lives = time.monotonic(), [], []
        for turn in range(calls):
            gevent.sleep(max(0.0, began + turn / rate - time.monotonic()))
            one = running.enter_context(StandardCall(
                switch.sip, "4000", number=f"138{turn:08}", hertz=400 + 40 * turn, speaks=SPOKEN,
                thinks=random.random() * THINKS,
            ))  # fmt: skip
            placed.append(one)
            lives.append(one.start(LONGEST))
        while any(life.is_alive() for life in lives):
            gevent.sleep(0.1)
        took = time.monotonic() - began
        gevent.killall(disturbing)
        collected(switch.data)
        kept = defaultdict(list)
        for message in line.ivr("messages", "list"):
            kept[message["caller"]].append(message)
        found = account(placed, kept, switch.spool, executed, rung(phone), done["moments"])
        deaths = asked(health)
        version = re.search(r"Version ([\d.]+)", switch.api("version"))
    return found | done | {
        "calls": calls, "rate": rate, "workers": workers, "every": every, "seconds": round(took, 1),
        "deaths_seen_by_the_parent": deaths, "date": str(date.today()), "cores": os.cpu_count(),
        "switch": f"FreeSWITCH {version[1] if version else '?'}",
    }  # fmt: skip


# The account ---------------------------------------------------------------------------------------------------------


def account(
    placed: Sequence[StandardCall], kept: dict[str, list[dict]], spool: Path, executed: Executed, phone: Counter,
    moments: Sequence[float],
) -> dict:  # fmt: skip
    """What became of every caller and every message, and how long who was heard nothing."""
    dropped, lost, twice, gaps, fallen, elsewhere, unheard, recordings = [], [], [], [], 0, 0, 0, 0
    for call in placed:
        log, messages = executed.of(call.number), kept.get(call.number, [])
        fell, done = "fallback-apology" in call.heard, Counter(name for name, _, _ in log)
        story = {"number": call.number, "heard": call.heard, "cause": call.cause, "messages": messages}
        if "NORMAL_CLEARING" not in call.cause or ("fallback-thanks" if fell else "goodbye") not in call.heard:
            dropped.append(story)
        files = list(spool.glob(f"*{executed.uuids.get(call.number, 'never came')}-*.wav"))
        recordings += len(files)
        if "beep" in call.heard and not any(holds(spool / one["recording"], call.hertz) for one in messages):
            lost.append(story)
        # The fallback rings the operator and takes a message of its own: whoever hears it is counted as that.
        if not fell and max(done["bridge"], done["record"], len(files), len(messages), phone[call.number]) > 1:
            twice.append(story | {"executed": done, "rang": phone[call.number]})
        fallen += fell
        elsewhere += phone[call.number] == 0 and not fell
        for at, _ in deaths_of(log):
            heard = silence(call, moments, at / 1e6)
            unheard += heard is None
            gaps += [] if heard is None else [heard]
    return {
        "dropped": dropped, "lost": lost, "twice": twice, "fallback": fallen, "elsewhere": elsewhere,
        "messages": sum(map(len, kept.values())), "recordings": recordings, "unheard": unheard,
        "gaps": sorted(gaps), **spread(gaps),
    }  # fmt: skip


def holds(recording: Path, hertz: int) -> bool:
    """Is this the message of who spoke so, and whole? (His first moment may be lost in the beep.)"""
    if not recording.is_file():
        return False
    samples = sound.load(recording)
    return sound.pitches(samples) == [hertz] and len(samples) > (SPOKEN - 0.4) * sound.RATE


def rung(phone: Phone) -> Counter:
    """How often it was rung for each caller's number."""
    return Counter(re.search(r"sip:(\d+)@", call.get("From"))[1] for call in phone.calls)


def silence(call: StandardCall, moments: Sequence[float], noticed: float) -> float | None:
    """Milliseconds from the death that FreeSWITCH noticed at a time to the end of the silence that it made in the
    caller's ear; None where he heard no silence."""
    death = max((moment for moment in moments if moment <= noticed), default=None)
    if death is None:
        return None
    arrived = [at for at, _ in call.media.arrived]
    ends = [
        end
        for begin, end in pairwise(arrived)
        if end > death and begin < death + NOTICED and end - begin > 1.5 * PACKET
    ]
    return 1000 * (ends[-1] - death) if ends else None


if __name__ == "__main__":
    main()
