"""Kinds of findings: prompts and recordings."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "unknown-variable",
        "error",
        rule="A template uses only the values its place gives it; docs/prompts.md lists them. A prompt that is "
        "named in the table is given the `values` beside it; so are the words of an announcement.",
        why="The sentence cannot be spoken, and the caller hears an apology.",
        mend="Use one of the values named, or write the words out.",
        example="""\
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {prompt: parking}}
""",
        says="announcements.parking.prompt: prompts/en/parking.j2:1 uses price; this prompt is given no values",
        files={"prompts/en/parking.j2": "Parking costs {{ price }} an hour.\n"},
    ),
    Kind(
        "template",
        "error",
        rule="A template can be read: its braces are closed and its filters exist.",
        why="The sentence cannot be spoken, and the caller hears an apology.",
        mend="Correct the line that is named; docs/prompts.md lists the filters.",
        example="""\
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {prompt: parking}}
""",
        says="announcements.parking.prompt: prompts/en/parking.j2:1 cannot be spoken: Unexpected end of template. "
        "Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs "
        "to be closed is 'if'",
        files={"prompts/en/parking.j2": "{% if late %}Parking is free.\n"},
    ),
    Kind(
        "missing-in-language",
        "warning",
        rule="Every prompt has words or a recording in each language of the house.",
        why="Who chose English would hear this one sentence in Chinese.",
        mend="Write prompts/<language>/<name>.j2.",
        example="""\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English, zh: Chinese}}
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {prompt: parking}}
""",
        says="warning: announcements.parking.prompt: the prompt parking has no words in zh; write "
        "prompts/zh/parking.j2",
        files={"prompts/en/parking.j2": "Parking is free.\n"},
        may_be_allowed=True,
    ),
    Kind(
        "older-recording",
        "warning",
        rule="A recording says what the template beside it says. `ivr prompts recorded` notes that somebody listened.",
        why="The text was changed and callers still hear the old words: the recording wins.",
        mend="Record it anew, or delete the recording; then `ivr prompts recorded`.",
        example="""\
numbers: {"*": {to: announcement/parking}}
announcements: {parking: {prompt: parking}}
""",
        says="warning: announcements.parking.prompt: prompts/en/parking.wav was recorded before prompts/en/parking.j2 "
        "was changed: record it anew, or delete it",
        files={
            "prompts/en/parking.j2": "Parking costs two yuan an hour.\n",
            "prompts/en/parking.wav": "RIFF",
            "prompts/en/recorded.txt": "parking 18c671ca9aab a40ff3d5900f\n",
        },
        may_be_allowed=True,
    ),
)
