"""What the caller heard, second by second: the trace that demo and tests read.

>>> heard = Heard()
>>> heard.starts(0.0, "greeting.wav"); heard.stops(4.0); heard.starts(6.5, "ringback"); heard.ends(20.0)
>>> [str(sound) for sound in heard]
['0.00–4.00 greeting.wav', '6.50–20.00 ringback']
>>> heard.silences(2.0)
[(4.0, 6.5)]
"""

from dataclasses import dataclass

__all__ = ["Heard", "HeardSound"]


@dataclass(slots=True)
class HeardSound:
    """Something heard from `start` until `end` (seconds of the call's clock; None: still). `what` is a file's path, a
    stream, `ringback …`, `bridged to …`, or `recording …`: the caller hears nothing, but it is his turn to speak."""

    start: float
    what: str
    end: float | None = None

    def __str__(self):
        return f"{self.start:.2f}–{'' if self.end is None else format(self.end, '.2f')} {self.what}"


class Heard(list):
    """The sounds of one call in order. Only one is heard at a time."""

    def __init__(self):
        super().__init__()
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.waiters: list = []

    def starts(self, at: float, what: str) -> None:
        self.stops(at)
        self.append(HeardSound(at, what))
        for waiter in list(self.waiters):
            waiter()

    def stops(self, at: float) -> None:
        if self and self[-1].end is None:
            self[-1].end = at
            if at == self[-1].start and len(self) > 1:
                self.pop()

    def ends(self, at: float) -> None:
        """The call is over."""
        self.stops(at)
        self.ended_at = at
        for waiter in list(self.waiters):
            waiter()

    def silences(self, longer_than: float = 1.0, since: float | None = None) -> list[tuple[float, float]]:
        """The gaps in which nothing was heard, from `since` (the answer, or the first sound) to the end of the call."""
        start = since if since is not None else self.answered_at
        if start is None:
            start = self[0].start if self else 0.0
        gaps = []
        for sound in self:
            if sound.what.startswith("silence_stream"):
                continue
            if sound.start - start > longer_than:
                gaps.append((start, sound.start))
            start = max(start, sound.end if sound.end is not None else sound.start)
        if self.ended_at is not None and self.ended_at - start > longer_than:
            gaps.append((start, self.ended_at))
        return gaps
