"""Dial strings: `{all}[leg_timeout=25]user/8001@pbx,[leg_timeout=25]user/8002@pbx|sofia/gateway/out/110`.

>>> string = DialString.parse("{ignore_early_media=true}[leg_timeout=5]user/8001@pbx,user/8002@pbx|user/8003@pbx")
>>> [[leg.endpoint for leg in group] for group in string.groups]
[['user/8001@pbx', 'user/8002@pbx'], ['user/8003@pbx']]
>>> string.groups[0][0].timeout, string.variables
(5, {'ignore_early_media': 'true'})
"""

import re
from dataclasses import dataclass

__all__ = ["DialString", "Leg"]

_BRACES = re.compile(r"\{([^}]*)\}")
_BRACKETS = re.compile(r"\[([^\]]*)\]")


def _pairs(text: str) -> dict[str, str]:
    return {name.strip(): value for name, _, value in (pair.partition("=") for pair in text.split(",")) if name.strip()}


@dataclass(frozen=True, slots=True)
class Leg:
    """One phone to ring: its endpoint, and its own variables."""

    endpoint: str
    variables: dict[str, str]

    @property
    def timeout(self) -> int | None:
        value = self.variables.get("leg_timeout", "")
        return int(value) if value.isdigit() else None

    def confirm(self, common: dict[str, str]) -> tuple[str, str, int] | None:
        """What is asked of whoever lifts, here or in what is `common` to all legs: the key, or `exec`; what they hear;
        and the seconds they have for it (0: as long as it rings). None: nothing."""
        told = common | self.variables
        if not (key := told.get("group_confirm_key")):
            return None
        file, time = told.get("group_confirm_file", ""), told.get("group_confirm_timeout", "")
        return key, file.removeprefix("playback "), int(time) if time.isdigit() else 0

    @property
    def number(self) -> str:
        """The extension or number that is dialled."""
        return self.endpoint.rsplit("/", 1)[-1].partition("@")[0]


@dataclass(frozen=True, slots=True)
class DialString:
    """Groups that are tried in turn; the legs of one ring together."""

    groups: list[list[Leg]]
    variables: dict[str, str]

    @classmethod
    def parse(cls, text: str) -> "DialString":
        variables: dict[str, str] = {}
        while found := _BRACES.match(text.strip()):
            variables |= _pairs(found[1])
            text = text.strip()[found.end() :]
        return cls([[_leg(leg) for leg in _split(group, ",")] for group in _split(text, "|")], variables)


def _split(text: str, separator: str) -> list[str]:
    """At separators outside brackets."""
    pieces, depth, piece = [], 0, ""
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        if letter == separator and not depth:
            pieces.append(piece)
            piece = ""
        else:
            piece += letter
    return [piece.strip() for piece in [*pieces, piece] if piece.strip()]


def _leg(text: str) -> Leg:
    variables: dict[str, str] = {}
    while found := _BRACKETS.match(text):
        variables |= _pairs(found[1])
        text = text[found.end() :].strip()
    return Leg(text, variables)
