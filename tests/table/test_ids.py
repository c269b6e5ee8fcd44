"""Every kind of finding has a page whose example gives just that finding; no finding is without a page."""

import ast
import re
from pathlib import Path

import pytest

import ivr.table
from ivr.table.ids import CHAPTERS, KINDS
from tests.table.examples import checked, said, whole

SOURCES = sorted(Path(ivr.table.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_its_example_gives_just_this_finding(kind, tmp_path):
    # Given the example, and whatever lies beside it; when it is checked
    seen = checked(tmp_path, kind.example if kind.whole else whole(kind.example), kind.today, kind.files)
    # Then this is found and nothing else, unless there is so much of something else that no more is read
    found = [one for one in seen.findings if kind.id != "too-many" or one.id == kind.id]
    assert said(found, tmp_path) == kind.says
    assert {(one.id, one.severity) for one in found} == {(kind.id, kind.severity)}
    assert (seen.table is None) == (kind.severity == "error")


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.may_be_allowed], ids=lambda kind: kind.id)
def test_a_comment_with_a_reason_allows_it(kind, tmp_path):
    text = whole(kind.example)
    [found] = checked(tmp_path, text, kind.today, kind.files).findings
    # Given a comment at the end of its line
    lines = text.split("\n")
    lines[found.line - 1] += "  # check: allow " + kind.id + ", it is meant so"
    # Then nothing is found, and it is known why
    seen = checked(tmp_path, "\n".join(lines), kind.today, kind.files)
    assert said(seen.findings, tmp_path) == ""
    assert [(one.id, one.reason) for one in seen.allowed] == [(kind.id, "it is meant so")]
    assert seen.table is not None


def written_ids():
    """Each id that stands in a call that makes a finding, with its severity."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            findings = ast.unparse(getattr(node.func, "value", node.func)).endswith("found")
            # (severity, place, path, message, id), (place, path, message, id), or (path, message, id)
            where = 2 if name in ("error", "warning", "Misfit") and not findings else {"error": 3, "add": 4}.get(name)
            id = node.args[where] if where is not None and len(node.args) > where else None
            if not isinstance(id, ast.Constant) or (name == "add" and not findings):
                continue
            severity = {"warning": "warning", "add": getattr(node.args[0], "value", None)}.get(name, "error")
            said = [one.value.value for one in node.keywords if one.arg == "severity"]
            yield id.value, said[0] if said else severity


def test_every_finding_has_a_page_and_its_severity_is_that_of_the_page():
    told = set(written_ids())
    assert len(told) > 40
    assert told - {(kind.id, kind.severity) for kind in KINDS.values()} == set()


def test_pages_are_in_one_chapter_and_say_something():
    assert sum(map(len, CHAPTERS.values())) == len(KINDS)
    for kind in KINDS.values():
        assert re.fullmatch("[a-z]+(-[a-z]+)*", kind.id)
        for text in (kind.rule, kind.why, kind.mend):
            assert text.endswith((".", "…")), text
        assert kind.severity in ("error", "warning", "note")
        assert not (kind.may_be_allowed and kind.whole)
