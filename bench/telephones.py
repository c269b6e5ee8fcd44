"""Callers of a real FreeSWITCH, all in one loop: each dials, speaks silence, and hangs up soon after it was spoken to.

    calls = Telephones(("127.0.0.1", 5080)).call(["4000", "7001"], rate=20)
    [call.first for call in calls]     # seconds from the INVITE to the first audio, None for who heard nothing

What is measured is what a caller lives through: from the INVITE's leaving to the first RTP packet's arrival, as the
kernel stamps it. (FreeSWITCH's own times, in events and log, come from a clock that goes in steps of 20 ms.)
"""

import random
import secrets
import selectors
import socket
import struct
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from ivr.telephones import sip

__all__ = ["Telephones"]

PACKET = 0.02
SILENT = b"\xff" * 160
STAMP = getattr(socket, "SO_TIMESTAMPNS", 35)
"""Linux: the kernel's time of each datagram, in nanoseconds, as ancillary data."""
JITTER = 0.02
"""Seconds a call may come later than its turn: calls every 50 ms would meet FreeSWITCH's 20 ms ticks in two phases."""
LISTEN = 0.2
"""Seconds from the first packet to the hang-up, where nothing else is said."""
PATIENCE = 3.0
"""Seconds after which a caller who has heard nothing hangs up."""


class Telephone:
    """One call. `heard`: when each packet came, in seconds since the epoch."""

    def __init__(self, to: str, exchange: "Telephones", listen: float):
        self.to, self.exchange, self.listen = to, exchange, listen
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.setsockopt(socket.SOL_SOCKET, STAMP, 1)
        self.rtp.bind((exchange.host, 0))
        self.rtp.setblocking(False)
        self.call_id = secrets.token_hex(12)
        self.heard: list[float] = []
        self.answered = self.over = False
        self._remote = f"sip:{to}@{exchange.switch[0]}:{exchange.switch[1]}"
        self._to, self._from = f"<{self._remote}>", f"<sip:13800138000@{exchange.host}>;tag={secrets.token_hex(4)}"
        self._towards: tuple[str, int] | None = None
        self._number = 0
        self._invite = self._request("INVITE", 1, sip.offer(exchange.host, self.rtp.getsockname()[1]))
        self.began = time.time()
        self.until = time.monotonic() + PATIENCE
        exchange.send(self._invite)

    def _request(self, method: str, number: int, body: str = "") -> sip.Message:
        host, port = self.exchange.host, self.exchange.port
        branch = f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}"
        headers = [
            ("Via", branch), ("From", self._from), ("To", self._to), ("Call-ID", self.call_id),
            ("CSeq", f"{number} {method}"), ("Contact", f"<sip:caller@{host}:{port}>"), ("Max-Forwards", "70"),
        ]  # fmt: skip
        headers += [("Content-Type", "application/sdp")] if body else []
        return sip.Message(f"{method} {self._remote} SIP/2.0", headers, body)

    def response(self, response: sip.Message) -> None:
        if response.get("CSeq") != "1 INVITE":
            return
        if response.body:
            self._towards = sip.media_address(response.body)
        if response.status < 200:
            return
        self._to = response.get("To")
        if response.status < 300:
            self._remote = response.get("Contact").split("<")[-1].split(">")[0]
            self.exchange.send(self._request("ACK", 1))
            self.answered = True
            return
        ack = self._request("ACK", 1)
        ack.headers[0] = self._invite.headers[0]
        self.exchange.send(ack)
        self.over = True

    def take(self) -> None:
        """Packets have come."""
        while True:
            try:
                data, extra, _, _ = self.rtp.recvmsg(2048, 64)
            except OSError:
                return
            if len(data) > 12 and data[1] & 0x7F == 0:
                if not self.heard:
                    self.until = time.monotonic() + self.listen
                seconds, rest = struct.unpack("@qq", extra[0][2])
                self.heard.append(seconds + rest / 1e9)

    @property
    def first(self) -> float | None:
        """Seconds from the INVITE to the first packet."""
        return self.heard[0] - self.began if self.heard else None

    def again(self, moment: float) -> float | None:
        """Seconds from `moment` (since the epoch) to the end of the silence that began with it, within two packets;
        None where there was no silence."""
        after = [at for at in self.heard if at > moment - PACKET]
        ends = [end for begin, end in pairwise(after) if end - begin > 1.5 * PACKET and begin < moment + 2 * PACKET]
        return ends[0] - moment if ends else None

    def speak(self) -> None:
        """One packet of silence, as a telephone sends all the time."""
        if self._towards and not self.over:
            self._number += 1
            head = struct.pack("!BBHII", 0x80, 0, self._number & 0xFFFF, self._number * 160, 4711)
            try:
                self.rtp.sendto(head + SILENT, self._towards)
            except OSError:  # the switch has closed its side
                pass

    def hang_up(self) -> None:
        if self.answered:
            self.exchange.send(self._request("BYE", 2))
        else:
            cancel = self._request("CANCEL", 1)
            cancel.headers[0] = self._invite.headers[0]
            self.exchange.send(cancel)
        self.over = True


