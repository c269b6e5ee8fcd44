"""The standard call, lived by somebody with an ear: the menu, a key, nobody answers, a message, goodbye.

call = StandardCall(switch.sip, "4000", number="13800000007", hertz=680)
call.live(deadline=60)
call.heard      # ["greeting", "menu", "transfer", …]
"""

import threading
import time

import numpy as np

from ivr.errors import Deadline
from ivr.telephones import Caller
from ivr.telephones.ulaw import PACKET
from tests.live import sound
from tests.live.line import names

__all__ = ["StandardCall"]

WINDOW = 5
"""Packets in which one tone is looked for: two such windows with the same tone are a tone that was heard."""
NOTICED = 1.0
"""Seconds after a key in which the menu must be silent: else the key died with its worker, and is keyed again."""
LOOK = 0.1


class StandardCall(Caller):
    """`thinks`: seconds of menu before the key. He says a tone of `hertz` for `speaks` seconds in his message."""

    def __init__(
        self, switch: tuple[str, int], to: str, *, number: str, hertz: int, thinks: float = 0.0, speaks: float = 2.0
    ):
        self.number, self.hertz, self.thinks, self.speaks = number, hertz, thinks, speaks
        self.heard: list[str] = []
        self._taken, self._before = 0, 0
        super().__init__(switch, to, number)

    def start(self, deadline: float) -> threading.Thread:
        """Live it in a thread of its own."""
        thread = threading.Thread(target=self.live, args=(deadline,), daemon=True)
        thread.start()
        return thread

    def live(self, deadline: float) -> None:
        """Until the switch ends it; whoever is still there after `deadline` seconds hangs up."""
        end, keyed, menu, spoken = time.monotonic() + deadline, 0.0, 0.0, 0
        while not self.is_over and time.monotonic() < end:
            try:
                self.ended(LOOK)
            except Deadline:
                pass
            for name in self.listen():
                now = time.monotonic()
                if name == "menu":
                    menu = menu or now
                    if now > menu + self.thinks and now > keyed + NOTICED:
                        self.press("1")
                        keyed = now
                if self.heard.count("beep") > spoken:
                    spoken += 1
                    self.speak(self.speaks, self.hertz).press("#")
        if not self.is_over:
            self.hang_up()
        self.listen()

    def listen(self) -> list[str]:
        """What was heard since the last time, window by window; `heard` has each sound once, in order."""
        found = []
        arrived = self.media.arrived
        while len(arrived) - self._taken >= WINDOW:
            packets = arrived[self._taken : self._taken + WINDOW]
            self._taken += WINDOW
            samples = sound.decode(b"".join(payload for _, payload in packets))
            pitch = strongest(samples)
            if pitch and pitch == self._before:
                [name] = names([pitch])
                found.append(name)
                if not self.heard or self.heard[-1] != name:
                    self.heard.append(name)
            self._before = pitch
        return found


def strongest(samples: np.ndarray) -> int:
    """The tone of one window, to 20 Hz; 0 for silence."""
    level = samples.astype(np.float64) / 32768
    if np.sqrt((level**2).mean()) < sound.QUIET:
        return 0
    spectrum = np.abs(np.fft.rfft(level * np.hanning(len(level))))
    return round(float(spectrum.argmax()) * sound.RATE / (WINDOW * PACKET) / 20) * 20
