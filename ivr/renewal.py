"""From the table's files to the live table: checked, proved by its own call scripts, spoken, kept, and only then live.

A program of its own does this (`ivr reload`, also where a line sees that the files have changed), so that no call
notices seconds of work; `ivr serve` does it before it listens. What is refused leaves everything as it was.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from gevent import subprocess

from ivr.changes import Change
from ivr.clock import Clock
from ivr.data_folder import make_folders
from ivr.errors import Deadline, StoreError, TableError, ZongjiError
from ivr.rehearsal.house import House
from ivr.rehearsal.season import Season
from ivr.settings import Settings, variable
from ivr.share import prompt_folders, prompt_names
from ivr.speaking import make_speech_aside
from ivr.speech.shelf import shelf
from ivr.steps import Table
from ivr.store import Changes, Store
from ivr.table import Finding, check
from ivr.table.finding import Findings
from ivr.table.includes import put_together
from ivr.table.sources import Sources
from ivr.table.text import parse
from ivr.tables import Archive, Live

__all__ = ["Outcome", "Renewal", "in_another_process", "opening", "prove"]

log = structlog.get_logger(__name__)

PROCESS = 600.0
"""Seconds the other process may take: its call scripts are many, and a big table is checked in five."""
SPEAK = 60.0
"""Seconds a new table waits for its speech to be made; the rest is made when it is live."""
MOST = 100
"""Errors that are written down."""

Prove = Callable[[Settings, Table], list[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a renewal. `state`: "live", "unchanged" (what stands in the files was live already) or "refused".

    `live`: what is live now; None where nothing is. `table`: what stands in the files, where that is a table; `files`:
    which those are. `findings`: what `ivr check` says of it; `faults`: what else keeps it out, such as call scripts
    that went wrong.
    """

    state: str
    live: Live | None
    table: Table | None
    findings: tuple[Finding, ...] = ()
    faults: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def errors(self) -> list[str]:
        """Why it was refused."""
        return [*(str(finding) for finding in self.findings if finding.severity == "error"), *self.faults]

    @property
    def plain(self) -> dict[str, Any]:
        """As one process tells another."""
        files = {*self.files, *(finding.file for finding in self.findings)}
        live = self.live and {"version": self.live.version, "since": self.live.since.isoformat(), "by": self.live.by}
        return {"state": self.state, "live": live, "errors": self.errors, "files": sorted(files)}


def prove(settings: Settings, table: Table) -> list[str]:
    """The call scripts in `calls/` beside the table: what each that did not go as written says."""
    calls = settings.table.parent / "calls"
    if not calls.is_dir():
        return []
    own = (settings.table, table)
    folders = prompt_folders(settings.prompts)
    season = Season(lambda table: House(table, folders), prompt_names(settings.prompts), own=own)
    season.read([calls])
    if season.errors:
        return [str(finding) for finding in season.findings if finding.severity == "error"]
    return [line for verdict in season.verdicts() if not verdict for line in verdict.lines()]


def files_of(path: Path, table: Table | None) -> tuple[str, ...]:
    """The files that a table includes, also where it is none because of a fault in one of them."""
    names = table.files if table else ()
    if table is None:
        sources, found = Sources(path.name, path.parent), Findings(str(path))
        with contextlib.suppress(OSError):
            if (root := parse(path.read_bytes(), found)) is not None:
                put_together(root, sources, found)
        names = sources.files
    return tuple(str(path.parent / name) for name in names)


def opening(settings: Settings, clock: Clock) -> tuple[Table | None, Outcome]:
    """The table a line starts with: what stands in the files; where that is refused, the last good one; None where
    there never was one."""
    outcome = Renewal(settings, clock, "start", asked=False, speak=False).run()
    if outcome.state != "refused":
        return outcome.table, outcome
    archive, live = Archive(settings.data.resolve() / "tables"), outcome.live
    for version in (live.version, live.before) if live else ():
        try:
            return archive.load(version), outcome
        except TableError as error:
            log.error("a table that was good cannot be had", version=version, error=str(error))
    return None, outcome


