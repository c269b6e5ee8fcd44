"""How single values are written in routes.yaml: times, days, zones, yes and no. A Fault says what to write instead."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator

from ivr.blanks import NAME
from ivr.holidays import Holidays, countries
from ivr.hours_text import DAYS, weekdays
from ivr.prompt_values import OF_CALLERS
from ivr.table.suggest import nearest

__all__ = [
    "BESIDE_DAYS", "Fault", "Phones", "between", "blank", "caller", "count", "country", "day", "days", "digits",
    "holidays", "key", "length", "one_day", "outside", "phones", "reads", "ring_time", "seconds", "something",
    "texts", "way", "words", "written", "yes_no", "zone",
]  # fmt: skip

BESIDE_DAYS = ("holidays", "make_up", "except", "calendar", "open_calendar", "timezone")
WAYS = ("together", "in-turn", "rotate", "by-skill")
SECONDS = r"[0-9]{1,5}(\.[0-9]{1,3})? ?s"
DAY = f"({'|'.join(DAYS)})"
RING = 5  # seconds: the length of one ring in the house rules (A1, B5)


class Fault(ValueError):
    """What is wrong with one text, and the word that was probably meant."""

    def __init__(self, message: str, near: str | None = None):
        super().__init__(message)
        self.near = near


def written(pattern: str, number: bool = False, **more):
    """Say of a function that types texts how they are written, for editors (`ivr.table.schema`). `number`: YAML may
    take such a text for a whole number."""

    def mark(function):
        kinds = ["string", "integer"] if number else "string"
        function.written = {"type": kinds, "pattern": f"^({pattern})$", **more}
        return function

    return mark


def words(*known: str):
    """Say of a function that it knows these words, for editors."""

    def mark(function):
        function.written = {"enum": list(known)}
        return function

    return mark


def reads(function) -> BeforeValidator:
    """Type a text by `function`; anything that is no text is a fault, what is typed already stays."""

    def typed(value):
        if isinstance(value, str):
            return function(value)
        if value is None or isinstance(value, (list, dict)):
            raise Fault("a single value is expected here")
        return value

    typed.reads, typed.written = function, getattr(function, "written", None)
    return BeforeValidator(typed)


@written(SECONDS)
def seconds(text: str) -> float:
    """25s, 0.5s."""
    match = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?s", text)
    if not match:
        number = re.fullmatch("[0-9.]+", text)
        raise Fault(f"{text!r} is no time in seconds; write it as {f'{text}s' if number else '25s'}")
    return float(match[1])


@written(f"[0-9]{{1,2}} ?rings?|{SECONDS}")
def ring_time(text: str) -> float:
    """25s or 5 rings, in seconds."""
    match = re.fullmatch(r"([0-9]{1,2}) ?rings?", text)
    if match:
        return float(int(match[1]) * RING)
    try:
        return seconds(text)
    except Fault:
        raise Fault(f"{text!r} is no ring time; write it as 25s or as 5 rings") from None


def between(low: float, high: float, whole: bool = True):
    """A time in seconds has these bounds."""

    def check(length: float) -> float:
        if not low <= length <= high:
            raise Fault(f"{length:g}s is not between {low:g}s and {high:g}s")
        if whole and length != int(length):
            raise Fault(f"{length:g}s is not in whole seconds")
        return int(length) if whole else length

    return AfterValidator(check)


@words("yes", "no")
def yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Fault(f"{text!r} is neither yes nor no")
    return text == "yes"


def count(low: int, high: int):
    """A whole number has these bounds."""

    @written("|".join(map(str, range(low, high + 1))), number=True, minimum=low, maximum=high)
    def check(text: str) -> int:
        if not re.fullmatch("[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise Fault(f"{text!r} is no whole number from {low} to {high}")
        return int(text)

    return reads(check)


def something(text: str) -> str:
    """Anything but nothing."""
    if not text.strip():
        raise Fault("nothing is written here")
    return text.strip()


def texts(value):
    """One text for every language, or one for each: {"": text} or {language: text}."""
    return {"": value} if isinstance(value, str) else value


def blank(name: str) -> str:
    """The name of a value, as `{{ price }}` has it."""
    if not re.fullmatch(NAME, name):
        raise Fault(f"{name!r} is no name of a value: small letters, digits and _, such as price")
    if name in OF_CALLERS:
        raise Fault(f"{name!r} is what a caller keys; choose another name, such as our_{name}")
    return name


@written(rf"{DAY}( ?[,-] ?{DAY})*")
def days(text: str) -> tuple[int, ...]:
    """mon-fri, as the key of ranges."""
    try:
        return weekdays(text)
    except ValueError as error:
        near = nearest(text, (*DAYS, "mon-fri", "sat-sun", *BESIDE_DAYS))
        raise Fault(str(error), near or (text[:3].lower() if text[:3].lower() in DAYS else None)) from None


@words(*DAYS)
def one_day(text: str) -> int:
    """mon"""
    if text not in DAYS:
        near = text[:3].lower() if text[:3].lower() in DAYS else nearest(text, DAYS)
        raise Fault(f"{text!r} is no day of the week; the days are {', '.join(DAYS)}", near)
    return DAYS.index(text)


@written("[0-9]{4}-[0-9]{2}-[0-9]{2}")
def day(text: str) -> date:
    """2026-12-31"""
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        read = date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{text!r} is no date; write it as 2026-12-31") from None
    if not 1970 <= read.year <= 2199:
        raise Fault(f"{text} is not between 1970 and 2199; write it as 2026-12-31")
    return read


@written("[A-Z]{2}")
def country(text: str) -> str:
    """CN"""
    if text not in countries():
        near = text.upper() if text.upper() in countries() else None
        raise Fault(f"{text!r} is no country; write its two letters, such as CN", near)
    return text


@written("[A-Z]{2}(-[A-Z0-9]{1,4})?")
def holidays(text: str) -> Holidays:
    """CN, or DE-BY for one of its regions."""
    code, _, region = text.partition("-")
    regions = countries()[country(code)]
    if region and region not in regions:
        message = f"{code} has no region {region!r}" + (f"; it has {', '.join(regions)}" if regions else "")
        raise Fault(message, nearest(region, regions))
    return Holidays(code, region or None)


@written(r"[A-Za-z0-9][A-Za-z0-9._/-]*\.ics")
def calendar(text: str) -> str:
    """closures.ics, a file below the folder of routes.yaml."""
    part = "[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
    if not re.fullmatch(f"({part}/){{0,4}}{part}", text) or not text.endswith(".ics"):
        raise Fault(
            f"{text!r} is no iCalendar file beside the table; its name has a–z, 0–9, . _ -, such as closures.ics"
        )
    return text


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Every zone by its name in small letters, and by its city where that is enough."""
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    by_city = {name.rpartition("/")[2].lower(): name for name in reversed(names)}
    return by_city | {name.lower(): name for name in names}


