"""One line's side of a reload: it takes over whatever table is live, watches the table's files, and goes back where a
new table fails.

What is live stands in `live.json` (`ivr.tables.archive`), for all lines of a house. A line never checks a new table
itself: another process does (`ivr reload`), and only what has passed there is put into `live.json`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import gevent
import structlog

from ivr.changes import Change
from ivr.clock import Clock
from ivr.errors import ZongjiError
from ivr.steps import Table
from ivr.tables.archive import Archive, Live, stamp
from ivr.tables.current import Tables
from ivr.tables.lines import EVERY, Lines
from ivr.tables.probation import CALLS, Probation
from ivr.waits import off_hub

__all__ = ["LiveTable"]

log = structlog.get_logger(__name__)

Stamps = dict[Path, tuple | None]

LOOK = 5.0
"""Seconds a look at the disk may take: a network's disk may hang, and then nothing is new."""
TOLD = 5
"""Errors of a refused table that the log tells; `ivr check` tells all."""


class LiveTable:
    """The table of one line. `look` is called once a second.

    `listen()`: this line's address. `renew(by)`: has another process check the table's files, prove them and put them
    live, and gives back what became of it (`ivr.renewal.Outcome.plain`); None: this line follows, and does no more.
    `taken(table)`: the line has another table, or its prompts were changed. `write_down(change)`: into the journal.
    """

    def __init__(
        self,
        tables: Tables,
        clock: Clock,
        listen: Callable[[], str],
        *,
        files: Path | None = None,
        renew: Callable[[str], Mapping[str, Any]] | None = None,
        taken: Callable[[Table], None] = lambda table: None,
        write_down: Callable[[Change], None] = lambda change: None,
    ):
        self.tables, self.clock, self._listen = tables, clock, listen
        self.archive: Archive = tables.archive
        self.lines = Lines(self.archive.folder / "lines")
        self._file, self._renew, self._taken, self._write_down = files, renew, taken, write_down
        self._stamp: tuple | None = None
        self._failed: tuple[tuple | None, float] = None, 0.0
        """The stamp of what could not be taken over, and when it is tried again."""
        self._tries = 0
        self._count = 0
        self._before = ""
        self._probation: Probation | None = None
        self._told: tuple[str, int, datetime] | None = None
        self._claim = None
        self._pending: Stamps | None = None
        self._tried: Stamps | None = None
        self._beside: set[Path] = set()
        self.refused = False
        """Do the table's files hold what was refused, and an older table serves?"""
        self._at_work: gevent.Greenlet | None = None
        self._once_more: str | None = None

    # What is live ---------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """See what is live, and take it over; see whether the table's files have changed."""
        stamp, files = off_hub(self.clock, LOOK, "look at the table", self._see)
        if stamp is not None and stamp != self._stamp:
            failed, not_before = self._failed
            if stamp != failed or self.clock.monotonic() >= not_before:
                self._follow(stamp)
        if files is not None and not self._changed(files):
            self._tried = files
        elif files is not None and files != self._pending:
            # An editor may be at it still: what is the same a second later is whole.
            self._pending = files
        elif files is not None and self._at_work is None:
            self._tried = files
            self.reload("file change")
        self.tables.tidy(self._before)

    def _follow(self, stamp: tuple) -> None:
        live = off_hub(self.clock, LOOK, "look at the table", self.archive.live)
        if live is None:
            self._stamp = stamp
            log.error("what is live cannot be read; the table stays as it is", file=str(self.archive.pointer))
            return
        before = self.tables.current
        if live.version != before.version:
            try:
                self.tables.turn_to(self.tables.get(live.version))
            except (ZongjiError, OSError) as error:
                # A machine that is busy, a network's disk that has not got it yet: tried again, less and less often.
                self._tries = min(self._tries + 1, 6) if stamp == self._failed[0] else 1
                self._failed = stamp, self.clock.monotonic() + 2**self._tries
                log.error("the live table cannot be taken over; the table stays as it is", version=live.version,
                          serves=before.version, again_in=2**self._tries, error=str(error))  # fmt: skip
                return
            since = live.since.isoformat(timespec="seconds")
            log.info("another table is live", version=live.version, since=since, by=live.by, before=before.version)
        self._stamp = stamp
        self._is(live)
        self._taken(self.tables.current)

    def _is(self, live: Live) -> None:
        self._count, self._before = live.count, live.before
        self._probation = Probation(live.version, live.since) if live.before else None

    def _see(self) -> tuple[tuple | None, Stamps | None]:
        """In a thread: what tells that another table is live, and what tells that the files have changed."""
        now, mine = self.clock.now(), (self.tables.current.version, self._count)
        if self._told is None or self._told[:2] != mine or now - self._told[2] >= EVERY:
            self.lines.tell(self._listen(), *mine, now)
            self._told = (*mine, now)
        return self.archive.stamp(), self._files() if self._watching() else None

    # The table's files ----------------------------------------------------------------------------------------------

    def _watching(self) -> bool:
        """Of several lines one watches; when it is gone, another."""
        if self._file is None or self._renew is None:
            return False
        if self._claim is None:
            self._claim = self.archive.claim("watch")
            if self._claim is not None and self._as_read():
                self._tried = self._files()
        return self._claim is not None

    def _files(self) -> Stamps:
        """The table's file, those it includes, and, since others may come to lie there, their folders."""
        included = {*(self._file.parent / name for name in self.tables.current.files), *self._beside}
        places = [self._file, *sorted(included - {self._file})]
        folders = sorted({place.parent for place in places}) if included or self.refused else []
        return {place: stamp(place) for place in (*places, *folders)}

    def _changed(self, files: Stamps) -> bool:
        """Is one of them another than when they were taken last? Those nobody looked at then are no news."""
        known = self._tried
        return known is None or any(known[place] != found for place, found in files.items() if place in known)

    def _as_read(self) -> bool:
        """Does what this line has still stand in the files?"""
        table = self.tables.current
        try:
            files = {name: (self._file.parent / name).read_bytes() for name in table.files}
            return self._file.read_bytes() == table.text.encode() and files == table.files
        except OSError:
            return False

    # Reloading ------------------------------------------------------------------------------------------------------

    def reload(self, by: str) -> None:
        """Have the files checked and, if they are good, put live. `by`: who asked for it. Does not wait."""
        if self._renew is None:
            return
        if self._at_work is not None:
            self._once_more = by
            return
        self._at_work = gevent.spawn(self._reload, by)

    def _reload(self, by: str) -> None:
        try:
            outcome = self._renew(by)
            self._beside, self.refused = {*map(Path, outcome["files"])}, outcome["state"] == "refused"
            if self.refused:
                errors = outcome["errors"]
                log.error("the table is refused; the one before serves on", by=by, serves=self.tables.current.version,
                          errors=errors[:TOLD], more=max(0, len(errors) - TOLD))  # fmt: skip
        except Exception as error:  # noqa: BLE001 (whatever became of it, the table that serves serves on)
            log.error("a reload came to nothing; the table stays as it is", by=by, error=str(error))
        finally:
            self._at_work = None
        if self._once_more is not None:
            by, self._once_more = self._once_more, None
            self.reload(by)

    # A new table that fails -----------------------------------------------------------------------------------------

    def failed(self, version: str, call: str) -> None:
        """A step has failed in a call that has this version."""
        new = self._probation
        if new is not None and version == new.version and new.failed(call, self.clock.now()):
            self._probation = None
            gevent.spawn(self._go_back, version)

    def served(self, version: str, call: str) -> None:
        """A call that has this version is over."""
        if self._probation is not None and version == self._probation.version:
            self._probation.served(call)

    def _go_back(self, version: str) -> None:
        try:
            with self.archive.alone(self.clock, "live"):
                live, now = self.archive.live(), self.clock.now()
                if live is None or live.version != version or not live.before:
                    return
                self.archive.set_live(live.back(now))
        except (ZongjiError, OSError) as error:
            log.error("calls fail under the new table, and the one before cannot be put back", error=str(error))
            return
        why = f"a step failed in {CALLS} calls in a row"
        log.error("the new table failed; the one before is live again", failed=version, version=live.before, why=why,
                  do="mend it and save it, or ask for it all the same with `ivr reload`")  # fmt: skip
        self._write_down(Change(now, "table-returned", "the line", {"version": live.before, "failed": version,
                                                                    "why": why}))  # fmt: skip
        self.look()

    # A life ---------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Before the line listens: keep its table for others, and know what is live."""
        self.archive.keep(self.tables.current)
        live, self._stamp = self.archive.live(), self.archive.stamp()
        if live is None or live.version != self.tables.current.version:
            # Not what is live: the first look takes that over.
            self._stamp = None
        else:
            self._is(live)

    def close(self) -> None:
        if self._at_work is not None:
            self._at_work.kill()
        self.lines.gone(self._listen())
        if self._claim is not None:
            self._claim.close()
