"""Records each connection of a line as a tape: `ivr serve --tapes FOLDER` (docs/tapes.md).

    recorder = Recorder(Path("tapes"), clock)
    TapedServer(recorder, listener, application, …)     # in place of the Server
    voice, books = recorder.beside(session, voice, books)
    recorder.begin(call)

A tape holds what a replay needs and the wire does not show: the table's version and its text beside it, the time, what
each prompt's files are, and what the books answered. Recording never disturbs a call: see `ivr.tapes.shelf`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from ivr.errors import CannotKeep
from ivr.esl.call import EslCall
from ivr.esl.commands import EXIT
from ivr.esl.server import Server
from ivr.esl.session import Session
from ivr.table.kept import kept
from ivr.tapes.labels import label
from ivr.tapes.shelf import Shelf
from ivr.tapes.writing import about, noted, said

__all__ = ["Recorder", "Tap", "TapedServer"]

log = structlog.get_logger(__name__)

MOST = 16 * 1024 * 1024
"""Bytes of one tape: two hours of a caller who waits."""
BEFORE = 128 * 1024
"""Bytes kept of a connection of which nobody knows yet whether it is a call."""


class Recorder:
    """The tapes of one line. `told`: what the first line of each says beside the usual, such as the switch's name."""

    def __init__(self, folder: Path, clock, told: Mapping[str, Any] | None = None):
        self.shelf, self.clock, self.told = Shelf(folder), clock, dict(told or {})
        self._taps: dict[Session, Tap] = {}
        self._names: dict[str, int] = {}
        self._tables: set[str] = set()

    def tap(self, session: Session) -> "Tap":
        """Listen to a session from now on."""
        tap = self._taps[session] = Tap(self)
        session.tap = tap.said
        return tap

    def beside(self, session: Session, voice, books):
        """The voice and the books of a call, telling its tape what they answer."""
        tap = self._taps.get(session)
        return (voice, books) if tap is None else (ToldVoice(voice, tap), ToldBooks(books, tap))

    def begin(self, call: EslCall) -> None:
        """The call is known: its tape gets a name and a first line."""
        tap = self._taps.get(call.session)
        if tap is None:
            return
        table, connection = call.table, call.hand_overs + 1
        try:
            if table.version not in self._tables:
                self._tables.add(table.version)
                self.shelf.put(f"{table.version}.yaml", kept(table), new=True)
            tap.begin(
                self._name(call.uuid, connection), at=tap.at.isoformat(), call=call.uuid, connection=connection,
                table=table.version, **({"busy": True} if call.session.busy else {}), **self.told,
            )  # fmt: skip
        except Exception:
            log.exception("a tape could not be begun", call=call.uuid)
            tap.over = True

    def _name(self, uuid: str, connection: int) -> str:
        """<uuid>-01.jsonl for the first connection of a call; -01.2 where a killed line's caller came again."""
        name = f"{uuid}-{connection:02d}"
        count = self._names[name] = self._names.get(name, 0) + 1
        if len(self._names) > 10_000:
            self._names.pop(next(iter(self._names)))
        return f"{name}.jsonl" if count == 1 else f"{name}.{count}.jsonl"

    def end(self, session: Session) -> None:
        tap = self._taps.pop(session, None)
        if tap is None:
            return
        why = session.closed_because or ""
        if session.hung_up is not None or why.startswith("FreeSWITCH"):
            tap.noted("the switch closed the connection, or the caller hung up", end="switch")
        elif session.connected or why or tap.left:
            tap.noted("the line closed the connection", end="line")
        else:
            # From outside the call: a replay goes no further.
            tap.noted("the line was stopped", end="line", cut=True)

    def close(self) -> None:
        self.shelf.close()


