"""Which time zone times are shown in: the one that is named, else the house's, else the machine's."""

import os
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ivr.settings import Settings, variable

__all__ = ["Zone", "house_zone", "machine_zone"]

LOCALTIME = Path("/etc/localtime")


class Zone(click.ParamType):
    """A time zone by its name."""

    name = "zone"

    def convert(self, value, param, context):
        if isinstance(value, tzinfo):
            return value
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            self.fail(
                f"{value!r} is no time zone; write one such as Asia/Shanghai, Europe/Berlin or UTC", param, context
            )


def house_zone(path: Path | None = None) -> tzinfo:
    """That of the table a line here would take, or of `path`, also where it has faults; the machine's where none is
    written. (Not that of the table that came with the program: it is another house's.)"""
    path = path or Path(os.environ.get(variable("table")) or Settings().table)
    if not path.is_file():
        return machine_zone()
    from ivr.table import zone_written

    try:
        return ZoneInfo(zone_written(path) or "")
    except (KeyError, ValueError, OSError):
        return machine_zone()


def machine_zone() -> tzinfo:
    """What TZ says, or where /etc/localtime leads; where that has no name, so many hours as it is off UTC now."""
    name = os.environ.get("TZ")
    if name is None:
        name = str(LOCALTIME.resolve()).partition("/zoneinfo/")[2]
    try:
        return ZoneInfo(name.removeprefix(":"))
    except (KeyError, ValueError, OSError):
        from ivr.gevent_clock import SystemClock

        return SystemClock().now().astimezone().tzinfo
