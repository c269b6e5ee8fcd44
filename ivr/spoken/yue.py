"""Cantonese (粵語): as Mandarin in writing, but for a few words; a voice `yue` reads the characters its own way.

>>> "".join(digits("13812345678")), clock(time(14, 15)), clock(time(9, 30))
('一三八，一二三四，五六七八', '下晝兩點十五分', '朝早九點半')
"""

from datetime import time

from ivr.prompt import Opening
from ivr.spoken import zh
from ivr.spoken.zh import JOINT, day, number, weekday

__all__ = ["JOINT", "clock", "count", "day", "digits", "key", "number", "opening", "weekday"]


def digits(value: str) -> list[str]:
    """The digits of a telephone number; 1 is 一 (幺 is not said in Cantonese)."""
    return [word.replace("幺", "一") for word in zh.digits(value)]


def key(value: str) -> str:
    """A key of the telephone.

    >>> key("1"), key("*"), key("#")
    ('一', '星字掣', '井字掣')
    """
    return {"*": "星字掣", "#": "井字掣"}.get(value) or zh.key(value)


def count(n: int) -> str:
    """How many, before a measure word: 兩位."""
    return "兩" if n == 2 else number(n)


def clock(at: time) -> str:
    """A time of day.

    >>> clock(time(12)), clock(time(18, 40)), clock(time(1, 3))
    ('中午十二點', '夜晚六點四十分', '凌晨一點零三分')
    """
    starts = ((18, "夜晚"), (13, "下晝"), (12, "中午"), (5, "朝早"), (0, "凌晨"))
    part = next(word for hour, word in starts if at.hour >= hour)
    hour = count(at.hour if at.hour <= 12 else at.hour - 12)
    minutes = {0: "", 30: "半"}.get(at.minute)
    if minutes is None:
        minutes = ("零" if at.minute < 10 else "") + number(at.minute) + "分"
    return f"{part}{hour}點{minutes}"


def opening(opens: Opening) -> list[str]:
    """When a place opens next: the day, and the time.

    >>> from datetime import date
    >>> "".join(opening(Opening("tomorrow", date(2026, 11, 23), time(9))))
    '聽日，星期一，朝早九點'
    """
    at = clock(opens.time)
    if opens.day == "today":
        return ["今日" + at]
    if opens.day == "tomorrow":
        return [f"聽日，{weekday(opens.date)}，", at]
    return [*zh.opening(opens)[:-1], at]
