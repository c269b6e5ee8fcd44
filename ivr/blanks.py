"""Texts with blanks: "A room is {{ price }}." What stands in them is said elsewhere, once for all languages.

>>> blanks("Rooms from {{ price }}, breakfast {{ breakfast}}.")
['price', 'breakfast']
>>> "".join(filled("From {{ price }}.", {"price": "380 yuan"}.get))
'From 380 yuan.'
>>> blunder("From {{ price }."), blunder("From {{ price | upper }}."), blunder("From {{ price }}.")
('{{', '{{', '')
"""

import re
from collections.abc import Callable, Iterator

__all__ = ["NAME", "blanks", "blunder", "filled"]

NAME = "[a-z][a-z0-9_]{0,39}"
_BLANK = re.compile(rf"\{{\{{ *({NAME}) *\}}\}}")


def blanks(text: str) -> list[str]:
    """The names of a text's blanks, in order."""
    return _BLANK.findall(text)


def filled(text: str, fill: Callable[[str], str], plain: Callable[[str], str] = str) -> Iterator[str]:
    """A text piece by piece: each blank as `fill` has it, what stands between them as `plain` has it."""
    for index, piece in enumerate(_BLANK.split(text)):
        yield fill(piece) if index % 2 else plain(piece)


def blunder(text: str) -> str:
    """The first braces that are no blank's; "" where there are none."""
    found = re.search(r"\{\{|\}\}|\{%|%\}", _BLANK.sub("", text))
    return found[0] if found else ""
