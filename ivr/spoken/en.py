"""English: the words for numbers, times and days.

>>> clock(time(13, 30)), clock(time(9)), number(12)
('half past one in the afternoon', 'nine a.m.', 'twelve')
"""

from datetime import date, time

from ivr.prompt import Opening
from ivr.spoken.keys import digits_only, groups

JOINT = " "
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
KEYS = {"*": "star", "#": "hash"}


def digits(value: str) -> list[str]:
    """The digits of a telephone number, one by one. "zero", not "oh": clearer on a bad line.

    >>> " ".join(digits("02155886677"))
    'zero two one, five five eight eight, six six seven seven'
    """
    said = [[KEYS.get(digit) or ONES[int(digit)] for digit in group] for group in groups(digits_only(value))]
    for group in said[:-1]:
        group[-1] += ","
    return [word for group in said for word in group]


def key(value: str) -> str:
    """A key of the telephone: press one, press star, press hash.

    >>> key("1"), key("0"), key("#")
    ('one', 'zero', 'hash')
    """
    return KEYS.get(value) or ONES[int(value)]


def number(n: int) -> str:
    """A whole number under a million.

    >>> [number(n) for n in (0, 7, 20, 42, 100, 101, 1200, 250000)]
    ['zero', 'seven', 'twenty', 'forty-two', 'one hundred', 'one hundred and one', 'one thousand two hundred', \
'two hundred and fifty thousand']
    """
    if n >= 1_000_000 or n < 0:
        return " ".join(ONES[int(digit)] if digit.isdigit() else "minus" for digit in str(n))
    if n < 20:
        return ONES[n]
    if n < 100:
        tens, rest = divmod(n, 10)
        return TENS[tens - 2] + (f"-{ONES[rest]}" if rest else "")
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return f"{ONES[hundreds]} hundred" + (f" and {number(rest)}" if rest else "")
    thousands, rest = divmod(n, 1000)
    return f"{number(thousands)} thousand" + (f" {'and ' if rest < 100 else ''}{number(rest)}" if rest else "")


count = number


def ordinal(n: int) -> str:
    """Which one: first, second, twenty-third.

    >>> [ordinal(n) for n in (1, 2, 8, 12, 20, 23, 31, 100)]
    ['first', 'second', 'eighth', 'twelfth', 'twentieth', 'twenty-third', 'thirty-first', 'one hundredth']
    """
    head, dash, last = number(n).rpartition("-")
    before, space, last = last.rpartition(" ")
    last = ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return head + dash + before + space + last


def clock(at: time) -> str:
    """A time of day, as one says it.

    >>> [clock(time(*at)) for at in ((9, 0), (9, 5), (8, 30), (14, 15), (17, 45), (18, 30), (12, 0), (0, 0))]
    ['nine a.m.', 'nine oh five a.m.', 'half past eight in the morning', 'a quarter past two in the afternoon', \
'a quarter to six in the afternoon', 'half past six in the evening', 'twelve noon', 'midnight']
    """
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "midnight" if at.hour == 0 else "twelve noon"
    hour, after = ONES[at.hour % 12 or 12], ONES[at.hour % 12 + 1]
    starts = (
        (21, "at night"), (18, "in the evening"), (12, "in the afternoon"), (1, "in the morning"), (0, "at night"),
    )  # fmt: skip
    part = next(words for start, words in starts if at.hour >= start)
    if at.minute in (15, 30, 45):
        told = {15: f"a quarter past {hour}", 30: f"half past {hour}", 45: f"a quarter to {after}"}[at.minute]
        return f"{told} {part}"
    half = "a.m." if at.hour < 12 else "p.m."
    if at.minute == 0:
        return f"{hour} {half}"
    return f"{hour} {'oh ' if at.minute < 10 else ''}{number(at.minute)} {half}"


def weekday(on: date) -> str:
    """The day of the week.

    >>> weekday(date(2026, 11, 23))
    'Monday'
    """
    return WEEKDAYS[on.weekday()]


def day(on: date) -> str:
    """A date without its year.

    >>> day(date(2026, 10, 9))
    'the ninth of October'
    """
    return f"the {ordinal(on.day)} of {MONTHS[on.month - 1]}"


def opening(opens: Opening) -> list[str]:
    """When a place opens next (rule A7): the day, and the time.

    >>> for day in ("today", "tomorrow", "week", "date"):
    ...     " ".join(opening(Opening(day, date(2026, 10, 9), time(9))))
    'today at nine a.m.'
    'tomorrow, Friday, at nine a.m.'
    'on Friday, at nine a.m.'
    'on Friday, the ninth of October, at nine a.m.'
    """
    at = f"at {clock(opens.time)}"
    if opens.day == "today":
        return [f"today {at}"]
    if opens.day == "tomorrow":
        return [f"tomorrow, {weekday(opens.date)},", at]
    if opens.day == "week":
        return [f"on {weekday(opens.date)},", at]
    return [f"on {weekday(opens.date)},", f"{day(opens.date)},", at]
