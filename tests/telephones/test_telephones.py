"""Two telephones on loopback, without a switch between them: one calls the other."""

import socket
import threading
import time

import numpy as np
import pytest

from ivr.errors import Deadline, ScriptError
from ivr.telephones import Caller, Phone, sip
from ivr.telephones.media import KEY_EVENT
from ivr.telephones.ulaw import RATE, decode, encode, tone


class Exchange:
    """What passes datagrams between two telephones; each takes it for the switch."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = self.socket.getsockname()
        self.called: tuple[str, int] | None = None
        self.calling: tuple[str, int] | None = None
        self.thread = threading.Thread(target=self._pass, daemon=True)
        self.thread.start()

    def _pass(self) -> None:
        while data := self.socket.recvfrom(65536):
            message, sender = data
            if not message:
                return
            if sender != self.called:
                self.calling = sender
            self.socket.sendto(message, self.called if sender != self.called else self.calling)

    def phone(self, manner: str, **how) -> Phone:
        phone = Phone(self.address, None, manner, **how)
        self.called = (phone.host, phone.port)
        return phone

    def caller(self) -> Caller:
        return Caller(self.address, "4000")


@pytest.fixture
def exchange():
    one = Exchange()
    yield one
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", one.address)
    one.thread.join(5)
    one.socket.close()


def test_answered_heard_on_both_sides_and_hung_up_by_the_phone(exchange):
    with exchange.phone("answers", after=0.1, talks=0.6, hertz=1000) as phone, exchange.caller() as caller:
        caller.answered(5).speak(0.3, 400)
        caller.ended(5)
        assert loudest(caller.media.heard()) == 1000
        assert loudest(phone.heard()) == 400
        assert caller.cause == "" and caller.is_over and not caller.is_up


def test_keys_are_events_of_rfc_2833(exchange):
    with exchange.phone("answers", after=0.0), exchange.caller() as caller:
        caller.answered(5)
        sent = []
        out = caller.media.socket
        caller.media.socket = Tapped(out, sent)
        caller.press("1#").said()
        caller.hang_up()
        caller.media.socket = out
    events = [packet[12:] for packet in sent if packet[1] & 0x7F == KEY_EVENT]
    # Each key eight packets: five that grow longer, and the end three times
    assert [event[0] for event in events] == [1] * 8 + [11] * 8
    assert [int.from_bytes(event[2:4]) for event in events[:8]] == [160, 320, 480, 640, 800, 800, 800, 800]
    assert [event[1] >> 7 for event in events[:8]] == [0] * 5 + [1] * 3


class Tapped:
    """A socket whose packets are kept as well."""

    def __init__(self, out: socket.socket, sent: list[bytes]):
        self.out, self.sent = out, sent

    def sendto(self, data: bytes, to: tuple[str, int]) -> None:
        self.sent.append(data)
        self.out.sendto(data, to)

    def recvmsg(self, most: int, more: int) -> tuple:
        return self.out.recvmsg(most, more)


@pytest.mark.parametrize(
    ("manner", "status"), [("busy", 486), ("refuses", 603), ("do-not-disturb", 480)], ids=lambda value: str(value)
)
def test_a_telephone_says_no(exchange, manner, status):
    with exchange.phone(manner) as phone, exchange.caller() as caller:
        caller.ended(5)
        assert (caller.status, phone.rung.is_set()) == (status, True)


def test_it_rings_before_it_refuses_and_is_cancelled_when_the_caller_goes(exchange):
    with exchange.phone("refuses", after=0.2) as phone, exchange.caller() as caller:
        began = time.monotonic()
        caller.ended(5)
        assert caller.status == 603 and time.monotonic() - began >= 0.2
    with exchange.phone("rings") as phone, exchange.caller() as caller:
        assert phone.rung.wait(5)
        caller.hang_up()
        assert (caller.status, phone.cancelled) == (487, 1)


def test_of_two_calls_that_ring_at_once_the_first_is_cancelled():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as switch:
        switch.bind(("127.0.0.1", 0))
        switch.settimeout(5)
        with Phone(switch.getsockname(), None, "rings") as phone:
            for line in ("INVITE first", "INVITE second", "CANCEL first"):
                method, call = line.split()
                headers = [("From", "<sip:1@a>"), ("To", "<sip:2@b>"), ("Call-ID", call), ("CSeq", f"1 {method}")]
                request = sip.Message(f"{method} sip:2@b SIP/2.0", headers)
                switch.sendto(request.bytes(), (phone.host, phone.port))
            answers = [sip.Message.read(switch.recv(4096)) for _ in range(4)]
        assert [(one.status, one.get("Call-ID")) for one in answers] == [
            (180, "first"), (180, "second"), (200, "first"), (487, "first")
        ]  # fmt: skip
        assert phone.cancelled == 1


def test_what_does_not_come_is_told_with_a_deadline(exchange):
    with exchange.phone("unreachable") as phone, exchange.caller() as caller:
        with pytest.raises(Deadline, match=r"^not answered within 0.1 s; the last response was 0$"):
            caller.answered(0.1)
        with pytest.raises(Deadline, match=r"^the call did not end within 0.1 s$"):
            caller.ended(0.1)
    with pytest.raises(ScriptError, match="'sleeps' is nothing a telephone does"):
        exchange.phone("sleeps")
    with exchange.phone("rings") as phone, pytest.raises(ScriptError, match="did not take a call"):
        phone.heard()


def test_sound_survives_its_codec():
    samples = tone(440, 0.1)
    assert np.abs(decode(encode(samples)).astype(int) - samples).max() < 400


def loudest(samples: np.ndarray) -> int:
    """The strongest frequency, to 20 Hz."""
    spectrum = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(len(samples))))
    return round(spectrum.argmax() * RATE / len(samples) / 20) * 20
