"""Kinds of findings: opening hours and calendars."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "never-open",
        "warning",
        rule="A place with hours is open at some time of the next 400 days.",
        why="Its phones never ring, and its callers are told of an opening that does not come.",
        mend="Give the hours a day, or take the place out of the table.",
        example="""\
numbers: {"*": {to: department/fair}}
hours: {fair: {mon-sun: closed, except: {2026-05-01: 09:00-18:00}}}
departments: {fair: {name: Fair, hours: fair, ring: {phones: [8000]}, closed: message/fair}}
""",
        says="warning: departments.fair.hours: it is not open once in the next 400 days: fair has no range then",
        may_be_allowed=True,
    ),
    Kind(
        "unpublished",
        "warning",
        rule="The holidays of the next 60 days are known.",
        why="In some countries, China among them, a notice moves days off and workdays each year (调休). Until it is "
        "known, "
        "a Saturday that is worked is answered as closed.",
        mend="Update the package `holidays` when the notice is out, or write the days under except.",
        example="""\
numbers: {"*": {to: operator, hours: office}}
hours: {office: {mon-fri: 09:00-18:00, holidays: CN}}
""",
        says="warning: hours.office.holidays: the days off and make-up workdays of CN in 2090 are not known yet; "
        "update the package holidays when they are published, or write them under except",
        today="2090-06-01",
        may_be_allowed=True,
    ),
    Kind(
        "overruled",
        "warning",
        rule="Of several lines that name a weekday the last one holds; one that holds on no day is left out.",
        why="Somebody reads the first line and believes it.",
        mend="Delete the line, or write the narrower days further down: mon-sun first, then fri.",
        example="""\
numbers: {"*": {to: operator, hours: office}}
hours: {office: {fri: 09:00-14:00, mon-fri: 09:00-18:00}}
""",
        says="warning: hours.office.fri: the ranges of fri count on no day: all of them are named again further down",
        may_be_allowed=True,
    ),
    Kind(
        "calendar",
        "error",
        rule="A calendar file is there and can be read as iCalendar.",
        why="Days that are closed would be answered as open.",
        mend="Export the calendar anew, or correct the line that is named.",
        example="""\
numbers: {"*": {to: operator, hours: office}}
hours: {office: {mon-fri: 09:00-18:00, calendar: closures.ics}}
""",
        says="hours.office.calendar: closures.ics cannot be read: No such file or directory",
    ),
    Kind(
        "calendar-past",
        "warning",
        rule="A calendar has events to come.",
        why="It was exported once and never again: this year's closures are not in it.",
        mend="Export it anew, or take it out of the hours.",
        example="""\
numbers: {"*": {to: operator, hours: office}}
hours: {office: {mon-fri: 09:00-18:00, calendar: closures.ics}}
""",
        says="warning: hours.office.calendar: closures.ics has no event in the next 400 days: is it an old one?",
        files={
            "closures.ics": "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20240101\n"
            "END:VEVENT\nEND:VCALENDAR\n",
        },
        may_be_allowed=True,
    ),
)
