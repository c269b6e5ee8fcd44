"""What is called otherwise. A name that changed is one difference, however many sentences say it."""

from collections.abc import Iterator
from typing import Any

from ivr.prompt import Names, Prompt
from ivr.steps import Table

__all__ = ["Renamed"]


class Renamed:
    """The things that have another name in the new table. `met`: the changes of name that a caller has met."""

    def __init__(self, old: Table, new: Table):
        self._names: dict[Names, Names] = {}
        self.met: set[tuple[Names, Names]] = set()
        kept: set[Names] = set()
        for was, now in _pairs(old, new):
            if was == now or self._names.setdefault(was, now) != now:
                # Two things had this name, and now have not the same: then names say nothing.
                kept.add(was)
        for name in kept:
            self._names.pop(name, None)

    def name(self, name: Names) -> Names:
        """What is called so now."""
        if name not in self._names:
            return name
        self.met.add((name, self._names[name]))
        return self._names[name]

    def prompt(self, prompt: Prompt) -> Prompt:
        """What is said now, were names all that changed."""
        return Prompt(prompt.name, **{key: self._value(value) for key, value in prompt.values})

    def _value(self, value: Any) -> Any:
        if isinstance(value, Names):
            return self.name(value)
        return tuple(self._value(each) for each in value) if isinstance(value, tuple) else value


def _pairs(old: Table, new: Table) -> Iterator[tuple[Names, Names]]:
    """The names of all that is in both tables."""
    for address, step in old.steps.items():
        other = new.steps.get(address)
        for key in ("name", "house"):
            names = getattr(step, key, None), getattr(other, key, None)
            if all(names):
                yield names
