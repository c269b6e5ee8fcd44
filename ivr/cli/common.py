"""What several commands need: the table, or every error of it and exit 2; an instant; the words, the voice; a file."""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.errors import TableError
from ivr.share import prompt_folders, prompt_names, shared

__all__ = [
    "by_hand", "in_years", "instant", "load_or_exit", "prompt_names", "table_path", "templates_for", "voice_for",
    "write_or_exit",
]  # fmt: skip

YEARS = (1970, 2199)


def table_path(path: str | Path | None) -> Path:
    """The table named, else the one here, else the one that came with the program."""
    if path:
        return Path(path)
    return Path("routes.yaml") if Path("routes.yaml").exists() else shared("routes.yaml")


def load_or_exit(path: str | Path | None):
    """The table; if it cannot be used, every error on stderr and exit 2."""
    from ivr.gevent_clock import SystemClock
    from ivr.table import load

    try:
        return load(table_path(path), today=SystemClock().now().date())
    except TableError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def instant(written: str | None, timezone: str) -> datetime:
    """The time after --at, in the house's zone where none is written; now if there is none."""
    from ivr.gevent_clock import SystemClock

    if not written:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise click.BadParameter(f"{written!r}: write a time like 2026-11-21T23:00", param_hint="--at") from None
    in_years(at, "--at")
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))


def in_years(day: datetime, option: str) -> None:
    """Zones and holidays of other years are nobody's knowledge, and some are no dates at all once a day is added."""
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise click.BadParameter(f"write a year from {YEARS[0]} to {YEARS[1]}", param_hint=option)


def write_or_exit(path: Path, what: bytes) -> None:
    """The file; if it cannot be written, why, on stderr, and exit 2."""
    try:
        path.write_bytes(what)
    except OSError as error:
        click.echo(f"{path} cannot be written: {error.strerror}", err=True)
        sys.exit(2)


def by_hand(data: str | None, at: datetime) -> dict:
    """What stands at an instant by hand, by the names of hours, at the line of that folder; nothing without one."""
    if not data:
        return {}
    from ivr.cli.kept import Kept
    from ivr.store import Overrides

    with Kept("", Path(data)).open() as store:
        return Overrides(store).standing(at)


def templates_for(prompts: str | Path):
    """The words of the site's prompts and, behind them, those that came with the program."""
    from ivr.speech.templates import Templates

    return Templates(prompt_folders(prompts))


def voice_for(prompts: str | Path, data: str | Path | None = None, rate: int = 8000):
    """The voice of the site's prompts and, behind them, those that came with the program."""
    from ivr.speech import Voice, best_engine

    cache = (Path(data) if data else Path("data")).resolve() / "speech"
    return Voice(prompt_folders(prompts), cache, best_engine(), rate)
