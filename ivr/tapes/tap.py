"""A tap between a FreeSWITCH and a line of any make: passes every byte on, and writes it down (`ivr tape record`)."""

import re
from contextlib import suppress
from pathlib import Path

import gevent
from gevent import socket
from gevent.server import StreamServer

from ivr.clock import Clock
from ivr.gevent_clock import SystemClock
from ivr.tapes.recording import Tap
from ivr.tapes.shelf import Shelf

__all__ = ["TapServer"]

UUID = re.compile(rb"^Unique-ID: ([0-9a-f-]{36})$", re.MULTILINE)
PIECE = 64 * 1024
"""Bytes held of each direction at most: who does not read is not read from."""


class TapServer(StreamServer):
    """Listens for the switch, connects to the line. `told`: more for the first line of each tape."""

    def __init__(self, listener, to: tuple[str, int], folder: Path, *, clock: Clock | None = None, **told):
        super().__init__(listener, self._pass)
        self.to, self.told = to, told
        self.shelf, self.clock = Shelf(folder), clock or SystemClock()
        self._turns: dict[str, int] = {}

    def _pass(self, switch: socket.socket, address) -> None:
        try:
            line = socket.create_connection(self.to)
        except OSError:
            switch.close()  # as if the tap were not there: the dialplan goes on
            return
        tap = Tap(self)
        for sock in (switch, line):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = gevent.spawn(self._copy, line, switch, tap, "app")
        self._copy(switch, line, tap, "switch")
        back.join()
        tap.noted(f"the {tap.ended} closed the connection", end=tap.ended)
        for sock in (switch, line):
            sock.close()

    def _copy(self, reading: socket.socket, writing: socket.socket, tap: Tap, source: str) -> None:
        """One direction, until its end."""
        with suppress(OSError):
            while data := reading.recv(PIECE):
                tap.said(source, data)
                if source == "switch" and not tap.named:
                    self._name(tap, data)
                writing.sendall(data)
        tap.ended = tap.ended or {"app": "line", "switch": "switch"}[source]
        with suppress(OSError):
            writing.shutdown(socket.SHUT_WR)

    def _name(self, tap: Tap, data: bytes) -> None:
        """The connect reply says whose connection it is."""
        found = UUID.search(data)
        if found is None:
            return
        uuid = found[1].decode()
        turn = self._turns[uuid] = self._turns.get(uuid, 0) + 1
        if len(self._turns) > 10_000:
            self._turns.pop(next(iter(self._turns)))
        tap.begin(f"{uuid}-{turn:02d}.jsonl", at=tap.at.isoformat(), call=uuid, connection=turn, **self.told)
