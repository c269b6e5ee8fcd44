"""Digits that are spoken one by one: what counts as digits, and in which groups they are said."""

import re

from ivr.errors import PromptError

__all__ = ["digits_only", "groups"]


def digits_only(value: str) -> str:
    """The value, if it is 1 to 32 keys of a telephone: the white list for all that a caller sent.

    >>> digits_only("02155887766")
    '02155887766'
    >>> digits_only("12${x}")
    Traceback (most recent call last):
    ivr.errors.PromptError: '12${x}' is not 1 to 32 digits (0–9, * or #); only digits are spoken one by one
    """
    if not isinstance(value, str) or not re.fullmatch(r"[0-9*#]{1,32}", value):
        raise PromptError(f"{value!r} is not 1 to 32 digits (0–9, * or #); only digits are spoken one by one")
    return value


def groups(digits: str) -> list[str]:
    """A long number as people say it: in groups of three or four.

    >>> groups("8001"), groups("55886"), groups("13812345678"), groups("02155886677"), groups("4008123123")
    (['8001'], ['55886'], ['138', '1234', '5678'], ['021', '5588', '6677'], ['400', '812', '3123'])
    """
    if len(digits) <= 5:
        return [digits]
    cuts = {6: (3,), 7: (3,), 8: (4,), 9: (3, 6), 10: (3, 6), 11: (3, 7), 12: (4, 8)}.get(
        len(digits), tuple(range(4, len(digits), 4))
    )
    return [digits[a:b] for a, b in zip((0, *cuts), (*cuts, len(digits)), strict=True)]
