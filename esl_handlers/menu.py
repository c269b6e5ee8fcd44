"""The menu: a key, or an extension, during the words or after; silence and wrong keys each have their own answer
(rules A3, A5, A6)."""

from datetime import datetime

from esl_handlers.greeting import greeting_words
from ivr.call import Call, Digits, Invalid, Keys, Silence
from ivr.handlers import handles, kind_of
from ivr.prompt import Prompt
from ivr.steps import Menu, Table

__all__ = ["menu"]


def menu_words(step: Menu, language: str) -> Prompt:
    """What a menu says: the site's own prompt, or one spoken from its choices. The language it is spoken in is not
    offered: who hears it has it."""
    if step.prompt:
        return Prompt(step.prompt)
    choices = tuple(choice for choice in step.choices if step.keys[choice[0]] != f"language/{language}")
    return Prompt("menu", choices=choices, direct_dial=step.direct_dial)


def spoken(step: Menu, table: Table, at: datetime):
    yield from (menu_words(step, language) for language in table.languages)
    yield from (Prompt("menu-silence"), Prompt("menu-invalid"), Prompt("silence-limit"), Prompt("invalid-limit"))
    if any(kind_of(to) == "language" for to in step.keys.values()):
        yield Prompt("language-changed")


def menu_keys(step: Menu, table: Table) -> Keys:
    """The keys of a menu and, where extensions may be dialled, their lengths."""
    return Keys(frozenset(step.keys), table.extension_lengths() if step.direct_dial else ())


@handles("menu", speaks=spoken)
def menu(call: Call, step: Menu):
    keys = menu_keys(step, call.table)
    tried = int(call.state.get("tried", "0"))
    opening = []
    if call.state.get("first"):
        opening = [greeting_words(call, call.table.greeting(call.dialled))]

    while True:
        match call.ask(*opening, menu_words(step, call.language), keys=keys, timeout=step.timeout):
            case Digits(value) if value in step.keys:
                to = step.keys[value]
                call.note("keyed", keys=value, to=to)
                if kind_of(to) != "language":
                    return to
                opening, limit, last = [Prompt("language-changed")], "invalid-limit", step.invalid
                if (language := to.partition("/")[2]) != call.language:
                    call.language = language
                    call.note("language", language=language)
                    if call.table.remembers:
                        call.remember_language(language)
                    call.at(step.address, tried=str(tried))
                    continue
                # The language he has: a fax machine may key this for ever.
            case Digits(value) if f"extension/{value}" in call.table.steps:
                call.note("keyed", keys=value, to=f"extension/{value}")
                return f"extension/{value}"
            case Digits(value):
                call.note("invalid", keys=value, tried=tried)
                opening, limit, last = [Prompt("extension-unknown", number=value)], "invalid-limit", step.invalid
            case Silence():
                call.note("silence", tried=tried)
                opening, limit, last = [Prompt("menu-silence")], "silence-limit", step.silence
            case Invalid(value):
                call.note("invalid", keys=value, tried=tried)
                opening, limit, last = [Prompt("menu-invalid")], "invalid-limit", step.invalid
        tried += 1
        if tried >= step.tries:
            call.play(Prompt(limit))
            return last
        call.at(step.address, tried=str(tried))
