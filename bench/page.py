"""docs/speed.md: the text around the figures is written by people, what is between the marks by the bench."""

import json
import re
from pathlib import Path
from statistics import median

from bench import picture, reload
from bench.goals import GOALS, LIVE, NAMES, rows

__all__ = ["live_text", "put", "text", "write"]

DOCS = Path(__file__).parents[1] / "docs"


def text(found: dict) -> str:
    """The figures as Markdown."""
    names = [name for name in NAMES if name in found["calls"]]
    head = [NAMES[name] for name in names]
    lines = [*rows(GOALS, found), ""]
    lines += [f"| figure | {' | '.join(head)} |", f"|---|{'---:|' * len(names)}"]

    def row(what: str, what_of: str, show) -> None:
        lines.append(f"| {what} | {' | '.join(show(found[what_of][name]) for name in names)} |")

    row("calls at once: served", "burst", lambda one: f"{one['served']:.0f}")
    row("… first bytes, p50", "burst", lambda one: f"{one['first_p50'] * 1000:.0f} ms")
    row("… first bytes, p99", "burst", lambda one: f"{one['first_p99'] * 1000:.0f} ms")
    row("… told to play, p99", "burst", lambda one: f"{one['served_p99'] * 1000:.0f} ms")
    row("… lag of the loop, most", "burst", lambda one: f"{one['lag'][2] * 1000:.0f} ms")
    row("standard calls that were whole", "calls", lambda one: f"{one['whole']:.0f} of {one['calls']:.0f}")
    row("CPU of the line per standard call", "calls", lambda one: f"{one['cpu_ms']:.2f} ms")
    row("lag of the loop meanwhile, p99", "lag", lambda one: f"{one['lag'][1] * 1000:.1f} ms")
    row("waiting calls", "waiting", lambda one: f"{one['served']:.0f}")
    row("memory per waiting call", "waiting", lambda one: f"{one['bytes'] / 1024:.1f} KB")
    row("CPU of all waiting calls", "waiting", lambda one: f"{one['cpu_percent']:.2f} %")
    everything = found["calls"].get("ours, everything on")
    if everything:
        lag = found["lag"]["ours, everything on"]["lag"][1] * 1000
        lines += [
            "",
            "With everything on (store, journal, messages; speech cached) a standard call costs our line "
            f"{everything['cpu_ms']:.2f} ms of CPU, all threads together (whole were {everything['whole']:.0f} of "
            f"{everything['calls']:.0f}); p99 of the loop's lag {lag:.1f} ms.",
        ]
    if "reload" in found:
        big = found["table"]
        lines += [
            "",
            f"A table of 50,000 extensions, 5,000 departments and 500 menus ({big['megabytes']:.1f} MB) takes "
            f"{big['memory'] / 1e6:.0f} MB of a line's memory; one decision in it costs "
            f"{big['decision'] * 1e6:.1f} µs, and {big['small'] * 1e6:.1f} µs in one of 100 extensions.",
            "",
            *reload.rows(found["reload"]),
        ]
    about = found["about"]
    lines += ["", f"Measured on {about['date']}: Python {about['python']}, {about['cores']} cores (load when it ended: "
             f"{about['load']:.1f}), median of {about['rounds']} rounds of {about['calls']} calls at {about['rate']:g} "
             f"a second; {about['crowd']} waiting calls over {about['stay']:g} s."]  # fmt: skip
    return "\n".join(lines) + "\n"


def put(mark: str, content: str, file: Path = DOCS / "speed.md") -> None:
    """Put something between its marks."""
    page = file.read_text()
    found = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- end of {mark} -->)", re.DOTALL)
    assert found.search(page), f"{file} has no <!-- {mark} --> … <!-- end of {mark} -->"
    file.write_text(found.sub(lambda match: f"{match[1]}\n{content}\n{match[2]}", page))


def write(found: dict) -> None:
    (DOCS / "speed.json").write_text(json.dumps(found, indent=1) + "\n")
    (DOCS / "pictures").mkdir(exist_ok=True)
    (DOCS / "pictures" / "speed.svg").write_text(picture.draw(found, NAMES))
    put("bench", text(found))


def live_text(found: dict) -> str:
    """A call to its first audio, as Markdown: milliseconds."""
    rates = list(found["rates"])
    heads = " | ".join(f"{rate} a second: p50, p99, most" for rate in rates)
    lines = [*rows(LIVE, found), "", f"| call → first audio, ms | {heads} |", "|---|" + "---:|" * len(rates)]
    for name in found["rates"][rates[0]]:
        cells = (found["rates"][rate][name] for rate in rates)
        shown = " | ".join(f"{p50:.0f}, {p99:.0f}, {most:.0f}" for p50, p99, most in cells)
        lines.append(f"| {name} | {shown} |")
    bare = found["bare killed"]
    floor = f"Where a bare socket is killed, and another takes over that plays before it reads: {median(bare):.0f} ms "
    floor += f"(most {max(bare):.0f}, {len(bare)} calls). That is FreeSWITCH's share."
    return "\n".join([*lines, "", floor, "", found["about"]]) + "\n"
