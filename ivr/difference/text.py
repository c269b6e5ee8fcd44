"""The differences between two tables as they are printed, and as JSON."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from ivr.difference import Change, Report
from ivr.difference.callers import WITHHELD

__all__ = ["as_json", "exit_code", "lines"]

SAME = ("hears ", "called ", "greeted as ", "in ", "waits ")
"""Words that are not said twice: hears “a” instead of “b”."""
MOST = 4
"""Ways to the same that are told."""
TIMES = re.compile(r"(hears “[^”]*” )(once|twice|[0-9]+ times)")


def lines(report: Report) -> Iterator[str]:
    """One line each, losses first and loudly; the last one counts them."""
    for change in report.changes:
        yield ("LOST: " if change.loss else "") + line(change, report)
    first, last = (edge.astimezone(ZoneInfo(report.new.timezone)) for edge in report.window)
    days = f"the {(last.date() - first.date()).days} days from {first:%Y-%m-%d}"
    count = len(report.changes)
    if not count:
        yield f"No difference for callers in {days}."
        return
    lost = len(report.losses)
    lost = f"; {lost} of them take{'s' if lost == 1 else ''} cover away" if lost else ""
    yield f"{count} difference{'s' if count > 1 else ''} for callers in {days}{lost}."


def line(change: Change, report: Report) -> str:
    """every Sunday 09:00–12:00, number 02085550100, key 2: message box Sales instead of Sales on 8001"""
    who = f"callers on {change.callers}" if change.callers else ""
    who = "callers who show no number" if change.callers == WITHHELD else who
    where = [part for part in (change.when, _numbers(change, report), who, _paths(change)) if part]
    if change.loss == "operator":
        return f"{', '.join(where)}: the operator {change.new} any more"
    old = next((change.old.removeprefix(word) for word in SAME if change.new.startswith(word)), change.old)
    if match := TIMES.fullmatch(change.new):
        old = change.old.removeprefix(match[1])
    return f"{', '.join(where)}: {change.new} instead of {old}"


def _numbers(change: Change, report: Report) -> str:
    """number 100; numbers 100, 200 and every other; every number"""
    named = [number for number in change.numbers if number != "*"]
    if set(change.numbers) == set(report.numbers):
        return "every number"
    told = f"number{'s' if len(named) > 1 else ''} {', '.join(named)}" if named else ""
    return " and ".join([told] * bool(told) + ["every other number"] * ("*" in change.numbers))


def _paths(change: Change) -> str:
    """key 0; or key 4, key 1; or key 4, key 2"""
    shown = change.paths[:MOST]
    more = len(change.paths) - len(shown)
    return "; or ".join(shown) + (f"; or {more} more ways" if more else "")


def exit_code(report: Report) -> int:
    """0: nothing differs for callers; 1: something does; 2: the cover of an emergency or of the operator is lost."""
    return 2 if report.losses else 1 if report.changes else 0


def as_json(report: Report) -> dict:
    """The same for programs. Spans are ISO 8601, half-open."""
    zone = ZoneInfo(report.new.timezone)

    def told(spans):
        return [[edge.astimezone(zone).isoformat() for edge in span] for span in spans]

    [window] = told([report.window])
    return {
        "old": {"file": report.old.source, "version": report.old.version},
        "new": {"file": report.new.source, "version": report.new.version},
        "from": window[0],
        "until": window[1],
        "changes": [
            {
                "loss": change.loss or None, "when": change.when, "spans": told(change.spans),
                "numbers": list(change.numbers), "callers": change.callers or None, "paths": list(change.paths),
                "old": change.old, "new": change.new,
            }
            for change in report.changes
        ],
    }  # fmt: skip
