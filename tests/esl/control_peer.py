"""A FreeSWITCH's inbound event socket, as tests need it: it greets, asks for the password, and answers as measured on
FreeSWITCH 1.10.12 — or not at all, where a test tells it to."""

import json
from collections.abc import Callable
from urllib.parse import unquote

from gevent import socket
from gevent.server import StreamServer

from ivr.switch.wire import GOODBYE, Command, Commands, api_response, event_frame, reply
from tests.esl.peer import received, sent

__all__ = ["CORE", "PASSWORD", "Connection", "ControlPeer", "uuid"]

PASSWORD = "s3cret-of-the-switch"
CORE = "edf028fd-b039-44eb-bf3c-e80ebae3c339"


def uuid(n: int) -> str:
    """A channel's id."""
    return f"6f1c8a1e-0000-4000-8000-{n:012d}"


class Connection:
    """One connection to it."""

    def __init__(self, peer: "ControlPeer", sock):
        self.peer, self.sock = peer, sock
        self.commands: list[Command] = []
        self.allowed = False
        self.form = ""
        self.events: set[str] = set()
        self.open = True

    def run(self) -> None:
        if self.peer.rude:
            body = "Access Denied, go away.\n"
            self.send(f"Content-Type: text/rude-rejection\nContent-Length: {len(body)}\n\n{body}".encode())
            self.close()
            return
        if self.peer.greets:
            self.send(b"Content-Type: auth/request\n\n")
        decoder = Commands()
        while self.open:
            data = received(self.sock)
            if not data:
                self.open = False
                return
            for command in decoder.feed(data):
                self.commands.append(command)
                if not self.peer.mute and not (self.peer.on is not None and self.peer.on(self, command)):
                    self.answer(command)

    def answer(self, command: Command) -> None:
        word, _, rest = command.line.partition(" ")
        if word == "auth":
            self.allowed = rest == self.peer.password
            self.send(reply("+OK accepted" if self.allowed else "-ERR invalid"))
            if not self.allowed:
                self.bye(GOODBYE)
        elif word == "exit":
            self.send(reply("+OK bye"))
            self.bye(GOODBYE)
        elif not self.allowed:
            self.send(reply("-ERR command not found"))
        elif word == "event":
            self.form, *names = rest.split(" ")
            self.events |= set(names)
            self.send(reply(f"+OK event listener enabled {self.form}"))
        elif word == "api":
            self.send(api_response(self.peer.api(rest)))
        elif word == "bgapi":
            job = command.get("job-uuid")
            self.send(reply(f"+OK Job-UUID: {job}\nJob-UUID: {job}"))
            if (body := self.peer.job(rest)) is not None:
                self.peer.event("BACKGROUND_JOB", _body=body, **{"Job-UUID": job, "Job-Command": rest.split(" ")[0]})
        elif word == "sendevent":
            self.send(reply(f"+OK {uuid(999)}"))
        else:
            self.send(reply("-ERR command not found"))

    def bye(self, text: str) -> None:
        self.send(f"Content-Type: text/disconnect-notice\nContent-Length: {len(text)}\n\n{text}".encode())
        self.close()

    def send(self, data: bytes) -> None:
        sent(self.sock, data)

    def close(self) -> None:
        self.open = False
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()

    @property
    def lines(self) -> list[str]:
        return [command.line for command in self.commands]


