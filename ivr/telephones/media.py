"""One RTP stream in each direction: silence, tones and RFC 2833 keys out, everything heard kept with its time.

A telephone sends all the time, also silence; FreeSWITCH sends only while it has something to play. So what was heard
is laid out by the time of arrival, and where nothing came there is silence: as it was in the caller's ear.
"""

import itertools
import random
import socket
import struct
import sys
import threading
import time
from collections import deque

import numpy as np

from ivr.errors import Deadline
from ivr.telephones import ulaw

__all__ = ["KEYS", "KEY_EVENT", "Media"]

KEYS = "0123456789*#"
KEY_EVENT = 101
_SILENT = b"\xff" * ulaw.PACKET
_STAMP = getattr(socket, "SO_TIMESTAMPNS", 35)
"""Linux: the kernel's time of each datagram, in nanoseconds, as ancillary data."""


def _age(extra: list[tuple[int, int, bytes]]) -> float:
    """Seconds since the kernel had a datagram: a busy program reads it later. Not known is 0."""
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, _STAMP):
            seconds, rest = struct.unpack("@qq", data)
            return max(0.0, time.time() - seconds - rest / 1e9)
    return 0.0


class Media:
    """The RTP of one call. `port` is where it listens; `towards` is where it sends once the other side is known."""

    def __init__(self, host: str = "127.0.0.1"):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.settimeout(0.2)
        if sys.platform == "linux":
            self.socket.setsockopt(socket.SOL_SOCKET, _STAMP, 1)
        self.port = self.socket.getsockname()[1]
        self.towards: tuple[str, int] | None = None
        self.arrived: list[tuple[float, bytes]] = []
        self.mute = False
        self._packets: deque[tuple[int, bool, int, bytes]] = deque()  # payload type, marker, ticks, payload
        self._over = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._threads: list[threading.Thread] = []

    def start(self, host: str, port: int) -> None:
        """Begin to send and to listen."""
        if self.towards:
            self.towards = (host, port)
            return
        self.towards = (host, port)
        for work in (self._send, self._receive):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End both directions."""
        self._over.set()
        for thread in self._threads:
            thread.join(2)
        self.socket.close()

    # What goes out

    def speak(self, samples: np.ndarray) -> None:
        """Queue ulaw."""
        self._idle.clear()
        payload = ulaw.encode(samples)
        for at in range(0, len(payload) - ulaw.PACKET + 1, ulaw.PACKET):
            self._packets.append((0, False, 1, payload[at : at + ulaw.PACKET]))

    def press(self, keys: str) -> None:
        """Queue keys: 100 ms each, 100 ms between them (RFC 2833, the end three times)."""
        self._idle.clear()
        for key in keys:
            event = KEYS.index(key)
            for step in range(1, 6):
                payload = struct.pack("!BBH", event, 10, step * ulaw.PACKET)
                self._packets.append((KEY_EVENT, step == 1, 1 if step < 5 else 0, payload))
            for last in range(3):
                payload = struct.pack("!BBH", event, 0x80 | 10, 5 * ulaw.PACKET)
                self._packets.append((KEY_EVENT, False, 0 if last < 2 else 1, payload))
            self._packets.extend((0, False, 1, _SILENT) for _ in range(5))

    def said(self, deadline: float = 30) -> None:
        """Wait until everything queued has gone out."""
        if not self._idle.wait(deadline):
            raise Deadline("the telephone did not get its sound out in time")

    def _send(self) -> None:
        number, stamp, source = random.randrange(1 << 16), random.randrange(1 << 31), random.randrange(1 << 32)
        key_began = stamp
        due = time.monotonic()
        while not self._over.is_set():
            if self._packets:
                kind, marker, ticks, payload = self._packets.popleft()
            else:
                self._idle.set()
                kind, marker, ticks, payload = 0, False, 1, _SILENT
            if marker:
                key_began = stamp
            at = key_began if kind == KEY_EVENT else stamp
            if not (self.mute and kind == 0):
                head = struct.pack("!BBHII", 0x80, kind | (0x80 if marker else 0), number & 0xFFFF, at, source)
                try:
                    self.socket.sendto(head + payload, self.towards)
                except OSError:
                    pass  # the switch has closed its side (ICMP); the call is about to end
                number += 1
            stamp = (stamp + ticks * ulaw.PACKET) & 0xFFFFFFFF
            due += ticks * 0.02
            if (rest := due - time.monotonic()) > 0:
                self._over.wait(rest)

    # What comes in

    def _receive(self) -> None:
        while not self._over.is_set():
            try:
                packet, extra, _, _ = self.socket.recvmsg(2048, 64)
            except TimeoutError:
                continue
            except OSError:
                continue
            if len(packet) > 12 and packet[1] & 0x7F == 0:
                self.arrived.append((time.monotonic() - _age(extra), packet[12:]))

    def longest_gap(self, since: float, until: float) -> float:
        """Seconds of the longest stretch without a packet, between those that arrived."""
        at = [one for one, _ in list(self.arrived) if since <= one <= until]
        return max((later - earlier for earlier, later in itertools.pairwise(at)), default=until - since)

    def heard(self, since: float | None = None, until: float | None = None) -> np.ndarray:
        """What was heard between two moments of `time.monotonic`, silence where nothing came."""
        arrived = list(self.arrived)
        if not arrived and since is None:
            return np.zeros(0, dtype=np.int16)
        since = arrived[0][0] if since is None else since
        until = time.monotonic() if until is None else until
        line = np.zeros(max(0, int((until - since) * ulaw.RATE)), dtype=np.int16)
        end = 0
        for at, payload in arrived:
            if not since <= at <= until:
                continue
            # A packet that is late by less than two belongs right behind the one before it.
            start = int((at - since) * ulaw.RATE)
            start = end if abs(start - end) < 3 * ulaw.PACKET else start
            samples = ulaw.decode(payload)[: max(0, len(line) - start)]
            if not len(samples):
                break
            line[start : start + len(samples)] = samples
            end = start + len(samples)
        return line
