"""First call scripts for a table: each number, open and closed, each key; written down as the calls went.

    text = first_calls(table, folders, "../routes.yaml", date(2026, 11, 22))

What is written passes as it stands; whoever owns the table reads it, and changes it to what he expects.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ivr.hours import Hours
from ivr.rehearsal.caller import Actor, Telephone
from ivr.rehearsal.ear import Moment
from ivr.rehearsal.house import House
from ivr.rehearsal.script import PhoneAct, Script, Step
from ivr.rehearsal.verdict import Verdict
from ivr.steps import Address, Announcement, Menu, Table

__all__ = ["first_calls"]

HEAD = """\
# First call scripts, written by `ivr test --new` as the calls went on the day it was run. They pass as they stand: read
# them, and change them to what you expect. docs/testing.md explains every key.

table: {table}

calls:
"""
SPEAKS = 5.0
MORNING = time(10, 0)
STATES = ("open", "lunch", "closed")
LEAVES = ("menu", "pin")
"""Prompts after which the caller has seen enough of a way."""


def first_calls(table: Table, folders: Sequence[Path], written: str, today: date) -> str:
    """The file. `written`: the table's path as it is to stand there."""
    with House(table, folders) as house:
        blocks = [block for entry in entries(table, today) for block in entry.blocks(house)]
    return HEAD.format(table=written) + "".join(f"\n{block}" for block in blocks)


@dataclass(frozen=True)
class Entry:
    """Numbers that open alike, the keys pressed there, and when."""

    numbers: tuple[str, ...]
    keys: tuple[str, ...]
    to: Address
    state: str
    at: datetime
    table: Table

    @property
    def name(self) -> str:
        number = self.numbers[0] if len(self.numbers) == 1 else "{number}"
        keys = f", key{'s' if self.keys[1:] else ''} {' '.join(self.keys)}" if self.keys else ""
        return f"{number}{keys} ({self.to}), {self.state}"

    def blocks(self, house: House) -> Iterator[str]:
        """The script of this entry: as its first number goes, if all of its numbers go so; else one for each."""
        told = [(number, self._lived(house, number)) for number in self.numbers]
        if all(text == told[0][1] for _, text in told):
            yield self._block(self.name, self.numbers, told[0][1])
        else:
            for number, text in told:
                yield self._block(replace(self, numbers=(number,)).name, (number,), text)

    def _block(self, name: str, numbers: Sequence[str], text: str) -> str:
        each = f"    each: {{number: [{', '.join(map(quoted, numbers))}]}}\n" if numbers[1:] else ""
        to = quoted(numbers[0]) if not numbers[1:] else '"{number}"'
        return f"  {quoted(name)}:\n{each}    at: {self.at:%Y-%m-%d %H:%M}\n    to: {to}\n{text}"

    def _lived(self, house: House, number: str) -> str:
        """What becomes of this call, as the rest of its script."""
        asked = []
        for key in self.keys:
            asked += [Step("hears", ("menu",), (1, 1)), Step("presses", key, (1, 1))]
        script = Script(self.name, "", (1, 1), self.at, number, "13800138000", {"*": (PhoneAct("rings"),)},
                        steps=tuple(asked))  # fmt: skip
        verdict = house.rehearse(script, Explorer)
        rung = next((moment.data["targets"] for moment in verdict.moments if moment.kind == "ring"), None)
        phones = ""
        if rung:
            phones = f"    phones: {{{rung[0]}: answers}}\n"
            answers = {**script.phones, rung[0]: (PhoneAct("answers", 3.0, 10.0),)}
            verdict = house.rehearse(replace(script, phones=answers), Explorer)
        lines = "".join(f"      - {line}\n" for line in written_down(verdict.moments))
        return f"{phones}    caller:\n{lines}    ends: {end(verdict)}\n"


class Explorer(Actor):
    """A caller who presses what he was told, speaks when he is asked to, and leaves where a menu begins again."""

    def live(self, telephone: Telephone) -> None:
        super().live(telephone)
        ear = self.ear
        while not ear.over:
            for moment in ear.moments[self._at :]:
                self._at += 1
                if moment.kind == "records":
                    ear.tell("says", f"{SPEAKS:g} s")
                    telephone.say(SPEAKS)
                elif moment.kind == "hears" and moment.what in LEAVES:
                    ear.clock.sleep(1)
                    ear.tell("hangs_up")
                    telephone.hang_up()
            ear.wait(60)


