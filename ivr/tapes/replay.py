"""Replays tapes of our line: the tape is the switch; the handlers, the reception and the wire are real.

    with Replay() as replay:
        verdicts = replay.all([(tape, table_for(tape, path))])

No switch, no speech and no database are needed: a tape brings the time, what the books had answered, and beside it the
table it was recorded with. All tapes go at once, each in its own day.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import gevent

from ivr.clock import Clock
from ivr.errors import CannotKeep, ScriptError
from ivr.esl.call import EslCall
from ivr.esl.server import Server
from ivr.handlers import installed
from ivr.overrides import Override
from ivr.reception import Reception
from ivr.steps import Table
from ivr.switch.virtual_clock import VirtualClock
from ivr.table import load
from ivr.table.kept import from_kept
from ivr.tapes.clocks import Hurried, Paced, Shifted
from ivr.tapes.difference import Difference
from ivr.tapes.labels import label
from ivr.tapes.player import Player
from ivr.tapes.reading import Tape, read

__all__ = ["Replay", "Verdict", "abroad", "folded", "is_tape", "run", "table_for", "told"]

AT_ONCE = 100


@dataclass
class Verdict:
    """What came of one tape. It is true where the line said what it had said."""

    tape: Tape
    commands: int = 0
    difference: Difference | None = None
    notes: list[tuple[str, dict]] = field(default_factory=list)
    """What the handlers noted for the journal."""
    begun: list[str] = field(default_factory=list)
    """Messages that were written down."""
    ended: object = None
    """What the reception gave, or what was raised."""

    def __bool__(self):
        return self.difference is None

    def lines(self) -> list[str]:
        """For a person."""
        if self.difference is None:
            return [f"{self.tape.name}: as on the tape, {self.commands} commands"]
        steps = [data["address"] for event, data in self.notes if event == "step"]
        return [*self.difference.lines(), *([f"{'steps':>12}: {' → '.join(steps)}"] if steps else [])]


def table_for(tape: Tape, path: Path, known: dict[str, Table] | None = None) -> Table:
    """The table a tape was recorded with: <version>.yaml beside it, or in tables/ beside it. ScriptError without."""
    version = str(tape.about.get("table", ""))
    if not version:
        raise ScriptError(
            f"{path}: not recorded by a line of ours (its first line names no table): it can be shown, cut and "
            "scrubbed; to replay it into a line of your own, say --to HOST:PORT"
        )
    if known is not None and version in known:
        return known[version]
    for place in (path.parent / f"{version}.yaml", path.parent / "tables" / f"{version}.yaml"):
        if place.exists():
            table = from_kept(place.read_bytes())
            if known is not None:
                known[version] = table
            return table
    raise ScriptError(f"{path}: its table {version}.yaml is not beside it; say which to take with --table")


def is_tape(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def folded(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Every tape of files and folders; True for those that were named themselves."""
    found: list[tuple[Path, bool]] = []
    for path in paths:
        if path.is_dir():
            found += [(each, False) for each in sorted(path.rglob("*.jsonl*")) if is_tape(each)]
        elif is_tape(path):
            found.append((path, True))
    return found


def run(
    found: Sequence[tuple[Path, bool]], *, table: Path | None = None, speed: float = 0,
    to: tuple[str, int] | None = None,
) -> tuple[list["Verdict"], int]:  # fmt: skip
    """Replay what `folded` found; the verdicts, and how many tapes of a folder were passed over as none of ours.

    `to`: the address of a line of any make, in place of the handlers here. ScriptError, TableError where something
    cannot be read.
    """
    known: dict[str, Table] = {}
    chosen = load(table) if table is not None else None
    tapes, passed = [], 0
    for path, named in found:
        tape = read(path)
        if to is None and not named and not tape.about.get("table"):
            passed += 1
        else:
            tapes.append((tape, None if to else chosen or table_for(tape, path, known)))
    if to is not None:
        return [abroad(tape, to, speed) for tape, _ in tapes], passed
    with Replay(speed) as replay:
        return replay.all(tapes), passed


def abroad(tape: Tape, address: tuple[str, int], speed: float = 0) -> "Verdict":
    """Play a tape to a line of any make. What sound files say is not compared: theirs are not ours."""
    player = Player(tape, Paced(speed) if speed else Hurried(), patience=10.0)
    difference = player.play(address)
    return Verdict(tape, len(player.heard), difference)


def told(verdicts: Sequence["Verdict"], passed: int = 0, verbose: bool = False) -> Iterator[str]:
    """What came of a replay, for a person."""
    for verdict in verdicts:
        if verbose or not verdict:
            yield from verdict.lines()
    good = sum(map(bool, verdicts))
    commands = sum(verdict.commands for verdict in verdicts)
    yield f"{good} of {len(verdicts)} tapes as recorded, {commands} commands" + (
        f"; {passed} not recorded by a line of ours" if passed else ""
    )


