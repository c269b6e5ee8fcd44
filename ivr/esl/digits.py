"""What a caller's keys mean, though the switch, the caller and the line each have their own idea of when. Pure.

Where keys of one digit and longer numbers may be keyed at one place, FreeSWITCH waits 1.5 s after a `1` for more. The
line ends the wait by injecting the terminator `#` on the key's event: the answer is there 22 ms after the key. That has
traps, all of them seen (freeswitch-facts, "Digits"); a Keying knows them, once for a call:

    >>> keying = Keying()
    >>> menu = Keys(frozenset("12"), (("8", (4,)),))
    >>> keying.begin(menu, now=0.0)
    ''
    >>> keying.begun()
    False
    >>> keying.key("1", "RTP", now=1.0)         # nothing longer begins with 1: inject # now
    True
    >>> keying.key("#", "APP", now=1.02)        # our own # comes back as an event, and is not answered again
    False
    >>> keying.end("1", "", now=1.03)
    Digits(value='1')
    >>> keying.begin(menu, now=1.1), keying.begun()
    ('', False)
    >>> keying.key("#", "RTP", now=1.2)         # he keyed `1#`, as one does: it belongs to the menu before
    False
    >>> keying.end("", "", now=1.2)
    AGAIN
"""

import enum

from ivr.call import Digits, Heard, Invalid, Keys, Silence

__all__ = ["AGAIN", "GRACE", "Again", "Keying", "settled"]

GRACE = 2.0
"""Seconds after an answer that the caller did not end himself, in which a # that comes first is still part of it."""
MOST_AHEAD = 32
OURS = "APP"
"""DTMF-Source of a key that was injected; a caller's are RTP, INBAND_AUDIO or ENDPOINT."""


class Again(enum.Enum):
    """The question was ended by a key that belongs to the one before: put it once more."""

    AGAIN = enum.auto()

    def __repr__(self):
        return self.name


AGAIN = Again.AGAIN


def settled(keys: Keys, typed: str) -> bool:
    """Is this complete, with nothing longer beginning with it?

    >>> menu = Keys(frozenset("18"), (("8", (4,)), ("9", (3, 5))))
    >>> [settled(menu, typed) for typed in ("1", "8", "8001", "900", "90000")]
    [True, False, True, False, True]
    """
    return keys.complete(typed) and not _open(keys, typed)


def _open(keys: Keys, typed: str) -> bool:
    """May more follow?"""
    return any(typed[:1] == first and max(lengths) > len(typed) for first, lengths in keys.lengths)


def _head(keys: Keys, typed: str) -> str:
    """The shortest beginning that is complete by itself; empty if there is none."""
    return next((typed[:n] for n in range(1, len(typed) + 1) if settled(keys, typed[:n])), "")


def _clean(keys: str) -> str:
    """Without A to D and whatever else a telephone may send."""
    return "".join(key for key in keys if key in "0123456789*")[:MOST_AHEAD]


class Keying:
    """One caller's keys, from question to question. `now` is the clock's `monotonic`.

    For each question: `begin`, `begun` when the switch has begun with it, `key` for every DTMF event, `end` with what
    the switch collected. Keys that come between two questions are told by `key` as well: a channel that waits for its
    next command swallows them, so only their events say that they were typed ahead.
    """

    def __init__(self):
        self._keys: Keys | None = None  # what may be keyed now; None: any number
        self._asking = self._begun = False
        self._most = 0  # keys the switch collects
        self._typed = ""  # by the caller, for this question
        self._before = ""  # the part of it that the switch does not collect
        self._ahead = ""  # by the caller, for questions to come
        self._injected = False  # a # for this question
        self._over = False  # the caller ended it with his own #
        self._stray = False  # the first key was a # that is not for this question
        self._grace = float("-inf")  # until when a # that comes first belongs to the question before

    def begin(self, keys: Keys | None, now: float, most: int = 32) -> Heard | str:
        """A question is put: the answer, if it was keyed ahead; else what was keyed ahead of it, mostly nothing: the
        switch collects only what follows. (Given to the switch as keys it would come behind what is typed meanwhile.)
        `keys` None: any number of `most` digits."""
        ahead, self._ahead = self._ahead, ""
        if keys is None and len(ahead) >= most:
            self._ahead, self._grace = ahead[most:], now + GRACE
            return Digits(ahead[:most])
        if ahead and keys is not None:
            head = _head(keys, ahead)
            if head:
                self._ahead = ahead[len(head) :]
                self._grace = now + GRACE
                return Digits(head)
            if not _open(keys, ahead):
                return Invalid(ahead)
        self._keys, self._typed, self._before = keys, ahead, ahead
        self._most = (most if keys is None else max(1, keys.longest)) - len(ahead)
        self._asking, self._begun = True, False
        self._injected = self._over = self._stray = False
        return ahead

    def begun(self) -> bool:
        """The switch collects from now on. True: inject the terminator now."""
        self._begun = True
        return self._decides()

    def key(self, key: str, source: str, now: float) -> bool:
        """A key's event. True: inject the terminator now — once for a question, and only while it is unanswered."""
        collected = self._asking and self._begun
        if source == OURS:
            # Injected for the question before, which was over by itself: it would end this one empty.
            self._stray |= collected and not self._injected and not self._typed
        elif key == "#":
            if collected and not self._typed and now <= self._grace:
                self._stray = True
            elif collected:
                self._over = True
            self._grace = float("-inf")
        elif not self._asking:
            self._ahead = (self._ahead + key)[:MOST_AHEAD]
        else:
            self._typed += key
            if not self._begun:
                self._before += key
            return self._decides()
        return False

    def _decides(self) -> bool:
        """Is what was typed an answer that the switch would still wait with?"""
        if not self._begun or self._over or self._injected or self._keys is None or not self._typed:
            return False
        if len(self._typed) - len(self._before) >= self._most:
            return False  # the switch ends by itself
        self._injected = bool(_head(self._keys, self._typed))
        return self._injected

    def end(self, value: str, invalid: str, now: float) -> Heard | Again:
        """The switch has collected: `value`, or `invalid`, or neither. What the caller meant."""
        self._asking = self._begun = False
        value, invalid = self._whole(value, invalid)
        if value or invalid:
            # Ended by us or by its length: the # out of habit is still to come (`1#`, `8001#`).
            self._grace = float("-inf") if self._over else now + GRACE
        if value:
            if value == _clean(value) and (self._keys is None or self._keys.complete(value)):
                return Digits(value)
            return Invalid(_clean(value))
        if invalid:
            # `1` and then `3`, for the next menu, while the line was late: 1 is what was meant, 3 was keyed ahead.
            head = _head(self._keys, invalid) if self._keys is not None else ""
            if head:
                self._ahead = (_clean(invalid[len(head) :]) + self._ahead)[:MOST_AHEAD]
                return Digits(head)
            return Invalid(_clean(invalid))
        if self._stray:
            return AGAIN
        return Invalid("") if self._over else Silence()

    def _whole(self, value: str, invalid: str) -> tuple[str, str]:
        """With what was keyed before the question was put."""
        if not self._before:
            return value, invalid
        keyed = self._before + (value or invalid)
        return (keyed, "") if self._keys is None or self._keys.complete(keyed) else ("", keyed)

    def lose(self) -> None:
        """Something is played to the end: keys typed meanwhile are lost, those typed ahead too."""
        self._ahead = ""
