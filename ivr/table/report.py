"""Findings as they are printed, as data, and the exit code they mean."""

from collections.abc import Iterable
from dataclasses import asdict
from textwrap import fill

from ivr.table.finding import Finding
from ivr.table.ids import Kind

__all__ = ["exit_code", "lines", "page", "records"]

WIDTH = 118
WHOLE = {"break_long_words": False, "break_on_hyphens": False}
ALLOWED_NEVER = "It cannot be allowed by a comment."


def lines(findings: Iterable[Finding]) -> str:
    """One line each, in the order of the file, and a last one that counts them; "" when there are none."""
    findings = list(findings)
    counts = [(sum(f.severity == kind for f in findings), kind) for kind in ("error", "warning", "note")]
    told = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for n, kind in counts if n)
    return "".join(f"{finding}\n" for finding in findings) + (f"{told}\n" if told else "")


def records(findings: Iterable[Finding]) -> list[dict]:
    """Each finding as what JSON can say; `near` and `reason` only where there are any."""
    return [{key: value for key, value in asdict(one).items() if value is not None} for one in findings]


def exit_code(findings: Iterable[Finding], strict: bool = False) -> int:
    """0: use it; 1: warnings, with `strict`; 2: errors. Notes never count."""
    severities = {finding.severity for finding in findings}
    return 2 if "error" in severities else 1 if strict and "warning" in severities else 0


def page(kind: Kind) -> str:
    """Everything that is to be said of a kind of finding, in Markdown: docs/findings.md, and `ivr check --explain`."""
    allowing = f"Or allow it, with a reason: `# check: allow {kind.id}, …`." if kind.may_be_allowed else ALLOWED_NEVER
    example = f"An example: {kind.shown}." if kind.shown else f"```yaml\n{kind.example}```"
    files = [f"with `{name}` beside it:\n\n```text\n{text}```" for name, text in kind.files.items()]
    said = "\n".join(fill(line, WIDTH, subsequent_indent="    ", **WHOLE) for line in kind.says.splitlines())
    paragraphs = (fill(text, WIDTH, **WHOLE) for text in (f"{kind.severity.capitalize()}. {kind.rule}", kind.why))
    ending = fill(f"{kind.mend} {allowing}", WIDTH, **WHOLE)
    parts = [f"### {kind.id}", *paragraphs, example, *files, f"```text\n{said}\n```", ending]
    return "\n\n".join(parts) + "\n"