class Telephones:
    """One SIP socket, and as many calls as wanted."""

    def __init__(self, switch: tuple[str, int], host: str = "127.0.0.1"):
        self.switch, self.host = switch, host
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sip.bind((host, 0))
        self.sip.setblocking(False)
        self.port = self.sip.getsockname()[1]
        self._calls: dict[str, Telephone] = {}
        self._loop = selectors.DefaultSelector()
        self._loop.register(self.sip, selectors.EVENT_READ)

    def send(self, message: sip.Message) -> None:
        self.sip.sendto(message.bytes(), self.switch)

    def call(
        self, numbers: Sequence[str], rate: float, listen: float = LISTEN, then: Callable[[], None] | None = None,
        after: float = 0.0,
    ) -> list[Telephone]:  # fmt: skip
        """Call them in turn, `rate` a second, and let each listen for `listen` seconds. `then` is done once, `after`
        seconds from the beginning."""
        chance = random.Random(7)
        began = time.monotonic()
        turns = [(began + turn / rate + chance.random() * JITTER, number) for turn, number in enumerate(numbers)]
        placed: list[Telephone] = []
        speak = began
        while turns or any(not call.over for call in placed[-200:]):
            now = time.monotonic()
            while turns and turns[0][0] <= now:
                call = Telephone(turns.pop(0)[1], self, listen)
                placed.append(call)
                self._calls[call.call_id] = call
                self._loop.register(call.rtp, selectors.EVENT_READ, call)
            if then and now >= began + after:
                then()
                then = None
            talking = [call for call in placed[-200:] if not call.over]
            if now >= speak:
                speak += PACKET
                for call in talking:
                    call.speak()
                    if now > call.until:
                        call.hang_up()
            until = min([speak, *(turn for turn, _ in turns[:1]), *([began + after] if then else [])])
            for key, _ in self._loop.select(max(0.0, until - time.monotonic())):
                key.data.take() if key.data else self._read()
        for call in placed:
            self._loop.unregister(call.rtp)
            call.rtp.close()
        end = time.monotonic() + 0.5  # what is said to those who have hung up
        while time.monotonic() < end:
            self._loop.select(0.1) and self._read()
        self._calls.clear()
        return placed

    def _read(self) -> None:
        while True:
            try:
                data = self.sip.recv(65536)
            except OSError:
                return
            message = sip.Message.read(data)
            call = self._calls.get(message.get("Call-ID"))
            if call is None:
                continue
            if not message.method:
                call.response(message)
            elif message.method != "ACK":
                keep = [(n, v) for n, v in message.headers if n.lower() in ("via", "from", "to", "call-id", "cseq")]
                self.send(sip.Message("SIP/2.0 200 OK", keep))
                call.over = call.over or message.method == "BYE"

    def close(self) -> None:
        self._loop.close()
        self.sip.close()
