"""The name somebody meant, when there is one near enough.

>>> nearest("department/sale", ["department/sales", "department/support"])
'department/sales'
>>> nearest("xyz", ["department/sales"])
"""

from collections.abc import Collection

__all__ = ["nearest"]

# Comparing one word with a million names would take seconds; a table with that many gets no suggestions.
MOST = 100_000


def nearest(word: str, names: Collection[str]) -> str | None:
    """The name that is fewest slips of the finger away from `word`: at most a third of its length, and three."""
    if len(names) > MOST or len(word) > 80:
        return None
    best, least = None, min(3, max(1, len(word) // 3)) + 1
    letters = set(word)
    for name in names:
        # Cheap bounds first: a slip changes the length by one at most, and the set of letters by two.
        if abs(len(name) - len(word)) >= least or len(letters.symmetric_difference(name)) > 2 * (least - 1):
            continue
        slips = distance(word, name, least)
        if slips < least:
            best, least = name, slips
            if slips == 0:
                break
    return best


def distance(one: str, other: str, most: int) -> int:
    """How many letters were left out, put in, changed or exchanged with their neighbour; `most` when no fewer.

    >>> distance("slaes", "sales", 3), distance("sale", "sales", 3), distance("sales", "support", 3)
    (1, 1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) >= most:
            return most
    return min(row[-1], most)
