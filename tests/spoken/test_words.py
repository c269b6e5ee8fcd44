"""What holds in every language: each time, day and number has words of its own, and no figure is left in them."""

import re
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import PromptError
from ivr.prompt import Opening
from ivr.spoken import LANGUAGES, words

EVERY_LANGUAGE = pytest.mark.parametrize("language", sorted(LANGUAGES))
ANY_TIME = [time(minute // 60, minute % 60) for minute in range(24 * 60)]


@EVERY_LANGUAGE
def test_every_minute_of_the_day_is_said_differently(language):
    said = [words(language).clock(at) for at in ANY_TIME]
    assert len(set(said)) == len(said)
    assert not [text for text in said if re.search(r"[0-9:]", text)]


@EVERY_LANGUAGE
def test_every_day_of_a_leap_year_is_said_differently(language):
    said = [words(language).day(date(2028, 1, 1) + timedelta(day)) for day in range(366)]
    assert len(set(said)) == 366
    assert not [text for text in said if re.search(r"\d", text)]


@EVERY_LANGUAGE
def test_the_days_of_a_week_are_said_differently(language):
    assert len({words(language).weekday(date(2026, 11, 23) + timedelta(day)) for day in range(7)}) == 7


@EVERY_LANGUAGE
def test_every_number_up_to_twenty_thousand_is_said_differently(language):
    said = [words(language).number(n) for n in range(20_001)]
    assert len(set(said)) == len(said)


@EVERY_LANGUAGE
@pytest.mark.parametrize("value", ["0", "8001", "13812345678", "*#", "0" * 32])
def test_every_digit_is_a_piece(language, value):
    assert len(words(language).digits(value)) == len(value)


@EVERY_LANGUAGE
@pytest.mark.parametrize("value", ["", "12a", "１２", "1 2", "${x}", "1\n", "0" * 33, None, 12])
def test_nothing_but_keys_is_spoken_as_digits(language, value):
    with pytest.raises(PromptError, match="is not 1 to 32 digits"):
        words(language).digits(value)


@EVERY_LANGUAGE
@pytest.mark.parametrize("day", ["today", "tomorrow", "week", "date"])
def test_an_opening_ends_with_its_time(language, day):
    opening = words(language).opening(Opening(day, date(2026, 10, 9), time(9)))
    assert opening[-1].endswith(words(language).clock(time(9)))


@EVERY_LANGUAGE
def test_openings_share_their_pieces(language):
    # Given every opening of two weeks at eight times of day
    openings = [
        Opening(day, date(2026, 11, 23) + timedelta(days), time(hour))
        for day in ("tomorrow", "week") for days in range(14) for hour in range(8, 16)
    ]  # fmt: skip
    # Then they are said with a few recordings: seven days in two manners, and eight times
    pieces = {piece for opening in openings for piece in words(language).opening(opening)}
    assert len(pieces) == 7 * 2 + 8


FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}


def worth(text: str) -> int:
    """The number that Chinese words stand for, read by the schoolbook's rule."""
    if "万" in text:
        high, _, low = text.partition("万")
        return worth(high) * 10_000 + worth(low)
    total, figure = 0, None
    for word in text:
        if word in UNITS:
            total += (1 if figure is None else figure) * UNITS[word]
            figure = None
        else:
            figure = FIGURES[word]
    return total + (figure or 0)


@given(st.integers(0, 99_999_999))
def test_chinese_numbers_read_back_to_themselves(n):
    assert worth(words("zh").number(n)) == n


def test_a_language_of_a_country_has_the_words_of_the_language():
    assert words("en-gb") is words("en-us") is words("en")