def in_another_process(settings: Settings, clock: Clock) -> Callable[[str], dict[str, Any]]:
    """A line's way to a renewal: `renew(by)` gives `Outcome.plain`. ZongjiError where the process came to nothing."""
    given = {variable(one.name): str(getattr(settings, one.name)) for one in fields(settings)}

    def renew(by: str) -> dict[str, Any]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ivr", "reload", "--for-line", by],
            env={**os.environ, **given, "PYTHONPATH": str(Path(__file__).parents[1])},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        )  # fmt: skip
        timer = clock.call_later(PROCESS, process.kill)
        try:
            told = process.communicate()[0]
            return json.loads(told)
        except ValueError as error:
            raise ZongjiError(f"ivr reload ended with status {process.returncode} and said no more") from error
        finally:
            timer.cancel()
            process.kill()

    return renew


class Renewal:
    """One try to make live what stands in the table's files. `by`: who asked for it.

    `asked`: somebody wants it now, though it may have failed before; else a version that failed is not taken again.
    `speak`: make its speech first.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        by: str,
        *,
        asked: bool = True,
        speak: bool = True,
        prove: Prove = prove,
    ):
        self.settings, self.clock, self.by = settings, clock, by
        self._asked, self._speaks, self._prove = asked, speak, prove
        make_folders(settings.data.resolve())
        self.archive = Archive(settings.data.resolve() / "tables")

    def run(self) -> Outcome:
        """Do it; StoreError where another renewal does not come to an end."""
        with self.archive.alone(self.clock):
            outcome = self._try()
            with self.archive.alone(self.clock, "live"):
                return self._put(outcome)

    def _try(self) -> Outcome:
        """Is it good? Nothing is changed by this."""
        prompts = shelf(prompt_folders(self.settings.prompts))
        table, findings = check(self.settings.table, today=self.clock.now().date(), prompts=prompts)
        live = self.archive.live()
        found = Outcome("refused", live, table, tuple(findings), files=files_of(self.settings.table, table))
        if table is None:
            return found
        if live is not None and table.version == live.version:
            return replace(found, state="unchanged")
        faults: list[str] = []
        if live is not None and table.version in live.failed and not self._asked:
            faults.append(f"version {table.version} was live and failed; change it, or ask for it with `ivr reload`")
        else:
            faults += self._prove(self.settings, table)
        if faults:
            return replace(found, faults=tuple(faults))
        if self._speaks:
            self._speak(table)
        return replace(found, state="live")

    def _put(self, found: Outcome) -> Outcome:
        """Say what is live, and write down who made it so."""
        now, before = self.clock.now(), self.archive.live()
        if found.state == "refused":
            self._refused(found, now)
            return replace(found, live=before)
        version, source = found.table.version, str(self.settings.table)
        self.archive.keep(found.table)
        live = before.then(version, now, self.by, source) if before else Live(version, now, self.by, source)
        self.archive.set_live(live)
        if before is not None and before.version == version:
            return replace(found, state="unchanged", live=live)
        data = {"version": version, "before": live.before, "source": source}
        self._write_down(Change(now, "table-live", self.by, data))
        return replace(found, state="live", live=live)

    def _speak(self, table: Table) -> None:
        """Make the speech that will be needed until tomorrow night, for as long as it may take."""
        self.archive.keep(table)
        try:
            make_speech_aside(self.settings, table.version, self.clock, SPEAK)
        except Deadline:
            log.warning("the speech of the new table is not all made; the line makes the rest while it is live")
        except ZongjiError as error:
            log.error("the speech of the new table could not be made", error=str(error))

    # The journal of the house ---------------------------------------------------------------------------------------

    def _refused(self, found: Outcome, now: datetime) -> None:
        """Once for the same errors: a line that starts again and again, or looks every minute, is no news; another who
        asks is."""
        data = {
            "source": str(self.settings.table),
            "version": found.table.version if found.table else "",
            "errors": found.errors[:MOST],
            "more": max(0, len(found.errors) - MOST),
        }
        self._write_down(Change(now, "table-refused", self.by, data), unless=lambda last: last == data)

    def _write_down(self, change: Change, unless: Callable[[Mapping], bool] = lambda last: False) -> None:
        """What cannot be written down happens all the same."""
        store = Store(self.settings.database_url)
        try:
            changes = Changes(store)
            last = changes.list(1, whats=["table-live", "table-refused", "table-returned"])
            again = last and last[0].what == change.what and (last[0].by == change.by or not self._asked)
            if not (again and unless(last[0].data)):
                changes.write(change)
        except StoreError as error:
            log.warning("the journal does not say what became of the table", what=change.what, error=str(error))
        finally:
            store.close()
