"""Comments in the table that allow a finding, with a reason.

    hours:
      # check: allow unused, for the summer fair
      summer: {mon-fri: 08:00-14:00}
      winter: {mon-fri: 09:00-16:00}   # check: allow unused, from November on

A comment allows what is found on its line; one that has a line to itself, what is found on the next line that is no
comment. What leaves a caller without an answer cannot be allowed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from ivr.table.ids import KINDS
from ivr.table.suggest import nearest

__all__ = ["Allowance", "Extent", "allowances"]

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*check:[ \t]*allow\b(.*)")
_SAID = re.compile(r"[ \t]+([a-z][a-z-]*)[ \t]*(?:,[ \t]*(.*))?")

Extent = tuple[tuple[int, int], tuple[int, int]]
"""Line and column where a text begins, and where it ends."""


@dataclass(slots=True)
class Allowance:
    """A comment that allows findings of `id` in `line`. `wrong`: the message, id and near of what is wrong with it."""

    at: tuple[int, int]
    line: int
    id: str
    reason: str
    wrong: tuple[str, str, str | None] | None = None
    used: bool = False


def allowances(text: str, quoted: list[Extent]) -> Iterator[Allowance]:
    """The comments of a file that allow something. `quoted`: texts in which such words stand without being a comment,
    in the order of the file.

    >>> [(one.line, one.id, one.reason) for one in allowances("# check: allow loop, x\\n# b\\n\\na: b\\n", [])]
    [(4, 'loop', 'x')]
    """
    if "check:" not in text:
        return
    lines = text.split("\n")
    next_with_something, last = [0] * len(lines), len(lines)
    for number in range(len(lines), 0, -1):
        if not _bare(lines[number - 1]):
            last = number
        next_with_something[number - 1] = last
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if "check:" in line else None
        if match is None:
            continue
        at = number, match.start() + 1
        nearest_before = bisect_right(quoted, at, key=itemgetter(0)) - 1
        if nearest_before < 0 or at >= quoted[nearest_before][1]:
            alone = not line[: match.start()].strip()
            yield _read(match[1], at, next_with_something[number - 1] if alone else number)


def _bare(line: str) -> bool:
    """Is this line a comment or nothing?"""
    line = line.lstrip()
    return not line or line.startswith("#")


def _read(said: str, at: tuple[int, int], line: int) -> Allowance:
    match = _SAID.fullmatch(said.rstrip())
    id, reason = (match[1], (match[2] or "").strip()) if match else ("", "")
    made = Allowance(at, line, id, reason)
    kind = KINDS.get(id)
    if kind is None:
        message = f"there is no finding {id!r}; write" if id else "which finding is allowed? Write"
        message += " the id and a reason: # check: allow unused, for the summer fair"
        made.wrong = message, "allow-id", nearest(id, KINDS)
    elif not kind.may_be_allowed:
        made.wrong = f"{id} cannot be allowed; mend what is found", "allow-never", None
    elif not reason:
        made.wrong = f"why is it allowed? Write the reason behind a comma: # check: allow {id}, …", "allow-reason", None
    return made
