"""One kind of finding: its rule, why callers care, an example that breaks it, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`id`: a word that stays for ever. `severity`: error, warning or note.

    `example`: the sections of a table that break this rule and no other; what it leaves out is `REST`. `whole`: it is a
    whole file. Bytes are bytes, and a single line is the name of a file. `files`: what lies beside it. `says`: what is
    printed, behind file, line and column. `shown`: words in place of an example that cannot be printed. `today`: the
    day it is checked on.
    `may_be_allowed`: may a comment in the table allow it, with a reason? Never what leaves a caller without an answer,
    nor what could not be read.
    """

    id: str
    severity: str
    rule: str
    why: str
    mend: str
    example: str | bytes
    says: str
    whole: bool = False
    shown: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    today: str = "2026-11-20"
    may_be_allowed: bool = False