class Tap:
    """What is recorded of one connection. Nothing here raises. `recorder`: has the shelf and the clock."""

    ended = ""
    """Who closed first, where that is known to nobody else."""
    left = False
    """Has the line said `exit`?"""

    def __init__(self, recorder):
        self._shelf, self._clock = recorder.shelf, recorder.clock
        self.at, self._start = self._clock.now(), self._clock.monotonic()
        self._name = ""
        self._before: list[bytes] = []
        self._bytes = 0
        self.over = False

    @property
    def named(self) -> bool:
        """Is it known whose tape this is?"""
        return bool(self._name)

    def begin(self, name: str, **told) -> None:
        before, self._before, self._name = self._before, [], name
        self.over = self.over or not self._shelf.put(name, about(**told) + b"".join(before), new=True)

    def said(self, source: str, data: bytes) -> None:
        """One side has said something."""
        self.left = (source == "app" and data.endswith(EXIT)) or self.left
        if not self.over:
            self._write(said, source, data)

    def noted(self, note: str, **more) -> None:
        if not self.over:
            self._write(noted, note, **more)

    def plays(self, files: list[str], prompt: str) -> None:
        """These files are about to be played, and say this."""
        self.noted(f"says {prompt}", files=files, prompt=prompt)

    def _since(self) -> float:
        return self._clock.monotonic() - self._start

    def _write(self, row: Callable[..., bytes], *given, **more) -> None:
        """A fault in here costs the tape, never the call that is going on around it."""
        try:
            self._row(row(self._since(), *given, **more))
        except Exception:
            log.exception("a tape ends here; its call goes on")
            self.over = True

    def _row(self, row: bytes) -> None:
        self._bytes += len(row)
        if not self._name:
            self._before.append(row)
            self.over = self._bytes > BEFORE
        elif self._bytes > MOST or not self._shelf.put(self._name, row):
            self.over = True
            self._shelf.put(self._name, noted(self._since(), "the tape is full: the rest is missing", cut=True))


class ToldVoice:
    """A voice; the tape learns what is said by the command that follows."""

    def __init__(self, voice, tap: Tap):
        self._voice, self._tap = voice, tap

    def files(self, prompt, language):
        return self._tell(prompt, language, self._voice.files(prompt, language))

    def make(self, prompt, language):
        return self._tell(prompt, language, self._voice.make(prompt, language))

    def sound(self, sound):
        return self._tell(sound, "", [self._voice.sound(sound)])[0]

    def _tell(self, one, language, files):
        if files:
            self._tap.plays([str(file) for file in files], label(one, language))
        return files

    def __getattr__(self, name: str):
        return getattr(self._voice, name)


class ToldBooks:
    """A call's books; the tape learns what they answered, so that a replay needs no database."""

    def __init__(self, books, tap: Tap):
        self._books, self._tap = books, tap
        self._asked: dict[str, int] = {}

    def write_down(self, call, name, box, callback):
        try:
            self._books.write_down(call, name, box, callback)
        except CannotKeep as error:
            self._tap.noted("books: write_down refused", asked="write_down", refused=str(error))
            raise
        self._tap.noted("books: write_down", asked="write_down", gave=None)

    def keep(self, call, recorded, shortest):
        gave = self._books.keep(call, recorded, shortest)
        self._tap.noted(f"books: keep gave {gave!r}", asked="keep", gave=gave)
        return gave

    def place(self, call, hold):
        gave = self._books.place(call, hold)
        self._tap.noted(f"books: place gave {gave!r}", asked="place", gave=gave)
        return gave

    def turn(self, call, address):
        gave = self._books.turn(call, address)
        self._tap.noted(f"books: turn gave {gave!r}", asked="turn", gave=gave)
        return gave

    def recall_language(self, call):
        gave = self._books.recall_language(call)
        self._tap.noted(f"books: recall_language gave {gave!r}", asked="recall_language", gave=gave)
        return gave

    def overridden(self, call, hours):
        gave = self._books.overridden(call, hours)
        # Asked at every door, and hardly ever something: only that is told, and the how manieth question it was.
        self._asked[hours] = nth = self._asked.get(hours, 0) + 1
        if gave is not None:
            self._tap.noted(f"books: {hours} are overridden", asked=f"overridden {hours} {nth}", gave=gave.plain)
        return gave

    def override(self, call, hours, state, until):
        gave = self._books.override(call, hours, state, until)
        self._tap.noted(f"books: override gave {gave!r}", asked="override", gave=gave)
        return gave

    def __getattr__(self, name: str):
        return getattr(self._books, name)


class TapedServer(Server):
    """A server each of whose connections is recorded."""

    def __init__(self, recorder: Recorder, *given, **more):
        super().__init__(*given, **more)
        self.recorder = recorder

    def _met(self, session: Session, peer: str) -> None:
        try:
            self.recorder.tap(session)
        except Exception:
            log.exception("a connection is not recorded", peer=peer)

    def _over(self, session: Session) -> None:
        self.recorder.end(session)
        super()._over(session)
