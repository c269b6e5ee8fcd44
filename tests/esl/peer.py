"""The switch's end of an event socket, as tests need it: it answers, and does what a test tells it to."""

from collections.abc import Callable

import gevent
from gevent import socket
from gevent.event import Event

from ivr.switch.wire import Command, Commands, event_frame, notice, plain, reply

__all__ = ["NAME", "UUID", "Peer", "received", "sent", "settle"]

UUID = "b793234f-5ab3-42a8-a77d-980fbcec9601"
NAME = {"Event-Name": "CHANNEL_DATA", "Unique-ID": UUID, "Channel-Name": "sofia/internal/x"}


def settle() -> None:
    """Until nobody in this process has anything left to do: every byte written is read, every greenlet waits."""
    for _ in range(12):
        gevent.idle()


def received(sock) -> bytes:
    """What came; nothing where the other side has gone, however it went."""
    try:
        return sock.recv(1 << 20)
    except OSError:
        return b""


def sent(sock, data: bytes) -> None:
    """Send; the other side may have gone first."""
    try:
        sock.sendall(data)
    except OSError:
        pass


class Peer:
    """One connection. It answers every command with +OK and completes every execute, unless `mute`.

    `channel`: headers of the connect reply, beside the usual ones. `on`: called with each command; what it returns
    (True) says that it has answered.
    """

    def __init__(self, channel: dict[str, str] | None = None, *, mute: bool = False, sock=None,
                 on: Callable[["Peer", Command], bool | None] | None = None):  # fmt: skip
        if sock is None:
            self.sock, self.line = socket.socketpair()
        else:
            self.sock, self.line = sock, None
        self.channel, self.mute, self.on = channel or {}, mute, on
        self.completing = True
        self.bytes = b""
        self.said = b""
        self.writes: list[bytes] = []
        self.commands: list[Command] = []
        self.closed = Event()
        self._reader = gevent.spawn(self._read)

    def _read(self) -> None:
        decoder = Commands()
        while True:
            data = received(self.sock)
            if not data:
                self.closed.set()
                return
            self.bytes += data
            self.writes.append(data)
            for command in decoder.feed(data):
                self.commands.append(command)
                if not self.mute and not (self.on is not None and self.on(self, command)):
                    self.answer(command)

    def answer(self, command: Command) -> None:
        if command.line == "connect":
            self.send(self.data())
        elif command.line == "exit":
            self.send(reply("+OK bye") + notice(UUID, "disconnect", body="Disconnected, goodbye.\n"))
            self.hang_up()
        elif command.line.startswith("api"):
            self.send(b"Content-Type: api/response\nContent-Length: 4\n\n+OK\n")
        else:
            self.send(reply("+OK"))
            if command.line == "sendmsg" and self.completing:
                self.complete(command)

    def data(self) -> bytes:
        tail = {"Content-Type": "command/reply", "Reply-Text": "+OK\n", "Socket-Mode": "async", "Control": "full"}
        return plain(NAME | self.channel | tail).encode()

    def complete(self, command: Command, **variables: str) -> None:
        self.event(
            "CHANNEL_EXECUTE_COMPLETE",
            **{"Application": command.get("execute-app-name"), "Application-UUID": command.get("event-uuid")},
            **{f"variable_{name}": value for name, value in variables.items()},
        )

    def event(self, name: str, as_json: bool = True, **headers: str) -> None:
        self.send(event_frame({"Event-Name": name, "Unique-ID": UUID} | headers, "json" if as_json else "plain"))

    def key(self, digit: str, source: str = "RTP") -> None:
        self.event("DTMF", **{"DTMF-Digit": digit, "DTMF-Source": source})

    def send(self, data: bytes) -> None:
        sent(self.sock, data)
        self.said += data

    def hang_up(self) -> None:
        """Close the socket."""
        self._reader.kill(block=False)
        self.sock.close()
        self.closed.set()

    def executed(self) -> list[tuple[str, str]]:
        """Every application that was to be executed, with its argument."""
        sent = [one for one in self.commands if one.line == "sendmsg"]
        return [(one.get("execute-app-name"), one.get("execute-app-arg")) for one in sent]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._reader.kill()
        self.sock.close()
        if self.line is not None:
            self.line.close()
