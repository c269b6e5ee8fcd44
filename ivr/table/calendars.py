"""The iCalendar files that hours name: read with the table, and as faulty as they are."""

from ivr.calendars import Calendar, read
from ivr.table.reading import Reading
from ivr.table.sources import Sources

__all__ = ["calendars_of"]


def calendars_of(reading: Reading, sources: Sources) -> dict[str, Calendar]:
    """The calendars by the names of their files; those that cannot be read are findings, and left out."""
    calendars: dict[str, Calendar | None] = {}
    for hours, model in reading.things("hours"):
        for key in ("calendar", "open_calendar"):
            name = getattr(model, key)
            if name is None:
                continue
            if name not in calendars:
                calendars[name] = _one(name, reading, sources, ("hours", hours, key))
    return {name: calendar for name, calendar in calendars.items() if calendar is not None}


def _one(name: str, reading: Reading, sources: Sources, path: tuple) -> Calendar | None:
    try:
        source = sources.read(name)
    except OSError as error:
        reading.error(path, f"{name} cannot be read: {error.strerror or error}", "calendar")
        return None
    calendar, faults = read(source)
    for fault in faults:
        reading.found.error((fault.line, 1, name), path, fault.message, "calendar")
    return calendar
