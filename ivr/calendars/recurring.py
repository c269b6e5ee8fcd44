"""Working out when repeating events come: the package recurring_ical_events does it."""

from collections.abc import Iterable
from datetime import date

import icalendar
import recurring_ical_events

from ivr.calendars.calendar import AROUND, Times

__all__ = ["Recurring"]


class Recurring:
    """Events that come more than once, with their exceptions."""

    def __init__(self, events: Iterable[icalendar.Event]):
        calendar = icalendar.Calendar()
        for event in events:
            calendar.add_component(event)
        self._query = recurring_ical_events.of(calendar, components=["VEVENT"])
        self.between(date(2026, 1, 1), date(2026, 1, 31))  # what cannot be worked out is found when it is read

    def between(self, first: date, last: date) -> list[Times]:
        found = self._query.between(first - AROUND, last + AROUND)
        return [
            Times(event["DTSTART"].dt, event["DTEND"].dt, str(event["SUMMARY"]))
            for event in found
            if str(event.get("STATUS", "")).upper() != "CANCELLED"
        ]
