"""A reload while calls are in progress: how soon a line has the new table, and how late its loop is meanwhile.

python -m bench.reload

Twice with calls at a steady rate, once with another table put live, and once with nothing; in a small house and in one
of 50,000 extensions. The table was checked before (that is another process's work, and no call's); here it is read and
taken over.
"""

import json
import shutil
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench import table
from bench.run import Line, load
from ivr.table import load as load_table
from ivr.tables import Archive, Live
from ivr.tables.lines import Lines

__all__ = ["measured"]

CALLS, RATE = 300, 20.0
BEFORE = 3.0
"""Seconds of calls before anything is measured."""
AFTER = 1.0
"""Seconds after the table was taken over in which its old one is given back."""
LONGEST = 120.0
"""Seconds after which a line will not take it any more."""


def measured(data: Path) -> dict:
    """Of each size: seconds until the line had the table, and its loop's lag (p50, p99, most) then and otherwise."""
    return {name: one(data / name, size) for name, size in (("small", table.SMALL), ("big", table.BIG))}


def one(data: Path, size: dict) -> dict:
    """`data` is made, with the sounds of the folder above it."""
    data.mkdir()
    shutil.copytree(data.parent / "static", data / "static")
    archive, versions = Archive(data / "tables"), []
    for name in ("First", "Second"):
        kept = load_table(table.text(**size, name=name))
        archive.keep(kept)
        versions.append(kept.version)
        del kept
    archive.set_live(Live(versions[0], datetime.now(UTC), "the bench", "routes.yaml"))
    found = {"steps": 0, "without": [], "lag": []}
    for name in ("without", "lag"):
        with Line("ours", data, books=True, lag=True, table=str(archive.place(versions[0]))) as line:
            calls = load("bench.load", line.port, data, CALLS, RATE)
            time.sleep(BEFORE)
            line.process.send_signal(signal.SIGUSR1)
            began = time.monotonic()
            if name == "lag":
                archive.set_live(archive.live().then(versions[1], datetime.now(UTC), "the bench", "routes.yaml"))
                found["taken"] = followed(archive, versions[1], began)
            else:
                time.sleep(BEFORE)
            time.sleep(AFTER)
            line.process.send_signal(signal.SIGUSR2)
            found["whole"] = json.loads(calls.communicate(timeout=300)[0])["whole"]
        found[name] = line.lag
        archive.set_live(replace(archive.live(), version=versions[0]))
    return {**found, "calls": CALLS, "rate": RATE}


def followed(archive: Archive, version: str, began: float) -> float:
    """Seconds until the line says that it has this version."""
    lines = Lines(archive.folder / "lines")
    while time.monotonic() - began < LONGEST:
        if any(line.version == version for line in lines.running(datetime.now(UTC))):
            return time.monotonic() - began
        time.sleep(0.02)
    raise TimeoutError(f"the line has not taken {version} within {LONGEST:g} s")


def rows(found: dict) -> list[str]:
    """The figures as Markdown."""
    heads = {"small": "100 extensions", "big": "50,000 extensions"}
    told = [
        "| a reload while calls go on | taken over after | loop's lag then: p50, p99, most | without a reload |",
        "|---|---:|---:|---:|",
    ]
    for name, figures in found.items():
        lags = (", ".join(f"{1000 * one:.1f}" for one in figures[which]) + " ms" for which in ("lag", "without"))
        told.append(f"| {heads[name]} | {figures['taken']:.1f} s | {' | '.join(lags)} |")
    first = next(iter(found.values()))
    whole = ", ".join(f"{figures['whole']} of {figures['calls']}" for figures in found.values())
    return [*told, "", f"Calls at {first['rate']:g} a second, all that a line does switched on; whole were {whole}."]


def main() -> None:
    from bench.__main__ import prepare

    data = prepare()
    try:
        print("\n".join(rows(measured(data))))
    finally:
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
