"""The name somebody meant, when there is one near enough.

>>> nearest("department/sale", ["department/sales", "department/support"])
'department/sales'
>>> nearest("xyz", ["department/sales"])
"""

from collections.abc import Collection

__all__ = ["absent", "nearest"]

MOST = 2_500
"""Letters of all the names together that a word is compared with one by one; among more, one slip is looked for."""
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_/"


def nearest(word: str, names: Collection[str]) -> str | None:
    """The name that is fewest slips of the finger away from `word`: at most a third of its length, and three.

    It takes a millisecond at most, however many names there are.
    """
    if not word or len(word) > 80:
        return None
    letters = 0
    for name in names:
        letters += len(name)
        if letters > MOST:
            return _one_slip(word, names)
    best, least = None, min(3, max(1, len(word) // 3)) + 1
    own = set(word)
    for name in names:
        # Cheap bounds first: a slip changes the length by one at most, and the set of letters by two.
        if abs(len(name) - len(word)) >= least or len(own.symmetric_difference(name)) > 2 * (least - 1):
            continue
        slips = distance(word, name, least)
        if slips < least:
            best, least = name, slips
            if slips == 0:
                break
    return best


def _one_slip(word: str, names: Collection[str]) -> str | None:
    """A name that is one slip away: every word with one slip in it is looked up."""
    if len(word) < 3 or len(word) > 40:
        return None
    names = names if hasattr(names, "keys") or isinstance(names, (set, frozenset)) else set(names)
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        slips = [head + tail[1:], head + tail[1:2] + tail[:1] + tail[2:]]
        slips += [head + letter + rest for letter in LETTERS for rest in (tail, tail[1:])]
        for slip in slips:
            if slip != word and slip in names:
                return slip
    return None


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
            if abs(i - j) >= most:  # so far from the diagonal it is too far anyway
                row.append(most)
                continue
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) >= most:
            return most
    return min(row[-1], most)


def absent(what: str, section: str, name: str, names: Collection[str]) -> tuple[str, str | None]:
    """What is said of a name that is not there, and the one that was meant; where none was, what to do about it.

    >>> absent("there are no hours 'ofice'", "hours", "ofice", ["office"])
    ("there are no hours 'ofice'", 'office')
    >>> absent("there are no hours 'night'", "hours", "night", ["office"])
    ("there are no hours 'night'; write them under hours, or name others", None)
    """
    near = nearest(name, names)
    them = "them" if what.startswith("there are") else "it"
    others = "others" if them == "them" else "another"
    return what if near else f"{what}; write {them} under {section}, or name {others}", near
