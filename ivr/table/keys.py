"""Menus that callers get on with: no key is taken for another, they are few, in order, and one leads to a person."""

from ivr.handlers import kind_of
from ivr.steps import BACK, TOP, Address, Duty, Extension, Greeting, Menu
from ivr.table.build import Builder

__all__ = ["keys_are_told_apart", "languages_can_be_chosen", "menus_can_be_used"]

MOST = 5
"""Choices in a menu: what people remember who hear them once (Avaya, "Best practices for menus"; acixd.org)."""
PAUSE = 1.5
"""Seconds the line waits for the next digit where a key may be the first of several (`ivr.esl.call.PAUSE`)."""


def keys_are_told_apart(made: Builder) -> None:
    """No key of a menu is taken for the first digit of an extension, nor the other way round."""
    begins: dict[str, list[str]] = {}
    for step in made.steps.values():
        if isinstance(step, Extension):
            begins.setdefault(step.number[0], []).append(step.number)
    for step in made.steps.values():
        if isinstance(step, Menu) and step.direct_dial:
            _swallowed(made, step.address.partition("/")[2], step, begins)


def menus_can_be_used(made: Builder) -> None:
    """Few keys, in their order, and a person for whom they are no help."""
    people = {"operator", *(step.operator for step in made.steps.values() if isinstance(step, Greeting))}
    for step in made.steps.values():
        if isinstance(step, Menu):
            name = step.address.partition("/")[2]
            _many(made, name, step, people)
            if not step.prompt:  # else the prompt says them, in an order of its own
                _in_order(made, name, step)
            _operator(made, name, step, people)


def languages_can_be_chosen(made: Builder) -> None:
    """Where the language a caller has chosen is remembered, some key chooses one."""
    keys = (to for step in made.steps.values() if isinstance(step, Menu) for to in step.keys.values())
    if made.reading.house.remember_language and not any(kind_of(to) == "language" for to in keys):
        message = "no key of a menu changes the language, so that none is ever remembered; add a key such as "
        message += f"9: language/{made.languages[-1]}, or delete this"
        made.reading.warning(("house", "remember_language"), message, "no-language-key", key=True)


def _swallowed(made: Builder, name: str, step: Menu, begins: dict[str, list[str]]) -> None:
    for key, to in step.keys.items():
        if numbers := begins.get(key):
            first, last = min(numbers), max(numbers)
            which = f"extension {first}" if len(numbers) == 1 else f"{len(numbers)} extensions ({first} to {last})"
            verb = "begins" if len(numbers) == 1 else "begin"
            message = f"{which} {verb} with {key} too: who dials slower than {PAUSE} s between digits is led to {to}; "
            message += "take another key"
            made.reading.error(("menus", name, "keys", key), message, "swallowed", key=True)


def _many(made: Builder, name: str, step: Menu, people: set[Address]) -> None:
    beside = {BACK, TOP, "goodbye", *people}
    choices = [key for key, to in step.keys.items() if to not in beside and kind_of(to) != "language"]
    if len(choices) > MOST:
        message = f"{len(choices)} choices are more than callers remember; lead the rarer ones to a second menu"
        made.reading.warning(("menus", name, "keys"), message, "many-keys", key=True)


def _in_order(made: Builder, name: str, step: Menu) -> None:
    before = ""
    for key in step.keys:
        if before and _rank(key) < _rank(before):
            message = f"key {key} is offered after key {before}; callers expect 1 to 9, then 0 and *"
            made.reading.warning(("menus", name, "keys", key), message, "key-order", key=True)
            return
        before = key


def _rank(key: str) -> int:
    return int(key) if key in "123456789" else 10


def _operator(made: Builder, name: str, step: Menu, people: set[Address]) -> None:
    def person(to: Address) -> bool:
        return to in people or isinstance(made.steps.get(to), Duty)

    if any(map(person, step.keys.values())):
        return
    if step.tries > 2 or not (person(step.silence) and person(step.invalid)):
        message = "who fails twice is not offered the operator; add the key 0: operator"
        made.reading.warning(("menus", name), message, "no-operator", key=True)
