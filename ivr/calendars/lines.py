"""The lines of an iCalendar file, and the events they make up: before any library reads them.

Only what says when an event is, is kept of it (`KEPT`): time zones defined in the file, alarms, pictures and people may
be wrong in a thousand ways and change nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["EVENTS", "SIZE", "Broken", "Fault", "RawEvent", "raw_events"]

SIZE = 1024 * 1024  # bytes: ten years of a company's events take 0.2 MB
EVENTS = 2_000
KEPT = frozenset(
    ("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "STATUS",
     "SEQUENCE")
)  # fmt: skip
ONCE = KEPT - {"RDATE", "EXDATE"}

_LINE = re.compile(r"([A-Za-z0-9-]+)([;:])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an iCalendar file, and in which line (from 1)."""

    line: int
    message: str


class Broken(Exception):
    """The file cannot be read on; its argument is the Fault."""


@dataclass(slots=True)
class RawEvent:
    """The lines of one event that are kept, and the line each property stands in first."""

    line: int
    lines: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)


def raw_events(source: bytes) -> Iterator[RawEvent | Fault]:
    """The events of a file, and what is wrong with single lines of them. Broken: nothing after it can be read."""
    begun: list[tuple[str, int]] = []
    event, count, number = None, 0, 0
    for number, line in _logical(_decoded(source)):
        name, value = _split(number, line)
        if not begun and (name, value.upper()) != ("BEGIN", "VCALENDAR"):
            break
        if name == "BEGIN":
            begun.append((value.upper(), number))
            if [part for part, _ in begun] == ["VCALENDAR", "VEVENT"]:
                event, count = RawEvent(number), count + 1
                if count > EVENTS:
                    raise Broken(Fault(number, f"these are more than {EVENTS} events; delete what is long past"))
        elif name == "END":
            if begun[-1][0] != value.upper():
                raise Broken(Fault(number, f"END:{value} where END:{begun[-1][0]} is expected"))
            begun.pop()
            if event and len(begun) == 1:
                yield event
                event = None
        elif event and len(begun) == 2 and name in KEPT:
            if name in ONCE and name in event.places:
                yield Fault(number, f"{name} stands twice in one event, here and in line {event.places[name]}")
                continue
            event.places.setdefault(name, number)
            event.lines.append(line)
    else:
        if begun:
            name, line = begun[-1]
            raise Broken(Fault(number, f"the file ends inside {name}, which begins in line {line}: is it cut off?"))
        if number:
            return
    raise Broken(Fault(max(number, 1), "this is no iCalendar file; it begins with BEGIN:VCALENDAR"))


def _decoded(source: bytes) -> str:
    if len(source) > SIZE:
        raise Broken(Fault(1, f"the file is longer than {SIZE // 2**20} MB; delete what is long past"))
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise Broken(Fault(line, f"byte 0x{source[error.start]:02x} is not UTF-8; save the file as UTF-8")) from None
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Broken(Fault(line, f"character U+{ord(found[0]):04X} is not allowed here; delete it"))
    return text


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """The lines, those put together that were folded, each with the number of its first."""
    parts: list[str] = []
    first = 1
    for number, line in enumerate(re.split("\r\n|\n|\r", text), 1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield first, "".join(parts)
        parts, first = [line] if line.strip() else [], number
    if parts:
        yield first, "".join(parts)


def _split(number: int, line: str) -> tuple[str, str]:
    match = _LINE.match(line)
    if not match:
        shown = line if len(line) <= 40 else line[:39] + "…"
        raise Broken(Fault(number, f"{shown!r} is no line of an iCalendar file, such as DTSTART;VALUE=DATE:20261224"))
    return match[1].upper(), line[match.end() :].strip()