def entries(table: Table, today: date) -> Iterator[Entry]:
    """Numbers that lead to the same place at the same hours, each state of those hours, and each key there."""
    alike: dict[tuple, list[str]] = {}
    for number, address in table.numbers.items():
        step = table.step(address)
        hours = step.hours or hours_of(table, step.to)
        alike.setdefault((step.to, hours and hours.name, step.operator), []).append(dialled(number, table))
    seen: set[Address] = set()
    for (to, _, _), numbers in alike.items():
        greeting = table.greeting(numbers[0])
        hours = greeting.hours or hours_of(table, to)
        ways = list(keys_from(table, to, seen))
        for state, at in instants(hours, table, today):
            for keys, address in ways:
                yield Entry(tuple(numbers), keys, address, state, at, table)


def keys_from(table: Table, to: Address, seen: set[Address], before: tuple = ()) -> Iterator[tuple[tuple, Address]]:
    """Every way by keys from a step; each menu behind another one once."""
    step = table.steps.get(to)
    heard = {to}
    while isinstance(step, Announcement) and step.then not in heard:
        heard.add(step.then)
        step = table.steps.get(step.then)
    if not isinstance(step, Menu):
        yield before, to
        return
    for key, address in step.keys.items():
        if isinstance(table.steps.get(address), Menu) and address not in seen | heard:
            seen.add(address)
            yield from keys_from(table, address, seen | heard, (*before, key))
        else:
            yield (*before, key), address


def hours_of(table: Table, to: Address) -> Hours | None:
    """The hours that decide at a number without hours of its own: of where it leads, or of the first key there."""
    step = table.steps.get(to)
    addresses = step.keys.values() if isinstance(step, Menu) else [to]
    found = (getattr(table.steps.get(address), "hours", None) for address in addresses)
    return next((hours for hours in found if isinstance(hours, Hours)), None)


def instants(hours: Hours | None, table: Table, today: date) -> Iterator[tuple[str, datetime]]:
    """For each state the hours have from the next Monday on an instant, on the wall of the house."""
    monday = today + timedelta(days=7 - today.weekday())
    start = datetime.combine(monday, MORNING, hours.tz if hours else None)
    if hours is None:
        yield "open", start
        return
    for state in STATES:
        at: datetime | None = start
        for _ in range(100):
            if at is None or hours.state(at) == state:
                break
            at = hours.next_change(at)
        if at is not None and hours.state(at) == state:
            later = at + timedelta(minutes=15)
            at = later if at != start and hours.state(later) == state else at
            yield state, at.astimezone(House(table, ()).zone).replace(tzinfo=None)


def dialled(number: str, table: Table) -> str:
    """A number to dial; for every other one, a neighbour of the first that is none of the table's."""
    if number != "*":
        return number
    first = next((each for each in table.numbers if each != "*"), "1000")
    return next(each for n in range(100) if (each := f"{first[:-2]}{n:02d}") not in table.numbers)


# Written down ---------------------------------------------------------------------------------------------------------


def written_down(moments: Iterable[Moment]) -> Iterator[str]:
    """The lines of a script that went like this."""
    heard = ""
    for moment in moments:
        match moment.kind:
            case "hears" if moment.what != heard:
                heard = moment.what
                yield f"hears: {heard}"
            case "presses":
                heard = ""
                yield f"presses: {moment.what if moment.what.isdigit() else quoted(moment.what)}"
            case "ring":
                targets = moment.data["targets"]
                yield f"rings: {targets[0] if len(targets) == 1 else '[' + ', '.join(targets) + ']'}"
            case "talks_to":
                yield f"talks_to: {moment.what}"
            case "says":
                yield f"says: {SPEAKS:g}s"
            case "hangs_up":
                yield "hangs_up"


def end(verdict: Verdict) -> str:
    """How it ended, as it is written."""
    how, _, who = verdict.end.partition(" ")
    return f"{{{how}: {who}}}" if who else how


def quoted(text: str) -> str:
    return f'"{text}"'
