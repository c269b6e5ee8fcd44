"""A table of 5,000 departments and 50,000 extensions: how long its check takes, and one routing decision.

python bench/table.py
"""

import time
from datetime import UTC, datetime, timedelta

from ivr.table import check

DEPARTMENTS, EXTENSIONS = 5_000, 50_000


def big() -> str:
    """The table, as text."""
    lines = [
        "house: {name: Big, timezone: Asia/Shanghai, languages: {zh: 中文, en: English}}",
        'operator: {name: the operator, ring: {phones: ["200000"]}}',
        'numbers: {"*": {to: menu/main, hours: office}}',
        "hours: {office: {mon-fri: '09:00-12:00, 13:30-18:00', holidays: CN}}",
        "menus: {main: {direct_dial: yes, keys: {1: department/d0, 0: operator}}}",
        "departments:",
    ]
    for n in range(DEPARTMENTS):
        busy = f"department/d{n + 1}" if n + 1 < DEPARTMENTS else "operator"
        phones = f"[{200_000 + n * 10}, {200_001 + n * 10}]"
        lines.append(
            f"  d{n}: {{name: {{zh: 部门{n}, en: Department {n}}}, hours: office, ring: {{phones: {phones}}}, "
            f"closed: message/d{n}, ends: {{busy: {busy}, otherwise: message/d{n}}}}}"
        )
    lines.append("extensions:")
    lines += [f"  {200_000 + n}: {{ends: {{otherwise: operator}}}}" for n in range(EXTENSIONS)]
    return "\n".join(lines) + "\n"


def measured() -> dict:
    """Seconds of the check, and of one routing decision: number, hours, menu, key, department, its hours."""
    text = big()
    began = time.perf_counter()
    table, findings = check(text)
    took = time.perf_counter() - began
    found = {"megabytes": len(text) / 1e6, "steps": len(table.steps), "findings": len(findings), "check": took}
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    began, count = time.perf_counter(), 100_000
    for n in range(count):
        greeting = table.step(table.entry("02085550100"))
        greeting.hours.state(now + timedelta(minutes=n))
        menu = table.step(greeting.to)
        table.extension_lengths()
        department = table.step(menu.keys["1"])
        department.hours.state(now)
    return {**found, "decision": (time.perf_counter() - began) / count}


def main() -> None:
    found = measured()
    print(f"check of {found['megabytes']:.1f} MB, {found['steps']} steps: {found['check']:.1f} s (goal 5)")
    print(f"one routing decision: {found['decision'] * 1e6:.1f} µs (goal 50)")


if __name__ == "__main__":
    main()
