"""Scripted callers: straight-line scripts of what a caller does.

    Caller().hears("menu").presses("1").hears_end().says(6).hangs_up()
    Caller().waits(3).presses("8001#")
    Caller().hangs_up_at_event(17)      # at any moment: when the switch fires the 17th event of this call

A caller whose script is over stays on the line and listens. Steps that wait for a sound give up when the call ends.
"""

from collections.abc import Callable

from gevent.event import Event

from ivr.switch.channel import Channel

__all__ = ["Caller"]

BETWEEN_KEYS = 0.25
"""Seconds from key to key."""


class Caller:
    """What a caller does, step by step. `sends_rtp` False: the caller's telephone sends no sound at all."""

    def __init__(self, sends_rtp: bool = True):
        self.sends_rtp = sends_rtp
        self.steps: list[Callable[[_Line], None]] = []
        self.hang_up_event: int | None = None

    def _then(self, step: Callable) -> "Caller":
        self.steps.append(step)
        return self

    def waits(self, seconds: float) -> "Caller":
        """Does nothing for a while."""
        return self._then(lambda line: line.wait(seconds))

    def hears(self, what: str | Callable[[str], bool] = "") -> "Caller":
        """Waits until something begins whose file name, or what `Switch.name_of` calls it, contains `what`; what is
        being heard already counts, once. `recording` waits for the caller's turn to speak."""
        return self._then(lambda line: line.hear(what))

    def hears_end(self) -> "Caller":
        """Waits until what is being heard has ended."""
        return self._then(lambda line: line.hear_end())

    def presses(self, keys: str, gap: float = BETWEEN_KEYS) -> "Caller":
        """Keys, one after the other."""
        return self._then(lambda line: line.press(keys, gap))

    def says(self, seconds: float, wav: str | None = None) -> "Caller":
        """Speaks for a while: speech-like noise, or a WAV of 8 kHz. A hang-up of the other side cuts it off."""
        return self._then(lambda line: line.say(seconds, wav))

    def hangs_up(self) -> "Caller":
        return self._then(lambda line: line.hang_up())

    def does(self, step: "Callable[[_Line], None]") -> "Caller":
        """Something else: what `step` does with the caller's ear, mouth and fingers."""
        return self._then(step)

    def hangs_up_at_event(self, number: int) -> "Caller":
        """Hangs up when the switch has fired this many events of the call, wherever that is."""
        self.hang_up_event = number
        return self

    def live(self, channel: Channel, name_of: Callable[[str], str]) -> None:
        """Live through the script (in a greenlet of its own)."""
        line = _Line(channel, name_of)
        for step in self.steps:
            if channel.down:
                return
            step(line)


class _Line:
    """A caller's ear, mouth and fingers at one channel."""

    def __init__(self, channel: Channel, name_of: Callable[[str], str]):
        self.channel, self.clock, self.name_of = channel, channel.clock, name_of
        self._counted = 0  # sounds that `hear` is done with

    def wait(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def press(self, keys: str, gap: float = BETWEEN_KEYS) -> None:
        for at, key in enumerate(keys):
            if at:
                self.clock.sleep(gap)
            self.channel.press(key)

    def hang_up(self) -> None:
        self.channel.hang_up("NORMAL_CLEARING", here=False)

    def say(self, seconds: float, wav: str | None = None) -> None:
        start = self.channel.seconds()
        self.channel.voice.append((start, None, wav))
        self._noticed()
        self.clock.sleep(seconds)
        self.channel.voice[-1] = (start, self.channel.seconds(), wav)
        self._noticed()

    def _noticed(self) -> None:
        self.channel.voice_changed = True
        self.channel.wake.set()

    def hear(self, what: str | Callable[[str], bool]) -> None:
        heard = self.channel.heard
        while heard.ended_at is None:
            while self._counted < len(heard):
                sound = heard[self._counted]
                self._counted += 1
                name = self.name_of(sound.what)
                if what(name) if callable(what) else what in name or what in sound.what.rsplit("/", 1)[-1]:
                    return
            self._await_change()

    def hear_end(self) -> None:
        heard = self.channel.heard
        while heard.ended_at is None and heard and heard[-1].end is None:
            self.clock.sleep(0.02)

    def _await_change(self) -> None:
        changed = Event()
        self.channel.heard.waiters.append(changed.set)
        try:
            changed.wait()
        finally:
            self.channel.heard.waiters.remove(changed.set)
