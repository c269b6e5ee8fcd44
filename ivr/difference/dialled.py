"""Which extensions are dialled: one for all that are alike, so that 50,000 of them take no longer than ten."""

import re

from ivr.steps import Step, Table

__all__ = ["representatives"]


def representatives(old: Table, new: Table) -> dict[str, int]:
    """Numbers to dial, each with how many more are like it: in both tables, but for their own number."""
    alike: dict[tuple[str, str], str] = {}
    found: dict[str, int] = {}
    numbers = [address.partition("/")[2] for table in (old, new) for address in table.steps if _is_extension(address)]
    for number in dict.fromkeys(numbers):
        steps = (table.steps.get(f"extension/{number}") for table in (old, new))
        shape = tuple(_shape(step, number) for step in steps)
        if shape in alike:
            found[alike[shape]] += 1
        else:
            alike[shape], found[number] = number, 0
    return found


def _is_extension(address: str) -> bool:
    return address.startswith("extension/")


def _shape(step: Step | None, number: str) -> str:
    """What an extension is, whatever its number."""
    return re.sub(rf"(?<!\d){number}(?!\d)", "#", repr(step)) if step else ""
