"""docs/speed.md: the text around the figures is written by people, what is between the marks by the bench."""

import json
import re
from pathlib import Path
from statistics import median

from bench import picture

__all__ = ["Goal", "goals", "live_text", "put", "text", "write"]

DOCS = Path(__file__).parents[1] / "docs"
NAMES = {"ours": "Zongji", "greenswitch": "greenswitch", "genesis": "Genesis", "bare": "bare socket"}


class Goal:
    """One goal: what it is, what was reached, and whether that is enough."""

    def __init__(self, what: str, wanted: str, reached: str, met: bool):
        self.what, self.wanted, self.reached, self.met = what, wanted, reached, met

    def row(self) -> str:
        return f"| {self.what} | {self.wanted} | {self.reached} | {'met' if self.met else '**missed**'} |"


def goals(found: dict) -> list[Goal]:
    """The goals that can be judged from these figures."""
    reached = []

    def ratio(what: str, most: float, by: dict, figure: str, theirs: str) -> None:
        """The median of the rounds' ratios; beside it the least and the most."""
        rounds = zip(by["ours"]["rounds"], by[theirs]["rounds"], strict=True)
        values = [mine[figure] / other[figure] if other[figure] else float("inf") for mine, other in rounds]
        value = median(values)
        shown = f"{value:.3g} ({min(values):.3g} to {max(values):.3g})"
        reached.append(Goal(f"{what} ÷ {NAMES[theirs]}", f"≤ {most:g}", shown, value <= most))

    burst, calls, waiting = found["burst"], found["calls"], found["waiting"]
    crowd = burst["ours"]["calls"]
    reached.append(Goal(f"{crowd} calls at once, served", f"{crowd}", f"{burst['ours']['served']:.0f}",
                        burst["ours"]["served"] == crowd))  # fmt: skip
    if "greenswitch" in calls:
        ratio("p99 from connection to our first bytes", 0.05, burst, "first_p99", "greenswitch")
        ratio("CPU per standard call", 0.5, calls, "cpu_ms", "greenswitch")
    if "bare" in calls:
        ratio("CPU per standard call", 1.5, calls, "cpu_ms", "bare")
    if "greenswitch" in calls:
        ratio("memory per waiting call", 0.5, waiting, "bytes", "greenswitch")
        ratio("CPU of waiting calls", 0.1, waiting, "cpu_percent", "greenswitch")
    big = found["table"]
    reached.append(Goal("check of 5,000 departments, 50,000 extensions", "≤ 5 s", f"{big['check']:.1f} s",
                        big["check"] <= 5))  # fmt: skip
    reached.append(Goal("one routing decision in it", "≤ 50 µs", f"{big['decision'] * 1e6:.1f} µs",
                        big["decision"] <= 50e-6))  # fmt: skip
    return reached


def text(found: dict) -> str:
    """The figures as Markdown."""
    names = [name for name in NAMES if name in found["calls"]]
    rows = ["| goal | wanted | reached | |", "|---|---|---|---|", *(goal.row() for goal in goals(found)), ""]
    head = [NAMES[name] for name in names]
    rows += [f"| figure | {' | '.join(head)} |", f"|---|{'---:|' * len(names)}"]

    def row(what: str, what_of: str, show) -> None:
        rows.append(f"| {what} | {' | '.join(show(found[what_of][name]) for name in names)} |")

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
        rows += [
            "",
            "With everything on (store, journal, messages; speech cached) a standard call costs our line "
            f"{everything['cpu_ms']:.2f} ms of CPU, all threads together; p99 of the loop's lag {lag:.1f} ms.",
        ]
    about = found["about"]
    rows += ["", f"Measured on {about['date']}: Python {about['python']}, {about['cores']} cores (load when it ended: "
             f"{about['load']:.1f}), median of {about['rounds']} rounds of {about['calls']} calls at {about['rate']:g} "
             f"a second; {about['crowd']} waiting calls over {about['stay']:g} s."]  # fmt: skip
    return "\n".join(rows) + "\n"


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
    """New channel to first audio, as Markdown: milliseconds."""
    rates = list(found["rates"])
    heads = " | ".join(f"{rate} a second: p50, p99, most" for rate in rates)
    rows = [f"| new channel → first audio, ms | {heads} |", "|---|" + "---:|" * len(rates)]
    for name in found["rates"][rates[0]]:
        cells = (found["rates"][rate][name] for rate in rates)
        rows.append(f"| {name} | " + " | ".join(f"{p50:.0f}, {p99:.0f}, {most:.0f}" for p50, p99, most in cells) + " |")
    return "\n".join([*rows, "", found["about"]]) + "\n"
