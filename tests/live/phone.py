"""A telephone of the house: registered, and then answers, rings on, says no in one of several ways, hangs up by itself.

    with Phone(switch.sip, "8001", "answers", after=1.0, talks=3.0) as phone: ...

A carrier's gateway is the same thing without a registration: `Phone(switch.sip, None, "answers", port=…)`.
"""

import secrets
import threading
import time

from tests.live import sip, sound
from tests.live.media import Media

SAYS = {"busy": "486 Busy Here", "refuses": "603 Decline", "do-not-disturb": "480 Do Not Disturb"}
MANNERS = ("answers", "rings", "unreachable", *SAYS)


class Phone(sip.Endpoint):
    """`after`: seconds of ringing before it answers; `talks`: seconds until it hangs up itself (None: never)."""

    def __init__(
        self, switch, extension: str | None, manner: str, *, after: float = 0.5, talks: float | None = None,
        port: int = 0, domain: str = "house.example", password: str = "change-me", hertz: float = 1400,
    ):  # fmt: skip
        assert manner in MANNERS, manner
        super().__init__(switch, port=port)
        self.extension, self.manner, self.after, self.talks = extension, manner, after, talks
        self.domain, self.password, self.hertz = domain, password, hertz
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
        raise AssertionError(f"{self.extension} could not register")

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
            self._say(self.calls[-1], "487 Request Terminated")
            self.cancelled += 1
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
        if self.manner == "unreachable":
            return
        self.calls.append(request)
        self.rung.set()
        if self.manner in SAYS:
            self._say(request, SAYS[self.manner])
        else:
            self._say(request, "180 Ringing")
            if self.manner == "answers":
                threading.Thread(target=self._take, args=(request,), daemon=True).start()

    def _take(self, request: sip.Message) -> None:
        cancelled = self.cancelled
        threading.Event().wait(self.after)
        if self.cancelled != cancelled:
            return
        self.media = Media(self.host)
        self._say(request, "200 OK", sip.offer(self.host, self.media.port))
        self.media.start(*sip.media_address(request.body))
        self.media.speak(sound.tone(self.hertz, 60))
        self.talking.set()
        if self.talks is not None and not self.over.wait(self.talks):
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
        assert self.media, f"{self.extension} did not take a call"
        return self.media.heard(until=time.monotonic())
