"""Which phones ring, how, and how long. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

__all__ = ["RingPlan"]


@dataclass(frozen=True, slots=True)
class RingPlan:
    """`groups`: who rings together; one group after the other, `seconds` each.

    Who rings is an extension's number, or `duty/<name>`: whoever is on duty then. `rotate`: each call begins with the
    next group. `announce`: who takes the call is told first who calls and for what (rules B3, B6).

        >>> RingPlan.together("8001", "8002").groups, RingPlan.in_turn("8001", "8002").groups
        ((('8001', '8002'),), (('8001',), ('8002',)))
    """

    groups: tuple[tuple[str, ...], ...]
    seconds: int = 25
    rotate: bool = False
    announce: bool = False

    @classmethod
    def together(cls, *targets: str, seconds: int = 25, announce: bool = False) -> "RingPlan":
        """All at once."""
        return cls((targets,) if targets else (), seconds, announce=announce)

    @classmethod
    def in_turn(cls, *targets: str, seconds: int = 25) -> "RingPlan":
        """One after the other."""
        return cls(tuple((target,) for target in targets), seconds)

    @property
    def targets(self) -> tuple[str, ...]:
        """Everybody who rings, in order."""
        return tuple(target for group in self.groups for target in group)

    @property
    def longest(self) -> int:
        """Seconds until nobody rings any more."""
        return self.seconds * max(1, len(self.groups))

    def at_once(self, seconds: int) -> "RingPlan":
        """The same phones, all together."""
        return RingPlan.together(*dict.fromkeys(self.targets), seconds=seconds, announce=self.announce)

    def among(self, asked: Callable[[str], Iterable[str]]) -> "RingPlan":
        """The plan with, for each target, those who are really rung in its place; nobody twice, no group empty.

        >>> RingPlan.in_turn("8001", "duty/porter").among({"8001": [], "duty/porter": ["8009"]}.get).groups
        (('8009',),)
        """
        seen: set[str] = set()
        groups = []
        for group in self.groups:
            rung = list(dict.fromkeys(number for target in group for number in asked(target) if number not in seen))
            seen.update(rung)
            groups.append(tuple(rung))
        return replace(self, groups=tuple(group for group in groups if group))

    def begun_at(self, turn: int) -> "RingPlan":
        """The plan of the `turn`-th call, where each begins with another group.

        >>> RingPlan((("8001",), ("8002",), ("8003",)), rotate=True).begun_at(4).groups
        (('8002',), ('8003',), ('8001',))
        """
        if not self.rotate or not self.groups:
            return self
        first = turn % len(self.groups)
        return replace(self, groups=self.groups[first:] + self.groups[:first])
