"""Several small values as the value of one channel variable, through one white list in both directions.

>>> STATE.packed({"phase": "music", "round": "2"})
'phase~music&round~2'
>>> STATE.unpacked("phase~music&round~2"), STATE.unpacked("${system}")
({'phase': 'music', 'round': '2'}, {})
"""

import re
from collections.abc import Mapping

from ivr.errors import Refused

__all__ = ["CARRIED", "STATE", "Packing"]


class Packing:
    """At most `most` values of at most `longest` characters each: keys [a-z]+, values [a-z0-9_/-]."""

    def __init__(self, what: str, *, most: int, longest: int):
        self.what, self.most, self.longest = what, most, longest
        pair = rf"[a-z]{{1,32}}~[a-z0-9_/-]{{0,{longest}}}"
        self._pair = re.compile(pair)
        self._whole = re.compile(rf"{pair}(&{pair}){{0,{most - 1}}}")

    def packed(self, values: Mapping[str, str]) -> str:
        """The values as one. Raises Refused for what does not pass."""
        pairs = [f"{key}~{value}" for key, value in values.items()]
        if len(pairs) > self.most or not all(self._pair.fullmatch(pair) for pair in pairs):
            raise Refused(
                f"{self.what}: {dict(values)!r:.200} cannot be written; {self.most} at most, keys [a-z]+, "
                f"values [a-z0-9_/-] of {self.longest} characters at most"
            )
        return "&".join(pairs)

    def unpacked(self, value: str) -> dict[str, str]:
        """The values out of one; none if it is not one of ours."""
        if self._whole.fullmatch(value) is None:
            return {}
        return dict(pair.split("~") for pair in value.split("&"))


# Each fits into the 2,000 characters of a variable (`ivr.esl.commands`).
STATE = Packing("state", most=16, longest=64)
"""A step's little state, `Call.at`."""
CARRIED = Packing("carried", most=8, longest=200)
"""What a caller carries from step to step, `Call.carry`."""