@lru_cache(maxsize=64)
def _nearest_zone(text: str) -> str | None:
    near = nearest(text.lower().replace(" ", "_"), _zones())
    return near and _zones()[near]


@written("[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
def zone(text: str) -> str:
    """Asia/Shanghai"""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # not found, not a key, a folder: all say that it is no zone
        raise Fault(f"there is no time zone {text!r}", _nearest_zone(text)) from None
    return text


@words(*WAYS)
def way(text: str) -> str:
    """together, in-turn, rotate, by-skill"""
    if text not in WAYS:
        raise Fault(f"{text!r} is no way to ring; the ways are {', '.join(WAYS)}", nearest(text, WAYS))
    return text


class Phones(NamedTuple):
    """Who rings, in groups. `written`: as a "list", as lists in a list ("groups"), or with "levels"."""

    groups: tuple[tuple[str, ...], ...]
    written: str


def phones(value) -> Phones:
    """[8001, 8002], [8001, [8002, 8003]], or {8001: 1, 8002: 1, 8003: 2}."""
    if isinstance(value, Phones):
        return value
    if isinstance(value, dict):
        levels: dict[int, list[str]] = {}
        for phone, level in value.items():
            if not isinstance(level, str) or not re.fullmatch("[1-9][0-9]?", level):
                raise Fault(f"{level!r} is no level of skill; write a number from 1 (rings first) to 99: {phone}: 1")
            levels.setdefault(int(level), []).append(phone)
        return Phones(tuple(tuple(levels[level]) for level in sorted(levels)), "levels")
    if not isinstance(value, list) or not all(isinstance(one, str | list) for one in value):
        raise Fault("a list is expected here, such as [8001, 8002]")
    groups = [[one] if isinstance(one, str) else one for one in value]
    if not all(group and all(isinstance(one, str) for one in group) for group in groups):
        raise Fault("a group of phones is a list of extensions, such as [8001, [8002, 8003]]")
    nested = any(isinstance(one, list) for one in value)
    return Phones(tuple(tuple(group) for group in groups), "groups" if nested else "list")


@written(r"\+[1-9][0-9]{5,14}")
def outside(text: str) -> str:
    """+8613912345678"""
    if not re.fullmatch(r"\+[1-9][0-9]{5,14}", text):
        raise Fault(f"{text!r} is no telephone number of the world outside; write it as +8613912345678")
    return text


@written(r"\+?[0-9]{1,15}\*?", number=True)
def caller(text: str) -> str:
    """+8613800138000, or its beginning: +4930*"""
    if not re.fullmatch(r"\+?[0-9]{1,15}\*?", text):
        raise Fault(f"{text!r} is no caller's number; write it as +8613800138000, its beginning as +86138*")
    return text


@written("[0-9]{1,4} ?[hms]")
def length(text: str) -> int:
    """12h, 30m, 90s: in seconds."""
    match = re.fullmatch("([0-9]{1,4}) ?([hms])", text)
    if not match or not 60 <= int(match[1]) * {"h": 3600, "m": 60, "s": 1}[match[2]] <= 31 * 86_400:
        raise Fault(f"{text!r} is no length of time; write it as 12h or 30m, from 1m to 744h")
    return int(match[1]) * {"h": 3600, "m": 60, "s": 1}[match[2]]


@written("[0-9*]", number=True)
def key(key: str) -> str:
    """A key of the telephone."""
    if not re.fullmatch("[0-9*]", key):
        raise Fault(f'{key!r} is no key; the keys are 0 to 9 and "*" (# ends a number)')
    return key


def digits(what: str, shortest: int, longest: int):
    """Nothing but digits."""

    @written(f"[0-9]{{{shortest},{longest}}}", number=True)
    def check(text: str) -> str:
        if not re.fullmatch("[0-9]+", text) or not shortest <= len(text) <= longest:
            raise Fault(f"{text!r} is no {what}; it has {shortest} to {longest} digits")
        return text

    return AfterValidator(check)
