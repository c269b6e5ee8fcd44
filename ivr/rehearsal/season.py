"""Many call scripts: files are read, each against its table, and each table's house lives through its own.

    season = Season(lambda table: House(table, [shared("prompts")]), prompts)
    season.read([Path("calls")])
    for verdict in season.verdicts(): ...

Then `findings` has every fault of the files, and `ways` what of each table was walked.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from ivr.errors import TableError
from ivr.rehearsal.check import fitting
from ivr.rehearsal.coverage import Ways
from ivr.rehearsal.house import House
from ivr.rehearsal.live import LiveHouse
from ivr.rehearsal.reading import read
from ivr.rehearsal.script import Script
from ivr.rehearsal.verdict import Verdict
from ivr.share import shared
from ivr.steps import Table
from ivr.table import load
from ivr.table.finding import Finding, Findings

__all__ = ["Season"]


class Season:
    """`house`: makes the house of a table; `prompts`: the names of all that can be heard; `table`: in place of the one
    each file names.

    `own`: a table and its file: only the scripts that are meant for it are read.
    """

    def __init__(
        self,
        house: Callable[[Table], House | LiveHouse],
        prompts: Collection[str],
        table: Path | None = None,
        own: tuple[Path, Table] | None = None,
    ):
        self.house, self.prompts, self.table, self.own = house, prompts, table, own
        self.findings: list[Finding] = []
        self.scripts: dict[Path, list[Script]] = {}
        self._tables: dict[Path, Table | None] = dict([own] if own else [])
        self.ways: list[Ways] = []

    @property
    def errors(self) -> bool:
        """Is there anything that could not be read?"""
        return any(finding.severity == "error" for finding in self.findings)

    def read(self, paths: Iterable[Path]) -> None:
        """Read files, and folders of them; every fault is a finding."""
        for path in paths:
            files = sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")]) if path.is_dir() else [path]
            for file in files:
                self._read(file)

    def verdicts(self, only: str = "") -> Iterator[Verdict]:
        """Live through everything that could be read, or what has these words in its name; one table after another."""
        for path, scripts in self.scripts.items():
            chosen = [script for script in scripts if only.casefold() in script.name.casefold()]
            table = self._tables[path]
            self.ways.append(ways := Ways(table))
            if not chosen:
                continue
            with self.house(table) as house:
                for script in chosen:
                    verdict = house.rehearse(script)
                    ways.walk(script.at, verdict.moments)
                    yield verdict

    def _read(self, path: Path) -> None:
        found = Findings(str(path))
        try:
            file = read(path.read_bytes(), found)
        except OSError as error:
            found.error((1, 1), (), f"the file cannot be read: {error.strerror or error}", "unreadable")
            self.findings += found
            return
        if self.own:
            place = self.own[0]
            if file.table and (path.parent / file.table).resolve() != place.resolve():
                return
        elif self.table:
            place = self.table
        elif file.table:
            place = (path.parent / file.table).resolve()
            place = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
        else:
            place = Path("routes.yaml") if Path("routes.yaml").exists() else shared("routes.yaml")
        if place not in self._tables:
            try:
                self._tables[place] = load(place)
            except TableError as error:
                self._tables[place] = None
                self.findings += error.findings
        if self._tables[place] is not None:
            fit = fitting(file.scripts, self._tables[place], self.prompts, found)
            self.scripts.setdefault(place, []).extend(fit)
        self.findings += found
