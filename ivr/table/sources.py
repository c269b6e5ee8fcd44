"""The files a table is written in: routes.yaml, what it includes, and calendars.

Only files below the folder of routes.yaml are read: a table is one folder that can be copied, versioned and kept. All
that was read is kept (`files`), so that the table can be made again when the files have changed or are gone.

    >>> kept = Sources("routes.yaml", {"routes.yaml": b"include: [a.yaml]", "a.yaml": b""})
    >>> kept.matching("*.yaml"), kept.read("a.yaml"), list(kept.files)
    (['a.yaml', 'routes.yaml'], b'', ['a.yaml'])
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

__all__ = ["Sources"]

MOST = 200
"""Files a table is written in at most."""
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:]{1,200}")


class Sources:
    """`main`: the table's own file. `given`: what is read in place of files (name → bytes), or the folder they are in;
    None where a table is a text without a folder."""

    def __init__(self, main: str, given: Mapping[str, bytes] | Path | None):
        self.main, self._given = main, given
        self.files: dict[str, bytes] = {}

    def matching(self, pattern: str) -> list[str]:
        """The names of the files meant by one entry of `include`, in alphabetical order; ValueError says what is wrong
        with the pattern, OSError what with the folder."""
        path = PurePosixPath(pattern)
        if not _NAME.fullmatch(pattern) or path.is_absolute() or ".." in path.parts:
            raise ValueError(f"{pattern!r} leads out of the folder of this table; write a path below it")
        if self._given is None:
            raise ValueError("a table without a folder includes nothing")
        if isinstance(self._given, Mapping):
            return sorted(name for name in self._given if fnmatchcase(name, pattern))
        if not any(mark in pattern for mark in "*?["):
            return [str(path)] if (self._given / path).is_file() else []
        found = sorted(self._given.glob(str(path)))
        return [str(one.relative_to(self._given).as_posix()) for one in found if one.is_file()]

    def read(self, name: str) -> bytes:
        """What stands in a file. OSError says why it cannot be read."""
        if name not in self.files:
            if len(self.files) >= MOST:
                raise OSError(f"a table is written in {MOST} files at most")
            if self._given is None:
                raise OSError("a table without a folder reads no other file")
            if isinstance(self._given, Mapping):
                if name not in self._given:
                    raise OSError("it was not kept")
                self.files[name] = self._given[name]
            else:
                place = self._given / name
                if not place.resolve().is_relative_to(self._given.resolve()):
                    raise OSError("it leads out of the folder of this table")
                self.files[name] = place.read_bytes()
        return self.files[name]
