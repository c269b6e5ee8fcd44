"""A few tapes and their table, in a folder of a test's own."""

import shutil
from pathlib import Path

from ivr.tapes.reading import read

__all__ = ["CALLS", "few"]

CALLS = Path(__file__).parent / "calls"


def few(folder: Path) -> Path:
    """A call whose caller keys 3 and hears an announcement, and one that is told that the line is busy."""
    folder.mkdir()
    for name in ("menu-key-01", "greeting-busy-01"):
        tape = CALLS / f"{name}.jsonl.gz"
        shutil.copy(tape, folder)
        shutil.copy(CALLS / f"{read(tape).about['table']}.yaml", folder)
    return folder
