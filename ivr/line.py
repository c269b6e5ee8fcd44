"""The line: one process that answers calls.

    line = Line(settings, table)
    line.start()        # listens when this returns
    line.stop(10)       # drains, and writes down what is to be written down

It puts the house together and keeps it in order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import gevent
import structlog

from ivr.books import Books
from ivr.call import Ended
from ivr.clock import Clock
from ivr.errors import Deadline, PromptError, StoreError
from ivr.esl.call import EslCall
from ivr.esl.server import Server
from ivr.gevent_clock import SystemClock
from ivr.handlers import installed
from ivr.prompt import Prompt, Sound
from ivr.ready import instants, needed
from ivr.reception import Reception
from ivr.records import CallRecords, records_server
from ivr.settings import Settings
from ivr.share import shared
from ivr.sockets import socket_address
from ivr.speech import Voice, best_engine, vocabulary
from ivr.speech.templates import Templates
from ivr.steps import Table
from ivr.store import Journal, Messages, OffHub, Scribe, Store
from ivr.switches import control_of
from ivr.tables import Tables
from ivr.tapes.recording import Recorder, TapedServer
from ivr.waits import Answer, busy, off_hub
from ivr.watch import Watch

__all__ = ["FOLDERS", "Line"]

log = structlog.get_logger(__name__)

FOLDERS = ("spool", "speech", "static", "records", "tables")
SWEEP = 60.0
"""Seconds between two looks at the spool and at the call records that could not be posted."""
READY = 60.0
"""Seconds a line makes speech before it listens: the default table needs 15, one with thousands of names an hour."""
READ = 20.0
"""Seconds the table of a call in progress may take to be read; then it goes on with the current one."""
LOOK = 1.0
"""Seconds between two looks at what others have changed: hours overridden by hand."""
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
    ):
        self.settings, self.clock = settings, clock or SystemClock()
        self.data = settings.data.resolve()
        for folder in (self.data, *(self.data / name for name in FOLDERS)):
            if not folder.exists():
                folder.mkdir(parents=True)
                # Shared with FreeSWITCH by a group, and closed to everybody else: messages are nobody else's business.
                folder.chmod(0o2770)
        self.tables = Tables(self.data / "tables", table, partial(off_hub, self.clock, READ, "table"))
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
        self.control = control_of(settings, self.clock)
        self.watch = (
            Watch(self.control, self.clock, self.journal, self.records, self.back_office) if self.control else None
        )
        self._on_call = on_call
        self._sees = True
        self._chores: list[gevent.Greenlet] = []

    # A life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make ready what calls will need, then listen."""
        self.store.migrate()
        self._once(self.look)
        self.tables.keep(self.tables.current.text.encode())
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
            gevent.spawn(self._again, self.look, LOOK, LOOK),
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
        call.table = self.tables.of(call.table_version or None)
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

    # Chores ---------------------------------------------------------------------------------------------------------

    def speak(self) -> None:
        """Make the speech that will be needed until tomorrow night (before a caller waits for it)."""
        table = self.tables.current
        now = self.clock.now()
        built = self.voice.build(self._words(table, now), table.languages)
        for error in built.failed:
            log.error("a prompt has no sound; it will be missing in calls", error=str(error))

    def _speak_on(self, ready: Answer) -> None:
        while True:
            self._once(self.speak)
            ready.set()
            self.clock.sleep(SPEAK)

    def _words(self, table: Table, now: datetime) -> Iterator[Prompt | Sound]:
        """Found in the voice's thread: seconds of work for a big table, in which no call would be heard."""
        yield from needed(table, self.handlers, instants(table, now))
        yield from vocabulary(table, now)

    def look(self) -> None:
        """What others have changed. Where the store is away, what was seen last stands."""
        try:
            self.off_hub.run(self.books.overrides.look, deadline=LOOK)
        except StoreError as error:
            if self._sees:
                log.warning("nobody knows whether hours were overridden meanwhile", error=str(error))
            self._sees = False
        else:
            self._sees = True

    def sweep(self) -> None:
        """Call records that could not be posted, and recordings a death left behind."""
        self.back_office.run(self.records.sweep, self.data / "records", deadline=SWEEP)
        self.back_office.run(self.records.sweep_spool, deadline=SWEEP)

    def static(self) -> None:
        """What the dialplan plays when no line is there."""
        self.voice.static(self.data / "static")

    def _again(self, chore: Callable[[], None], seconds: float, first: float) -> None:
        self.clock.sleep(first)
        while True:
            self._once(chore)
            self.clock.sleep(seconds)

    def _once(self, chore: Callable[[], None]) -> None:
        """A chore that fails is told and tried again later; calls are answered meanwhile."""
        try:
            chore()
        except (StoreError, PromptError, OSError) as error:
            log.error("a chore failed; it is tried again", chore=chore.__name__, error=str(error))
        except Exception:
            log.exception("a chore failed; it is tried again", chore=chore.__name__)


def voice_of(settings: Settings, languages: Sequence[str] = ()) -> Voice:
    """The voice of a machine: the site's prompts, then those that came with the program. What a language has no words
    for is said in the first of `languages` that has everything: a wrong language is better than silence (rule A4)."""
    folders = [folder for folder in (Path(settings.prompts), shared("prompts")) if folder.is_dir()]
    names = {language: set(Templates(folders).names(language)) for language in (*languages, "en")}
    whole = [language for language, found in names.items() if found >= names["en"]]
    for language in languages:
        if language not in whole:
            log.error("a language has not every prompt; `ivr prompts missing` lists them", language=language,
                      spoken_instead=whole[0])  # fmt: skip
    return Voice(folders, settings.data.resolve() / "speech", best_engine(), settings.rate, fallback=whole[0])
