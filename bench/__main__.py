"""Every line and every figure in one run: `make bench`, or `python -m bench [--quick] [--only ours,bare]`.

The lines take turns, so that whatever else the machine does meets all of them, and the median of the rounds counts.
Writes docs/speed.json, docs/speed.md (its figures) and docs/pictures/speed.svg.
"""

import argparse
import importlib.util
import os
import platform
import shutil
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

from bench import house, page, reload, table
from bench.goals import GOALS, announced
from bench.overhear import overhear, save
from bench.run import LINES, Line, burst, calls, waiting

__all__ = ["prepare"]

ROUNDS = 3
CALLS, RATE = 150, 20.0
CROWD, STAY = 1000, 6.0


def prepare() -> Path:
    """A folder as line and switch share it, with the sounds, and the standard call as our line makes it."""
    data = Path(tempfile.mkdtemp(prefix="zongji-bench-"))
    for name in ("spool", "static", "speech", "tables"):
        (data / name).mkdir()
    house.voice(data).static(data / "static")
    with Line("ours", data) as line:
        save(overhear(line.port, data), data / "script.json")
    return data


def middle(rounds: list[dict]) -> dict:
    """The median of each figure, and the rounds themselves."""
    found: dict = {"rounds": rounds}
    for name, first in rounds[0].items():
        values = [one[name] for one in rounds]
        if isinstance(first, list):
            found[name] = [median(row) for row in zip(*values, strict=True)] if first and name == "lag" else first
        else:
            found[name] = median(values)
    return found


def measure(lines: list[str], rounds: int, count: int, stay: float) -> dict:
    found: dict = {}

    def note(what: str, name: str, figures: dict) -> None:
        found.setdefault(what, {}).setdefault(name, []).append(figures)
        print(f"{what:10} {name:12} {figures}", flush=True)

    for _ in range(rounds):
        data = prepare()
        try:
            for name in lines:
                note("calls", name, calls(name, data, count, RATE))
            note("calls", "ours, everything on", calls("ours", data, count, RATE, books=True))
            for name in lines:
                note("lag", name, calls(name, data, count // 2, RATE, lag=True))
            note("lag", "ours, everything on", calls("ours", data, count // 2, RATE, books=True, lag=True))
            for name in lines:
                note("burst", name, burst(name, data, CROWD))
            for name in lines:
                note("waiting", name, waiting(name, data, CROWD, stay))
        finally:
            shutil.rmtree(data)
    return {what: {name: middle(rounds) for name, rounds in by.items()} for what, by in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round, fewer calls; nothing is written")
    parser.add_argument("--only", default=",".join(LINES), help="which lines, comma-separated")
    given = parser.parse_args()
    lines = given.only.split(",")
    if "genesis" in lines and importlib.util.find_spec("genesis") is None:
        lines.remove("genesis")
        print("genesis is not installed here: left out")
    print(announced(GOALS), flush=True)
    found = measure(lines, *(1, 60, 3.0) if given.quick else (ROUNDS, CALLS, STAY))
    found["table"] = table.measured()
    data = prepare()
    try:
        found["reload"] = reload.measured(data)
    finally:
        shutil.rmtree(data)
    found["about"] = {
        "date": date.today().isoformat(), "python": platform.python_version(), "cores": os.cpu_count(),
        "load": os.getloadavg()[0], "rounds": ROUNDS, "calls": CALLS, "rate": RATE, "crowd": CROWD, "stay": STAY,
    }  # fmt: skip
    if given.quick:
        print(page.text(found))
    else:
        page.write(found)


if __name__ == "__main__":
    main()
