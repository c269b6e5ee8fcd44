"""A crowd: calls that all arrive at once, get as far as the menu, and wait there. In a process of its own.

    python -m bench.crowd PORT CALLS RATE     # RATE a second, 0: all at once. {"served": n}, then it waits for a line

One loop on epoll, because a measurement of milliseconds must not wait for the switch's own greenlets; its bytes are
the built-in switch's. For each call: from `connect()` succeeding (the kernel has the connection; nobody may have
accepted it yet) to the first bytes of the line. A call is served when the line has told it to play something.
"""

import json
import selectors
import socket
import sys
from collections import deque
from datetime import UTC, datetime
from time import perf_counter

from ivr.clock import ManualClock
from ivr.switch.channel import Channel
from ivr.switch.headers import headers
from ivr.switch.invite import sip_variables
from ivr.switch.switch import Profile
from ivr.switch.wire import Command, Commands, event_frame, plain, reply

__all__ = ["crowd"]

WINDOW = 10.0
"""Seconds the line has to serve them all, from the last arrival on."""
AT_ONCE = 5
"""Calls that are worked on between two looks at who has bytes."""
CORE = "7a8c2c5e-0000-4000-8000-000000000000"
PLAYS = ("playback", "play_and_get_digits")


class Guest:
    """One call: the least of a switch that a line needs to bring it to the menu."""

    def __init__(self, number: int, port: int):
        name = f"sofia/internal/1380000{number:04}@127.0.0.1"
        profile = Profile(
            username="13800138000", caller_id_name="13800138000", caller_id_number="13800138000", ani="13800138000",
            network_addr="127.0.0.1", destination_number="line", context="ivr-line", chan_name=name,
        )  # fmt: skip
        self.channel = Channel(ManualClock(datetime(2026, 11, 20, tzinfo=UTC)), profile, {}, CORE)
        self.channel.variables |= sip_variables("4000", "13800138000", "13800138000", {}, 70, "127.0.0.1:5080")
        self.channel.variables |= {"ivr_dialled": "4000", "ivr_domain": "house.example", "socket_resume": "true"}
        self.channel.state = "CS_EXECUTE"
        tail = {"Content-Type": "command/reply", "Reply-Text": "+OK\n", "Socket-Mode": "async", "Control": "full"}
        data = plain(headers(self.channel, "CHANNEL_DATA") | tail)
        self.data = data.replace("\nContent-Type: command%2Freply\n", "\nContent-Type: command/reply\n").encode()
        self.commands, self.form = Commands(), "plain"
        self.began = self.connected = self.first = self.served = 0.0
        self.unread = b""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.port = port

    def dial(self) -> None:
        self.began = perf_counter()
        self.socket.connect_ex(("127.0.0.1", self.port))
        try:
            self.socket.getpeername()
        except OSError:  # not yet: the line's backlog is full, or it takes longer
            return
        self.connected = perf_counter()

    def take(self) -> bool:
        """Note when something came, and nothing else. False when the line has closed."""
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.first = self.first or perf_counter()
        self.unread += data
        return bool(data)

    def work(self) -> None:
        """Answer what came."""
        data, self.unread = self.unread, b""
        out = b"".join(map(self._answer, self.commands.feed(data)))
        try:
            self.socket.send(out)
        except OSError:
            pass

    def _answer(self, command: Command) -> bytes:
        if command.line == "connect":
            return self.data
        if command.line.startswith("myevents"):
            self.form = "json" if command.line.endswith("json") else "plain"
        if command.line != "sendmsg":
            return reply("+OK")
        return reply("+OK") + self._executed(command)

    def _executed(self, command: Command) -> bytes:
        """EXECUTE, and for what takes no time EXECUTE_COMPLETE as well."""
        name = command.get("execute-app-name")
        self.channel.variables["current_application"] = name
        rows = {"Application": name, "Application-Data": command.get("execute-app-arg")}
        done = {"Application-Response": "_none_"}
        ident = {"Application-UUID": command.get("event-uuid") or "4f0c"}
        out = event_frame(headers(self.channel, "CHANNEL_EXECUTE") | rows | ident, self.form)
        if name in PLAYS:
            self.served = self.served or perf_counter()
            return out
        return out + event_frame(headers(self.channel, "CHANNEL_EXECUTE_COMPLETE") | rows | done | ident, self.form)


def crowd(port: int, calls: int, rate: float = 0, stay=None) -> dict:
    """`stay(calls served)` is called when all are served or the window is over; then they hang up."""
    guests = [Guest(number, port) for number in range(calls)]
    loop = selectors.DefaultSelector()
    coming, came, waiting, lost = deque(guests), deque(), calls, 0
    began = perf_counter()
    window = WINDOW + (calls / rate if rate else 0)
    while waiting and perf_counter() - began < window:
        while coming and (not rate or perf_counter() - began > (calls - len(coming)) / rate):
            guest = coming.popleft()
            guest.dial()
            loop.register(guest.socket, selectors.EVENT_READ | (0 if guest.connected else selectors.EVENT_WRITE), guest)
        for key, what in loop.select(0 if came else 0.01 if coming else 0.2):
            guest = key.data
            if what & selectors.EVENT_WRITE and not guest.connected:
                guest.connected = perf_counter()
                loop.modify(guest.socket, selectors.EVENT_READ, guest)
            if what & selectors.EVENT_READ:
                if guest.take():
                    came.append(guest)
                else:
                    loop.unregister(guest.socket)
                    waiting, lost = waiting - (not guest.served), lost + 1
        for _ in range(min(AT_ONCE, len(came))):
            guest = came.popleft()
            before = guest.served
            guest.work()
            waiting -= bool(guest.served and not before)
    served = sum(1 for guest in guests if guest.served)
    if stay:
        stay(served)
    # Who was connected and never heard of the line has waited for the whole window at least.
    waits = sorted((guest.first or began + window) - guest.connected for guest in guests if guest.connected)
    music = sorted((guest.served or began + window) - guest.began for guest in guests)
    for guest in guests:
        guest.socket.close()
    return {
        "calls": calls, "served": served, "lost": lost,
        "first_p50": waits[len(waits) // 2], "first_p99": waits[int(len(waits) * 0.99)], "first_most": waits[-1],
        "served_p50": music[calls // 2], "served_p99": music[int(calls * 0.99)],
    }  # fmt: skip


if __name__ == "__main__":

    def stay(served: int) -> None:
        print(json.dumps({"served": served}), flush=True)
        sys.stdin.readline()

    print(json.dumps(crowd(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), stay)))
