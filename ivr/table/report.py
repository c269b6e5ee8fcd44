"""Findings as they are printed, and the exit code they mean."""

from collections.abc import Iterable

from ivr.table.finding import Finding

__all__ = ["exit_code", "lines"]


def lines(findings: Iterable[Finding]) -> str:
    """One line each, in the order of the file, and a last one that counts them; "" when there are none."""
    findings = list(findings)
    counts = [(sum(f.severity == kind for f in findings), kind) for kind in ("error", "warning", "note")]
    told = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for n, kind in counts if n)
    return "".join(f"{finding}\n" for finding in findings) + (f"{told}\n" if told else "")


def exit_code(findings: Iterable[Finding], strict: bool = False) -> int:
    """0: use it; 1: warnings, with `strict`; 2: errors. Notes never count."""
    severities = {finding.severity for finding in findings}
    return 2 if "error" in severities else 1 if strict and "warning" in severities else 0
