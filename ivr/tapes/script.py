r"""A tape as a script for the switch's part: what it says, and which commands of the line it waits for meanwhile.

Commands are compared in a plain form: without ids, which are new in every run, without the table's version, and with
what the sound files say in place of their names.

    >>> plain("api uuid_break 6f1c8a1e-0000-4000-8000-000000000001 all", call="6f1c8a1e-0000-4000-8000-000000000001")
    'api uuid_break <call> all'
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ivr.errors import FrameError, ScriptError
from ivr.tapes.framing import framed
from ivr.tapes.reading import Tape

__all__ = ["Command", "Expect", "Say", "plain", "script"]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
EVENT_UUID = re.compile(rb"^Event-UUID: (\S+)$", re.MULTILINE)
SOUNDS = re.compile(r"(?:file_string://)?(?:/[\w.+@-]+)+\.(?:wav|r8|r16)(?:!(?:/[\w.+@-]+)+\.(?:wav|r8|r16))*")
VERSION = re.compile(r"ivr_table=[0-9a-f]{12}")
UNKNOWN = "<a sound>"


@dataclass(frozen=True, slots=True)
class Say:
    """The switch says this, `wait` seconds after what came before it on the tape."""

    t: float
    wait: float
    frames: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        return b"".join(self.frames)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the line: as it came, and in its plain form."""

    raw: bytes
    plain: str

    @property
    def event_uuid(self) -> bytes:
        found = EVENT_UUID.search(self.raw)
        return found[1] if found else b""


@dataclass(frozen=True, slots=True)
class Expect:
    """The line says this."""

    t: float
    command: Command


def paths(text: str) -> list[str]:
    """The files of a sound list."""
    return text.removeprefix("file_string://").split("!")


def plain(text: str, call: str = "", says: Callable[[Sequence[str]], Sequence[str]] = lambda files: [UNKNOWN]) -> str:
    """The form in which two commands are compared. `says`: what files say."""

    def told(found: re.Match) -> str:
        return " + ".join(says(paths(found[0])))

    text = SOUNDS.sub(told, text.strip("\n"))
    text = UUID.sub(lambda found: "<call>" if found[0] == call else "<id>", text)
    return VERSION.sub("ivr_table=<table>", text)


class Said:
    """What the notes of a tape say of the files in the command that follows them."""

    def __init__(self):
        self._noted: list[tuple[list[str], str]] = []

    def note(self, files: Iterable[str], prompt: str) -> None:
        self._noted.append(([str(file) for file in files], prompt))

    def __call__(self, files: Sequence[str]) -> list[str]:
        played, left = [], list(files)
        for noted, prompt in reversed(self._noted):
            if noted and left[-len(noted) :] == noted:
                played.insert(0, prompt)
                left = left[: -len(noted)]
        self._noted.clear()
        return [UNKNOWN] if left else played


def script(tape: Tape) -> list[Say | Expect]:
    """What happens on a tape, in order. ScriptError where the switch's side is no event socket."""
    try:
        return list(_steps(tape))
    except FrameError as error:
        raise ScriptError(f"{tape.name}: the switch's side of this tape is no ESL: {error}") from None


def _steps(tape: Tape) -> Iterator[Say | Expect]:
    call, said, last = str(tape.about.get("call", "")), Said(), 0.0
    saying: list[bytes] = []
    since = wait = 0.0
    for line in framed(tape.lines):
        if line.source == "note":
            if isinstance(line.more.get("files"), list):
                said.note(line.more["files"], str(line.more.get("prompt", "")))
            continue
        if saying and (line.source == "app" or line.t > since):
            yield Say(since, wait, tuple(saying))
            saying = []
        if line.source == "switch":
            if not saying:
                since, wait = line.t, max(0.0, line.t - last)
            saying.append(line.data)
        else:
            yield Expect(line.t, Command(line.data, plain(line.data.decode("utf-8", "replace"), call, said)))
        last = line.t
    if saying:
        yield Say(since, wait, tuple(saying))
