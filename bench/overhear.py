"""The standard call as our line makes it, so that the other lines can make the same: it is overheard once.

    script = overhear(data)     # [[write, …] for each connection]; a write is [[application, argument], …]

A write is what left the line at once; the line wrote the next when the last command of a write was complete. The
channel's uuid in an argument is written `{uuid}`.
"""

import json
from contextlib import suppress
from pathlib import Path

import gevent
from gevent import socket
from gevent.server import StreamServer

from bench.load import standard_calls
from ivr.switch.wire import Commands

__all__ = ["overhear", "writes"]


def overhear(port: int, data: Path) -> list[list[bytes]]:
    """Every write of our line, which listens on `port`, in one standard call: a list for each connection."""
    heard: list[list[bytes]] = []

    def tap(switch, _) -> None:
        line = socket.create_connection(("127.0.0.1", port))
        heard.append(mine := [])

        def back() -> None:
            while chunk := line.recv(65536):
                mine.append(chunk)
                switch.sendall(chunk)

        backward = gevent.spawn(back)
        with suppress(OSError):  # the line has said `exit` and closed; the switch still tells what happened
            while chunk := switch.recv(65536):
                line.sendall(chunk)
            line.shutdown(socket.SHUT_WR)
        backward.join()

    server = StreamServer(("127.0.0.1", 0), tap)
    server.start()
    found = standard_calls(server.server_port, data, calls=1, rate=1)
    server.stop()
    assert found["whole"] == 1, found
    uuid = found["uuids"][0].encode()
    return [[chunk.replace(uuid, b"{uuid}") for chunk in chunks] for chunks in heard]


def writes(chunks: list[bytes]) -> list[list[list[str]]]:
    """The applications of each write, and `exit`; the rest (connect, linger, myevents) is the same for all."""
    commands = [[*Commands().feed(chunk)] for chunk in chunks]
    found = [
        [
            [one.get("execute-app-name"), one.get("execute-app-arg")] if one.line == "sendmsg" else [one.line, ""]
            for one in write
            if one.line == "sendmsg" or one.line == "exit"
        ]
        for write in commands
    ]
    return [write for write in found if write]


def save(heard: list[list[bytes]], file: Path) -> None:
    chunks = [[chunk.decode() for chunk in connection] for connection in heard]
    file.write_text(json.dumps({"chunks": chunks, "writes": [writes(one) for one in heard]}, indent=1))
