"""FreeSWITCH's part: its event socket, and its vars.xml against the line's settings."""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from ivr.clock import Clock
from ivr.doctor.machine import Finding
from ivr.errors import SettingsError, WireError
from ivr.esl.supervised import look
from ivr.settings import Settings
from ivr.steps import Greeting, Table
from ivr.switches import event_sockets, password
from ivr.table.build import EMERGENCY

__all__ = ["configuration", "controlled"]

SAMPLES = {"ivr_event_password": "change-me-too", "ivr_phone_password": "change-me"}


def controlled(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The switches under control: each is connected to and asked how it is. Callers are served without them."""
    try:
        found = event_sockets(settings)
        if not found:
            yield "ok", "no switch is watched (--control): how a call ended is told by call records alone"
            return
        secret = password(settings)
    except SettingsError as error:
        yield "error", str(error)
        return
    file = settings.control_password_file
    if file and Path(file).exists() and Path(file).stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        yield "error", f"{file} is open to everybody: chmod 640 {file}"
    for one in found:
        try:
            yield "ok", f"switch {one[0]}:{one[1]}: {look(one, secret, clock)}"
        except (WireError, SettingsError) as error:
            yield "warning", f"a switch is not under control: {error}"


def configuration(settings: Settings, conf: Path, table: Table | None) -> Iterator[Finding]:
    """FreeSWITCH's vars.xml against the line's settings."""
    try:
        tree = ElementTree.parse(conf / "vars.xml")
    except (OSError, ElementTree.ParseError) as error:
        yield "error", f"{conf / 'vars.xml'} cannot be read: {error}"
        return
    told = dict(
        node.get("data", "").split("=", 1) for node in tree.iter("X-PRE-PROCESS") if "=" in node.get("data", "")
    )
    if Path(told.get("ivr_data", "")) != settings.data.resolve():
        yield (
            "error",
            f"ivr_data is {told.get('ivr_data')!r}, the line's --data {settings.data.resolve()}: must be one folder",
        )
    if not asked(told, "ivr_line", settings.listen):
        yield "error", f"neither ivr_line_1 nor ivr_line_2 is {settings.listen}, where this line listens"
    if not told.get("ivr_records_url", "").startswith(f"http://{settings.records_listen}"):
        yield (
            "error",
            f"ivr_records_url is {told.get('ivr_records_url')!r}, the line takes records on {settings.records_listen}",
        )
    yield from way_out(conf, told, table)
    if table is not None:
        yield from emergency_entries(settings, told, table)
    if table is not None and told.get("ivr_default_language") not in table.languages:
        yield (
            "error",
            f"ivr_default_language is {told.get('ivr_default_language')!r}, the house speaks "
            + ", ".join(table.languages),
        )
    for name, sample in SAMPLES.items():
        if told.get(name) == sample:
            yield "error", f"{name} is still the sample's: choose another"


def way_out(conf: Path, told: Mapping[str, str], table: Table | None) -> Iterator[Finding]:
    """Emergency numbers leave by a gateway that is there, and FreeSWITCH knows all of them."""
    gateway = told.get("ivr_emergency_gateway", "")
    named = re.compile(rf'<gateway\s+name="(\$\$\{{ivr_emergency_gateway\}}|{re.escape(gateway)})"')
    if not gateway:
        yield "error", "ivr_emergency_gateway is not set: 110, 119 and 120 lead nowhere (rule F4)"
    elif not any(named.search(file.read_text(errors="replace")) for file in conf.glob("sip_profiles/**/*.xml")):
        yield "error", f"no SIP profile has a gateway named {gateway!r}: 110, 119 and 120 lead nowhere (rule F4)"
    else:
        yield "ok", f"emergency numbers leave by gateway {gateway!r}; try them before you go live"
    if table is not None:
        # The seven of the dialplan, and those it is told of.
        passed = {*EMERGENCY, *told.get("ivr_emergency_more", "").split("|")}
        if lacking := [number for number in table.emergency if number not in passed]:
            needed_more = "|".join(sorted({*lacking, *passed} - {*EMERGENCY, "none", ""}))
            yield (
                "error",
                f"house.emergency has {', '.join(lacking)}, FreeSWITCH does not know: "
                f"ivr_emergency_more={needed_more} (rule F4)",
            )


def emergency_entries(settings: Settings, told: Mapping[str, str], table: Table) -> Iterator[Finding]:
    """Numbers with `emergency: yes` come in at a door that no limit closes, if FreeSWITCH knows both."""
    entries = sorted(one.number for one in table.steps.values() if isinstance(one, Greeting) and one.emergency)
    known = [number for number in told.get("ivr_emergency_entries", "none").split("|") if number not in ("none", "")]
    if sorted(known) != entries:
        yield (
            "warning",
            f"ivr_emergency_entries is {'|'.join(known) or 'none'}, the table's numbers with `emergency: yes` are "
            f"{', '.join(entries) or 'none'}: ivr_emergency_entries={'|'.join(entries) or 'none'} (rule F3)",
        )
    if not entries:
        return
    if not settings.emergency_listen:
        yield (
            "warning",
            "emergencies come in where all callers do, and past the hard limit nobody is let in: "
            "give them a door of their own with --emergency-listen (rule F3)",
        )
    elif not asked(told, "ivr_emergency_line", settings.emergency_listen):
        yield (
            "error",
            f"neither ivr_emergency_line_1 nor ivr_emergency_line_2 is {settings.emergency_listen}, "
            "where this line takes emergencies (rule F3)",
        )


def asked(told: Mapping[str, str], name: str, listen: str) -> bool:
    """Does FreeSWITCH ask the line at this address? Each of the two may name several: host:port|host:port."""
    hosts = [host for number in "12" for host in told.get(f"{name}_{number}", "").split("|")]
    return any(host.endswith(anywhere(listen)) for host in hosts)


def anywhere(listen: str) -> str:
    """How the address of another host that reaches this one ends: the port alone, where it listens on all."""
    return re.sub(r"^(0\.0\.0\.0|\[?::\]?)(?=:)", "", listen)
