"""Mandarin (普通话): the words for numbers, times and days.

>>> clock(time(13, 30)), number(2), count(2)
('下午一点半', '二', '两')
"""

from datetime import date, time

from ivr.prompt import Opening
from ivr.spoken.keys import digits_only, groups

JOINT = ""
DIGITS = "零幺二三四五六七八九"  # 幺 for 1: 一 and 七 sound alike on a telephone, so numbers are never read with 一
NUMBERS = "零一二三四五六七八九"
KEYS = {"*": "星号键", "#": "井号键", "0": "零"}
WEEKDAYS = "一二三四五六日"


def digits(value: str) -> list[str]:
    """The digits of a telephone number, one by one.

    >>> "".join(digits("13812345678"))
    '幺三八，幺二三四，五六七八'
    """
    said = {**{str(n): word for n, word in enumerate(DIGITS)}, "*": "星", "#": "井"}
    pieces = [[said[digit] for digit in group] for group in groups(digits_only(value))]
    for group in pieces[:-1]:
        group[-1] += "，"
    return [word for group in pieces for word in group]


def key(value: str) -> str:
    """A key of the telephone: 请按一, 请按星号键. (Keys are read 一, not 幺: "请按幺" is nobody's Chinese.)

    >>> key("1"), key("0"), key("*"), key("#")
    ('一', '零', '星号键', '井号键')
    """
    return KEYS.get(value) or NUMBERS[int(value)]


def number(n: int) -> str:
    """A whole number under ten thousand times ten thousand.

    >>> [number(n) for n in (0, 2, 10, 12, 20, 101, 110, 1010, 2026, 10086, 250000)]
    ['零', '二', '十', '十二', '二十', '一百零一', '一百一十', '一千零一十', '二千零二十六', '一万零八十六', '二十五万']
    """
    if not 0 <= n < 100_000_000:
        return "".join(NUMBERS[int(digit)] for digit in str(n))
    if n >= 10_000:
        high, low = divmod(n, 10_000)
        return number(high) + "万" + (("零" if low < 1000 else "") + _under_ten_thousand(low) if low else "")
    said = _under_ten_thousand(n)
    return said.removeprefix("一") if 10 <= n < 20 else said or "零"


def _under_ten_thousand(n: int) -> str:
    said, zero = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        figure, n = divmod(n, size)
        if figure:
            said += ("零" if zero else "") + NUMBERS[figure] + unit
            zero = False
        else:
            zero = bool(said)
    return said


def count(n: int) -> str:
    """How many, before a measure word: 两位, 两点; 二 only in counting (第二位).

    >>> count(1) + "位", count(2) + "位", count(12) + "位"
    ('一位', '两位', '十二位')
    """
    return "两" if n == 2 else number(n)


def clock(at: time) -> str:
    """A time of day, as one says it.

    >>> [clock(time(*at)) for at in ((0, 0), (2, 0), (7, 30), (9, 0), (9, 5), (12, 0))]
    ['凌晨零点', '凌晨两点', '早上七点半', '上午九点', '上午九点零五分', '中午十二点']
    >>> [clock(time(*at)) for at in ((14, 15), (17, 45), (18, 0))]
    ['下午两点一刻', '下午五点四十五分', '晚上六点']
    """
    starts = ((18, "晚上"), (13, "下午"), (12, "中午"), (8, "上午"), (5, "早上"), (0, "凌晨"))
    part = next(word for hour, word in starts if at.hour >= hour)
    hour = count(at.hour if at.hour <= 12 else at.hour - 12)
    minutes = {0: "", 15: "一刻", 30: "半"}.get(at.minute)
    if minutes is None:
        minutes = ("零" if at.minute < 10 else "") + number(at.minute) + "分"
    return f"{part}{hour}点{minutes}"


def weekday(on: date) -> str:
    """The day of the week.

    >>> weekday(date(2026, 11, 22)), weekday(date(2026, 11, 23))
    ('星期日', '星期一')
    """
    return "星期" + WEEKDAYS[on.weekday()]


def day(on: date) -> str:
    """A date without its year.

    >>> day(date(2026, 10, 12)), day(date(2026, 2, 2))
    ('十月十二日', '二月二日')
    """
    return f"{number(on.month)}月{number(on.day)}日"


def opening(opens: Opening) -> list[str]:
    """When a place opens next (rule A7): the day, and the time.

    >>> for day in ("today", "tomorrow", "week", "date"):
    ...     "".join(opening(Opening(day, date(2026, 10, 9), time(9))))
    '今天上午九点'
    '明天，星期五，上午九点'
    '星期五，上午九点'
    '十月九日，星期五，上午九点'
    """
    at = clock(opens.time)
    if opens.day == "today":
        return ["今天" + at]
    if opens.day == "tomorrow":
        return [f"明天，{weekday(opens.date)}，", at]
    if opens.day == "week":
        return [weekday(opens.date) + "，", at]
    return [day(opens.date) + "，", weekday(opens.date) + "，", at]
