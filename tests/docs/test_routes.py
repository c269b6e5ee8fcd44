"""docs/routes.md: every example is a table that loads, every key is explained, none that does not exist."""

import re
from pathlib import Path

import pytest

from ivr.table import check, models
from ivr.table.build import EMERGENCY
from ivr.table.duties import DutyText, TurnText
from ivr.table.report import lines
from ivr.table.values import BESIDE_DAYS

PAGE = (Path(__file__).parents[2] / "docs/routes.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)

# What an example leaves out: a table in which each section an example shows can be put in place of ours.
REST = {
    "house": "{name: Acme, timezone: Asia/Shanghai, languages: {zh: 普通话, en: English}}",
    "numbers": '{"*": {to: menu/main}}',
    "hours": '{office: {mon-fri: "09:00-12:00, 13:30-18:00"}}',
    "operator": "{name: the operator, ring: {phones: [8000]}}",
    "menus": "{main: {name: main, keys: {1: department/sales}}}",
    "departments": "{sales: {name: a, ring: {phones: [8001]}}, support: {name: b, ring: {phones: [8002]}}}",
    "extensions": "{8000: , 8001: , 8002: , 8003: }",
    "holds": "{sales: {for: department/sales}, operator: {for: operator}}",
}
# What lies beside an example.
BESIDE = dict.fromkeys(("closures.ics", "sundays.ics"), b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")


@pytest.mark.parametrize("example", EXAMPLES[1:], ids=lambda text: text.split(":")[0])
def test_every_example_loads(example):
    sections = re.findall(r"^(\w+):", example, re.M)
    rest = "".join(f"{name}: {text}\n" for name, text in REST.items() if name not in sections)
    table, findings = check(example + rest, name="docs/routes.md", files=BESIDE)
    assert table is not None, lines(findings)


def test_the_smallest_table_is_whole():
    assert [str(finding) for finding in check(EXAMPLES[0])[1]] == []


def keys_of(model) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("## house", keys_of(models.HouseText)),
        ("### toll", keys_of(models.TollText)),
        ("## houses", keys_of(models.BranchText)),
        ("## numbers", keys_of(models.NumberText)),
        ("## callers", keys_of(models.CallersText)),
        ("## hours", {*BESIDE_DAYS}),
        ("## operator", keys_of(models.DepartmentText)),
        ("## departments", keys_of(models.DepartmentText)),
        ("### ring", keys_of(models.RingText)),
        ("### ends", keys_of(models.EndsText)),
        ("## menus", keys_of(models.MenuText)),
        ("## duties", keys_of(DutyText)),
        ("### turn", keys_of(TurnText)),
        ("## extensions", keys_of(models.ExtensionText)),
        ("### quiet", keys_of(models.QuietText)),
        ("## holds", keys_of(models.HoldText)),
        ("## messages", keys_of(models.MessageText)),
        ("## announcements", keys_of(models.AnnouncementText)),
        ("## switches", keys_of(models.SwitchText)),
    ],
)
def test_every_key_is_explained_and_no_other(heading, keys):
    section = PAGE.split(f"\n{heading}\n")[1].split("\n## ")[0].split("\n### ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.M)) == keys


def test_the_emergency_numbers_are_those_of_the_code():
    assert PAGE.count(" ".join(EMERGENCY)) == 2
