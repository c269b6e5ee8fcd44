"""Mistakes that people make, as they are told in issue threads, and what `ivr check` says of each: docs/mistakes.md.

What is said is asked of `ivr check` when the page is written. Examples leave out what every table has, as those of
docs/findings.md do.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.table.examples import checked, said, whole

__all__ = ["MISTAKES", "Mistake", "page", "printed"]

TODAY = "2026-11-20"
GATEWAY = "house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}, gateway: trunk}\n"
CHINA = GATEWAY.replace(", gateway: trunk", "")
TWO = "operator: {name: the operator, ring: {phones: [8000, 8001]}}\n"


@dataclass(frozen=True, slots=True)
class Mistake:
    """`what` is wrong, in a sentence; the sections of a `table` with it; `seen`: the threads, owner/repository#number.

    `shown`: words in place of a table that cannot be printed.
    """

    what: str
    table: str | bytes
    seen: tuple[str, ...]
    shown: str = ""


CHAPTERS = {
    "The file": (
        Mistake(
            "A tab instead of spaces.",
            'numbers:\n\t"*": {to: operator}\n',
            ("moraes/config#1", "wangduanduan/wangduanduan.github.io#193"),
        ),
        Mistake(
            "No space behind a colon.",
            "departments:\n  sales:\n    name:Sales\n    ring: {phones: [8000]}\n",
            ("Azure/aztk#103", "swar/Swar-Chia-Plot-Manager#250"),
        ),
        Mistake(
            "No space behind a colon, inside braces.",
            'numbers: {"*": {to:operator}}\n',
            ("nodeca/js-yaml#355", "aaubry/YamlDotNet#291"),
        ),
        Mistake(
            "A star without quotes: to YAML it is an alias.",
            "numbers:\n  *: {to: operator}\n",
            ("symfony/symfony#11843", "cerbos/cerbos#2329", "readthedocs/readthedocs.org#7458"),
        ),
        Mistake(
            "A star without quotes, as a value.",
            "callers: {abroad: {numbers: [*], to: operator}}\n",
            ("beetbox/beets#1178", "mrdon/maven-yamlpom-plugin#4"),
        ),
        Mistake(
            "A colon and a space inside a text without quotes.",
            'numbers: {"*": {to: announcement/fair}}\nannouncements:\n  fair:\n    say: We are at the fair: hall 3.\n',
            ("go-yaml/yaml#784", "eemeli/yaml#43"),
        ),
        Mistake(
            "The same key twice; most programs keep the last and say nothing.",
            "departments:\n  sales: {name: Sales, ring: {phones: [8000]}}\n"
            "  sales: {name: Sales, ring: {phones: [8001]}}\n"
            'extensions: {8000: , 8001: }\nnumbers: {"*": {to: department/sales}}\n',
            ("yaml/pyyaml#41", "snowflakedb/ArcticTraining#85", "rbgirshick/yacs#17"),
        ),
        Mistake(
            "Chinese saved as GBK.",
            'numbers: {"*": {to: operator}}\noperator: {name: 总机, ring: {phones: [8000]}}\n'.encode("gbk"),
            ("AntonVanke/JDBrandMember#44", "ultralytics/yolov5#1669"),
            shown='a file in GBK: `operator: {name: 总机, ring: {phones: [8000]}}`',
        ),
        Mistake(
            "A misspelt key, which most programs take no notice of.",
            'numbers: {"*": {to: operator}}\noperator: {name: the operator, rings: {phones: [8000]}}\n',
            ("cppalliance/mrdocs#992", "hassio-addons/app-wireguard#275", "jwilleke/yourphr#473"),
        ),
        Mistake(
            "A misspelt section.",
            "deparments: {sales: {name: Sales, ring: {phones: [8000]}}}\n",
            ("commercialhaskell/stack#48", "floatpane/matcha#1521"),
        ),
    ),
    "Numbers, extensions and where they lead": (
        Mistake(
            "A destination that does not exist, or no longer.",
            'numbers: {"*": {to: menu/main}}\nmenus: {main: {keys: {1: department/billing, 0: operator}}}\n',
            ("fusionpbx/fusionpbx#5316",),
        ),
        Mistake(
            "A key with nothing behind it.",
            'numbers: {"*": {to: menu/main}}\nmenus: {main: {keys: {1: , 0: operator}}}\n',
            ("fusionpbx/fusionpbx#5316",),
        ),
        Mistake(
            "A name without its kind: the extension, or its voicemail?",
            'numbers: {"*": {to: sales}}\ndepartments: {sales: {name: Sales, ring: {phones: [8000]}}}\n',
            ("fusionpbx/fusionpbx#1980",),
        ),
        Mistake(
            "An extension of ten digits.",
            "extensions: {8000: , 5551234567: }\n",
            ("nemerald-voip/fspbx#449",),
        ),
        Mistake(
            "One number for two things: a range that holds what another has.",
            'extensions: {8000: , "8100-8120": , "8110-8130": }\n',
            ("fusionpbx/fusionpbx#2369", "fusionpbx/fusionpbx#1039"),
        ),
    ),
    "Menus": (
        Mistake(
            "A key that is the first digit of extensions which may be dialled.",
            'numbers: {"*": {to: menu/main}}\n'
            "menus: {main: {direct_dial: yes, keys: {8: message/operator, 0: operator}}}\n",
            ("fusionpbx/fusionpbx#654", "fusionpbx/fusionpbx#5756"),
        ),
        Mistake(
            "A key of three digits, as other switchboards have them.",
            'numbers: {"*": {to: menu/main}}\nmenus: {main: {keys: {701: message/operator, 0: operator}}}\n',
            ("fusionpbx/fusionpbx#1990", "fusionpbx/fusionpbx#5421"),
        ),
        Mistake(
            "Nobody for who presses nothing, or only wrong keys.",
            'numbers: {"*": {to: menu/main}}\n'
            "menus: {main: {keys: {1: message/operator}, silence: goodbye, invalid: goodbye}}\n",
            ("irontec/ivozprovider#182",),
        ),
        Mistake(
            "A menu that sends who says nothing to itself.",
            'numbers: {"*": {to: menu/main}}\nmenus: {main: {keys: {0: operator}, silence: menu/main}}\n',
            ("irontec/ivozprovider#182",),
        ),
    ),
    "Loops and nobody there": (
        Mistake(
            "Two extensions that send callers to each other.",
            "extensions:\n  8000: {ends: {otherwise: extension/8001}}\n  8001: {ends: {otherwise: extension/8000}}\n"
            'numbers: {"*": {to: extension/8000}}\n',
            ("fusionpbx/fusionpbx#2481", "fusionpbx/fusionpbx#2746"),
        ),
        Mistake(
            "A group and its member that send callers to each other.",
            'numbers: {"*": {to: department/sales}}\n'
            "departments: {sales: {name: Sales, ring: {phones: [8000]}, ends: {otherwise: extension/8000}}}\n"
            "extensions: {8000: {ends: {otherwise: department/sales}}}\n",
            ("fusionpbx/fusionpbx#5362", "fusionpbx/fusionpbx#2951"),
        ),
        Mistake(
            "A weekend on which nobody is on duty.",
            'numbers: {"*": {to: duty/manager}}\nduties: {manager: {name: the manager, week: {mon-fri: 8000}}}\n',
            ("spconroy/alert24-app#139", "OneUptime/oneuptime#3174"),
        ),
        Mistake(
            "A shift that was left out.",
            'numbers: {"*": {to: duty/manager}}\n'
            'duties: {manager: {name: the manager, shifts: {day: "08:00", night: "20:00"}, '
            "week: {mon-sun: {day: 8000}}}}\n",
            ("BoundaryML/baml#3448",),
        ),
        Mistake(
            "A duty without anybody.",
            'numbers: {"*": {to: duty/manager}}\nduties: {manager: {name: the manager}}\n',
            ("OneUptime/oneuptime#3174",),
        ),
    ),
    "Hours": (
        Mistake(
            "Days by their numbers.",
            'numbers: {"*": {to: operator, hours: office}}\nhours: {office: {2-6: 09:00-18:00}}\n',
            ("fusionpbx/fusionpbx#2868",),
        ),
        Mistake(
            "A rule that another one further down overwrites.",
            'numbers: {"*": {to: operator, hours: office}}\n'
            "hours: {office: {sat: 10:00-14:00, mon-sat: 09:00-18:00}}\n",
            ("opening-hours/opening_hours.js#441", "opening-hours/opening_hours.js#87"),
        ),
    ),
    "Emergencies, tolls and PINs": (
        Mistake(
            "A phone that has an emergency number.",
            "extensions: {8000: , 911: }\n",
            ("GlomarGadaffi/pocket-dial#166",),
        ),
        Mistake(
            "A range with emergency numbers in it.",
            'extensions: {8000: , "100-119": }\n',
            ("GlomarGadaffi/pocket-dial#166",),
        ),
        Mistake(
            "A beginning that is also that of an emergency number.",
            CHINA + 'callers: {unwanted: {numbers: ["9*"], to: goodbye}}\n',
            ("GlomarGadaffi/pocket-dial#240", "GlomarGadaffi/pocket-dial#241"),
        ),
        Mistake(
            "A mobile without its country.",
            GATEWAY + TWO + 'extensions: {8000: , 8001: {outside: "13912345678"}}\n',
            ("fusionpbx/fusionpbx#2208", "fusionpbx/fusionpbx#2708"),
        ),
        Mistake(
            "A forward abroad that passes all the rules for calls to the outside.",
            GATEWAY + TWO + 'extensions: {8000: , 8001: {outside: "+37120123456"}}\n',
            ("fusionpbx/fusionpbx#2252", "fusionpbx/fusionpbx#2995"),
        ),
        Mistake(
            "A PIN that is guessed at once.",
            'numbers: {"*": {to: operator}, "02011110009": {to: switch/night}}\n'
            "hours: {office: {mon-fri: 09:00-18:00}}\n"
            "operator: {name: the operator, hours: office, ring: {phones: [8000]}, closed: message/operator}\n"
            'switches: {night: {name: the house, hours: [office], pin: "1234"}}\n',
            ("fusionpbx/fusionpbx#2439", "fusionpbx/fusionpbx#2767"),
        ),
    ),
    "Prompts": (
        Mistake(
            "A prompt with the ending of its file, or a file that is not there.",
            'numbers: {"*": {to: announcement/parking}}\nannouncements: {parking: {prompt: parking.wav}}\n',
            ("fusionpbx/fusionpbx#1780",),
        ),
        Mistake(
            "A prompt that nobody has written or recorded.",
            'numbers: {"*": {to: announcement/parking}}\nannouncements: {parking: {prompt: parking}}\n',
            ("futel/asteriskserver#382", "FreePBX/issue-tracker#670"),
        ),
        Mistake(
            "Words for one of two languages.",
            "house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English, zh: Chinese}}\n"
            "operator: {name: {en: the operator}, ring: {phones: [8000]}}\n",
            ("signalwire/freeswitch#1467",),
        ),
    ),
}  # fmt: skip
MISTAKES = tuple(mistake for chapter in CHAPTERS.values() for mistake in chapter)

HEAD = """\
# Mistakes, and what is said of them

