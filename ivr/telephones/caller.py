"""Somebody who calls the house:

    with Caller(switch.sip, "4000") as caller:
        caller.answered()
        caller.press("1")
        caller.ended()

He dials, speaks, presses keys, listens, hangs up.
"""

import secrets
import threading
import time

from ivr.errors import Deadline
from ivr.telephones import sip, ulaw
from ivr.telephones.media import Media

__all__ = ["Caller"]


class Caller(sip.Endpoint):
    """One call. `headers` are sent as they are: the place for what a hostile caller sends."""

    def __init__(
        self, switch: tuple[str, int], to: str, number: str = "13800138000", name: str = "Zhang San", *, headers=(),
        max_forwards: int = 70, host: str = "127.0.0.1",
    ):  # fmt: skip
        super().__init__(switch, host)
        self.media = Media(self.host)
        self.to, self.max_forwards = to, max_forwards
        self.call_id, self.tag = secrets.token_hex(12), secrets.token_hex(4)
        self.status = 0
        self.cause = ""
        self.answered_at = self.ended_at = 0.0
        self._answered, self._ended = threading.Event(), threading.Event()
        self._remote_to = f"<sip:{to}@{switch[0]}:{switch[1]}>"
        self._remote_uri = f"sip:{to}@{switch[0]}:{switch[1]}"
        self._cseq = 1
        self._from = f'"{name}" <sip:{number}@{self.host}:{self.port}>;tag={self.tag}'
        self.rang_at = time.monotonic()
        self._invite = self._request("INVITE", [*headers, ("Content-Type", "application/sdp")])
        self._invite.body = sip.offer(self.host, self.media.port)
        self.send(self._invite)

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_) -> None:
        if not self._ended.is_set():
            self.hang_up()
        self.media.stop()
        self.close()

    def _request(self, method: str, headers=(), cseq: int | None = None) -> sip.Message:
        return sip.Message(
            f"{method} {self._remote_uri} SIP/2.0",
            [
                self.via(),
                ("From", self._from),
                ("To", self._remote_to),
                ("Call-ID", self.call_id),
                ("CSeq", f"{cseq or self._cseq} {method}"),
                ("Contact", f"<sip:caller@{self.host}:{self.port}>"),
                ("Max-Forwards", str(self.max_forwards)),
                *headers,
            ],
        )

    # What the caller does

    def answered(self, deadline: float = 10) -> "Caller":
        """Wait until the call is taken."""
        if not self._answered.wait(deadline):
            raise Deadline(f"not answered within {deadline:g} s; the last response was {self.status}")
        return self

    def press(self, keys: str) -> "Caller":
        self.media.press(keys)
        return self

    def speak(self, seconds: float, hertz: float = 440) -> "Caller":
        self.media.speak(ulaw.tone(hertz, seconds))
        return self

    def said(self) -> "Caller":
        self.media.said()
        return self

    def hang_up(self, deadline: float = 3.0) -> None:
        """BYE, or CANCEL before the answer; waits for so many seconds until the other side has agreed."""
        if self._answered.is_set():
            self._cseq += 1
            self.send(self._request("BYE"))
        elif self.status < 200:
            cancel = self._request("CANCEL")
            cancel.headers[0] = self._invite.headers[0]
            self.send(cancel)
        self._ended.wait(deadline)

    def ended(self, deadline: float = 30) -> "Caller":
        """Wait until the other side ends the call, or refuses it."""
        if not self._ended.wait(deadline):
            raise Deadline(f"the call did not end within {deadline:g} s")
        return self

    @property
    def is_over(self) -> bool:
        """Ended, or refused."""
        return self._ended.is_set()

    @property
    def is_up(self) -> bool:
        return self._answered.is_set() and not self._ended.is_set()

    # What comes back

    def on_response(self, response: sip.Message) -> None:
        method = response.get("CSeq").split()[-1]
        if method == "BYE":
            self._finish("caller")
        if method != "INVITE":
            return
        self.status = response.status
        if response.body and response.status in (183, 200):
            self.media.start(*sip.media_address(response.body))
        if response.status >= 200:
            self._remote_to = response.get("To")
        if 200 <= response.status < 300:
            self._remote_uri = response.get("Contact").split("<")[-1].split(">")[0]
            self.send(self._request("ACK", cseq=1))
            if not self._answered.is_set():
                self.answered_at = time.monotonic()
                self._answered.set()
        elif response.status >= 300:
            ack = self._request("ACK", cseq=1)
            ack.headers[0] = self._invite.headers[0]
            self.send(ack)
            self._finish(response.get("Reason"))

    def on_request(self, request: sip.Message) -> None:
        if request.method == "BYE":
            self.send(self.answer(request, "200 OK"))
            self._finish(request.get("Reason"))
        elif request.method == "INVITE":  # a re-INVITE, such as the session timer's
            body = sip.offer(self.host, self.media.port)
            contact = f"<sip:caller@{self.host}:{self.port}>"
            self.send(self.answer(request, "200 OK", body=body, contact=contact))
        elif request.method != "ACK":
            self.send(self.answer(request, "200 OK"))

    def _finish(self, cause: str) -> None:
        if not self._ended.is_set():
            self.ended_at, self.cause = time.monotonic(), cause
            self._ended.set()
