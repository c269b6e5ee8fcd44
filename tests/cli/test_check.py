"""ivr check: what it prints in each form, how it ends, and the pages it explains."""

import json

import pytest
from click.testing import CliRunner

from ivr.cli import main
from ivr.table.ids import KINDS

GOOD = """\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English}}
numbers: {"*": {to: operator}}
operator: {name: the operator, ring: {phones: [8000]}}
extensions: {8000: }
"""
UNUSED = "hours: {summer: {mon-fri: 08:00-14:00}}"
BROKEN = GOOD.replace("to: operator", "to: operater")


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Runs ivr check on tables: check(*arguments, name=text) → exit status and what was printed."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **tables: str):
        for name, text in tables.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        named = [f"{name}.yaml" for name in tables]
        ended = CliRunner().invoke(main, ["check", *arguments, *named])
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return ended.exit_code, ended.stdout

    return run


def test_a_good_table_is_told_in_a_line(check):
    assert check(a=GOOD) == (
        0,
        "a.yaml: version 056fc2c00f32: 1 number, 0 menus, 0 departments, 1 extension, 2 messages\n",
    )


def test_errors_warnings_and_what_they_mean_for_the_exit_status(check):
    warning = f"b.yaml:1:9: warning: hours.summer: {UNUSED_SAID}\n1 warning\n"
    assert check(b=f"{UNUSED}\n{GOOD}")[0] == 0
    status, said = check("--strict", a=BROKEN, b=f"{UNUSED}\n{GOOD}")
    assert status == 2
    assert said.startswith(
        "a.yaml:2:21: numbers.*.to: 'operater' is no destination; write operator, goodbye, back, top or kind/name. "
        f"Did you mean operator?\n1 error\n{warning}b.yaml: version "
    )
    assert check("--strict", b=f"{UNUSED}\n{GOOD}")[0] == 1


def test_people_are_told_by_which_ids_they_hear_more(check, tmp_path):
    check(a=BROKEN, b=f"{UNUSED}\n{GOOD}")
    ended = CliRunner().invoke(main, ["check", "a.yaml", "b.yaml"])
    assert ended.stderr == (
        "ivr check --explain ID says what it means and what to do; the IDs here: unknown-destination, unused\n"
    )
    assert CliRunner().invoke(main, ["check", "--format", "json", "a.yaml"]).stderr == ""


UNUSED_SAID = "nothing has these hours; name them where they belong, or delete them"


def test_json_has_every_table_what_is_found_and_what_is_allowed(check):
    status, said = check("--format", "json", a=BROKEN, b=f"{UNUSED}  # check: allow unused, for the fair\n{GOOD}")
    assert status == 2
    a, b = json.loads(said)["tables"]
    assert a == {
        "file": "a.yaml",
        "version": None,
        "findings": [
            {
                "severity": "error",
                "file": "a.yaml",
                "line": 2,
                "col": 21,
                "path": "numbers.*.to",
                "message": "'operater' is no destination; write operator, goodbye, back, top or kind/name",
                "id": "unknown-destination",
                "near": "operator",
            }
        ],
        "allowed": [],
    }
    assert (len(b["version"]), b["findings"]) == (12, [])
    assert [(one["id"], one["path"], one["reason"]) for one in b["allowed"]] == [
        ("unused", "hours.summer", "for the fair")
    ]


def test_sarif_is_one_log_of_all_tables(check):
    status, said = check("--format", "sarif", "--strict", a=f"{UNUSED}\n{GOOD}", b=f"{UNUSED}\n{GOOD}")
    log = json.loads(said)
    assert status == 1
    places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == ["a.yaml", "b.yaml"]


def test_annotations_for_github(check):
    assert check("--format", "github", a=f"{UNUSED}\n{GOOD}") == (
        0, f"::warning file=a.yaml,line=1,col=9,title=unused::hours.summer: {UNUSED_SAID}\n",
    )  # fmt: skip


def test_the_sites_own_prompts_are_looked_at(check, tmp_path):
    (tmp_path / "words/en").mkdir(parents=True)
    (tmp_path / "words/en/goodbye.j2").write_text("Thank you, {{ caller }}.\n")
    status, said = check("--prompts", "words", a=GOOD)
    assert (status, said) == (
        2,
        "a.yaml:1:58: house.languages.en: words/en/goodbye.j2:1 uses caller; this prompt is given house, part\n"
        "1 error\n",
    )


def test_a_page_is_explained(check):
    status, said = check("--explain", "unused")
    assert (status, said) == (
        0,
        """\
### unused

Warning. Hours and templates that are written are used.

Somebody changes them and believes that callers notice.

```yaml
hours: {summer: {mon-fri: 08:00-14:00}}
```

```text
warning: hours.summer: nothing has these hours; name them where they belong, or delete them
```

Use them, or delete them. Or allow it, with a reason: `# check: allow unused, …`.
""",
    )


@pytest.mark.parametrize("id", KINDS)
def test_every_page_can_be_explained(check, id):
    assert check("--explain", id)[0] == 0


def test_a_page_that_is_not_there(check):
    ended = CliRunner().invoke(main, ["check", "--explain", "unusd"])
    assert ended.exit_code == 2
    assert ended.stderr.splitlines()[0] == "there is no finding 'unusd'. Did you mean unused?"
