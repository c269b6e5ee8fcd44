"""Findings as SARIF 2.1.0, which code hosts and editors read; and as annotations of GitHub's.

>>> from ivr.table.finding import Finding
>>> one = Finding("warning", "a,b.yaml", 3, 5, "menus.main", "100% of\\nit", "many-keys")
>>> print(annotations([one]), end="")
::warning file=a%2Cb.yaml,line=3,col=5,title=many-keys::menus.main: 100%25 of it
"""

from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

from ivr.table.finding import Finding
from ivr.table.ids import KINDS, Kind

__all__ = ["annotations", "sarif"]

LEVELS = {"error": "error", "warning": "warning", "note": "note"}
GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


def sarif(findings: Iterable[Finding], allowed: Iterable[Finding], version: str) -> dict:
    """One run of a SARIF log. `allowed`: findings that comments in the table allow; they are in it as suppressed."""
    ids = list(KINDS)
    results = [_result(one, ids) for one in (*findings, *allowed)]
    driver = {"name": "ivr check", "version": version, "rules": [_rule(kind) for kind in KINDS.values()]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rule(kind: Kind) -> dict:
    return {
        "id": kind.id,
        "shortDescription": {"text": kind.rule.replace("`", "")},
        "fullDescription": {"text": kind.why.replace("`", "")},
        "help": {"text": kind.mend.replace("`", "")},
        "defaultConfiguration": {"level": LEVELS[kind.severity]},
    }


def _result(one: Finding, ids: list[str]) -> dict:
    place = {
        "artifactLocation": {"uri": quote(PurePath(one.file).as_posix())},
        "region": {"startLine": one.line, "startColumn": one.col},
    }
    result = {
        "ruleId": one.id,
        "ruleIndex": ids.index(one.id),
        "level": LEVELS[one.severity],
        "message": {"text": one.said},
        "locations": [{"physicalLocation": place}],
    }
    if one.reason is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": one.reason}]
    return result


def annotations(findings: Iterable[Finding]) -> str:
    """Workflow commands: GitHub shows each beside its line."""
    return "".join(
        f"::{GITHUB[one.severity]} file={_property(one.file)},line={one.line},col={one.col},"
        f"title={_property(one.id)}::{_data(one.said)}\n"
        for one in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
