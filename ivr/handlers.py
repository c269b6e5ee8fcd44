"""The scripts of a call: one handler for each kind of step, found by entry point `ivr.handlers`.

    @handles("announcement", speaks=lambda step, table, at: [Prompt(step.prompt)])
    def announcement(call, step):
        call.play(Prompt(step.prompt))
        return step.then

A site adds a kind of step in a package of its own; two packages that claim one kind are an error.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points

from ivr.call import Call, Ended, HandOver, To
from ivr.errors import SettingsError
from ivr.prompt import Prompt, Sound
from ivr.steps import Address, Step, Table

__all__ = ["Handler", "Speaks", "handles", "installed", "kind_of"]

Outcome = Address | To | HandOver | Ended
Speaks = Callable[[Step, Table, datetime], Iterable[Prompt | Sound]]
"""Everything a step may say to whoever calls at an instant, as far as it can be known before."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A script, and all it may say as far as it is known before, so that no caller waits for speech to be made."""

    kind: str
    run: Callable[[Call, Step], Outcome]
    speaks: Speaks

    def __call__(self, call: Call, step: Step) -> Outcome:
        return self.run(call, step)


def nothing(step: Step, table: Table, at: datetime) -> Iterable[Prompt | Sound]:
    """What a handler speaks that speaks nothing."""
    return ()


def handles(kind: str, speaks: Speaks = nothing):
    """Make a function the handler of a kind of step."""

    def register(function: Callable[[Call, Step], Outcome]) -> Handler:
        return Handler(kind, function, speaks)

    return register


def kind_of(address: Address) -> str:
    """The kind of step an address names.

    >>> kind_of("department/sales"), kind_of("operator")
    ('department', 'operator')
    """
    return address.partition("/")[0]


def installed() -> dict[str, Handler]:
    """Every handler on this machine, by kind."""
    found: dict[str, Handler] = {}
    for point in entry_points(group="ivr.handlers"):
        handler = point.load()
        if handler.kind in found:
            raise SettingsError(f"two packages handle steps of kind {handler.kind!r}: uninstall one ({point.value})")
        found[handler.kind] = handler
    return found