class ControlPeer:
    """`greets`, `mute`, `rude`: what it does to those who come. `on`: called with each connection and command; True
    says that it has answered. `calls`: its channels. `job`: what an originate ends with; None: nothing."""

    def __init__(self, *, host: str = "127.0.0.1", password: str = PASSWORD, core: str = CORE):
        self.password, self.core = password, core
        self.greets, self.mute, self.rude = True, False, False
        self.on: Callable[[Connection, Command], bool | None] | None = None
        self.calls: dict[str, dict] = {}
        self.originated = "+OK"
        self.number = 400
        self.connections: list[Connection] = []
        self.host = host
        self.port = 0
        self.server: StreamServer | None = None

    def __enter__(self) -> "ControlPeer":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        listener.listen(10)
        self.port = listener.getsockname()[1]
        self.server = StreamServer(listener, self._came)
        self.server.start()

    def stop(self) -> None:
        """The machine is off: nothing listens, all connections are cut."""
        if self.server is not None:
            self.server.stop(0)
            self.server = None
        for connection in self.connections:
            connection.close()

    def restart(self, core: str) -> None:
        """FreeSWITCH is started anew: another Core-UUID, numbers from the beginning, no calls."""
        self.stop()
        self.core, self.number, self.calls = core, 0, {}
        self.start()

    def _came(self, sock, address) -> None:
        # As FreeSWITCH does. Without it the kernel may hold an event back, and virtual time would pass it by.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(self, sock)
        self.connections.append(connection)
        connection.run()

    @property
    def address(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def last(self) -> Connection:
        return self.connections[-1]

    def api(self, line: str) -> str:
        word, _, rest = line.partition(" ")
        if word == "json" and json.loads(rest) == {"command": "status", "data": ""}:
            return json.dumps(status(len(self.calls))) + "\n"
        if word == "json":
            return '{"status":"error","message":"Invalid request or non-existant command","response":null}\n'
        if line == "show channels as json":
            rows = {"rows": list(self.calls.values())} if self.calls else {}
            return json.dumps({"row_count": len(self.calls)} | rows)
        if line == "show channels count as json":
            return json.dumps({"row_count": len(self.calls), "rows": []})
        if line == "global_getvar core_uuid":
            return self.core
        if word == "uuid_exists":
            return "true" if rest in self.calls else "false"
        if word == "uuid_kill":
            return "+OK\n" if self.calls.pop(rest.split(" ")[0], None) else "-ERR No such channel!\n"
        return f"-ERR {word} Command not found!\n"

    def job(self, line: str) -> str | None:
        return self.originated + "\n" if self.originated is not None else None

    def has(self, *channels: str) -> None:
        """These calls are on it."""
        self.calls |= {one: {"uuid": one, "direction": "inbound", "cid_name": "Zhang San"} for one in channels}

    def event(self, name: str, count: int = 1, **headers: str) -> None:
        """An event: numbered whoever listens, sent to those who subscribed."""
        self.number += count
        told = {"Event-Name": name, "Core-UUID": self.core, "Event-Sequence": str(self.number)} | headers
        for connection in self.connections:
            if connection.open and connection.events & {name, "ALL", headers.get("Event-Subclass", "")}:
                connection.send(event_frame(told, connection.form))

    def hangs_up(self, channel: str, cause: str = "NORMAL_CLEARING", **variables: str) -> None:
        """A call of its ends."""
        self.calls.pop(channel, None)
        told = {"uuid": channel, "direction": "inbound", "hangup_cause": cause} | variables
        self.event(
            "CHANNEL_HANGUP_COMPLETE", **{"Unique-ID": channel, "Call-Direction": "inbound", "Hangup-Cause": cause},
            **{f"variable_{name}": value for name, value in told.items()},
        )  # fmt: skip

    def subscriptions(self) -> list[int]:
        """How often each connection subscribed."""
        return [sum(line.startswith("event ") for line in one.lines) for one in self.connections]

    def leaks(self) -> str:
        """All that was written to it but passwords, decoded."""
        return unquote(" ".join(line for one in self.connections for line in one.lines if not line.startswith("auth")))


def status(calls: int) -> dict:
    """What `json status` answers."""
    return {
        "command": "status", "data": "", "status": "success",
        "response": {
            "systemStatus": "ready",
            "uptime": {"years": 0, "days": 1, "hours": 2, "minutes": 3, "seconds": 6, "milliseconds": 975},
            "version": "1.10.12-release  64bit",
            "sessions": {
                "count": {"total": 41, "active": calls, "peak": 9, "peak5Min": 2, "limit": 3000},
                "rate": {"current": 1, "max": 200, "peak": 3, "peak5Min": 1},
            },
            "idleCPU": {"used": 0, "allowed": 94.333333333333329},
        },
    }  # fmt: skip
