"""How wide words are, and where they are broken. No font is asked: what reads a picture has its own.

>>> round(width("Sales", 10)), round(width("销售部", 10))
(27, 30)
>>> broken("the Lakeview Restaurant", 80, 12)
['the Lakeview', 'Restaurant']
>>> broken("非常长的部门名称", 50, 12)
['非常长的', '部门名称']
"""

import unicodedata
from functools import lru_cache

__all__ = ["STUCK", "broken", "clipped", "width"]

STUCK = "\u00a0"
"""A blank at which no line is broken."""

NARROW, SLIM, WIDE = frozenset("ijl|!.,:;'`·"), frozenset('frt()[]{}/\\-I "°'), frozenset("mwMW@%&—…→⇄")
EMS = {"narrow": 0.3, "slim": 0.38, "wide": 0.9, "capital": 0.7, "digit": 0.6, "other": 0.57}
"""Parts of the font's size: the wider of the usual sans-serif fonts, so that nothing runs out of its box."""


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    for kind, some in (("narrow", NARROW), ("slim", SLIM), ("wide", WIDE)):
        if character in some:
            return EMS[kind]
    return EMS["capital" if character.isupper() else "digit" if character.isdigit() else "other"]


def width(text: str, size: float) -> float:
    """About how wide a text is, in the unit of `size`."""
    return sum(_em(character) for character in text) * size


def broken(text: str, room: float, size: float, most: int = 3) -> list[str]:
    """A text in lines that fit: broken at blanks and between Chinese characters, words that are too long anywhere;
    after `most` lines it is cut off."""
    lines, room = [], max(room, 2 * size)
    for paragraph in text.split("\n"):
        now = ""
        for piece in _pieces(paragraph):
            if width((now + piece).rstrip(), size) <= room:
                now += piece
                continue
            if now.strip():
                lines.append(now.rstrip())
            now = piece.lstrip()
            while width(now, size) > room:
                fits = next(n for n in range(len(now), 0, -1) if n == 1 or width(now[:n], size) <= room)
                lines.append(now[:fits])
                now = now[fits:]
        lines.append(now.rstrip())
    if len(lines) > most:
        lines = [*lines[: most - 1], clipped(" ".join(lines[most - 1 :]), room, size)]
    return [line for line in lines if line] or [""]


def clipped(text: str, room: float, size: float) -> str:
    """A text that fits, with … in place of what does not."""
    if width(text, size) <= room:
        return text
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _pieces(text: str) -> list[str]:
    """What may not be broken: words with the blanks after them, and single Chinese characters with their comma; and
    whatever stands after a blank that sticks."""
    pieces: list[str] = []
    word = ""
    for character in text:
        is_wide = unicodedata.east_asian_width(character) in "WF"
        if is_wide and unicodedata.category(character).startswith("P") and pieces and not word:
            pieces[-1] += character
        elif is_wide and STUCK not in word:
            pieces += [*([word] if word else []), character]
            word = ""
        elif character == " ":
            pieces.append(f"{word} ")
            word = ""
        else:
            if character == STUCK and not word and pieces and not pieces[-1].endswith(" "):
                word = pieces.pop()
            word += character
    return [*pieces, word] if word else pieces
