"""Hours against a scan of every minute by the plainest reading of what is written: slow, and nothing of `ivr.hours`."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.calendars import read
from ivr.holidays import Holidays
from ivr.hours import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Around these days clocks change (Lord Howe's by half an hour, Casablanca's for Ramadan), a day is left out (Samoa, 30
# December 2011), there are holidays and weekend days worked for them (China; German Unity on a Saturday).
MOMENTS = [
    ("Europe/Berlin", (2026, 3, 29)), ("Europe/Berlin", (2026, 10, 25)), ("Europe/Berlin", (2026, 10, 3)),
    ("Australia/Lord_Howe", (2026, 4, 5)), ("Australia/Lord_Howe", (2026, 10, 4)),
    ("Africa/Casablanca", (2026, 2, 15)), ("Africa/Casablanca", (2026, 3, 22)), ("Pacific/Apia", (2011, 12, 30)),
    ("Asia/Shanghai", (2026, 2, 14)), ("Asia/Shanghai", (2026, 10, 10)), ("America/Havana", (2026, 11, 1)),
    ("America/New_York", (2026, 3, 8)), ("Africa/Cairo", (2026, 4, 24)), ("Asia/Kathmandu", (2026, 5, 1)),
    ("Asia/Beirut", (2026, 3, 29)), ("UTC", (2024, 2, 29)),
]  # fmt: skip


@st.composite
def one_day(draw) -> str:
    """The written ranges of a day: none, or up to three, the last one possibly past midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 95), max_size=6)))
    clock = [f"{mark // 4:02}:{mark % 4 * 15:02}" for mark in marks]
    pairs = [f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=False)]
    if len(clock) % 2 and marks[0] > 0:
        pairs.append(f"{clock[-1]}-{draw(st.sampled_from(['24:00', '00:00', f'{marks[0] // 4:02}:00']))}")
        pairs = [pair for pair in pairs if pair.split("-")[0] != pair.split("-")[1]]
    return ", ".join(pairs) or "closed"


@st.composite
def an_event(draw, day: datetime) -> dict:
    """An event near a day: on whole days, at times of the wall or of UTC; once, daily, weekly, with a date left out."""
    kind = draw(st.sampled_from(["days", "wall", "utc"]))
    begin = day.replace(tzinfo=None) + timedelta(days=draw(st.integers(-3, 2) | st.sampled_from([-14, -7])))
    if kind == "days":
        length = timedelta(days=draw(st.integers(1, 3)))
    else:
        begin += timedelta(minutes=15 * draw(st.integers(0, 95)))
        length = timedelta(minutes=15 * draw(st.integers(1, 200)))
    repeat = draw(st.sampled_from([None, ("DAILY", 1), ("WEEKLY", 7)])) if length < timedelta(days=1) else None
    left_out = draw(st.booleans()) and repeat is not None
    return {"kind": kind, "begin": begin, "length": length, "repeat": repeat, "left_out": left_out}


def as_ics(events: list[dict]) -> bytes:
    lines = ["BEGIN:VCALENDAR"]
    for event in events:
        form, suffix = {"days": ("%Y%m%d", ""), "wall": ("%Y%m%dT%H%M%S", ""), "utc": ("%Y%m%dT%H%M%S", "Z")}[
            event["kind"]
        ]
        value = ";VALUE=DATE" if event["kind"] == "days" else ""
        begin, end = event["begin"], event["begin"] + event["length"]
        lines += ["BEGIN:VEVENT", f"DTSTART{value}:{begin:{form}}{suffix}", f"DTEND{value}:{end:{form}}{suffix}"]
        if event["repeat"]:
            lines.append(f"RRULE:FREQ={event['repeat'][0]}")
        if event["left_out"]:
            again = begin + timedelta(days=2 * event["repeat"][1])
            lines.append(f"EXDATE{value}:{again:{form}}{suffix}")
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@st.composite
def some_hours(draw) -> tuple[dict, datetime]:
    """Hours as they are written, and the minute from which they are looked at."""
    zone, day = draw(st.sampled_from(MOMENTS))
    day = datetime(*day, tzinfo=UTC)
    events = st.lists(an_event(day), max_size=2)
    dated = draw(st.dictionaries(st.integers(-1, 1), one_day(), max_size=1))
    written = {
        "zone": zone,
        "week": dict(zip(DAYS, draw(st.lists(one_day() | st.just("closed"), min_size=7, max_size=7)), strict=True)),
        "holidays": draw(st.sampled_from([None, Holidays("CN"), Holidays("DE", "BY")])),
        "make_up": draw(st.sampled_from(["mon", "fri"])),
        "exceptions": {day.date() + timedelta(days=n): text for n, text in dated.items()},
        "closures": draw(events),
        "openings": draw(events),
    }
    return written, day - timedelta(days=1, hours=12) + timedelta(minutes=draw(st.integers(0, 1440)))


def made(written: dict) -> Hours:
    calendars = {key: read(as_ics(written[key])) for key in ("closures", "openings")}
    assert [faults for _, faults in calendars.values()] == [[], []]
    return Hours.weekly(**written | {key: calendar for key, (calendar, _) in calendars.items()})