class Replay:
    """A line for tapes. `speed` 0: virtual time, nothing is waited for; 1: as it was; 10: ten times as fast."""

    def __init__(self, speed: float = 0, server: Callable[..., Server] = Server):
        self.clock: Clock = Paced(speed) if speed else VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.reception = Reception(installed())
        self._players: dict[int, Playing] = {}
        self.server = server(("127.0.0.1", 0), self._take, clock=self.clock, soft=10_000, hard=10_000)
        self.crowded = server(("127.0.0.1", 0), self._take, clock=self.clock, soft=-1, hard=10_000)
        self.server.start()
        self.crowded.start()

    def __enter__(self) -> "Replay":
        return self

    def __exit__(self, *exception) -> None:
        self.server.stop(1)
        self.crowded.stop(1)
        if isinstance(self.clock, VirtualClock):
            self.clock.close()

    def all(self, tapes: Sequence[tuple[Tape, Table]]) -> list[Verdict]:
        """Every tape, all at once; the verdicts in their order."""
        verdicts: list[Verdict] = []
        for start in range(0, len(tapes), AT_ONCE):
            going = [gevent.spawn(self.one, *each) for each in tapes[start : start + AT_ONCE]]
            gevent.joinall(going)
            verdicts += [each.get() for each in going]
        return verdicts

    def one(self, tape: Tape, table: Table, player: Callable[..., Player] = Player) -> Verdict:
        """One tape."""
        playing = Playing(tape, table, self.clock)
        one = player(tape, self.clock, says=playing.voice.says, table=table.version)
        server = self.crowded if tape.about.get("busy") else self.server
        difference = one.play(("127.0.0.1", server.server_port), lambda port: self._players.update({port: playing}))
        playing.verdict.difference, playing.verdict.commands = difference, len(one.heard)
        return playing.verdict

    def _take(self, session) -> None:
        """As `ivr.line.Line.take`, with the tape's answers in place of voice and books."""
        playing = self._players.pop(session.client_address[1])
        verdict = playing.verdict
        try:
            call = EslCall(session, playing.voice, playing.clock, playing.books)
            call.table = playing.table
            if session.busy and call.entered_at is None:
                verdict.ended = call.hang_up("USER_BUSY")
                return
            verdict.ended = self.reception.receive(call)
        except Exception as error:
            verdict.ended = error
            raise


class Playing:
    """What a tape gives to the line it is played to."""

    def __init__(self, tape: Tape, table: Table, clock: Clock):
        self.table, self.verdict = table, Verdict(tape)
        try:
            at = datetime.fromisoformat(str(tape.about.get("at", "")))
        except ValueError:
            raise ScriptError(
                f'{tape.name}: its first line must say when it was: "at": "2026-11-20T10:00:00+08:00"'
            ) from None
        self.clock = Shifted(clock, at)
        self.voice, self.books = TapeVoice(), TapeBooks(tape, self.verdict)


class TapeVoice:
    """One file for each prompt, which need not exist: nobody hears it."""

    def __init__(self):
        self._labels: dict[str, str] = {}

    def _file(self, said: str) -> Path:
        name = f"/tape/{said.partition('/')[0].partition('(')[0]}-{sha256(said.encode()).hexdigest()[:12]}.wav"
        self._labels[name] = said
        return Path(name)

    def files(self, prompt, language) -> list[Path]:
        return [self._file(label(prompt, language))]

    make = files

    def sound(self, sound) -> Path:
        return self._file(label(sound))

    def says(self, files: Sequence[str]) -> list[str]:
        return [self._labels.get(file, "<a sound>") for file in files]


class TapeBooks:
    """The books of a tape: they answer what they had answered, and keep what is noted."""

    def __init__(self, tape: Tape, verdict: Verdict):
        self._verdict = verdict
        self._answers: dict[str, list[dict]] = {}
        self._asked: dict[str, int] = {}
        for more in tape.notes("asked"):
            self._answers.setdefault(str(more["asked"]), []).append(more)

    def _answer(self, asked: str, otherwise):
        answers = self._answers.get(asked)
        if not answers:
            return otherwise
        answer = answers.pop(0)
        if "refused" in answer:
            raise CannotKeep(str(answer["refused"]))
        return answer.get("gave")

    def note(self, call, event, data) -> None:
        self._verdict.notes.append((event, data))

    def write_down(self, call, name, box, callback) -> None:
        self._answer("write_down", None)
        self._verdict.begun.append(name)

    def keep(self, call, recorded, shortest):
        return self._answer("keep", "")

    def place(self, call, hold):
        return self._answer("place", None)

    def step_out(self, call) -> None:
        pass

    def turn(self, call, address) -> int:
        return self._answer("turn", 0)

    def remember_language(self, call, language) -> None:
        pass

    def recall_language(self, call) -> str:
        return self._answer("recall_language", "")

    def overridden(self, call, hours) -> Override | None:
        self._asked[hours] = nth = self._asked.get(hours, 0) + 1
        plain = self._answer(f"overridden {hours} {nth}", None)
        try:
            return None if plain is None else Override.from_plain(plain)
        except (KeyError, TypeError, ValueError) as error:
            raise ScriptError(f"the tape says {plain!r} of the hours {hours}, which is no override") from error

    def override(self, call, hours, state, until) -> bool:
        return self._answer("override", True)
