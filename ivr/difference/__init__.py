"""What a change of the table changes for callers: both tables lived through over a calendar and along every key.

    report = difference(old, new, handlers, sentence, today, days=400)
    report.changes, report.losses

Nothing changes between two changes of any hours or rota, so one instant stands for every stretch of time in which all
of them answer the same; each is lived through once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from ivr.difference.callers import callers
from ivr.difference.compare import Alike, Difference, compare
from ivr.difference.cover import lost_cover, lost_numbers
from ivr.difference.dialled import representatives
from ivr.difference.renamed import Renamed
from ivr.difference.scene import Scenes
from ivr.difference.times import Span, joined, named, once, stretches, when
from ivr.difference.words import Words
from ivr.handlers import Handler
from ivr.prompt import Prompt
from ivr.steps import Greeting, Table
from ivr.ways import ANY_OTHER, Caller, Lives

__all__ = ["Change", "Report", "difference"]

Seen = dict[tuple[str, str, str, Difference], dict[str, list[Span]]]
"""Every difference, by (number, list of callers, loss, what it is): when it is met, by each way to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `when`: in words; `spans`: exactly. `numbers`: those dialled, "*" is every other; none where that
    is no matter. `callers`: the list they are on, "" for those on none. `paths`: how it is come to, "" at once.
    `loss`: "emergency" or "operator" where their cover is lost, else ""."""

    when: str
    spans: tuple[Span, ...]
    numbers: tuple[str, ...]
    callers: str
    paths: tuple[str, ...]
    old: str
    new: str
    loss: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Every change between two tables in the time of `window`, losses first. `numbers`: all that can be dialled."""

    old: Table
    new: Table
    window: Span
    numbers: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def losses(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.loss)


def difference(
    old: Table,
    new: Table,
    handlers: Mapping[str, Handler],
    sentence: Callable[[Prompt, str], str],
    start: date,
    days: int = 400,
) -> Report:
    """Live through both tables from the midnight of `start`, at the house, on. `sentence`: the words of a prompt."""
    zone = ZoneInfo(new.timezone)
    first, last = (datetime.combine(day, time(), zone) for day in (start, start + timedelta(days=days)))
    return Calendar(old, new, handlers, sentence, (first, last)).report()


class Calendar:
    """Two tables over a window of time."""

    def __init__(self, old: Table, new: Table, handlers, sentence, window: Span):
        self.old, self.new, self.window = old, new, window
        dials = representatives(old, new)
        self.sides = [Scenes(Lives(table, handlers, dials)) for table in (old, new)]
        self.alike: Alike = set()
        english_first = sorted(dict.fromkeys((*new.languages, *old.languages)), key=lambda language: language != "en")
        self.words = Words(sentence, english_first, Renamed(old, new), dials)
        self.callers = list(callers(old, new))
        self.numbers = tuple(dict.fromkeys([*new.numbers, *old.numbers]))
        self.dialled = list(_alike(self.numbers, old, new))

    def report(self) -> Report:
        rules = once(rule for side in self.sides for rule in side.lives.rules())
        stretched = stretches(rules, *self.window)
        losses = [self._lost(number) for number in lost_numbers(self.old, self.new)]
        changes = [*losses, *self._changes(self._seen(stretched.values()), named(rules, stretched)), *self._called()]
        changes += self._remembered()
        changes.sort(key=lambda change: (not change.loss, -_seconds(change.spans)))
        return Report(self.old, self.new, self.window, self.numbers, tuple(changes))

    def _seen(self, stretched: Iterable[list[Span]]) -> Seen:
        seen: Seen = defaultdict(lambda: defaultdict(list))
        for spans in stretched:
            for numbers in self.dialled:
                for who, loss, told, paths in self._at(spans[0][0], numbers[0]):
                    for number, path in product(numbers, dict.fromkeys(paths)):
                        seen[(number, who, loss, told)][path] += spans
        return seen

    def _at(self, at: datetime, number: str) -> Iterator[tuple[str, str, Difference, list[str]]]:
        """What differs at an instant for a number: who meets it, which cover is lost, what, and by which ways."""
        everybody: set[Difference] = set()
        for who, own in self.callers:
            caller = Caller(_dialled(number), own)
            if not who:
                for loss, was, now in lost_cover(*self.sides, at, caller, self.words):
                    yield who, loss, Difference("", was, now, loss), [""]
            found = compare(*self.sides, at, caller, self.words, self.alike)
            yield from ((who, "", told, paths) for told, paths in found.items() if told not in everybody)
            if not who:
                everybody.update(found)

    def _changes(self, seen: Seen, names: Mapping[tuple[Span, ...], str]) -> Iterator[Change]:
        """What is the same for several numbers, at the same times and by the same way, is one change."""
        merged: dict[tuple, list[str]] = defaultdict(list)
        for (number, who, loss, told), by_path in seen.items():
            for path, spans in _ways(by_path):
                merged[(told, spans, who, path, loss)].append(number)
        alike: dict[tuple, list[str]] = defaultdict(list)
        for (told, spans, who, path, loss), numbers in merged.items():
            alike[(spans, tuple(numbers), who, told.old, told.new, loss)].append(path)
        zone = ZoneInfo(self.new.timezone)
        for (spans, numbers, who, was, now, loss), paths in alike.items():
            told = when(spans, self.window, zone, names)
            yield Change(told, spans, numbers, who, _shortest(paths), was, now, loss)

    def _called(self) -> Iterator[Change]:
        """The names that callers have met and that changed."""
        for names in sorted(self.words.renamed.met):
            was, now = (f"called {name}" for name in self.words.named(*names))
            yield Change("always", (self.window,), (), "", ("",), was, now)

    def _remembered(self) -> Iterator[Change]:
        """Whether a language that was chosen by key is that of the next call, too."""
        if self.old.remembers != self.new.remembers:
            told = [f"greeted {'in it' if each.remembers else 'as others are'}" for each in (self.old, self.new)]
            yield Change("always", (self.window,), (), "", ("who has chosen a language before",), *told)

    def _lost(self, number: str) -> Change:
        was, now = "an emergency number of the house", "any number"
        return Change("always", (self.window,), (number,), "", ("",), was, now, "emergency")


def _dialled(number: str) -> str:
    return ANY_OTHER if number == "*" else number


def _alike(numbers: Iterable[str], *tables: Table) -> Iterable[list[str]]:
    """Numbers that open alike in each of the tables are lived through once."""
    found: dict[tuple[Greeting, ...], list[str]] = defaultdict(list)
    for number in numbers:
        greetings = (table.greeting(_dialled(number)) for table in tables)
        found[tuple(replace(each, address="", number="") for each in greetings)].append(number)
    return found.values()


def _ways(by_path: Mapping[str, list[Span]]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """The way that serves longest, and when; then, for the rest of the time, the next."""
    left = {path: set(spans) for path, spans in by_path.items()}
    while any(left.values()):
        path = max(left, key=lambda path: _seconds(left[path]))
        served = left.pop(path)
        yield path, tuple(joined(served))
        for spans in left.values():
            spans -= served


def _shortest(paths: Sequence[str]) -> tuple[str, ...]:
    """Without those that only go on from another."""
    if "" in paths:
        return ("",)
    return tuple(path for path in paths if not any(path.startswith(f"{other}, ") for other in paths))


def _seconds(spans: Iterable[Span]) -> float:
    return sum((end - begin).total_seconds() for begin, end in spans)