class Plainly:
    """The written hours, read off the page anew for each minute."""

    def __init__(self, written: dict):
        self.written, self.tz = written, ZoneInfo(written["zone"])
        self.ranges = lru_cache(self._ranges)
        self.days = {key: [*self._times(key, whole=True)] for key in ("closures", "openings")}
        self.times = {key: [*self._times(key, whole=False)] for key in ("closures", "openings")}

    def _times(self, key: str, whole: bool):
        """When the events of a calendar come, in the three weeks after their first."""
        for event in self.written[key]:
            if (event["kind"] == "days") is not whole:
                continue
            for n in range(35 if event["repeat"] else 1):
                if event["left_out"] and n == 2:
                    continue
                begin = event["begin"] + timedelta(days=n * event["repeat"][1] if event["repeat"] else 0)
                end = begin + event["length"]
                if whole:
                    yield begin.date(), end.date()
                else:
                    zone = UTC if event["kind"] == "utc" else self.tz
                    yield tuple(moment.replace(tzinfo=zone).astimezone(UTC) for moment in (begin, end))

    def text(self, day: date) -> str:
        """The ranges of a day as they are written."""
        week, own = self.written["week"], self.written["week"][DAYS[day.weekday()]]
        make_up, holidays = week[self.written["make_up"]], self.written["holidays"]
        if day in self.written["exceptions"]:
            return self.written["exceptions"][day]
        if any(begin <= day < end for begin, end in self.days["closures"]):
            return "closed"
        if any(begin <= day < end for begin, end in self.days["openings"]):
            return make_up if own == "closed" else own
        kind = holidays and holidays.day(day)
        return {"holiday": "closed", "make-up": make_up, None: own}[kind]

    def _ranges(self, day: date) -> list[tuple[str, str]]:
        """Pairs of clocks; what ends on the next day ends at 24:00 and more."""
        text = self.text(day)
        pairs = [part.strip().split("-") for part in text.split(",")] if text != "closed" else []
        return [(a, b if b > a else f"{int(b[:2]) + 24:02}{b[2:]}") for a, b in pairs]

    def state(self, instant: datetime) -> str:
        local = instant.astimezone(self.tz)
        today, yesterday = local.date(), local.date() - timedelta(days=1)
        clock, late = f"{local:%H:%M}", f"{local.hour + 24}:{local:%M}"
        going_on = any(a <= late < b for a, b in self.ranges(yesterday))
        open_ = going_on or any(a <= clock < b for a, b in self.ranges(today))
        by_hand = today in self.written["exceptions"] or (going_on and yesterday in self.written["exceptions"])
        if not by_hand and any(begin <= instant < end for begin, end in self.times["closures"]):
            return "closed"
        if not by_hand and any(begin <= instant < end for begin, end in self.times["openings"]):
            return "open"
        breaks = [(before[1], after[0]) for before, after in pairwise(self.ranges(today))]
        noon = [(a, b) for a, b in breaks if "10:00" <= a < "14:00" and "11:00" < b <= "16:00"]
        lunch = any(a <= clock < b for a, b in noon)
        return "open" if open_ else "lunch" if lunch else "closed"


def agree(written: dict, begin: datetime, step: timedelta) -> None:
    """Two days of hours are what the plain reading says at every step."""
    hours, plainly = made(written), Plainly(written)
    steps = [begin + step * n for n in range(timedelta(days=2) // step)]
    states = [plainly.state(moment) for moment in steps]
    assert [hours.state(moment) for moment in steps] == states
    # And they change when these do, and open when these do
    changed = [n for n in range(1, len(steps)) if states[n] != states[n - 1]]
    told, moment = [], begin
    while (moment := hours.next_change(moment)) is not None and moment <= steps[-1]:
        told.append(moment)
    assert told == [steps[n] for n in changed]
    opened = [steps[n] for n in changed if states[n] == "open"]
    first = hours.next_opening(begin)
    assert first == opened[0] if opened else first is None or first > steps[-1]
    assert (hours.opening(begin) is None) == (states[0] == "open" or first is None)


@settings(max_examples=8, deadline=None)
@given(some_hours())
def test_every_minute(given_hours):
    agree(*given_hours, timedelta(minutes=1))


@settings(max_examples=150, deadline=None)
@given(some_hours())
def test_every_quarter_of_an_hour(given_hours):
    # All that is written, and every change of clocks, is on a quarter: so many more hours can be looked at
    written, begin = given_hours
    agree(written, begin.replace(minute=begin.minute // 15 * 15), timedelta(minutes=15))


@settings(max_examples=50, deadline=None)
@given(some_hours(), st.datetimes(datetime(1975, 1, 1), datetime(2095, 1, 1), timezones=st.just(UTC)))
def test_no_instant_is_without_a_state(given_hours, instant):
    written, begin = given_hours
    hours = made(written)
    assert hours.state(instant) in ("open", "lunch", "closed")
    # Half-open: what begins with a minute does not begin a microsecond before it
    assert hours.state(begin - timedelta(microseconds=1)) == Plainly(written).state(begin - timedelta(minutes=1))
