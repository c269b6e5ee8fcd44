"""As much SIP as a telephone on loopback needs (RFC 3261, UDP): one socket, one dialog, no retransmissions of ours.

FreeSWITCH retransmits, so a request met twice is answered twice with the same bytes.
"""

import hashlib
import re
import secrets
import socket
import threading
from dataclasses import dataclass, field

from ivr.errors import WireError

__all__ = ["Endpoint", "Message", "digest", "media_address", "offer"]


@dataclass
class Message:
    """A request or a response."""

    first: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def read(cls, data: bytes) -> "Message":
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        return cls(first, [tuple(part.strip() for part in line.split(":", 1)) for line in lines if ":" in line], body)

    def bytes(self) -> bytes:
        lines = [self.first, *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body.encode())}")
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name: str, default: str = "") -> str:
        return next(iter(self.all(name)), default)

    @property
    def method(self) -> str:
        return "" if self.first.startswith("SIP/") else self.first.split(" ")[0]

    @property
    def uri(self) -> str:
        return self.first.split(" ")[1]

    @property
    def status(self) -> int:
        return int(self.first.split(" ")[1]) if self.first.startswith("SIP/") else 0


def offer(host: str, port: int, direction: str = "sendrecv") -> str:
    """SDP: PCMU and RFC 2833 keys."""
    lines = ["v=0", f"o=- {port} 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"]
    lines += [f"m=audio {port} RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000"]
    lines += ["a=fmtp:101 0-16", "a=ptime:20", f"a={direction}"]
    return "\r\n".join(lines) + "\r\n"


def media_address(sdp: str) -> tuple[str, int]:
    """Where the other side wants its RTP; WireError where it wants none.

    >>> media_address(offer("192.0.2.1", 4000))
    ('192.0.2.1', 4000)
    """
    host = re.search(r"^c=IN IP4 (\S+)", sdp, re.M)
    port = re.search(r"^m=audio (\d+)", sdp, re.M)
    if not host or not port:
        raise WireError(f"no audio in {sdp!r:.200}")
    return host[1], int(port[1])


def digest(challenge: str, user: str, password: str, method: str, uri: str) -> str:
    """The Authorization header for a 401 (RFC 2617, qop=auth)."""
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))

    def md5(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    client = secrets.token_hex(8)
    secret = md5(md5(user, said["realm"], password), said["nonce"], "00000001", client, "auth", md5(method, uri))
    return (
        f'Digest username="{user}", realm="{said["realm"]}", nonce="{said["nonce"]}", uri="{uri}", '
        f'response="{secret}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{client}"'
    )


class Endpoint:
    """A UDP socket that reads messages in a thread of its own and gives them to `on_request` and `on_response`."""

    def __init__(self, switch: tuple[str, int], host: str = "127.0.0.1", port: int = 0):
        self.switch = switch
        self.host = host
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, port))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.received: list[Message] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def send(self, message: Message, to: tuple[str, int] | None = None) -> None:
        self.socket.sendto(message.bytes(), to or self.switch)

    def via(self) -> tuple[str, str]:
        return "Via", f"SIP/2.0/UDP {self.host}:{self.port};rport;branch=z9hG4bK{secrets.token_hex(8)}"

    def answer(self, request: Message, status: str, tag: str = "", body: str = "", contact: str = "") -> Message:
        """A response to a request, with what must be copied from it."""
        keep = [(n, v) for n, v in request.headers if n.lower() in ("via", "from", "call-id", "cseq", "record-route")]
        to = request.get("To")
        keep.append(("To", to if ";tag=" in to or not tag else f"{to};tag={tag}"))
        if contact:
            keep.append(("Contact", contact))
        if body:
            keep.append(("Content-Type", "application/sdp"))
        return Message(f"SIP/2.0 {status}", keep, body)

    def on_request(self, request: Message) -> None:
        """A subclass answers here."""

    def on_response(self, response: Message) -> None:
        """A subclass goes on here."""

    def close(self) -> None:
        self._over.set()
        self._thread.join(2)
        self.socket.close()

    def _read(self) -> None:
        while not self._over.is_set():
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                continue  # ICMP of an earlier datagram: the switch was not there yet
            if not data.strip():
                continue
            message = Message.read(data)
            self.received.append(message)
            (self.on_request if message.method else self.on_response)(message)
