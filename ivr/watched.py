"""A table that tells what is read of it: every address knows where it is written, every rule of time tells when it is
asked. What is decided with it can be explained from the decision itself, and no handler knows.

    >>> from ivr.table import load
    >>> table = load('''
    ... house: {name: Acme, timezone: UTC, languages: {en: English}}
    ... hours: {office: {mon-fri: 09:00-18:00}}
    ... numbers: {"*": {to: department/sales}}
    ... operator: {name: the operator, ring: {phones: [8001]}}
    ... departments: {sales: {name: Sales, hours: office, ring: {phones: [8001]}, closed: operator}}
    ... extensions: {8001: }
    ... ''', name="t.yaml")
    >>> asked = []
    >>> step = watched(table, asked.append).step("department/sales")
    >>> step.closed, step.closed.path
    ('operator', ('departments', 'sales', 'closed'))
    >>> step.hours.state(datetime(2026, 11, 21, 10, tzinfo=UTC)), asked[0].path, asked[0].answer
    ('closed', ('hours', 'office'), 'closed')
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime  # noqa: F401 (UTC: for the doctest)
from typing import Any

from ivr.caller_list import CallerList
from ivr.hours import Hours
from ivr.prompt import Names
from ivr.rota import Rota
from ivr.steps import BACK, TOP, Address, Step, Table
from ivr.table.reading import SECTIONS

__all__ = ["Asked", "Path", "Rule", "Written", "path_of", "rules_of", "watched"]

Path = tuple[str | int, ...]
"""Where something stands in a table, whatever its files: ("departments", "sales", "closed")."""

RULES: Mapping[type, str] = {Hours: "hours", Rota: "duties", CallerList: "callers"}
"""The things of a table that answer by themselves, each with its section. They have a name; those of them that know
the time say with `next_change(instant)` when they answer otherwise."""

SECTION = {kind: section for section, (_, kind) in SECTIONS.items() if kind} | {"greeting": "numbers"}


class Written(str):
    """An address, and where it is written."""

    def __new__(cls, address: Address, path: Path):
        self = super().__new__(cls, address)
        self.path = path
        return self


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule was asked: which, where it stands, by which verb, at which instant (None where that was no matter), and
    what it answered."""

    rule: Any
    path: Path
    verb: str
    at: datetime | None
    answer: Any

    def next_change(self, after: datetime) -> datetime | None:
        """When it will answer otherwise; None if it never will."""
        return None if self.at is None else self.rule.next_change(after)


class Rule:
    """A rule that tells when it is asked."""

    def __init__(self, rule: Any, watch: "Watch"):
        self._rule, self._watch = rule, watch

    def __getattr__(self, name: str):
        value, path = getattr(self._rule, name), (RULES[type(self._rule)], self._rule.name)
        if not callable(value):
            return self._watch(value, (*path, name))

        def asked(*given, **named):
            answer = value(*given, **named)
            at = next((each for each in given if isinstance(each, datetime)), None)
            self._watch.hear(Asked(self._rule, path, name, at, answer))
            return answer

        return asked


def watched(table: Table, hear: Callable[[Asked], None], see: Callable[[Address], None] = lambda _: None) -> Table:
    """The same table; `hear` is told of every rule that is asked, `see` of every step that is looked at."""
    watch = Watch(table, hear, see)
    return replace(
        table,
        steps=Steps(table.steps, watch),
        numbers=watch(table.numbers, ("numbers",)),
        callers=watch(table.callers, ("callers",)),
    )


def path_of(address: Address) -> Path:
    """Where a step is written, or would be.

    >>> path_of("menu/main"), path_of("operator"), path_of("greeting/any")
    (('menus', 'main'), ('operator',), ('numbers', '*'))
    """
    kind, slash, name = address.partition("/")
    if not slash:
        return (kind,)
    return (SECTION.get(kind, kind), "*" if address == "greeting/any" else name)


def rules_of(step: Any) -> Iterator[Any]:
    """Every rule within a step."""
    if type(step) in RULES:
        yield step
    elif is_dataclass(step) or isinstance(step, tuple):
        for each in (getattr(step, each.name) for each in fields(step)) if is_dataclass(step) else step:
            yield from rules_of(each)


class Watch:
    """Puts what tells in place of what does not."""

    def __init__(self, table: Table, hear: Callable[[Asked], None], see: Callable[[Address], None]):
        self.steps, self.hear, self.see = table.steps, hear, see

    def __call__(self, value: Any, path: Path) -> Any:
        if isinstance(value, str):
            leads = value in self.steps or value in (BACK, TOP) or value.startswith("language/")
            return Written(value, path) if leads else value
        if type(value) in RULES:
            return Rule(value, self)
        if isinstance(value, Mapping):
            return {key: self(each, (*path, key)) for key, each in value.items()}
        if isinstance(value, tuple) and not isinstance(value, Names):
            return tuple(self(each, (*path, index)) for index, each in enumerate(value))
        if is_dataclass(value):
            names = [each.name for each in fields(value) if each.init]
            own = {"address": path}
            return replace(value, **{name: self(getattr(value, name), own.get(name, (*path, name))) for name in names})
        return value


class Steps(Mapping[Address, Step]):
    """The steps of a table, watched one by one as they are read."""

    def __init__(self, steps: Mapping[Address, Step], watch: Watch):
        self._steps, self._watch = steps, watch
        self._made: dict[Address, Step] = {}

    def __getitem__(self, address: Address) -> Step:
        self._watch.see(address)
        if address not in self._made:
            self._made[address] = self._watch(self._steps[address], path_of(address))
        return self._made[address]

    def __contains__(self, address) -> bool:
        return address in self._steps

    def __iter__(self) -> Iterator[Address]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    def values(self):
        """As they are: who looks at all of them decides nothing."""
        return self._steps.values()
