"""What `ivr messages` and `ivr calls` share: the options that say where things are kept, and tables."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from functools import wraps
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from ivr.cli.zones import Zone, house_zone
from ivr.errors import StoreError
from ivr.store.database import Store
from ivr.tables.archive import Archive

__all__ = ["Kept", "as_json", "kept_options", "seconds", "table", "told", "when"]


class Kept:
    """Where things are kept on this machine: the database, and in the data folder the spool and the tables."""

    def __init__(self, database: str, data: Path):
        self.spool = data / "spool"
        self.archive = Archive(data / "tables")
        self._store = Store(database, busy=5.0) if database else Store.under(data, busy=5.0)

    @contextmanager
    def open(self) -> Iterator[Store]:
        """The database, for reading and small changes. It is not made and not changed in shape here: a command that
        looks may not surprise a line that runs."""
        try:
            self._check()
            yield self._store
        except StoreError as error:
            raise click.ClickException(str(error)) from error
        finally:
            self._store.close()

    def _check(self) -> None:
        path = self._store.path
        if path is not None and not path.exists():
            raise StoreError(
                f"{path} does not exist: nothing was kept there yet. `ivr serve` makes it; "
                "--data or --database (IVR_DATA, IVR_DATABASE) say where it is"
            )
        version, newest = self._store.version(), self._store.newest()
        if version != newest:
            raise StoreError(
                f"{self._store} has the tables of version {version or 'none'}, this program those of {newest}: "
                "start `ivr serve` of this version once, it brings them up to date"
            )


def kept_options(command: Callable) -> Callable:
    """--database, --data, --timezone and --json; the command gets `kept`, `zone` and `as_json`."""

    @click.option("--database", envvar="IVR_DATABASE", default="", help="URL of the database; else SQLite in --data.")
    @click.option(
        "--data",
        envvar="IVR_DATA",
        default="data",
        show_default=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="The folder line and FreeSWITCH share.",
    )
    @click.option(
        "--timezone",
        "zone",
        envvar="IVR_TIMEZONE",
        default=house_zone,
        type=Zone(),
        help="For times shown; else the house's (routes.yaml here, or IVR_TABLE), else this machine's.",
    )
    @click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
    @wraps(command)
    def with_options(database, data, **rest):
        return command(kept=Kept(database, data), **rest)

    return with_options


def console() -> Console:
    """The terminal as wide as it is; elsewhere wide enough that nothing is cut."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=200)


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], right: frozenset[str] = frozenset()) -> None:
    """Print a table; `right`: the columns of numbers."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        # Square brackets would be markup: what is kept is shown as it is.
        shown.add_row(*(cell.replace("[", r"\[") for cell in row))
    out = console()
    with out.capture() as captured:
        out.print(shown)
    # Each row is filled up with blanks to the width of the table.
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def told(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and values, one to a line; what is empty is left out."""
    lines = [(name, value) for name, value in pairs if value]
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        click.echo(f"{name:<{width}}  {value}")


def as_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def when(at: datetime | None, zone: tzinfo) -> str:
    """A time as it is shown: local, to the second."""
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def seconds(value: float | None) -> str:
    """A length of time as it is shown.

    >>> seconds(7.25), seconds(75), seconds(3725), seconds(None)
    ('7.2 s', '1:15', '1:02:05', '')
    """
    if value is None:
        return ""
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
