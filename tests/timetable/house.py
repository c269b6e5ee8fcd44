"""A house whose hours and duties show all that a timetable tells."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

TABLE = """\
house: {name: {zh: 恒信科技, en: Hengxin}, timezone: Asia/Shanghai, languages: {zh: 普通话, en: English}}
numbers: {"1000": {to: operator, hours: office}, "*": {to: operator, hours: office}}
operator: {name: the operator, hours: office, ring: {phones: [8000]}, closed: duty/manager}
hours:
  office:
    mon-fri: 09:00-12:00, 13:30-18:00
    holidays: CN
    except: {2026-11-26: 09:00-12:00}
    calendar: closures.ics
  berlin: {mon-fri: 09:00-17:00, timezone: Europe/Berlin}
  night: {mon-sun: 22:00-06:00}
departments:
  berlin: {name: Berlin, hours: berlin, ring: {phones: [8001]}, closed: goodbye}
duties:
  # check: allow duty-gap, on Fridays callers go to the box
  manager: {name: the manager, handover: 08:00, week: {mon-wed: 8000, thu: 8001, sat-sun: 8001}}
extensions: {8000: , 8001: {quiet: {hours: night, to: operator}}}
"""
CLOSURES = b"""\
BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20261124T153000
DTEND:20261124T163000
SUMMARY:Fire drill
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261125
SUMMARY:Stocktaking
END:VEVENT
END:VCALENDAR
"""
