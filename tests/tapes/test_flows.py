"""The scripts that tapes are recorded with: a real telephone can do them too, though CI has no FreeSWITCH to ask."""

import threading
from types import SimpleNamespace

import pytest

from tests.live import sound
from tests.live.tapes import BEEP, Telephone
from tests.tapes.flows import FLOWS


class Handset:
    """A SIP caller of `tests.live.caller`, who is up, hears a beep, and notes what he is made to do."""

    rang_at, is_up = 0.0, True

    def __init__(self):
        self.did: list[str] = []
        self._ended = threading.Event()
        self._ended.wait = lambda seconds=None: self.did.append("waits")
        self.media = SimpleNamespace(heard=lambda since: sound.tone(BEEP, 0.4))

    def press(self, keys: str) -> "Handset":
        self.did.append(f"presses {keys}")
        return self

    def speak(self, seconds: float) -> "Handset":
        self.did.append("speaks")
        return self

    def said(self) -> None:
        pass

    def hang_up(self) -> None:
        self.did.append("hangs up")


@pytest.mark.parametrize("name", FLOWS)
def test_a_sip_telephone_can_do_every_step(name):
    handset, caller = Handset(), FLOWS[name].caller()
    for step in caller.steps:
        step(Telephone(handset))
    assert len(handset.did) >= sum(1 for step in caller.steps if step.__qualname__.split(".")[1] != "hears")


def test_he_does_them_in_their_order():
    handset = Handset()
    for step in FLOWS["greeting-open"].caller().steps:
        step(Telephone(handset))
    assert handset.did == ["waits", "hangs up"]
