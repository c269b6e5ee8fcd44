"""Nonsense is answered at once: the work it makes is counted, so that a busy machine changes nothing.

Counted are the calls of functions, our own and built-in ones. A megabyte of the worst of it is a second of CPU.
"""

import sys
from datetime import date

import pytest

from ivr.table import check
from tests.table.nonsense import NONSENSE
from tests.table.test_nonsense import SHELF

SIZE = 20_000
"""Bytes: more than 500 errors of most kinds, after which nothing is read further."""
SIZES = {"ranges of ten thousand": 2 * SIZE}
"""A smaller file of these is a table of a hundred thousand extensions, as many as one may have: every one is looked at,
which is honest work."""
A_BYTE = 12
"""Calls for each byte at most: a good table makes five."""
AT_ALL = 400_000
"""Calls whatever the size: 500 errors with their suggestions, and 400 days of a few opening hours."""


def calls(source: bytes) -> int:
    """How many functions are called to check a table."""
    count = 0

    def seen(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        table, findings = check(source, "t.yaml", today=date(2026, 11, 20), prompts=SHELF)
    finally:
        sys.setprofile(before)
    # And it is answered: with errors, each at its place, or with a table
    assert (table is None) == any(one.severity == "error" for one in findings)
    assert all(one.line >= 1 and one.col >= 1 and len(str(one)) < 1_000 for one in findings)
    return count


@pytest.mark.parametrize("kind", NONSENSE)
def test_twice_as_much_nonsense_is_at_most_twice_the_work(kind):
    size = SIZES.get(kind, SIZE)
    half, whole = (NONSENSE[kind](size) for size in (size, 2 * size))
    half, whole = (text if isinstance(text, bytes) else text.encode() for text in (half, whole))
    once, twice = calls(half), calls(whole)
    assert twice <= 2 * once + AT_ALL // 4
    assert twice <= A_BYTE * len(whole) + AT_ALL
