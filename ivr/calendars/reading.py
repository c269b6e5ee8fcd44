"""Events as they are written → a Calendar, or every fault of them. The grammar is the package icalendar's."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import icalendar
from icalendar.timezone import tzp

from ivr.calendars.calendar import Calendar, Times
from ivr.calendars.lines import Broken, Fault, RawEvent, raw_events
from ivr.calendars.recurring import Recurring
from ivr.calendars.repeating import TIMES, fault_of, steps

__all__ = ["calendar_of"]

YEARS = range(1970, 2200)
LONGEST, LONGEST_REPEATING = timedelta(days=366), timedelta(days=31)
MOST_FAULTS = 20
NAMED = 80  # characters of an event's name that are kept
ZONE = re.compile(r'(?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)[^:"]*?;TZID=(?:"([^"]*)"|([^;:"]*))', re.I)
WHEN = {"DTSTART": date, "DTEND": date, "RECURRENCE-ID": date, "DURATION": timedelta}


def calendar_of(source: bytes) -> tuple[Calendar | None, list[Fault]]:
    """The calendar of an iCalendar file; None where there are faults, in the order of the file. Nothing is raised."""
    faults: list[Fault] = []
    events: list[tuple[RawEvent, icalendar.Event]] = []
    try:
        for raw in raw_events(source):
            if isinstance(raw, Fault):
                faults.append(raw)
                continue
            found, event = _event(raw)
            faults += found
            if not found:
                events.append((raw, event))
            if len(faults) >= MOST_FAULTS:
                break
    except Broken as broken:
        faults.append(broken.args[0])
    if not faults:
        faults += _together(events)
    calendar = None
    if not faults:
        try:
            calendar = Calendar(hashlib.sha256(source).hexdigest(), *_sorted(events))
        except Exception as error:  # noqa: BLE001 (whatever else a library has against it is said, never a traceback)
            faults.append(Fault(1, f"the events that repeat cannot be worked out: {' '.join(str(error).split())}"))
    return calendar, sorted(faults, key=lambda fault: fault.line)[:MOST_FAULTS]


def _event(raw: RawEvent) -> tuple[list[Fault], icalendar.Event | None]:
    """One event, and what is wrong with it by itself."""
    faults = [Fault(raw.line, text) for text in _zones(raw.lines)]
    if faults:
        return faults, None
    text = "\r\n".join(["BEGIN:VEVENT", *raw.lines, "END:VEVENT", ""])
    try:
        event = icalendar.Event.from_ical(text)
    except Exception as error:  # noqa: BLE001 (the library's own exceptions are many)
        return [Fault(raw.line, f"the event cannot be read: {' '.join(str(error).split())}")], None
    return [Fault(raw.places.get(name, raw.line), message) for name, message in _faults(event)], event


def _zones(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        found = ZONE.match(line)
        name = found and (found[1] or found[2])
        if name is not None and _zone(name) is None:
            yield f"there is no time zone {name[:40]!r}; write one such as Europe/Berlin"


def _zone(name: str):
    try:
        return tzp.timezone(name)
    except (KeyError, ValueError, OSError):
        return None


def _faults(event: icalendar.Event) -> Iterator[tuple[str, str]]:
    """What is wrong with an event: the property, and words."""
    times = {name: _when(event, name) for name in WHEN}
    for name, kind in WHEN.items():
        if name in event and not isinstance(times[name], kind):
            example = "PT8H or P2D" if name == "DURATION" else "20261224 or 20261224T090000"
            yield name, f"{name} cannot be read; it is written as {example}"
            return
    for name in ("RDATE", "EXDATE"):
        if name in event and any(not isinstance(moment, date) for moment in _dates(event, name)):
            yield name, f"{name} cannot be read; it lists dates or times as DTSTART has them"
            return
    if "EXRULE" in event:
        yield "EXRULE", "EXRULE is not read (RFC 5545 has none); list the dates in EXDATE"
    start, end = times["DTSTART"], times["DTEND"]
    if start is None:
        yield "", "the event has no DTSTART: when does it begin?"
        return
    moments = [start, end or start, *_dates(event, "RDATE"), *_dates(event, "EXDATE")]
    if any(moment.year not in YEARS for moment in moments):
        yield "DTSTART", f"the event is not between {YEARS[0]} and {YEARS[-1]}"
        return
    if end is not None and type(end) is not type(start):
        yield "DTEND", "DTSTART and DTEND are both dates, or both times"
        return
    if end is not None and isinstance(start, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
        yield "DTEND", "DTSTART and DTEND have both a time zone, or none"
        return
    yield from _length(event, start, end, times["DURATION"])
    if "RRULE" in event:
        rule = event["RRULE"]
        fault = fault_of(rule, start) if isinstance(rule, icalendar.vRecur) else "it is written as FREQ=YEARLY"
        if fault:
            yield "RRULE", f"RRULE: {fault}"


def _length(event, start, end, duration) -> Iterator[tuple[str, str]]:
    if end is not None and duration is not None:
        yield "DURATION", "DTEND and DURATION stand beside each other; keep one of the two"
        return
    length = (end - start) if end is not None else duration
    where = "DTEND" if end is not None else "DURATION"
    if length is None:
        if isinstance(start, datetime):
            yield "DTSTART", "the event has no length: write DTEND, or a date without a time for a whole day"
        return
    repeats = any(name in event for name in ("RRULE", "RDATE"))
    longest = LONGEST_REPEATING if repeats else LONGEST
    # Some programs end a whole day on the day it begins; it is one day.
    if length < timedelta() or (length == timedelta() and isinstance(start, datetime)):
        yield where, "the event ends before it begins" if length else "the event ends when it begins"
    elif length > longest:
        again = "repeats and " if repeats else ""
        yield where, f"the event {again}lasts longer than {longest.days} days"
    elif not isinstance(start, datetime) and length % timedelta(days=1):
        yield where, "an event that begins on a date lasts whole days"


def _together(events: list[tuple[RawEvent, icalendar.Event]]) -> Iterator[Fault]:
    """What is wrong between events."""
    seen: dict[tuple, int] = {}
    total = 0
    for raw, event in events:
        if "UID" in event:
            key = (str(event["UID"]), _when(event, "RECURRENCE-ID"))
            if key in seen:
                yield Fault(raw.line, f"the event of line {seen[key]} has the same UID; one of the two would be lost")
            seen.setdefault(key, raw.line)
        if "RRULE" in event:
            total += steps(event["RRULE"], _when(event, "DTSTART"))
            if total > TIMES:
                message = f"the events repeat more than {TIMES} times until 2100; let them begin later, or end by UNTIL"
                yield Fault(raw.places["RRULE"], message)
                return


def _sorted(events: list[tuple[RawEvent, icalendar.Event]]) -> tuple[list[Times], Recurring | None]:
    """The events that come once, and those that repeat (with what changes single ones of them)."""
    changed = {str(event.get("UID")) for _, event in events if "RECURRENCE-ID" in event}
    once, again = [], []
    for raw, event in events:
        name = " ".join(str(event.get("SUMMARY", "")).split())[:NAMED] or f"event of line {raw.line}"
        event["SUMMARY"] = name
        if "UID" not in event:
            event.add("UID", f"line-{raw.line}")
        if {"RRULE", "RDATE", "RECURRENCE-ID"} & {*event} or str(event["UID"]) in changed:
            again.append(event)
        elif str(event.get("STATUS", "")).upper() != "CANCELLED":
            start = _when(event, "DTSTART")
            end = _when(event, "DTEND") or start + (_when(event, "DURATION") or timedelta(days=1))
            once.append(Times(start, max(end, start + timedelta(days=1)) if type(start) is date else end, name))
    return once, Recurring(again) if again else None


def _when(event: icalendar.Event, name: str):
    """A property's value: date, datetime or timedelta; None where it is not there or cannot be read."""
    try:
        return event[name].dt if name in event else None
    except Exception:  # noqa: BLE001 (a broken property raises what its library likes)
        return None


def _dates(event: icalendar.Event, name: str) -> list:
    """The moments a property lists, several of it together; [None] where they cannot be read."""
    written = event.get(name, [])
    try:
        return [one.dt for part in (written if isinstance(written, list) else [written]) for one in part.dts]
    except Exception:  # noqa: BLE001
        return [None]
