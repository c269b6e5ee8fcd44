"""What a bad day does to the line: workers are killed, the table changes, the database stands still.

done = unrest.none_yet()
disturbing = unrest.begin(parent.pid, table, data, 1.0, done)     # greenlets; gevent.killall(disturbing) ends them
"""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import gevent
from gevent import get_hub

__all__ = ["begin", "none_yet"]

NURSERY = 20
"""Every so many kills it is the process that workers are forked from."""
RELOAD = 10.0
"""Seconds between two tables."""
PAUSE = 7.0
"""Seconds between two times the database is locked."""


def none_yet() -> dict:
    """What has been done: counts, and in `moments` when each worker was killed (time.monotonic)."""
    return {"killed": 0, "nurseries": 0, "reloads": 0, "pauses": 0, "moments": []}


def begin(parent: int, table: Path, data: Path, every: float, done: dict) -> list[gevent.Greenlet]:
    """All of it, to the `ivr serve` with this process id, until the greenlets are killed. `every`: seconds from one
    kill to the next."""
    return [
        gevent.spawn(kills, parent, data, every, done),
        gevent.spawn(reloads, parent, table, done),
        gevent.spawn(pauses, data / "zongji.db", done),
    ]


def kills(parent: int, data: Path, every: float, done: dict) -> None:
    """Kill -9 one worker after the other; now and then the process they are forked from."""
    due = time.monotonic()
    while True:
        due += every
        gevent.sleep(max(0.0, due - time.monotonic()))
        nursery, workers = family(parent, data)
        victims = nursery if nursery and done["killed"] % NURSERY == NURSERY - 1 else workers
        if victims:
            os.kill(random.choice(victims), signal.SIGKILL)
            done["moments"].append(time.monotonic())
            done["killed"] += 1
            done["nurseries"] += victims is nursery


def family(parent: int, data: Path) -> tuple[list[int], list[int]]:
    """The nurseries and the workers of a parent: by their command line, since workers may have outlived theirs."""
    nursery, workers = [], []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"serve" not in words or str(data).encode() not in words or int(process.name) == parent:
                continue
            forks = (process / "comm").read_text() == "ivr nursery\n"
        except OSError:  # it has gone meanwhile
            continue
        (nursery if forks else workers).append(int(process.name))
    return nursery, sorted(workers)


def reloads(parent: int, table: Path, done: dict) -> None:
    """Another routing table every ten seconds: the same, and a remark more."""
    text = table.read_text()
    while True:
        gevent.sleep(RELOAD)
        table.write_text(f"{text}# {done['reloads']}\n")
        os.kill(parent, signal.SIGHUP)
        done["reloads"] += 1


def pauses(database: Path, done: dict) -> None:
    """Every seven seconds the database is locked for one."""
    while True:
        gevent.sleep(PAUSE)
        get_hub().threadpool.apply(hold, (database,))
        done["pauses"] += 1


def hold(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=5, isolation_level=None)) as one:
        one.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        one.execute("ROLLBACK")
