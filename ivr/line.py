"""The line: one process that answers calls.

    line = Line(settings, table)
    line.start()        # listens when this returns
    line.stop(10)       # drains, and writes down what is to be written down

It puts the house together and keeps it in order.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import gevent
import structlog
from gevent.event import Event

from ivr.books import Books
from ivr.call import Ended
from ivr.clock import Clock
from ivr.data_folder import make_folders
from ivr.errors import Deadline, ZongjiError
from ivr.esl.call import EslCall
from ivr.esl.server import Server
from ivr.gevent_clock import SystemClock
from ivr.handlers import installed
from ivr.heap import settle_more
from ivr.live_table import LiveTable
from ivr.reception import Reception
from ivr.records import CallRecords, records_server
from ivr.settings import Settings
from ivr.sockets import socket_address
from ivr.speaking import make_speech, other_words, voice_of
from ivr.speech import Voice
from ivr.steps import Table
from ivr.store import Changes, Journal, Messages, OffHub, Scribe, Store
from ivr.switches import control_of
from ivr.tables import Archive, Tables
from ivr.tables.reader import read_aside
from ivr.tapes.recording import Recorder, TapedServer
from ivr.waits import Answer, busy
from ivr.watch import Watch

__all__ = ["Line"]

log = structlog.get_logger(__name__)

SWEEP = 60.0
"""Seconds between two looks at the spool and at the call records that could not be posted."""
READY = 60.0
"""Seconds a line makes speech before it listens: the default table needs 15, one with thousands of names an hour."""
READ = 30.0
"""Seconds a table may take to be read; then a call in progress that has it goes on with the current one."""
LOOK = 1.0
"""Seconds the store may take to say which hours are overridden."""
SPEAK = 600.0
"""Seconds between two looks at what will have to be said next."""
DRAIN = 10.0


class Line:
    """Everything one worker needs for its calls."""

    def __init__(
        self,
        settings: Settings,
        table: Table,
        *,
        clock: Clock | None = None,
        voice: Voice | None = None,
        on_call: Callable[[EslCall], EslCall] = lambda call: call,
        told: Mapping[str, Any] | None = None,
        renew: Callable[[str], Mapping[str, Any]] | None = None,
    ):
        self.settings, self.clock = settings, clock or SystemClock()
        self.data = settings.data.resolve()
        make_folders(self.data)
        self.archive = Archive(self.data / "tables")
        self.tables = Tables(self.archive, table, partial(read_aside, self.clock, READ))
        self.handlers = installed()
        self.reception = Reception(self.handlers)
        self.voice = voice or voice_of(settings, table.languages)
        self.store = Store(settings.database_url)
        self.off_hub = OffHub(self.clock)
        # Records of its own: a thousand of them, left by a line that was away, must not hold up a caller's message.
        self.back_office = OffHub(self.clock)
        self.journal = Journal(self.store)
        self.messages = Messages(self.store, settings.spool)
        self.books = Books(self.clock, self.off_hub, Scribe(self.journal, self.off_hub), self.messages, self.store)
        self.records = CallRecords(self.store, self.journal, self.messages, self.clock)
        # `told`: what each tape's first line says beside the usual, such as the name of the switch.
        self.recorder = Recorder(Path(settings.tapes), self.clock, told) if settings.tapes else None
        serving = partial(TapedServer, self.recorder) if self.recorder else Server
        self.server = serving(
            socket_address(settings.listen, "listen"),
            self.take,
            clock=self.clock,
            allowed=settings.switches.split(","),
            soft=settings.soft_limit,
            hard=settings.hard_limit,
        )
        self.records_server = records_server(
            socket_address(settings.records_listen, "records-listen", "127.0.0.1:8085"),
            self.records.take,
            self.back_office.run,
            self.clock,
        )
        # `renew`: how to have the table's files checked by another process; without, the line only follows others.
        self.live = LiveTable(
            self.tables,
            self.clock,
            lambda: "{}:{}".format(*self.server.address[:2]),
            files=settings.table if settings.watch else None,
            renew=renew,
            taken=self._taken,
            write_down=partial(self.off_hub.post, Changes(self.store).write),
        )
        self.books.on_failure = lambda call: self.live.failed(call.table.version, call.uuid)
        self.control = control_of(settings, self.clock)
        self.watch = (
            Watch(self.control, self.clock, self.journal, self.records, self.back_office) if self.control else None
        )
        self._on_call = on_call
        self._failing: dict[str, int] = {}
        self._speak_now = Event()
        self._chores: list[gevent.Greenlet] = []

    # A life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make ready what calls will need, then listen."""
        self.store.migrate()
        self._once(self.look)
        self._once(self.live.open)
        self._once(self.static)
        ready = Answer()
        speaking = gevent.spawn(self._speak_on, ready)
        try:
            with busy(self.clock):
                ready.get(self.clock, READY, "speech")
        except Deadline:
            log.warning("speech is still being made; callers are answered meanwhile, and wait for some sentences")
        self.server.start()
        self.records_server.start()
        self._chores = [
            gevent.spawn(self._again, self.sweep, SWEEP, 0.0),
            gevent.spawn(self._again, self.look, self.settings.look, self.settings.look),
            gevent.spawn(self._again, self.live.look, self.settings.look, self.settings.look),
            speaking,
        ]
        if self.control:
            self.control.start()
            self._chores.append(gevent.spawn(self._again, self.watch.reconcile, SWEEP, SWEEP))

    def stop(self, deadline: float = DRAIN) -> bool:
        """No new calls; those in dialogue have `deadline` seconds; the rest goes on elsewhere. True if none was cut."""
        whole = self.server.drain(deadline)
        self.records_server.stop(1)
        if self.control:
            self.control.stop()
        gevent.killall(self._chores, block=True, timeout=5)
        self.live.close()
        self.books.scribe.flush(5)
        self.off_hub.flush(5)
        self.off_hub.close()
        self.back_office.close()
        self.store.close()
        if self.recorder:
            self.recorder.close()
        return whole

    # A call ---------------------------------------------------------------------------------------------------------

    def take(self, session) -> None:
        """One connection of a call: it comes in, or comes back."""
        voice, books = self.voice, self.books
        if self.recorder:
            voice, books = self.recorder.beside(session, voice, books)
        call = self._on_call(EslCall(session, voice, self.clock, books, ringback=self.settings.ringback))
        if self.watch:
            self.watch.saw(session.channel.get("Core-UUID", ""))
        with self.tables.serving(call.table_version or None) as call.table:
            if self.recorder:
                self.recorder.begin(call)
            if session.busy and call.entered_at is None:
                # Past the soft limit: who is not yet in dialogue hears busy, and those who are, are served.
                call.hang_up("USER_BUSY")
                return
            if call.entered_at is None:
                books.open(call)
            outcome = self.reception.receive(call)
        if isinstance(outcome, Ended):
            books.close(call, outcome)
            self.live.served(call.table.version, call.uuid)

    # Chores ---------------------------------------------------------------------------------------------------------

    def speak(self) -> None:
        make_speech(self.voice, self.tables.current, self.clock.now())

    def _speak_on(self, ready: Answer) -> None:
        while True:
            self._speak_now.clear()
            self._once(self.speak)
            ready.set()
            timer = self.clock.call_later(SPEAK, self._speak_now.set)
            self._speak_now.wait()
            timer.cancel()

    def _taken(self, table: Table) -> None:
        """The line has another table, or other prompts."""
        other_words(self.voice, table.languages)
        settle_more()
        self._speak_now.set()

    def look(self) -> None:
        """Hours that others have overridden. Where the store is away, what was seen last stands."""
        self.off_hub.run(self.books.overrides.look, deadline=LOOK)

    def sweep(self) -> None:
        """Call records that could not be posted, recordings a death left behind, tables no call has any more."""
        self.back_office.run(self.records.sweep, self.data / "records", deadline=SWEEP)
        self.back_office.run(self.records.sweep_spool, deadline=SWEEP)
        # Not before it is known which calls are over.
        needed = self.back_office.run(self.journal.tables_in_use, deadline=SWEEP)
        self.back_office.run(self.archive.prune, needed, self.clock.now(), deadline=SWEEP)

    def static(self) -> None:
        """What the dialplan plays when no line is there."""
        self.voice.static(self.data / "static")

    def _again(self, chore: Callable[[], None], seconds: float, first: float) -> None:
        self.clock.sleep(first)
        while True:
            self._once(chore)
            self.clock.sleep(seconds)

    def _once(self, chore: Callable[[], None]) -> None:
        """A chore that fails is told and tried again later; calls are answered meanwhile. One that fails each second
        is told the first time, the second, the fourth, the eighth …"""
        name = chore.__qualname__
        times = self._failing[name] = self._failing.get(name, 0) + 1
        tell = times & (times - 1) == 0
        try:
            chore()
        except (ZongjiError, OSError) as error:
            if tell:
                log.error("a chore failed; it is tried again", chore=name, times=times, error=str(error))
        except Exception:
            if tell:
                log.exception("a chore failed; it is tried again", chore=name, times=times)
        else:
            del self._failing[name]
