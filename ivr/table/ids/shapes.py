"""Kinds of findings: things of a table that have another shape, or another value, than they must."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "missing",
        "error",
        rule="What a thing cannot do without is written.",
        why="There is no default for it that would be right for a caller.",
        mend="Write the key that is named.",
        example="""\
numbers: {"*": {hours: office}}
hours: {office: {mon-fri: 09:00-18:00}}
""",
        says="numbers.*: to is missing; write to: menu/main",
    ),
    Kind(
        "unknown-section",
        "error",
        rule="The sections of a table are those of docs/routes.md.",
        why="What stands in a section that nobody reads reaches no caller.",
        mend="Correct the name.",
        example="""\
announcement: {parking: {say: Parking is free.}}
""",
        says="announcement: there is no section 'announcement'; the sections are house, operator, hours, houses, "
        "numbers, callers, menus, departments, duties, extensions, holds, messages, announcements, switches, "
        "templates, include. Did you mean announcements?",
    ),
    Kind(
        "extra-forbidden",
        "error",
        rule="A thing has the keys of docs/routes.md and no others.",
        why="A key with a slip in its name would be passed over in silence.",
        mend="Correct the name.",
        example="""\
operator: {name: the operator, ring: {phones: [8000]}, clsed: message/operator}
""",
        says="operator.clsed: there is no key 'clsed' here; the keys are name, hours, ring, closed, lunch, ends. Did "
        "you mean closed?",
    ),
    Kind(
        "value-error",
        "error",
        rule="A value is written as docs/routes.md says: times, days, dates, zones, numbers, yes and no.",
        why="What is guessed is guessed wrong: 9:00 is 540 to other readers of YAML.",
        mend="Write it as the message shows.",
        example="""\
operator: {name: the operator, ring: {phones: [8000], time: 30}}
""",
        says="operator.ring.time: '30' is no ring time; write it as 25s or as 5 rings",
    ),
    Kind(
        "shape",
        "error",
        rule="Where a mapping or a list is expected, there is one.",
        why="The thing cannot be read at all.",
        mend="Write it as the message shows.",
        example="""\
operator: 8000
""",
        says="operator: a mapping is expected here, such as {name: Sales, ring: {phones: [8001, 8002]}}",
    ),
    Kind(
        "model-type",
        "error",
        rule="Where several keys are expected inside a thing, there is a mapping.",
        why="The thing cannot be read at all.",
        mend="Write it as the message shows.",
        example="""\
operator: {name: the operator, ring: 8000}
""",
        says="operator.ring: a mapping is expected here, such as {phones: [8001, 8002]}",
    ),
    Kind(
        "list-type",
        "error",
        rule="Where several values are expected, there is a list.",
        why="The value cannot be read.",
        mend="Put square brackets around it: [12395].",
        example="""\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English}, emergency: 12395}
""",
        says="house.emergency: a list is expected here, such as [8001, 8002]",
    ),
    Kind(
        "dict-type",
        "error",
        rule="Where keys with values are expected, or a text for each language, there are such.",
        why="The value cannot be read.",
        mend="Write it as the message shows.",
        example="""\
numbers: {"*": {to: menu/main}}
menus: {main: {keys: [operator]}}
""",
        says="menus.main.keys: a mapping is expected here, such as {1: department/sales, 0: operator}",
    ),
    Kind(
        "string-type",
        "error",
        rule="Where one text is expected, there is one.",
        why="The value cannot be read.",
        mend="Write a single text.",
        example="""\
numbers: {"*": {to: [operator]}}
""",
        says="numbers.*.to: a text is expected here",
    ),
    Kind(
        "string-pattern-mismatch",
        "error",
        rule="Codes of languages, and the names of prompts and gateways, are written as docs/routes.md says.",
        why="They become the names of files and commands, and nothing else may.",
        mend="Write it as the message shows.",
        example="""\
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {prompt: Car Park}}
""",
        says="announcements.parking.prompt: 'Car Park' is no name of a prompt; they are written with a–z, 0–9 and -",
    ),
    Kind(
        "name",
        "error",
        rule="Numbers are digits, extensions 2 to 8 of them; other names are written with a–z, 0–9, - and _.",
        why="What is dialled arrives as digits: +86 and hyphens would never match.",
        mend="Write it as the message says.",
        example="""\
numbers: {"020-85550100": {to: operator}, "*": {to: operator}}
""",
        says="numbers.020-85550100: '020-85550100' is no name for one of numbers; a dialled number has 2 to 20 "
        'digits; "*" is every other number',
    ),
    Kind(
        "empty",
        "error",
        rule="A key has a value, and a table something in it.",
        why="A key with nothing behind it is a slip, not a default.",
        mend="Give it a value, or delete it.",
        example="""\
operator: {name: the operator, hours: , ring: {phones: [8000]}}
""",
        says="operator.hours: nothing is written here; give it a value or delete the key",
    ),
    Kind(
        "both",
        "error",
        rule="Of two keys that say the same there is one.",
        why="Which one callers hear would be chance.",
        mend="Delete one of them.",
        example="""\
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {say: Parking is free., prompt: parking}}
""",
        says="announcements.parking.prompt: there is say already; keep one of the two",
        files={"prompts/en/parking.j2": "Parking is free.\n"},
    ),
    Kind(
        "for",
        "error",
        rule="Callers wait for the operator, a department, an extension or a duty.",
        why="There must be phones that become free.",
        mend="Write whom they wait for, or `ring` with the phones.",
        example="""\
numbers: {"*": {to: hold/a}}
holds: {a: {for: message/operator}}
""",
        says="holds.a.for: callers cannot wait for message/operator; write operator, department/… or extension/…",
    ),
    Kind(
        "operator",
        "error",
        rule="The operator of a house is a department.",
        why="It must have phones, and a way on when nobody answers.",
        mend="Write a department: operator: department/annex-desk.",
        example="""\
numbers: {"*": {to: operator, house: annex}}
houses: {annex: {name: Annex, operator: extension/8000}}
""",
        says="houses.annex.operator: extension/8000 is no department; the operator of a house is one",
    ),
)
