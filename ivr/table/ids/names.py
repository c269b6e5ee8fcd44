"""Kinds of findings: names of things that are not there."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "unknown-destination",
        "error",
        rule="Every destination is a step of the table, `operator`, `goodbye`, or `back` or `top` behind a menu.",
        why="A caller who presses this key would be led nowhere.",
        mend="Write the name as it is written in its section, with its kind before it: department/sales.",
        example="""\
numbers: {"*": {to: department/sale}}
departments: {sales: {name: Sales, ring: {phones: [8000]}}}
""",
        says="numbers.*.to: there is no department/sale. Did you mean department/sales?",
    ),
    Kind(
        "unknown-extension",
        "error",
        rule="Every phone that rings, and everybody on duty, stands under `extensions`.",
        why="Nothing is dialled that the table does not name: a slip of the pen rings no stranger (rule B1).",
        mend="Write it under extensions, or correct the number.",
        example="""\
operator: {name: the operator, ring: {phones: [8000, 8010]}}
""",
        says="operator.ring.phones[1]: there is no extension '8010'. Did you mean 8000?",
    ),
    Kind(
        "unknown-hours",
        "error",
        rule="Hours that are named stand under `hours`.",
        why="Nobody could say whether the place is open.",
        mend="Write them under hours, or correct the name.",
        example="""\
numbers: {"*": {to: operator, hours: ofice}}
hours: {office: {mon-fri: 09:00-18:00}}
""",
        says="numbers.*.hours: there are no hours 'ofice'. Did you mean office?",
    ),
    Kind(
        "unknown-house",
        "error",
        rule="A house that a number belongs to stands under `houses`.",
        why="Callers would be greeted in the name of another house.",
        mend="Write it under houses, or correct the name.",
        example="""\
numbers: {"*": {to: operator, house: anex}}
houses: {annex: {name: Annex}}
""",
        says="numbers.*.house: there is no house 'anex'. Did you mean annex?",
    ),
    Kind(
        "unknown-language",
        "error",
        rule="Texts, numbers and lists of callers use the languages of `house.languages`.",
        why="In a language the house does not speak there are no prompts.",
        mend="Correct the code, or add the language to house.languages.",
        example="""\
numbers: {"*": {to: operator, language: ed}}
""",
        says="numbers.*.language: the house does not speak 'ed'; house.languages are en. Did you mean en?",
    ),
    Kind(
        "no-text",
        "error",
        rule="A text that is written for single languages is written for each one the house speaks.",
        why="Who chose English would hear Chinese in the middle of a sentence.",
        mend="Add the language; or write one text, without braces, for all of them.",
        example="""\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English, zh: Chinese}}
operator: {name: {en: the operator}, ring: {phones: [8000]}}
""",
        says="operator.name: there is no text in zh, which the house speaks; add zh: …",
    ),
    Kind(
        "unknown-shift",
        "error",
        rule="A shift that somebody has stands under `shifts` of that duty.",
        why="He would never be on duty.",
        mend="Correct the name, or write when the shift begins.",
        example="""\
numbers: {"*": {to: duty/manager}}
duties:
  manager: {name: the manager, shifts: {day: "08:00", night: "20:00"}, week: {mon-sun: {day: 8000, nigt: 8000}},
            except: {2026-12-24: 8000}}
""",
        says="duties.manager.week.mon-sun.nigt: there is no shift 'nigt'; the shifts are day, night. Did you mean "
        "night?",
    ),
    Kind(
        "unknown-template",
        "error",
        rule="What a thing extends stands under `templates`.",
        why="It would lack all that the template gives it.",
        mend="Correct the name, or write the template.",
        example="""\
templates: {room: {ring: {time: 6 rings}}}
extensions: {8000: {extends: room, ends: {otherwise: extension/8001}}, 8001: {extends: rom}}
""",
        says="extensions.8001.extends: there is no template 'rom'. Did you mean room?",
    ),
    Kind(
        "unknown-prompt",
        "error",
        rule="A prompt that is named has words or a recording in a prompt folder.",
        why="Callers would hear nothing.",
        mend="Write prompts/<language>/<name>.j2, or correct the name.",
        example="""\
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {prompt: parkin}}
""",
        says="announcements.parking.prompt: there is no prompt 'parkin' in the prompt folders. Did you mean parking?",
        files={"prompts/en/parking.j2": "Parking is free.\n"},
    ),
)
