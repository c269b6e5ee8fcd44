"""A line of a few lines: straight-line scripts over a real event socket, to try the built-in switch with."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import unquote

import gevent
from gevent.event import Event
from gevent.server import StreamServer

from ivr.switch import Switch, VirtualClock
from ivr.switch.dialplan import Dialplan

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

SIMPLE = """<include><context name="ivr-entry"><extension name="all"><condition>
<action application="set" data="socket_resume=true"/>
<action application="socket" data="$${line} async full"/>
<action application="hangup" data="NORMAL_TEMPORARY_FAILURE"/>
</condition></extension></context></include>"""


class Wire:
    """One connection from the switch."""

    def __init__(self, connection, clock):
        self.connection, self.clock = connection, clock
        self.events: list[dict] = []
        self.times: list[float] = []
        self.replies: list[str] = []
        self.numbers = count(1)
        self.closed = False
        self.changed = Event()
        self._reader = gevent.spawn(self._read)
        self.send("connect\n\nlinger 5\n\nmyevents json\n\n")
        self.until(lambda: len(self.replies) >= 3)
        self.variables = {
            name.removeprefix("variable_"): unquote(value)
            for name, _, value in (line.partition(": ") for line in self.replies[0].split("\n"))
            if name.startswith("variable_")
        }

    def send(self, text: str) -> None:
        self.connection.sendall(text.encode())

    def begin(self, app: str, argument: str = "", lock: bool = True) -> str:
        """Send an execute; its Event-UUID."""
        uuid = f"e-{next(self.numbers)}"
        self.send(
            f"sendmsg\ncall-command: execute\nexecute-app-name: {app}\nexecute-app-arg: {argument}\n"
            f"event-lock: {'true' if lock else 'false'}\nEvent-UUID: {uuid}\n\n"
        )
        return uuid

    def execute(self, app: str, argument: str = "") -> dict:
        """Execute and wait until it is complete."""
        return self.complete(self.begin(app, argument))

    def complete(self, uuid: str) -> dict:
        def found():
            return next(
                (
                    event
                    for event in self.events
                    if event["Event-Name"] == "CHANNEL_EXECUTE_COMPLETE" and event["Application-UUID"] == uuid
                ),
                None,
            )

        self.until(found)
        return found()

    def until(self, true, deadline: float = 300.0) -> None:
        over = Event()
        timer = self.clock.call_later(deadline, lambda: (over.set(), self.changed.set()))
        while not true():
            assert not over.is_set(), f"nothing within {deadline} s; events: {self.names}"
            assert not self.closed, f"the switch closed the socket; events: {self.names}"
            self.changed.clear()
            self.changed.wait()
        timer.cancel()

    def leave(self) -> None:
        self.send("exit\n\n")

    def die(self) -> None:
        """As kill -9 does."""
        self._reader.kill(block=False)
        self.connection.close()
        self.closed = True

    @property
    def names(self) -> list[str]:
        return [event["Event-Name"] + (" " + event.get("Application", "")).rstrip() for event in self.events]

    def _read(self) -> None:
        data = b""
        try:
            while more := self.connection.recv(65536):
                data += more
                while b"\n\n" in data:
                    head, _, rest = data.partition(b"\n\n")
                    text = head.decode()
                    length = int(text.split("Content-Length: ")[1].split("\n")[0]) if "Content-Length: " in text else 0
                    if len(rest) < length:
                        break
                    data = rest[length:].lstrip(b"\n") if text.startswith("Event-Name") else rest[length:]
                    if "text/event-json" in text:
                        self.events.append(json.loads(rest[:length]))
                        self.times.append(self.clock.monotonic())
                    else:
                        self.replies.append(text + rest[:length].decode())
                    self.changed.set()
        except OSError:
            pass
        self.closed = True
        self.changed.set()


class Bench:
    """A switch and a line; `script(wire)` is run for each connection, `wires` keeps them."""

    def __init__(self, clock: VirtualClock, folder: Path, dialplan: str | Path, script, **switch):
        self.clock, self.folder, self.wires, self.failures = clock, folder, [], []
        self.script = script
        self.server = StreamServer(("127.0.0.1", 0), self._handle)
        self.server.start()
        line = f"127.0.0.1:{self.server.server_port}"
        variables = {
            "line": line, "ivr_line_1": line, "ivr_line_2": line, "ivr_data": str(folder),
            "ivr_domain": "house.example", "ivr_operator": "user/8000@house.example",
            "ivr_emergency_gateway": "carrier", "ivr_default_language": "zh",
        } | switch.pop("variables", {})  # fmt: skip
        if isinstance(dialplan, str):
            (folder / "dialplan.xml").write_text(dialplan)
            dialplan = folder / "dialplan.xml"
        self.records: list[bytes] = []
        switch.setdefault("records", self.records.append)
        self.switch = Switch(clock, Dialplan.load(dialplan, variables), variables, seed=1, **switch)

    def _handle(self, connection, address) -> None:
        try:
            wire = Wire(connection, self.clock)
            self.wires.append(wire)
            self.script(wire)
            while not wire.closed:
                wire.changed.clear()
                wire.changed.wait()
        except Exception as error:  # noqa: BLE001 - the test raises it
            self.failures.append(error)

    def call(self, script=None, to: str = "9000", deadline: float = 600, **more):
        """Place a call and live it to its end."""
        call = self.switch.call(to=to, script=script, **more)
        call.wait_ended(deadline)
        self.clock.sleep(10)  # linger
        assert self.failures == [] and self.switch.errors == []
        return call


@contextmanager
def bench(folder: Path, script, dialplan: str | Path = SIMPLE, **switch):
    """A Bench in virtual time."""
    with VirtualClock(START) as clock:
        bench = Bench(clock, folder, dialplan, script, **switch)
        try:
            yield bench
        finally:
            bench.server.stop()
