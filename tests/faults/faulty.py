"""A switch with a fault, many of them at once before one line; what must hold whatever the fault."""

import contextlib
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import gevent
from gevent import socket
from structlog.testing import capture_logs

from ivr.call import Ended, HandOver
from ivr.errors import ZongjiError
from ivr.esl.server import Server
from ivr.steps import Table
from ivr.tapes.player import Player
from ivr.tapes.reading import Line, Tape
from ivr.tapes.replay import Replay, Verdict
from ivr.tapes.script import Expect, Say
from ivr.tapes.writing import about, row
from tests.faults.kinds import End, Steps

__all__ = ["Case", "Faulty", "as_tape", "failures"]

SILENT = 20.0
"""Seconds the switch waits for a command before it goes its own way."""
LIMIT = 2400.0
"""Seconds after which nobody may be left: every wait a call can make one after the other, with prompts of a minute."""
RST = struct.pack("ii", 1, 0)


@dataclass
class Case:
    """One tape with one fault. `strict`: the line must say exactly what it had said."""

    tape: Tape
    table: Table
    name: str
    steps: Steps
    strict: bool = False
    write: Callable[[socket.socket, bytes], None] = socket.socket.sendall


class Faulty(Player):
    """Plays steps that may be wrong; goes on whatever the line says. Its difference is what is amiss, or None."""

    def __init__(self, case: Case, *given, **more):
        super().__init__(case.tape, *given, **more)
        self.case, self.steps, self.port = case, case.steps, 0

    def play(self, address, known=lambda port: None):
        def both(port: int) -> None:
            self.port = port
            known(port)

        return super().play(address, both)

    def _send(self, step: Say) -> None:
        with contextlib.suppress(OSError):
            self.case.write(self.sock, b"".join(map(self._swapped, step.frames)))

    def _play(self):
        if self.case.strict:
            return super()._play()
        begun = self.clock.monotonic()
        for step in self.steps:
            if isinstance(step, Say):
                self.clock.sleep(step.wait)
                self._send(step)
            elif isinstance(step, Expect):
                self.patience = SILENT
                if (came := self._take()) is not None:
                    self._swap(step.command.raw, came.raw)
            elif step.how == "rst":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
                return None
            else:
                return None
        # The switch is silent now, and keeps the socket: the line must end it.
        self.patience = LIMIT
        while not self._closed:
            if self._take() is None and not self._closed:
                return f"the line was still there after {self.clock.monotonic() - begun:.0f} s"
        return None


def failures(
    cases: Iterable[Case], neighbour: tuple[Tape, Table], server: type[Server] = Server
) -> list[tuple[Case, str]]:
    """Live through all cases at once, with a clean call beside them; those in which something did not hold."""
    cases, found = list(cases), []
    with (
        capture_logs(),
        Replay(server=server) as replay,
    ):  # the log says of each fault what it is, with a traceback that takes its time
        players: list[Faulty] = []

        def faulty(case: Case) -> Verdict:
            def player(*given, **more) -> Faulty:
                players.append(Faulty(case, *given[1:], **more))
                return players[-1]

            return replay.one(case.tape, case.table, player)

        going = [gevent.spawn(faulty, case) for case in cases]
        clean = gevent.spawn(replay.one, *neighbour)
        gevent.joinall([*going, clean])
        verdicts = [each.get() for each in going]
        until(replay, lambda: not replay.server.sessions and not replay.crowded.sessions)
        kept = {session.client_address[1] for each in (replay.server, replay.crowded) for session in each.sessions}
        ports = {id(player.case): player.port for player in players}
        for case, verdict in zip(cases, verdicts, strict=True):
            reason = verdict.difference or amiss(verdict)
            if ports[id(case)] in kept:
                reason = "its place in the line was not given back"
            if reason:
                found.append((case, str(reason)))
        if not clean.get():
            found.append((cases[0], "the clean call beside noticed: " + str(clean.get().difference)))
    return found


def until(replay: Replay, done: Callable[[], bool]) -> None:
    """Let virtual time pass until it is so, or LIMIT is over."""
    for _ in range(8):
        if done():
            return
        replay.clock.sleep(LIMIT / 8)


def amiss(verdict: Verdict) -> str:
    """What of a call's end must not be, whatever the switch did."""
    if not isinstance(verdict.ended, Ended | HandOver | ZongjiError | None):
        return f"it ended by {verdict.ended!r}"
    for event, data in verdict.notes:
        error = str(data.get("error", "")).partition(":")[0]
        if event == "failed" and error not in KNOWN:
            return f"a step failed by {data['error']}"
    handed = [data for event, data in verdict.notes if event == "handed-over" and data["part"] == "record"]
    began = f"{verdict.tape.about['call']}-"
    if handed and not any(name.startswith(f"{began}{handed[-1]['turn']}.") for name in verdict.begun):
        return "it is recorded and was not written down before"
    return ""


KNOWN = {"Deadline", "WireError", "FrameError", "Refused", "CannotKeep", "500 steps in one connection"}


def as_tape(case: Case) -> str:
    """A case as the lines of a tape, to be kept."""
    rows = [about(**{key: value for key, value in case.tape.about.items() if key != "tape"})]
    t = 0.0
    for step in case.steps:
        t += getattr(step, "wait", 0.0)
        if isinstance(step, Say):
            rows.append(row(Line(t, "switch", step.data)))
        elif isinstance(step, Expect):
            rows.append(row(Line(t, "app", step.command.raw)))
        elif isinstance(step, End):
            rows.append(row(Line(t, "note", note=f"the switch closes: {step.how}", more={"end": "switch"})))
    return b"".join(rows).decode()
