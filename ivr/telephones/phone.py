"""A telephone of the house: registered, and then answers, rings on, says no in one of several ways, hangs up by itself.

    with Phone(switch.sip, "8001", "answers", after=1.0, talks=3.0) as phone: ...

A carrier's gateway is the same thing without a registration: `Phone(switch.sip, None, "answers", port=…)`.
"""

import secrets
import threading
import time

from ivr.errors import Deadline, ScriptError
from ivr.telephones import sip, ulaw
from ivr.telephones.media import Media

__all__ = ["MANNERS", "Phone"]

SAYS = {"busy": "486 Busy Here", "refuses": "603 Decline", "do-not-disturb": "480 Do Not Disturb"}
MANNERS = ("answers", "rings", "unreachable", *SAYS)


class Phone(sip.Endpoint):
    """`after`: seconds of ringing before it answers (None: half a second) or says no (None: it does not ring).

    `talks`: seconds until it hangs up itself (None: never), or `transfers` the other person to a number.
    `presses`: keys it types `thinks` seconds after it answered.
    """

    def __init__(
        self,
        switch: tuple[str, int],
        extension: str | None,
        manner: str,
        *,
        after: float | None = None,
        talks: float | None = None,
        transfers: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        domain: str = "house.example",
        password: str = "change-me",
        hertz: float = 1400,
        presses: str = "",
        thinks: float = 2.0,
    ):
        if manner not in MANNERS:
            raise ScriptError(f"{manner!r} is nothing a telephone does; it does {', '.join(MANNERS)}")
        super().__init__(switch, host, port)
        self.extension, self.manner, self.after, self.talks, self.transfers = extension, manner, after, talks, transfers
        self.domain, self.password, self.hertz = domain, password, hertz
        self.presses, self.thinks = presses, thinks
        self._registrar = f"sip:{switch[0]}:{switch[1]}"
        self._expires = 0
        self.tag = secrets.token_hex(4)
        self.calls: list[sip.Message] = []
        self.cancelled = 0
        self.rung, self.talking, self.over = threading.Event(), threading.Event(), threading.Event()
        self.media: Media | None = None
        self._answers: dict[str, sip.Message] = {}  # Call-ID → the last answer, for a request met twice
        self._registered = threading.Event()
        self._cseq = 1
        if extension:
            self.register()

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *_) -> None:
        if self.talking.is_set() and not self.over.is_set():
            self.hang_up()
        if self.extension:
            self.register(expires=0)
        if self.media:
            self.media.stop()
        self.close()

    @property
    def _contact(self) -> str:
        return f"<sip:{self.extension or 'gateway'}@{self.host}:{self.port}>"

    def register(self, expires: int = 600) -> None:
        self._registered.clear()
        self._expires = expires
        for _ in range(5):  # seen: an authorised REGISTER that FreeSWITCH did not answer
            self._send_register()
            if self._registered.wait(1.5):
                return
        raise Deadline(f"extension {self.extension} could not register with {self._registrar}")

    def _send_register(self, *more: tuple[str, str]) -> None:
        me = f"<sip:{self.extension}@{self.domain}>"
        self.send(
            sip.Message(
                f"REGISTER {self._registrar} SIP/2.0",
                [
                    self.via(),
                    ("From", f"{me};tag={self.tag}"),
                    ("To", me),
                    ("Call-ID", f"register-{self.tag}"),
                    ("CSeq", f"{self._cseq} REGISTER"),
                    ("Contact", self._contact),
                    ("Expires", str(self._expires)),
                    ("Max-Forwards", "70"),
                    *more,
                ],
            )
        )
        self._cseq += 1

    def on_response(self, response: sip.Message) -> None:
        if response.get("CSeq").endswith("REGISTER"):
            if response.status == 401:
                challenge = response.get("WWW-Authenticate")
                credentials = sip.digest(challenge, str(self.extension), self.password, "REGISTER", self._registrar)
                self._send_register(("Authorization", credentials))
            elif response.status == 200:
                self._registered.set()
        if response.get("CSeq").endswith("BYE"):
            self.over.set()

    def on_request(self, request: sip.Message) -> None:
        if request.method == "INVITE":
            self._rung(request)
        elif request.method == "CANCEL":
            self.send(self.answer(request, "200 OK"))
            for call in self.calls:  # several may ring at once
                if call.get("Call-ID") == request.get("Call-ID"):
                    self.cancelled += 1
                    self._say(call, "487 Request Terminated")
        elif request.method == "BYE":
            self.send(self.answer(request, "200 OK"))
            self.over.set()
        elif request.method != "ACK":
            self.send(self.answer(request, "200 OK"))

    def _say(self, request: sip.Message, status: str, body: str = "") -> None:
        answer = self.answer(request, status, tag=self.tag, body=body, contact=self._contact)
        self._answers[request.get("Call-ID")] = answer
        self.send(answer)

    def _rung(self, request: sip.Message) -> None:
        if before := self._answers.get(request.get("Call-ID")):
            self.send(before)
            return
        self.comes()
        if self.manner == "unreachable":
            return
        self.calls.append(request)
        self.rung.set()
        if self.manner in SAYS and not self.after:
            self._say(request, SAYS[self.manner])
        else:
            self._say(request, "180 Ringing")
            if self.manner != "rings":
                threading.Thread(target=self._take, args=(request, self.manner), daemon=True).start()

    def comes(self) -> None:
        """A call comes; here a subclass may choose what the telephone does with it. A telephone that is unreachable may
        hear of one call several times."""

    def _take(self, request: sip.Message, manner: str) -> None:
        cancelled = self.cancelled
        threading.Event().wait(0.5 if self.after is None else self.after)
        if self.cancelled != cancelled:
            return
        if manner in SAYS:
            self._say(request, SAYS[manner])
            return
        self.media = Media(self.host)
        self._say(request, "200 OK", sip.offer(self.host, self.media.port))
        self.media.start(*sip.media_address(request.body))
        if self.presses:
            self.media.speak(ulaw.tone(self.hertz, self.thinks, level=0))
            self.media.press(self.presses)
        self.media.speak(ulaw.tone(self.hertz, 60))
        self.talking.set()
        if self.talks is not None and not self.over.wait(self.talks):
            if self.transfers:
                self.refer(self.transfers)
            else:
                self.hang_up()

    def hang_up(self) -> None:
        """BYE."""
        self._request("BYE", 9)
        self.over.wait(3)

    def refer(self, to: str) -> None:
        """Blind transfer: send the other person to a number (RFC 3515)."""
        self._request(
            "REFER", 1, ("Contact", self._contact), ("Refer-To", f"<sip:{to}@{self.domain}>"),
            ("Referred-By", self._contact),
        )  # fmt: skip

    def _request(self, method: str, number: int, *more: tuple[str, str]) -> None:
        """Within the last call, from the called side: From and To change places."""
        call = self.calls[-1]
        uri = call.get("Contact").split("<")[-1].split(">")[0]
        headers = [
            self.via(),
            ("From", self._answers[call.get("Call-ID")].get("To")),
            ("To", call.get("From")),
            ("Call-ID", call.get("Call-ID")),
            ("CSeq", f"{number} {method}"),
            ("Max-Forwards", "70"),
        ]
        self.send(sip.Message(f"{method} {uri} SIP/2.0", [*headers, *more]))

    def heard(self):
        """What the person at this telephone heard."""
        if not self.media:
            raise ScriptError(f"extension {self.extension} did not take a call")
        return self.media.heard(until=time.monotonic())
