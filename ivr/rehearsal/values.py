"""How single values are written in a call script, beside those of routes.yaml (`ivr.table.values`)."""

import re
from dataclasses import dataclass
from datetime import datetime

from ivr.table.suggest import nearest
from ivr.table.values import SECONDS, Fault, seconds, written
from ivr.table.values import words as known_words

__all__ = ["WITHHELD", "Span", "caller", "dialled", "keys", "one_or_more", "phone", "span", "when", "word"]

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something lasts, in seconds: more than `low`, less than `high`.

    >>> 12.5 in Span(10, 20), 20 in Span(10, 20), str(Span(10, 20)), str(Span(high=5))
    (True, True, '10s to 20s', 'under 5s')
    """

    low: float = 0.0
    high: float | None = None

    def __contains__(self, length: float) -> bool:
        return self.low <= length and (self.high is None or length <= self.high)

    def __str__(self):
        if self.high is None:
            return f"over {self.low:g}s"
        return f"{self.low:g}s to {self.high:g}s" if self.low else f"under {self.high:g}s"


@written(f"(under|over) {SECONDS}|{SECONDS} to {SECONDS}")
def span(text: str) -> Span:
    """under 120s, over 20s, 20s to 60s."""
    words = text.split()
    try:
        match words:
            case ["under", high]:
                return Span(high=seconds(high))
            case ["over", low]:
                return Span(low=seconds(low))
            case [low, "to", high] if seconds(low) < seconds(high):
                return Span(seconds(low), seconds(high))
    except Fault:
        pass
    raise Fault(f"{text!r} is no length; write under 120s, over 20s or 20s to 60s")


@written("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?")
def when(text: str) -> datetime:
    """2026-11-23 10:00, on the clock of the house: without a zone."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?", text):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise Fault(f"{text!r} is no time; write date and hour, such as 2026-11-23 10:00") from None


@written(rf"{WITHHELD}|\+?[0-9]{{1,20}}", number=True)
def caller(text: str) -> str:
    """A caller's number, or withheld."""
    if not re.fullmatch(rf"{WITHHELD}|\+?[0-9]{{1,20}}", text):
        near = nearest(text, (WITHHELD,))
        raise Fault(f'{text!r} is no number; write "+8613800138000", "13800138000" or {WITHHELD}', near)
    return text


@written("[0-9]{1,20}", number=True)
def dialled(text: str) -> str:
    """The number that is dialled."""
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise Fault(f"{text!r} is no number that can be dialled; write its digits in quotes")
    return text


@written(r"[0-9]{2,8}|\*", number=True)
def phone(text: str) -> str:
    """An extension, or every other one."""
    if not re.fullmatch(r"[0-9]{2,8}|\*", text):
        raise Fault(f'{text!r} is no extension; it has 2 to 8 digits, and "*" is every other one')
    return text


@written("[0-9*#]{1,40}", number=True)
def keys(text: str) -> str:
    """Keys, one after the other: 1, 8001#."""
    if not re.fullmatch("[0-9*#]{1,40}", text):
        raise Fault(f'{text!r} are no keys; write digits, "*" and "#" without anything between them')
    return text


def word(what: str, *words: str):
    """One of these words."""

    @known_words(*words)
    def check(text: str) -> str:
        if text not in words:
            known = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
            message = f"{text!r} is not {what}; write {known}"
            raise Fault(message, nearest(text, words))
        return text

    return check


def one_or_more(value):
    """8101 is [8101]."""
    return value if isinstance(value, list) else [value]
