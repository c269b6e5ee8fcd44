"""What a FreeSWITCH executes for each caller, heard from its event socket.

with Executed(switch, ("socket", "bridge")) as executed:
    ...
executed.of("13800138000")      # [("socket", "127.0.0.1:8084 async full", 1234567), …]
"""

import json
import socket
import threading
import time
from collections import defaultdict

__all__ = ["Executed"]


class Executed:
    """`of` gives (application, argument, when) in order, `when` in microseconds of `time.monotonic`, as it was told;
    `uuids` the channel of each caller's number."""

    def __init__(self, switch, applications: tuple[str, ...]):
        self.uuids: dict[str, str] = {}
        self._rows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        self._connection = socket.create_connection(("127.0.0.1", switch.event_port), timeout=10)
        self._stream = self._connection.makefile("rwb")
        self._frame()
        for command in (
            f"auth {switch.password}",
            "event json CHANNEL_EXECUTE",
            *(f"filter Application {name}" for name in applications),
        ):
            self._stream.write(f"{command}\n\n".encode())
            self._stream.flush()
            headers, _ = self._frame()
            assert headers.get("Reply-Text", "").startswith("+OK"), (command, headers)
        self._connection.settimeout(None)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Executed":
        return self

    def __exit__(self, *_) -> None:
        self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._stream.close()
        self._connection.close()

    def of(self, number: str) -> list[tuple[str, str, int]]:
        """What was executed for the caller with this number."""
        return self._rows.get(self.uuids.get(number, ""), [])

    def _frame(self) -> tuple[dict[str, str], bytes]:
        headers = {}
        while line := self._stream.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name] = value
        return headers, self._stream.read(int(headers.get("Content-Length", 0)))

    def _listen(self) -> None:
        while True:
            try:
                headers, body = self._frame()
            except OSError:
                return
            if not headers:  # closed
                return
            if headers.get("Content-Type") != "text/event-json":
                continue
            event = json.loads(body)
            uuid = event["Unique-ID"]
            self.uuids.setdefault(event.get("Caller-Caller-ID-Number", ""), uuid)
            row = event.get("Application", ""), event.get("Application-Data", ""), int(time.monotonic() * 1e6)
            self._rows[uuid].append(row)
