"""Two tables lived through side by side at one instant: where a caller lives through something else.

Both are followed along every key and every outcome, as long as the caller is asked the same in both; where he is not,
the ways part, and what lies behind is not compared any more.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from ivr.difference.scene import Branch, Phones, Scene, Scenes
from ivr.difference.words import NOTHING, Words
from ivr.explanation.answer import timeless
from ivr.prompt import Names, Prompt
from ivr.ways import Act, Caller, Choice, Stand

__all__ = ["Difference", "compare"]

Path = tuple[tuple[str, tuple[Choice, ...]], ...]
"""How a caller comes somewhere: (the kind of the scene, what was done there), …"""
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`old`, `new`: what he lived through, and lives through now, after `path`; in the words of callers. `same`: what
    two have in common that are one, whatever the way, the language and the instant."""

    path: str = field(compare=False)
    old: str = field(compare=False)
    new: str = field(compare=False)
    same: object


Alike = set[tuple[int, int]]
"""Scenes of both tables, by their ids, in which nothing is different; for the same `Scenes` it holds at any instant."""


def compare(
    old: Scenes, new: Scenes, at: datetime, caller: Caller, words: Words, alike: Alike
) -> dict[Difference, list[str]]:
    """The differences for one caller at an instant, each with the ways to it, the shortest first."""
    found: dict[Difference, list[str]] = {}
    for difference in Comparison(old, new, at, caller, words, alike).differences():
        found.setdefault(difference, []).append(difference.path)
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two scenes that a caller comes to by the same path. `parting`: the step and the choice before them."""

    old: Scene
    new: Scene
    path: Path = ()
    parting: object = None

    @property
    def place(self) -> object:
        """What is different: the step where both stand; else the one both have entered; else the choice before."""
        stands = {each.at.address if each.at else "" for each in (self.old, self.new)}
        entered = {self.old.entered, self.new.entered}
        return next((found.pop() for found in (stands, entered) if len(found) == 1), self.parting)


class Comparison:
    """One caller at one instant."""

    def __init__(self, old: Scenes, new: Scenes, at: datetime, caller: Caller, words: Words, alike: Alike):
        self.old, self.new, self.at, self.caller, self.words = old, new, at, caller, words
        self.alike = alike
        self.todo: deque[Pair] = deque()
        self.seen: set[tuple[Stand | None, Stand | None]] = set()
        self.languages: set[tuple[str, str]] = set()
        self._changes = (words.renamed.prompt, lambda prompt: prompt)

    def differences(self) -> Iterator[Difference]:
        """In the order of the paths, the shortest first; some more than once."""
        self.todo.append(Pair(self._scene(self.old, Stand()), self._scene(self.new, Stand())))
        while self.todo:
            yield from self._differences(self.todo.popleft())

    def _scene(self, scenes: Scenes, stand: Stand | None, heard: tuple[Act, ...] = ()) -> Scene:
        return scenes.next(stand, self.at, self.caller, heard)

    def _found(self, pair: Pair, told: Sequence[str], same: object = None, choice: tuple = ()) -> Difference:
        path = (*pair.path, (pair.old.kind, choice)) if choice else pair.path
        return Difference(self.words.path(path), *told, same or (pair.place, choice, tuple(told)))

    def _told(self, old: Scene | None, new: Scene | None) -> tuple[str, str]:
        """Both scenes in words, things by the names they have now."""
        was = self.words.scene(old, self.old.table, self.words.renamed.name) if old else NOTHING
        return was, self.words.scene(new, self.new.table) if new else NOTHING

    def _differences(self, pair: Pair) -> Iterator[Difference]:
        """What differs in one scene; what lies behind it is put on the list."""
        old, new = pair.old, pair.new
        if (id(old), id(new)) not in self.alike:
            told = self._told(old, new)
            elsewhere = old.at and new.at and old.at.address != new.at.address and told[0] != told[1]
            if old.kind != new.kind or elsewhere:
                yield self._found(pair, told if told[0] != told[1] else self._number_or_not(pair, told))
                return
            found = [*self._heard(pair), *self._phones(pair), *self._asked(pair)]
            if spoken := self._spoken(pair):
                yield from self._language(pair, spoken)
            elif not found:
                self.alike.add((id(old), id(new)))
            yield from found
        if (old.at, new.at) not in self.seen:
            self.seen.add((old.at, new.at))
            yield from self._branches(pair)

    # What is said, and who is rung ----------------------------------------------------------------------------------

    def _spoken(self, pair: Pair) -> tuple[str, ...]:
        """The languages of the two, where they are not the same."""
        old, new = (next((act.language for act in each.acts if act.verb == "hears" and _name(act)), "")
                    for each in (pair.old, pair.new))  # fmt: skip
        return (old, new) if old and new and old != new else ()

    def _language(self, pair: Pair, spoken: tuple[str, ...]) -> Iterator[Difference]:
        """Once for all that is spoken."""
        if spoken not in self.languages:
            self.languages.add(spoken)
            yield self._found(pair, [f"in {language}" for language in spoken], spoken)

    def _heard(self, pair: Pair) -> Iterator[Difference]:
        """The sentences that differ; the words of menus are compared key by key."""
        sides = [[act for act in each.acts if act.verb == "hears" and _name(act) != "menu"]
                 for each in (pair.old, pair.new)]  # fmt: skip
        greeted = [_greeted(side) for side in sides]
        sides = [[act for act in side if _name(act) != "greeting"] for side in sides]
        if greeted[0] != greeted[1]:
            yield self._found(
                pair, greeted if all(greeted) else [f"{'' if each else 'not '}greeted" for each in greeted]
            )
        keys = [[_meant(act, change) for act in side] for side, change in zip(sides, self._changes, strict=True)]
        if keys[0] == keys[1]:
            return
        if set(keys[0]) == set(keys[1]):
            key = next(key for key in keys[0] if keys[0].count(key) != keys[1].count(key))
            times = [side.count(key) for side in keys]
            said, _ = self.words.heard([sides[0][keys[0].index(key)]], [])
            told = [f"hears {said} {TIMES.get(count) or f'{count} times'}" for count in times]
            yield self._found(pair, told, (pair.place, key, *times))
            return
        first = _common(*keys)
        last = _common(*(side[first:][::-1] for side in keys))
        was, now = (side[first : len(side) - last] for side in sides)
        told = self.words.heard(was, now)
        if told[0] == told[1]:
            return  # other values, and the same words in each language
        last = None if not last else -last
        same = (pair.place, *(tuple(side[first:last]) for side in keys))
        yield self._found(pair, [f"hears {said}" for said in told], same)

    def _phones(self, pair: Pair) -> Iterator[Difference]:
        rung = [[act.what for act in (*each.acts, each.asks) if act and act.verb == "rings"]
                for each in (pair.old, pair.new)]  # fmt: skip
        if not all(rung):
            return
        phones = [Phones.of(plans[-1], side.table) for plans, side in zip(rung, (self.old, self.new), strict=True)]
        if phones[0] != phones[1]:
            told = [self.words.phones(each) for each in phones]
            yield self._found(pair, told if told[0] != told[1] else [self.words.rhythm(each) for each in phones])

    def _asked(self, pair: Pair) -> Iterator[Difference]:
        """How long a menu waits for a key, what may be said to a message box, and the PIN of a switch."""
        told: tuple[str, ...] = ()
        if pair.old.kind == "records":
            told = self.words.boxes(pair.old.asks.what, pair.new.asks.what)
        elif pair.old.kind == "menu":
            menus = self.old.table.step(pair.old.at.address), self.new.table.step(pair.new.at.address)
            told = tuple(f"waits {menu.timeout:g} s for a key" for menu in menus)
        elif pair.old.kind == "switch":
            pins = [self.old.table.step(pair.old.at.address).pin, self.new.table.step(pair.new.at.address).pin]
            told = ("the PIN", "another PIN") if pins[0] != pins[1] else ()
        if told and told[0] != told[1]:
            yield self._found(pair, told)

    def _number_or_not(self, pair: Pair, told: Sequence[str]) -> Sequence[str]:
        """A message box that asks for a number, and one that does not."""
        sides = zip((pair.old, pair.new), told, strict=True)
        return [f"{box}, asked for a number" if side.kind == "message" else box for side, box in sides]

    # Where it goes on -----------------------------------------------------------------------------------------------

    def _branches(self, pair: Pair) -> Iterator[Difference]:
        old, new = pair.old, pair.new
        dialling = [any(_dials(choice) for choice in each.branches) for each in (old, new)]
        if dialling[0] != dialling[1]:
            told = ("cannot be dialled", "can be dialled")
            yield self._found(pair, [told[each] for each in dialling], choice=(Choice("any"),))
        for choice in dict.fromkeys((*old.branches, *new.branches)):
            if _dials(choice) and dialling[0] != dialling[1]:
                continue
            if old.at.language != new.at.language and self._changes_language(pair, choice):
                continue
            was, now = (self._branch(side, scenes, choice) for side, scenes in ((old, self.old), (new, self.new)))
            if was is None and now is None:
                continue
            before = self._scene(self.old, was.to, was.acts) if was else None
            after = self._scene(self.new, now.to, now.acts) if now else None
            if before and after:
                yield from self._called(pair, choice, before, after)
                parting = (old.at.address, choice)
                self.todo.append(Pair(before, after, (*pair.path, (old.kind, choice)), parting))
            else:
                yield self._found(pair, self._told(before, after), choice=choice)

    def _changes_language(self, pair: Pair, choice: tuple[Choice, ...]) -> bool:
        """A key for the language that one of the two has already: it leads to two things, and tells nothing new."""
        menus = (
            (side.table.step(each.at.address), each) for side, each in ((self.old, pair.old), (self.new, pair.new))
        )
        keys = [getattr(step, "keys", {}).get(choice[0].what, "") for step, _ in menus]
        return any(to.startswith("language/") for to in keys)

    def _branch(self, side: Scene, scenes: Scenes, choice: tuple[Choice, ...]) -> Branch | None:
        """What comes of these answers; where less was asked, of those that were."""
        if _dials(choice) and f"extension/{choice[0].what}" not in scenes.table.steps:
            return None
        while choice:
            if choice in side.branches:
                return side.branches[choice]
            choice = choice[:-1]
        return None

    def _called(self, pair: Pair, choice: tuple[Choice, ...], before: Scene, after: Scene) -> Iterator[Difference]:
        """What a menu calls a key that leads to the same."""
        names = [_names(each.acts).get(choice[0].what) for each in (pair.old, pair.new)]
        if choice[0].kind != "key" or None in names or self.words.renamed.name(names[0]) == names[1]:
            return
        told = self._told(before, after)
        if told[0] == told[1]:
            yield self._found(pair, [f"called {name}" for name in self.words.named(*names)], choice=choice)


def _name(act: Act) -> str:
    return act.what.name if isinstance(act.what, Prompt) else ""


def _meant(act: Act, change: Callable[[Prompt], Prompt]) -> object:
    """What is heard, without the clock's part and without which slice of the music it is."""
    return change(timeless(act.what)) if isinstance(act.what, Prompt) else (act.what.name, act.what.seconds)


def _greeted(acts: Sequence[Act]) -> str:
    """How the greeting tells that the house is; "" where there is none."""
    said = next((dict(act.what.values)["state"] for act in acts if _name(act) == "greeting"), "")
    return f"greeted as {said}" if said else ""


def _common(one: Sequence, other: Sequence) -> int:
    """How many the two have in common from the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _dials(choice: tuple[Choice, ...]) -> bool:
    return choice[0].kind == "dials"


def _names(acts: Sequence[Act]) -> Mapping[str, Names]:
    """What a menu calls its keys."""
    menu = next((act.what for act in reversed(acts) if _name(act) == "menu"), None)
    return dict(dict(menu.values)["choices"]) if menu else {}
