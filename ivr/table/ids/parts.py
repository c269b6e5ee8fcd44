"""Kinds of findings: tables in several files, templates, ranges."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "include",
        "error",
        rule="A file that is included exists, can be read, and lies below the folder of the table.",
        why="The table would be used without a part of it.",
        mend="Correct the name; write it as seen from the folder of the table.",
        example="""\
include: [rooms.yaml]
""",
        says="include[0]: there is no file 'rooms.yaml' beside routes.yaml",
    ),
    Kind(
        "include-loop",
        "error",
        rule="No file includes itself, by whatever way.",
        why="Reading it would never end.",
        mend="Take the include out of one of them.",
        example="""\
include: [rooms.yaml]
""",
        says="include[0]: a file cannot include itself: routes.yaml → rooms.yaml → routes.yaml",
        files={"rooms.yaml": "include: [routes.yaml]\n"},
    ),
    Kind(
        "extends-loop",
        "error",
        rule="No template extends itself, by whatever way.",
        why="Reading it would never end.",
        mend="Take `extends` out of one of them.",
        example="""\
templates: {room: {extends: suite}, suite: {extends: room}}
extensions: {8000: {extends: room}}
""",
        says="templates.suite.extends: a template cannot extend itself: room → suite → room",
    ),
    Kind(
        "range",
        "error",
        rule="A range of extensions goes from a smaller to a larger number of the same length, 10,000 at most, and "
        "no other "
        "range has the same ones.",
        why="Which of two ranges an extension belongs to would be chance.",
        mend="Write it as 1001-1060.",
        example="""\
extensions: {8000: {ends: {otherwise: extension/8001}}, 8001: , 1060-1001: }
""",
        says="extensions.1060-1001: '1060-1001' is no range of extensions; write it as 1001-1060, both of one length, "
        "10,000 at most",
    ),
)
