"""Plays the switch's part of a tape to a line, and compares what the line says.

    player = Player(tape, clock, says=voice.says)
    difference = player.play(("127.0.0.1", 8084))       # None: it said what it had said

The line's ids are new in every run: each command's Event-UUID is put in place of the taped one in what the switch says
after it. The call's own uuid stays.
"""

import contextlib
import re
from collections import deque
from collections.abc import Callable, Sequence

import gevent
from gevent import socket

from ivr.clock import Clock
from ivr.errors import Deadline
from ivr.tapes.difference import Difference
from ivr.tapes.framing import measured
from ivr.tapes.reading import Tape
from ivr.tapes.script import EVENT_UUID, Command, Expect, Say, plain, script
from ivr.waits import Answer

__all__ = ["Player"]

PATIENCE = 30.0
"""Seconds a line may be later than on the tape."""
HASTE = 0.1
"""Seconds before the switch's word that a command may come and still count as an answer to the word before."""
RINGBACK = re.compile(rb"ivr_ringback=([^;\n]+)")
CLOSED = "(the line closed the connection)"


class Player:
    """One tape, played once. `says`: what sound files say to the line that is heard; `table`: its table's version."""

    def __init__(
        self,
        tape: Tape,
        clock: Clock,
        *,
        says: Callable[[Sequence[str]], Sequence[str]] | None = None,
        table: str = "",
        patience: float = PATIENCE,
    ):
        self.tape, self.clock, self.patience = tape, clock, patience
        self.steps = script(tape)
        self.call = str(tape.about.get("call", ""))
        self._says = says
        self._swaps: dict[bytes, bytes] = {}
        taped = str(tape.about.get("table", ""))
        if taped and table:
            self._swaps[taped.encode()] = table.encode()
        self._came: deque[Command] = deque()
        self._rest = b""
        self._closed = False
        self._more: Answer | None = None
        self.heard: list[Command] = []
        """The line's commands as far as they were compared."""

    def play(self, address: tuple[str, int], known: Callable[[int], object] = lambda port: None) -> Difference | None:
        """The whole tape; the first difference. `known` is told our port before we connect."""
        self.sock = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        self.sock.bind(("::1" if ":" in address[0] else "", 0))
        known(self.sock.getsockname()[1])
        self.sock.connect(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = gevent.spawn(self._read)
        try:
            return self._play()
        finally:
            reader.kill()
            self.sock.close()

    def _play(self) -> Difference | None:
        number = 0
        for at, step in enumerate(self.steps):
            if isinstance(step, Say):
                self.clock.sleep(step.wait)
                if step.wait > HASTE and self._came:
                    return self._differs(
                        at, number + 1, self._came[0].plain, "it did not wait for what the switch says"
                    )
                self._send(step)
                continue
            number += 1
            came = self._take()
            if came is None or came.plain != step.command.plain:
                return self._differs(at, number, self._told(came))
            self.heard.append(came)
            self._swap(step.command.raw, came.raw)
        return self._finish(number)

    def _finish(self, number: int) -> Difference | None:
        """The tape is over: who had closed, closes; and the line says nothing more."""
        if self.tape.is_cut:
            return None
        if self.tape.end != "line":
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_WR)
        came = self._take()
        if came is None and not self._closed:
            return self._differs(len(self.steps), number, "(nothing: it keeps the connection)", "the tape is over")
        return came and self._differs(len(self.steps), number + 1, came.plain, "the tape is over")

    def _send(self, step: Say) -> None:
        data = b"".join(map(self._swapped, step.frames))
        with contextlib.suppress(OSError):  # that the line has gone is seen by the command that does not come
            self.sock.sendall(data)

    def _swap(self, taped: bytes, came: bytes) -> None:
        """What the switch will say after this command holds its id, and the name of the file it rings with."""
        for place in (EVENT_UUID, RINGBACK):
            old, new = place.search(taped), place.search(came)
            if old and new and old[1] != new[1]:
                self._swaps[old[1]] = new[1]

    def _swapped(self, frame: bytes) -> bytes:
        new = frame
        for old, better in self._swaps.items():
            new = new.replace(old, better)
        return new if len(new) == len(frame) else measured(new)

    def _differs(self, at: int, number: int, came: str, why: str = "") -> Difference:
        expected = self.steps[at].command.plain if at < len(self.steps) and isinstance(self.steps[at], Expect) else ""
        return Difference(self.tape.name, self.steps[:at], number, expected, came, why)

    def _told(self, came: Command | None) -> str:
        if came is not None:
            return came.plain
        return CLOSED if self._closed else f"(nothing within {self.patience:g} s)"

    # What the line says ---------------------------------------------------------------------------------------------

    def _take(self) -> Command | None:
        """The line's next command; None: it closed, or said nothing in time."""
        while not self._came:
            if self._closed:
                return None
            self._more = Answer()
            try:
                self._more.get(self.clock, self.patience, "command of the line")
            except Deadline:
                return None
        return self._came.popleft()

    def _read(self) -> None:
        while True:
            try:
                data = self.sock.recv(1 << 16)
            except OSError:
                data = b""
            if not data:
                self._closed = True
            *whole, self._rest = (self._rest + data).split(b"\n\n")
            for raw in whole:
                raw = raw.lstrip(b"\n") + b"\n\n"
                self._came.append(Command(raw, self._plain(raw)))
            if self._more is not None:
                self._more.set()
            if not data:
                return

    def _plain(self, raw: bytes) -> str:
        text = raw.decode("utf-8", "replace")
        return plain(text, self.call, self._says) if self._says else plain(text, self.call)
