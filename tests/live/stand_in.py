"""A line of a few lines: what the dialplan needs at the other end of its socket, and nothing more.

The dialplan's promises are tested with it, so that they hold for any line and a failure points at the dialplan.

    def conversation(call):            # runs each time FreeSWITCH connects
        call.open()
        if call.done == "":
            call.hand_over("record", file=…)
        else:
            call.hang_up()
"""

import json
import socket
import struct
import threading
import time
import uuid
from collections.abc import Callable
from urllib.parse import unquote


class Gone(Exception):
    """The socket is closed, by either side."""


class StandInCall:
    """One connection of one call."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.connection.settimeout(30)
        self._rest = b""
        self.variables: dict[str, str] = {}
        self.events: list[dict] = []
        self.at = time.monotonic()

    # The wire

    def _line(self) -> bytes:
        while b"\n" not in self._rest:
            self._more()
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def _more(self) -> None:
        try:
            data = self.connection.recv(65536)
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        self._rest += data

    def _frame(self) -> tuple[dict[str, str], bytes]:
        headers: dict[str, str] = {}
        while line := self._line():
            name, _, value = line.decode("utf-8", "replace").partition(": ")
            headers[name] = value
        length = int(headers.get("Content-Length", 0))
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return headers, body

    def write(self, text: str) -> None:
        try:
            self.connection.sendall(text.encode())
        except OSError as error:
            raise Gone from error

    # What a call can do

    def open(self) -> None:
        """Connect, JSON events, and the proof that a line took the call."""
        self.write("connect\n\nlinger 5\n\nmyevents json\n\n")
        headers, _ = self._frame()
        self.variables = {key[9:]: unquote(value) for key, value in headers.items() if key.startswith("variable_")}
        self.headers = headers
        self.execute("set", "ivr_up=1")

    def __getitem__(self, name: str) -> str:
        return self.variables.get(name, "")

    @property
    def done(self) -> str:
        return self["ivr_done"]

    @property
    def turn(self) -> int:
        return int(self["ivr_turn"] or 0)

    def begin(self, app: str, arg: str = "") -> str:
        """Start an application; its id."""
        job = str(uuid.uuid4())
        arg = f"execute-app-arg: {arg}\n" if arg else ""
        self.write(f"sendmsg\ncall-command: execute\nexecute-app-name: {app}\n{arg}event-lock: true\n"
                   f"Event-UUID: {job}\n\n")  # fmt: skip
        return job

    def finish(self, job: str) -> dict:
        """Wait for its completion."""
        while True:
            headers, body = self._frame()
            if headers.get("Content-Type") == "text/disconnect-notice":
                raise Gone
            if headers.get("Content-Type") != "text/event-json":
                continue
            event = json.loads(body)
            self.events.append(event)
            if event["Event-Name"] == "CHANNEL_EXECUTE_COMPLETE" and event.get("Application-UUID") == job:
                return event

    def execute(self, app: str, arg: str = "") -> dict:
        return self.finish(self.begin(app, arg))

    def hand_over(self, part: str, **values: object) -> None:
        """Write what the part needs, ivr_next last, and leave the socket."""
        names = {"dial": "ivr_dial", "seconds": "ivr_ring_seconds", "ringback": "ivr_ringback",
                 "file": "ivr_record_file", "limit": "ivr_record_limit", "silence": "ivr_record_silence"}  # fmt: skip
        pairs = [f"{names[name]}={value}" for name, value in values.items()]
        pairs += [f"ivr_turn={self.turn + 1}", f"ivr_next={part}"]
        self.execute("multiset", "^^;" + ";".join(pairs))
        self.write("exit\n\n")
        try:
            while True:
                self._frame()
        except Gone:
            return

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        try:
            self.execute("hangup", cause)
        except Gone:
            return


class StandIn:
    """A listener that gives each call of FreeSWITCH to a conversation, and can die as `kill -9` lets a process die."""

    def __init__(self, port: int, conversation: Callable[[StandInCall], None]):
        self.port, self.conversation = port, conversation
        self.calls: list[StandInCall] = []
        self.errors: list[Exception] = []
        self._listener: socket.socket | None = None
        self._connections: list[socket.socket] = []
        self.start()

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *_) -> None:
        self.die()
        if self.errors:
            raise self.errors[0]

    def start(self) -> None:
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def die(self) -> None:
        """Close everything at once: FreeSWITCH sees resets, and refused connections from then on."""
        if self._listener:
            # shutdown wakes the thread in accept; close alone would leave the port listening until it returned.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for connection in self._connections:
            abort(connection)
        self._connections.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        call = StandInCall(connection)
        self.calls.append(call)
        try:
            self.conversation(call)
        except Gone:
            pass
        except Exception as error:  # noqa: BLE001 — told to the test, in __exit__
            self.errors.append(error)
        finally:
            abort(connection)


def serve(switch, conversation: Callable[[StandInCall], None], host: int = 0) -> StandIn:
    """A stand-in for the first line of the dialplan, or for the second."""
    return StandIn(switch.line_ports[host], conversation)


def abort(connection: socket.socket) -> None:
    """End a connection with a reset, as the kernel does for a killed process with unread bytes."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