What people get wrong in the files of switchboards and in YAML, collected from public issue threads, and what `ivr
check` says of the same slip in a `routes.yaml`. Written by `make docs` from
[tests/docs/mistakes.py](../tests/docs/mistakes.py): what is said is asked of `ivr check` each time.
[findings.md](findings.md) has every rule.

Examples leave out what every table has: a house, the number `"*"`, the operator, and extension 8000. They are checked
as on Friday, 20 November 2026. What is said begins with the line and the column in the whole file.

Three that are asked about elsewhere are none here, because every text stays what was written: an extension `0123`
keeps its zero (opensanctions/opensanctions#3845), `9:30` is a time (yaml/pyyaml#272), and hours past midnight,
`16:00-01:00`, belong to the day on which they began (studio1902/statamic-peak-commands#29).
"""


def printed(mistake: Mistake) -> str:
    """What is said of it, one finding a line."""
    table = mistake.table if isinstance(mistake.table, bytes) else whole(mistake.table)
    with TemporaryDirectory() as folder:
        findings = checked(Path(folder), table, TODAY).findings
        # The line and the column, which stand behind the file's name.
        places = (str(one).removeprefix(folder).lstrip("/").split(":")[1:3] for one in findings)
        lines = said(findings, Path(folder)).splitlines()
        return "\n".join(f"{line}:{col}: {text}" for (line, col), text in zip(places, lines, strict=True))


def page() -> str:
    """docs/mistakes.md."""
    parts, number = [HEAD], 0
    for chapter, mistakes in CHAPTERS.items():
        parts.append(f"\n## {chapter}\n")
        for mistake in mistakes:
            number += 1
            example = f"In {mistake.shown}:" if mistake.shown else f"```yaml\n{mistake.table}```"
            seen = ", ".join(f"[{one}](https://github.com/{one.replace('#', '/issues/')})" for one in mistake.seen)
            parts.append(
                f"{number}. **{mistake.what}**\n\n{example}\n\n```text\n{printed(mistake)}\n```\n\nSeen in {seen}.\n"
            )
    return "\n".join(parts)
