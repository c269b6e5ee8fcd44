"""How hours are written, and what is said of those that cannot be read."""

import pytest

from ivr.hours_text import spans, weekdays


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9:00-18:00", ((540, 1080),)),
        ("00:00-24:00", ((0, 1440),)),
        ("18:00-00:00", ((1080, 1440),)),
        ("06:00-09:00,22:00-02:00", ((360, 540), (1320, 1560))),
        (" closed ", ()),
    ],
)
def test_ranges(text, read):
    assert spans(text) == read


@pytest.mark.parametrize(
    "text",
    ["", "9-12", "09:00", "09:00-24:01", "24:00-06:00", "09:60-10:00", "09:00-12:00,", "22:00-02:00, 23:00-23:30"],
)
def test_what_is_no_range_is_refused_with_words(text):
    with pytest.raises(ValueError, match=r"write|a whole day|00:00 of the next day"):
        spans(text)


def test_days():
    assert weekdays("mon, wed-fri") == (0, 2, 3, 4)
    assert weekdays("fri-mon") == (4, 5, 6, 0)
    for wrong in ("", "mon-", "mon-tue-wed", "monday", "mon, mon-fri"):
        with pytest.raises(ValueError, match=r"no day of the week|no range of days|twice"):
            weekdays(wrong)
