"""The tables of keys in docs/: made of what the models tell of their keys (`ivr.table.told`)."""

import re
from collections.abc import Mapping
from pathlib import Path

from ivr.rehearsal.models import CallText, StepText
from ivr.table import models
from ivr.table.duties import DutyText, TurnText
from ivr.table.told import rows

__all__ = ["TABLES", "filled"]

DOCS = Path(__file__).parents[2] / "docs"
TABLES: dict[Path, dict[str, type[models.Text]]] = {
    DOCS / "routes.md": {
        "## house": models.HouseText,
        "### toll": models.TollText,
        "## houses": models.BranchText,
        "## numbers": models.NumberText,
        "## callers": models.CallersText,
        "## hours": models.HoursText,
        "## departments": models.DepartmentText,
        "### ring": models.RingText,
        "### ends": models.EndsText,
        "## menus": models.MenuText,
        "## duties": DutyText,
        "### turn": TurnText,
        "## extensions": models.ExtensionText,
        "### quiet": models.QuietText,
        "## holds": models.HoldText,
        "## messages": models.MessageText,
        "## announcements": models.AnnouncementText,
        "## switches": models.SwitchText,
    },
    DOCS / "testing.md": {"## One file": CallText, "### caller": StepText},
}
"""Page → the heading above each table, and the model whose keys it has."""
NO_WORDS = {models.WEEK: "a day or days"}
"""Keys that are not written as they are called."""


def table(model: type[models.Text], columns: int) -> str:
    """The rows of a model: key, what it says, and its default where there is a column for it."""
    names = ((NO_WORDS.get(key) or f"`{key}`", what, default) for key, what, default in rows(model))
    return "".join(f"| {' | '.join(row[:columns])} |\n" for row in names)


def section(page: str, heading: str) -> tuple[int, int]:
    """Where the part under a heading begins and ends; parts with headings of their own are no part of it."""
    start = page.index(f"\n{heading}\n") + len(heading) + 2
    following = re.compile("^##+ ", re.M).search(page, start)
    return start, following.start() if following else len(page)


def filled(page: str, tables: Mapping[str, type[models.Text]]) -> str:
    """The page with the tables its models tell."""
    for heading, model in tables.items():
        start, end = section(page, heading)
        found = re.compile(r"^\| key.*\n(\|[-|]+\|)\n((?:\|.*\n)*)", re.M).search(page, start, end)
        page = page[: found.start(2)] + table(model, found[1].count("-|")) + page[found.end(2) :]
    return page
