"""A bare gevent socket: writes our line's bytes and looks for as many completions as it wrote executes. No frames, no
headers, no deadlines, no errors: what any line in Python on gevent must cost at least."""

import json
from pathlib import Path

from gevent import socket
from gevent.server import StreamServer

from bench.lines.process import gevent_line

COMPLETE = b'"Event-Name":"CHANNEL_EXECUTE_COMPLETE"'
TURN = b"\nvariable_ivr_turn: "
UUID = b"\nUnique-ID: "


def build(given):
    chunks = [[chunk.encode() for chunk in one] for one in json.loads(Path(given.script).read_text())["chunks"]]
    counts = [[chunk.count(b"call-command: execute") for chunk in one] for one in chunks]

    def serve(sock, _) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(chunks[0][0])
        data = b""
        while b"\n\n" not in data:
            data += sock.recv(65536)
        at = data.find(TURN)
        turn = int(data[at + len(TURN) : at + len(TURN) + 1]) if at >= 0 else 0
        start = data.index(UUID) + len(UUID)
        uuid = data[start : start + 36]
        wanted, seen, tail = counts[turn][0], 0, b""
        for chunk, count in zip(chunks[turn][1:], counts[turn][1:], strict=True):
            sock.sendall(chunk.replace(b"{uuid}", uuid))
            wanted += count
            while seen < wanted or not count:
                if not data and not (data := sock.recv(65536)):
                    return
                data = tail + data
                seen += data.count(COMPLETE)
                tail, data = data[1 - len(COMPLETE) :], b""
        while sock.recv(65536):  # the hang-up, until the switch closes
            pass

    return StreamServer(("127.0.0.1", given.port), serve, backlog=1024)


if __name__ == "__main__":
    gevent_line(build)
