"""Two tables, and what is said of their difference."""

from datetime import date
from functools import lru_cache

from ivr.difference import Report, difference
from ivr.difference.text import line, lines
from ivr.handlers import installed
from ivr.share import shared
from ivr.speech.templates import Templates
from ivr.table import load
from tests.house import HOUSE

MONDAY = date(2026, 11, 23)
OPEN = "while hours.office is open (every Monday–Friday 09:00–12:00, 13:30–18:00)"
NOT_OPEN = (
    "while hours.office is not open (every Monday–Friday 00:00–09:00, 12:00–13:30, 18:00–24:00; every Saturday, Sunday)"
)
MAIN = "number 1000 and every other number"
"""The numbers of the test house that lead to its menu."""


@lru_cache
def table(text: str, name: str):
    return load(text, name=name)


def report(old: str, new: str, days: int = 28) -> Report:
    tables = table(old, "old.yaml"), table(new, "new.yaml")
    return difference(*tables, installed(), Templates([shared("prompts")]).text, MONDAY, days)


def told(old: str, new: str, days: int = 28) -> list[str]:
    """Everything that is printed."""
    return list(lines(report(old, new, days)))


def edited(*edits: tuple[str, str], text: str = HOUSE) -> str:
    """A table with other words in it; each edit fits once."""
    for was, now in edits:
        assert text.count(was) == 1, f"{was!r} stands there {text.count(was)} times"
        text = text.replace(was, now)
    return text


def changes(old: str, new: str) -> list[str]:
    """The differences without the line that counts them."""
    found = report(old, new)
    return [line(change, found) for change in found.changes]
