"""Numbers, times and days as a caller should hear them, one module for each language. Pure.

A language module gives words, in pieces: what is spoken and kept as one recording. Digits are a piece each, so that
ten recordings say every number; an opening is a day and a time, so that a few dozen say every opening.

    >>> from datetime import date, time
    >>> from ivr.prompt import Opening
    >>> words("zh").digits("8001")
    ['八', '零', '零', '幺']
    >>> "".join(words("zh").opening(Opening("tomorrow", date(2026, 11, 23), time(9))))
    '明天，星期一，上午九点'
    >>> " ".join(words("en-gb").opening(Opening("tomorrow", date(2026, 11, 23), time(9))))
    'tomorrow, Monday, at nine a.m.'
"""

from types import ModuleType

from ivr.errors import PromptError
from ivr.spoken import en, yue, zh
from ivr.spoken.keys import digits_only, groups

__all__ = ["LANGUAGES", "digits_only", "groups", "words"]

LANGUAGES: dict[str, ModuleType] = {"zh": zh, "yue": yue, "en": en}
"""Language → the module with its words. Each has JOINT (what stands between two pieces) and the seven functions."""


def words(language: str) -> ModuleType:
    """The words of a language; of `en-gb`, those of `en`.

    >>> words("tlh")
    Traceback (most recent call last):
    ivr.errors.PromptError: language tlh: no words for its numbers and times; write ivr/spoken/tlh.py (as en.py) and \
enter it in ivr.spoken.LANGUAGES (there are: en, yue, zh)
    """
    module = LANGUAGES.get(language) or LANGUAGES.get(language.split("-")[0])
    if module is None:
        raise PromptError(
            f"language {language}: no words for its numbers and times; write ivr/spoken/{language}.py (as en.py) and "
            f"enter it in ivr.spoken.LANGUAGES (there are: {', '.join(sorted(LANGUAGES))})"
        )
    return module
