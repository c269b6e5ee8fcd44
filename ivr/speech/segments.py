"""A text becomes segments: what is spoken, and kept, as one piece.

Where a text is cut is said by `CUT` characters in it; they are put there by the filters of `templates.py`.
"""

import re
from dataclasses import dataclass

__all__ = ["CUT", "Segment", "segments", "spell_out", "tidy"]

CUT = "\x1e"
"""Stands between segments while a text is being made; no value can bring one along (`templates.Cut`)."""
CJK = r"\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
PUNCTUATION = r"[\s，。！？；：、,.!?;:)）”’]"


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one language, spoken and kept as one recording."""

    language: str
    text: str

    @property
    def words(self) -> str:
        """The words alone, as a recording of them is named: without the punctuation at their end.

        >>> Segment("zh", "八，").words
        '八'
        """
        return re.sub(rf"{PUNCTUATION}+$", "", self.text)


def tidy(text: str) -> str:
    """One line, as it is written: no space within Chinese, none before a comma, one full stop.

    >>> tidy("您好，\\n  欢迎致电。\\n"), tidy("Good  morning ,\\n Sam."), tidy("at nine a.m..")
    ('您好，欢迎致电。', 'Good morning, Sam.', 'at nine a.m.')
    """
    text = re.sub(r"\s+", " ", text.replace(CUT, "")).strip()
    text = re.sub(rf"(?<=[{CJK}]) (?=[{CJK}])", "", text)
    return re.sub(r" (?=[,.!?;:])|(?<=\.)\.", "", text)


def segments(text: str, language: str) -> tuple[Segment, ...]:
    """Cut a text where it says so; punctuation stays with what it ends, as it sets the melody.

    >>> [segment.text for segment in segments("分机\\x1e八\\x1e\\x1e一\\x1e，请稍候。", "zh")]
    ['分机', '八', '一，', '请稍候。']
    """
    found: list[str] = []
    for piece in text.split(CUT):
        piece = tidy(piece)
        ending = re.match(rf"{PUNCTUATION}*", piece)[0]
        if found and ending.strip():
            found[-1] = tidy(found[-1] + ending.strip())
        rest = piece[len(ending) :].strip() if found else piece.strip()
        if re.search(r"\w", rest):
            found.append(rest)
    return tuple(part for words_ in found for part in _by_script(words_, language))


def _by_script(text: str, language: str) -> list[Segment]:
    """Chinese within an English text is a segment in Chinese, for the voice `en` cannot read it; and English within a
    Chinese text is one in English from three words on. Single words (B1, IT, a name) cmn reads well by itself.

    >>> [segment.language for segment in _by_script("销售部请按一。For English, press eight.", "zh")]
    ['zh', 'en']
    """
    if language.split("-")[0] in ("zh", "yue"):
        other, run = "en", r"((?:[A-Za-z][A-Za-z'’-]*[ ,.!?;]+){2,}[A-Za-z'’-]+[.!?]?)"
    else:
        other, run = "zh", rf"([{CJK}][{CJK}\s]*)"
    parts = re.split(run, text)  # every second part is what the run matched
    return [
        Segment(other if place % 2 else language, spell_out(part.strip()))
        for place, part in enumerate(parts)
        if re.search(r"\w", part)
    ]


def spell_out(text: str) -> str:
    """Capitals that are letters, not a word, said one by one: espeak reads IT as "it" and B1 as "bwun".

    >>> spell_out("IT部在B1层"), spell_out("HR and VIP guests, room A12"), spell_out("STAFF ONLY")
    ('I T部在B 1层', 'H R and V I P guests, room A 12', 'STAFF ONLY')
    """
    text = re.sub(r"(?<![A-Za-z])[A-Z]{2,3}(?![A-Za-z])", lambda found: " ".join(found[0]), text)
    return re.sub(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Z])", " ", text)
