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
from ivr.chores import Chores
from ivr.clock import Clock
from ivr.crowd import Crowd
from ivr.data_folder import make_folders
from ivr.errors import Deadline
from ivr.esl.call import EslCall
from ivr.esl.server import Server
from ivr.gevent_clock import SystemClock
from ivr.handlers import installed
from ivr.health import Health, Report, resident
from ivr.heap import settle_more
from ivr.live_table import LiveTable
from ivr.pulse import Pulse
from ivr.reception import Reception
from ivr.records import CallRecords, patient_server, records_server
from ivr.settings import Settings
from ivr.sockets import socket_address
from ivr.speaking import BIG, make_speech, make_speech_aside, other_words, voice_of
from ivr.speech import Voice
from ivr.steps import Table
from ivr.store import Changes, Journal, Leases, Messages, OffHub, Scribe, Store
from ivr.store.leases import this_process
from ivr.switches import control_of
from ivr.tables import Archive, Tables
from ivr.tables.reader import read_aside
from ivr.tapes.recording import Recorder, TapedServer
from ivr.waits import Answer, busy
from ivr.watch import Watch
from ivr.worker import Given

__all__ = ["Line"]

log = structlog.get_logger(__name__)

SWEEP = 60.0
"""Seconds between two looks at the spool and at the call records that could not be posted."""
READY = 60.0
"""Seconds a line makes speech before it listens: the default table needs 15, one with thousands of names an hour."""
READ = 30.0
"""Seconds a table may take to be read; then a call in progress that has it goes on with the current one."""
CHORES = "chores"
LEASE = 30.0
"""Seconds after which what one line does for all is another's, if it was not heard of."""
NONE = 10**9
"""A limit that is none."""
LOOK = 1.0
"""Seconds the store may take to say which hours are overridden."""
HOURS = 6 * 3600.0
"""Seconds another process may make speech: thousands of names take an hour, once."""
SPEAK = 600.0
"""Seconds between two looks at what will have to be said next."""
DRAIN = 10.0
PATIENCE = 5.0
"""Seconds a monitor has to ask."""


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
        given: Given | None = None,
    ):
        self.settings, self.clock = settings, clock or SystemClock()
        self.data = settings.data.resolve()
        make_folders(self.data)
        self.archive = Archive(self.data / "tables")
        self.tables = Tables(self.archive, table, partial(read_aside, self.clock, READ))
        self.handlers = installed()
        self.reception = Reception(self.handlers)
        self.voice = voice or voice_of(settings, table.languages)
        self._own_voice = voice is None
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
        # `given`: one of several workers finds its doors open, and tells its parent how it is.
        self.given = given
        self.pulse = Pulse(self.clock)
        self.crowd = Crowd(settings.caller_limit, settings.caller_rate)
        self.busied = 0
        serving = partial(TapedServer, self.recorder) if self.recorder else Server
        serving = partial(serving, clock=self.clock, allowed=settings.switches.split(","))
        self.server = serving(
            self._door(settings.listen, "listen"),
            self.take,
            soft=settings.soft_limit,
            hard=settings.hard_limit,
            # The middle of five seconds: one slow moment makes nobody hear that all lines are busy.
            pressed=lambda: self.pulse.usual > settings.lag_limit,
            rings=lambda: self.tables.current.rings_first,
        )
        # Emergencies have a door of their own, which no limit closes (rule F3).
        self.emergencies = (
            serving(self._door(settings.emergency_listen, "emergency"), self.take_at_once, soft=NONE, hard=NONE)
            if settings.emergency_listen
            else None
        )
        self.records_server = records_server(
            self._door(settings.records_listen, "records"),
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
        changes = Changes(self.store)
        self.watch = (
            Watch(self.control, self.clock, self.journal, changes, self.records, self.back_office)
            if self.control
            else None
        )
        self.leases = Leases(self.store)
        self.name = this_process()
        self.leads = False
        """Does this line do what one does for all?"""
        self.health_server = (
            patient_server(
                socket_address(settings.health_listen, "health-listen"),
                Health(lambda: [self.report()]).wsgi,
                self.clock,
                PATIENCE,
            )
            if settings.health_listen and given is None
            else None
        )
        self._on_call = on_call
        self.chores = Chores(self.clock)
        self._speak_now = Event()

    # A life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make ready what calls will need, then listen."""
        self.store.migrate()
        self.chores.once(self.look)
        self.chores.once(self.live.open)
        self.chores.once(self.static)
        ready = Answer()
        self.chores.aside(self._speak_on, ready)
        try:
            with busy(self.clock):
                ready.get(self.clock, READY, "speech")
        except Deadline:
            log.warning("speech is still being made; callers are answered meanwhile, and wait for some sentences")
        self.pulse.start()
        for door in self._doors():
            door.start()
        self.chores.once(self.lead)
        self.chores.every(SWEEP, self.sweep)
        self.chores.every(LEASE / 3, self.lead)
        self.chores.every(self.settings.look, self.look)
        self.chores.every(self.settings.look, self.live.look)
        if self.control:
            self.control.start()
            self.chores.every(SWEEP, self.watch.reconcile)

    def stop(self, deadline: float = DRAIN) -> bool:
        """No new calls; those in dialogue have `deadline` seconds; the rest goes on elsewhere. True if none was cut."""
        # Both doors at once: the parent kills who takes twice as long.
        draining = [gevent.spawn(door.drain, deadline) for door in (self.server, self.emergencies) if door is not None]
        whole = all([door.get() for door in draining])
        self.records_server.stop(1)
        if self.health_server:
            self.health_server.stop(1)
        self.pulse.stop()
        if self.control:
            self.control.stop()
        self.chores.stop()
        self.live.close()
        if self.leads:
            self.off_hub.post(self.leases.give_back, CHORES, self.name)
        self.books.scribe.flush(5)
        self.off_hub.flush(5)
        self.off_hub.close()
        self.back_office.close()
        self.store.close()
        if self.recorder:
            self.recorder.close()
        return whole

    # A call ---------------------------------------------------------------------------------------------------------

    def take_at_once(self, session) -> None:
        """One connection of a call that no limit may refuse."""
        self.take(session, limits=False)

    def take(self, session, limits: bool = True) -> None:
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
            if limits and call.entered_at is None and self._is_too_much(session, call):
                # Who is not yet in dialogue hears busy, and those who are, are served.
                self.busied += session.busy
                call.hang_up("USER_BUSY")
                return
            if call.entered_at is None:
                books.open(call)
            with self.crowd.here(call.caller):
                outcome = self.reception.receive(call)
        if isinstance(outcome, Ended):
            books.close(call, outcome)
            self.live.served(call.table.version, call.uuid)

    def _is_too_much(self, session, call: EslCall) -> bool:
        """Past the soft limit, held up, or called by one number without end; an emergency entry is never too much."""
        if call.table.greeting(call.dialled).emergency:
            return False
        return session.busy or not self.crowd.admits(call.caller, self.clock.monotonic())

    # How it is ------------------------------------------------------------------------------------------------------

    def report(self) -> Report:
        """What a monitor is told of this line."""
        figures = self.server.figures
        return Report(
            worker=self.given.number if self.given else 0,
            table=self.tables.current.version,
            fallen_back="the table's files are refused" if self.live.refused else "",
            draining=self.server.closed,
            calls=len(self.server.sessions),
            soft_limit=self.settings.soft_limit,
            hard_limit=self.settings.hard_limit,
            lag=round(self.pulse.lag, 4),
            memory=resident(),
            writing=self.off_hub.behind + self.back_office.behind,
            switches_down=sum(not switch.up for switch in self.control.switches) if self.control else 0,
            accepted=figures.accepted,
            refused=figures.refused,
            over=figures.over,
            busied=self.busied,
            crowded=self.crowd.refused,
            dumb=figures.dumb,
            failed=figures.failed,
            lost_writes=self.books.scribe.dropped + self.off_hub.dropped,
        )

    def _door(self, address: str, name: str):
        """Where to listen: a socket the parent has opened, or an address."""
        if self.given and name in self.given.sockets:
            return self.given.sockets[name]
        return socket_address(address, name if name == "listen" else f"{name}-listen")

    def _doors(self):
        doors = (self.server, self.emergencies, self.records_server, self.health_server)
        return [door for door in doors if door is not None]

    # Chores ---------------------------------------------------------------------------------------------------------

    def lead(self) -> None:
        """One line of all does what is done once; when it dies, another does within half a minute."""
        led = self.leads
        self.leads = self.back_office.run(
            self.leases.take, CHORES, self.name, self.clock.now(), LEASE, deadline=LEASE / 3
        )
        if self.leads and not led:
            log.info("this line sweeps for all", line=self.name)
            self.chores.aside(self.chores.once, self.sweep)

    def speak(self) -> None:
        """Make the speech that will be needed until tomorrow night, before a caller waits for it."""
        table = self.tables.current
        if len(table.steps) < BIG or not self._own_voice:
            make_speech(self.voice, table, self.clock.now())
        else:
            make_speech_aside(self.settings, table.version, self.clock, HOURS)

    def _speak_on(self, ready: Answer) -> None:
        while True:
            self._speak_now.clear()
            began = self.clock.monotonic()
            self.chores.once(self.speak)
            ready.set()
            # Looking through a big table for minutes is not done all the time.
            pause = max(SPEAK, 10 * (self.clock.monotonic() - began))
            timer = self.clock.call_later(pause, self._speak_now.set)
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
        if not self.leads:
            return
        self.back_office.run(self.records.sweep, self.data / "records", deadline=SWEEP)
        self.back_office.run(self.records.sweep_spool, deadline=SWEEP)
        self.back_office.run(self.books.languages.forget, self.clock.now(), deadline=SWEEP)
        # Not before it is known which calls are over.
        needed = self.back_office.run(self.journal.tables_in_use, deadline=SWEEP)
        self.back_office.run(self.archive.prune, needed, self.clock.now(), deadline=SWEEP)

    def static(self) -> None:
        """What the dialplan plays when no line is there."""
        self.voice.static(self.data / "static")
