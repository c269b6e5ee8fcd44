"""The goals for speed: what each wants, and which figure of a run answers it. A run says so before it begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["GOALS", "LIVE", "NAMES", "Goal", "announced", "rows"]

NAMES = {"ours": "Zongji", "greenswitch": "greenswitch", "genesis": "Genesis", "bare": "bare socket"}


@dataclass(frozen=True)
class Goal:
    """One goal: what is wanted, which figure answers it, and how that is read: what was reached, and whether it will
    do; None where a run has not got the figure."""

    what: str
    wanted: str
    figure: str
    read: Callable[[dict], tuple[str, bool] | None]

    def row(self, found: dict) -> str:
        """A line of the table; empty where the run does not answer it."""
        answer = self.read(found)
        if answer is None:
            return ""
        reached, met = answer
        return f"| {self.what} | {self.wanted} | {reached} | {'met' if met else '**missed**'} |"


def announced(goals: Sequence[Goal]) -> str:
    """What a run is going to answer, before it begins."""
    return "\n".join(["This run answers:", *(f"  {one.what}, wanted {one.wanted}: {one.figure}" for one in goals), ""])


def rows(goals: Sequence[Goal], found: dict) -> list[str]:
    """The goals as a table, those that this run answers."""
    table = ["| goal | wanted | reached | |", "|---|---|---|---|", *(goal.row(found) for goal in goals)]
    return [row for row in table if row]


def _ratio(what: str, most: float, kind: str, figure: str, theirs: str, shown: str) -> Goal:
    """The median of the rounds' ratios; beside it the least and the most."""

    def read(found: dict) -> tuple[str, bool] | None:
        by = found[kind]
        if theirs not in by:
            return None
        rounds = zip(by["ours"]["rounds"], by[theirs]["rounds"], strict=True)
        values = [mine[figure] / other[figure] if other[figure] else float("inf") for mine, other in rounds]
        value = median(values)
        return f"{value:.3g} ({min(values):.3g} to {max(values):.3g})", value <= most

    return Goal(f"{what} ÷ {NAMES[theirs]}", f"≤ {most:g}", f"{shown} of both, in each round", read)


def _served(found: dict) -> tuple[str, bool]:
    burst = found["burst"]["ours"]
    return f"{burst['served']:.0f}", burst["served"] == burst["calls"]


GOALS = (
    Goal("1000 calls at once, served", "1000", "calls at once: served", _served),
    _ratio("p99 from connection to our first bytes", 0.05, "burst", "first_p99", "greenswitch", "first bytes, p99"),
    _ratio("CPU per standard call", 0.5, "calls", "cpu_ms", "greenswitch", "CPU of the line per standard call"),
    _ratio("CPU per standard call", 1.5, "calls", "cpu_ms", "bare", "CPU of the line per standard call"),
    _ratio("memory per waiting call", 0.5, "waiting", "bytes", "greenswitch", "memory per waiting call"),
    _ratio("CPU of waiting calls", 0.1, "waiting", "cpu_percent", "greenswitch", "CPU of all waiting calls"),
    Goal(
        "check of 5,000 departments, 50,000 extensions", "≤ 5 s", "bench/table.py: check",
        lambda found: (f"{found['table']['check']:.1f} s", found["table"]["check"] <= 5),
    ),
    Goal(
        "one routing decision in it", "≤ 50 µs", "bench/table.py: decision",
        lambda found: (f"{found['table']['decision'] * 1e6:.1f} µs", found["table"]["decision"] <= 50e-6),
    ),
)  # fmt: skip


def _later(rate: str, place: int, what: str, most: float) -> Goal:
    """How much later than the bare socket's a caller's first audio comes, in milliseconds."""

    def read(found: dict) -> tuple[str, bool] | None:
        by = found["rates"][rate]
        ours, bare = by[OURS][place], by[BARE][place]
        return f"{ours - bare:+.1f} ({ours:.1f} and {bare:.1f})", ours - bare <= most

    what = f"first audio at {rate} a second, {what}: later than the bare socket"
    return Goal(what, f"≤ {most:g} ms", "Zongji through the house's dialplan, the bare socket without", read)


def _resumed(found: dict) -> tuple[str, bool] | None:
    after = found["killed"]
    return f"{median(after):.0f} ms (most {max(after):.0f}, {len(after)} calls)", median(after) <= 50


OURS, BARE = "Zongji, through the house's dialplan", "bare socket, everything at once"
LIVE = (
    *(_later(rate, *one) for rate in ("1", "20") for one in ((0, "p50", 5), (1, "p99", 20))),
    Goal("worker killed → the same step is heard again, median", "≤ 50 ms", "kill -9 during a prompt", _resumed),
)
"""A quarter of the 20 ms tick in which FreeSWITCH works; at p99, which one call in a hundred decides, a whole one."""
