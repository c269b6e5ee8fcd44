"""The smallest list of steps that still fails (Zeller's ddmin).

>>> shrunk(list(range(100)), lambda rest: {7, 42} <= set(rest))
[7, 42]
"""

from collections.abc import Callable, Sequence

__all__ = ["shrunk"]


def shrunk(steps: Sequence, fails: Callable[[list], bool], most: int = 400) -> list:
    """Leave out what is not needed for the failure; `most` tries."""
    steps, parts = list(steps), 2
    while len(steps) > 1 and most > 0:
        size = max(1, len(steps) // parts)
        for start in range(0, len(steps), size):
            rest = steps[:start] + steps[start + size :]
            most -= 1
            if rest and fails(rest):
                steps, parts = rest, max(2, parts - 1)
                break
        else:
            if size == 1:
                break
            parts = min(len(steps), parts * 2)
    return steps
