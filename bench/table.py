"""A table of 5,000 departments, 50,000 extensions and 500 menus: its check, its memory, one decision, and a reload.

python -m bench.table

Each is measured in a process of its own, and a decision also in a table of a hundred extensions: it costs the same.
"""

import gc
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bench import house
from ivr.gevent_clock import SystemClock
from ivr.share import shared
from ivr.speech.shelf import shelf
from ivr.steps import Table
from ivr.table import check, load
from ivr.tables import Archive
from ivr.tables.reader import read_aside

__all__ = ["BIG", "SMALL", "measured", "text"]

BIG = {"departments": 5_000, "extensions": 50_000, "menus": 500}
SMALL = {"departments": 10, "extensions": 100, "menus": 1}
FIRST = 600_000
"""The first extension's number."""
CHECKS = 3
DECISIONS = 100_000


def text(departments: int, extensions: int, menus: int, name: str = "Bench") -> str:
    """The house of the bench, in which its standard call can be made, and so much more. `name`: of the house, so that
    two tables of one size are two."""
    lines = [house.TABLE.replace("en: Bench", f"en: {name}").rstrip()]
    where = {line.partition(":")[0]: at for at, line in enumerate(lines[0].splitlines())}
    written = lines[0].splitlines()
    opened = "{direct_dial: yes, keys: {1: department/sales, 0: operator, 2: menu/m0}}"
    written[where["menus"]] = "\n".join(
        [
            "menus:",
            f"  main: {opened}",
            *(f"  m{n}: {{name: {{zh: 菜单{n}, en: Menu {n}}}, {_keys(n, departments, menus)}}}" for n in range(menus)),
            "hours: {office: {mon-fri: '09:00-12:00, 13:30-18:00', holidays: CN}}",
        ]
    )
    written[where["numbers"]] = 'numbers: {"*": {to: menu/main, hours: office}}'
    written[where["departments"]] = "\n".join(
        ["departments:", *(f"  d{n}: {_department(n, departments, extensions)}" for n in range(departments))]
    )
    written[where["extensions"]] = "\n".join(
        [
            "extensions:",
            "  8000:",
            "  8001:",
            *(f"  {FIRST + n}: {{ends: {{otherwise: operator}}}}" for n in range(extensions)),
        ]
    )
    return "\n".join(written) + "\n"


def _keys(n: int, departments: int, menus: int) -> str:
    """Nine departments, and the next menu."""
    led = [f"{key}: department/d{(n * 8 + key) % departments}" for key in range(1, 9)]
    return "keys: {" + ", ".join([*led, f"9: menu/m{(n + 1) % menus}", "0: operator"]) + "}"


def _department(n: int, departments: int, extensions: int) -> str:
    busy = f"department/d{n + 1}" if n + 1 < departments else "operator"
    phones = f"[{FIRST + n * 10 % extensions}, {FIRST + (n * 10 + 1) % extensions}]"
    return (
        f"{{name: {{zh: 部门{n}, en: Department {n}}}, hours: office, ring: {{phones: {phones}}}, "
        f"closed: message/d{n}, ends: {{busy: {busy}, otherwise: message/d{n}}}}}"
    )


def decision(table: Table, count: int = DECISIONS) -> float:
    """Seconds of one: number, callers' lists, hours, menu, an extension that was keyed, department, its hours."""
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    began = perf_counter()
    for n in range(count):
        greeting = table.step(table.entry("02085550100"))
        table.listed("13800138000")
        greeting.hours.state(now + timedelta(minutes=n))
        menu = table.step(greeting.to)
        table.extension_lengths()
        assert f"extension/{FIRST + n % 50}" in table.steps
        department = table.step(menu.keys["1"])
        if department.hours:
            department.hours.state(now)
    return (perf_counter() - began) / count


# In processes of their own --------------------------------------------------------------------------------------------


def checked() -> dict:
    """Seconds of `ivr check` on the big one, on the wall and of CPU: the best of some."""
    source, prompts, found = text(**BIG), shelf([shared("prompts")]), []
    for _ in range(CHECKS):
        began, used = perf_counter(), process_time()
        table, findings = check(source, today=date(2026, 11, 20), prompts=prompts)
        found.append((perf_counter() - began, process_time() - used))
        steps = len(table.steps)
        del table
    wall, cpu = map(min, zip(*found, strict=True))
    errors = sum(finding.severity == "error" for finding in findings)
    return {"megabytes": len(source.encode()) / 1e6, "steps": steps, "errors": errors, "check": wall, "check_cpu": cpu}


def held() -> dict:
    """Bytes of memory the big one takes in a line, which has it from the process that read it."""
    source = load(text(**SMALL))
    with TemporaryDirectory() as folder:
        archive, big = Archive(Path(folder)), text(**BIG)
        version = written(archive, big)
        del big
        gc.collect()
        before = private()
        table = read_aside(SystemClock(), 120, archive.place(version), version)
        gc.collect()
        after = private()
    assert len(table.steps) > len(source.steps)
    return {"memory": after - before}


def written(archive: Archive, source: str) -> str:
    """Its version, without having it in this process."""
    version = sha256(source.encode()).hexdigest()[:12]
    archive.place(version).write_text(source)
    return version


def decided() -> dict:
    """Seconds of a decision in a small table and in the big one, in turns."""
    tables = {"small": load(text(**SMALL)), "decision": load(text(**BIG))}
    rounds = [{name: decision(table) for name, table in tables.items()} for _ in range(3)]
    return {name: min(one[name] for one in rounds) for name in tables}


def private() -> int:
    """Bytes that are this process's own."""
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private")) * 1024


def measured() -> dict:
    """All of it."""
    found: dict = {}
    for part in ("checked", "held", "decided"):
        command = [sys.executable, "-c", f"import json; from bench.table import {part}; print(json.dumps({part}()))"]
        found |= json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def main() -> None:
    found = measured()
    print(
        f"check of {found['megabytes']:.1f} MB, {found['steps']} steps: {found['check']:.1f} s "
        f"({found['check_cpu']:.1f} s of CPU; goal 5)"
    )
    print(f"memory in a line: {found['memory'] / 1e6:.0f} MB")
    print(f"one routing decision: {found['decision'] * 1e6:.1f} µs (goal 50)")
    print(f"… in a table of 100 extensions: {found['small'] * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
