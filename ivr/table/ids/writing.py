"""Kinds of findings: files that cannot be read as YAML, or only with a guess."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "unreadable",
        "error",
        rule="The file is there and can be read.",
        why="There is nothing to answer calls by.",
        mend="Look at the name, and at who may read it.",
        example="no/such/routes.yaml",
        shown="a file that is not there",
        says="the file cannot be read: No such file or directory",
        whole=True,
    ),
    Kind(
        "encoding",
        "error",
        rule="A file is UTF-8.",
        why="In another encoding every name would be spoken as rubbish.",
        mend="Save it as UTF-8; editors offer that beside the name.",
        example="house: {name: 恒信}\n".encode("gb18030"),
        shown="a name in Chinese, saved as GBK",
        says="byte 0xba is not UTF-8 (the file looks like GBK); save the file as UTF-8",
        whole=True,
    ),
    Kind(
        "character",
        "error",
        rule="A file holds no control characters, and no text holds one by an escape.",
        why="They are mostly pasted along unseen, and end up in logs, terminals and speech.",
        mend="Delete the character at that place.",
        example=b"house: {name: Acme\x07}\n",
        shown="a bell, U+0007, behind a name",
        says="character U+0007 is not allowed here; delete it",
        whole=True,
    ),
    Kind(
        "yaml",
        "error",
        rule="A file is YAML, indented with spaces.",
        why="Behind the place where it breaks off nothing can be read.",
        mend="Look at the line that is named, and at the one above it.",
        example="""\
house:
\tname: Acme
""",
        shown="a tab before a key",
        says="there is a tab here; indent with spaces",
        whole=True,
    ),
    Kind(
        "too-long",
        "error",
        rule="A file is at most 8 MB long.",
        why="50,000 extensions take 3 MB; what is longer is not a table.",
        mend="Write ranges of extensions, and templates.",
        example=b"#" * (8 * 1024 * 1024 + 1),
        shown="eight million and a few signs #",
        says="the file is longer than 8 MB; write templates, and ranges of extensions",
        whole=True,
    ),
    Kind(
        "limit",
        "error",
        rule="A file is at most 64 levels deep, holds at most a million values, and no list or thing in it more "
        "than 2,000.",
        why="Nonsense and traps of that size keep a machine busy that should answer calls.",
        mend="Look whether a bracket or a minus was repeated by accident.",
        example="a: " + "[" * 65 + "]" * 65 + "\n",
        shown="65 brackets, one in the other",
        says="65 levels of nesting are more than a file may have; it was not read further",
        whole=True,
    ),
    Kind(
        "too-many",
        "error",
        rule="After 500 errors nothing is read further.",
        why="More help nobody, and take time.",
        mend="Mend the first ones; the rest often go with them.",
        example="".join(f"s{n}: 1\n" for n in range(501)),
        shown="501 sections nobody knows; this comes last",
        says="500 errors are enough; mend these first, nothing was read further",
        whole=True,
    ),
    Kind(
        "documents",
        "error",
        rule="A file is one YAML document.",
        why="What stands behind a second `---` would be passed over in silence.",
        mend="Delete the line `---`, or make two files and include one.",
        example="""\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English}}
numbers: {"*": {to: operator}}
operator: {name: the operator, ring: {phones: [8000]}}
extensions: {8000: }
---
hours: {}
""",
        says="a second document begins here; a file is one document, delete the line ---",
        whole=True,
    ),
    Kind(
        "alias",
        "error",
        rule="A file has no aliases (`*name`).",
        why="One alias can stand for a billion values, and nobody sees at a call what was written far away.",
        mend='Use templates and extends; a star that is meant is quoted: "*".',
        example="""\
operator: {name: *desk, ring: {phones: [8000]}}
""",
        says="operator.name: *desk is an alias; write the value out (a real * is quoted)",
    ),
    Kind(
        "tag",
        "error",
        rule="A file has no anchors (`&name`) and no tags (`!!name`).",
        why="Every text stays what was written; a tag would make something else of it.",
        mend="Delete it; for what several things have in common there are templates.",
        example="""\
operator: {name: !!str the operator, ring: {phones: [8000]}}
""",
        says="operator.name: !!str is a tag; tables have none, delete it",
    ),
    Kind(
        "key",
        "error",
        rule="A key is a word.",
        why="A list or a mapping as a key names nothing.",
        mend="Write a word; perhaps a colon is missing, or there is one too many.",
        example="""\
extensions: {8000: , [8001]: }
""",
        says="extensions: a key is a word, not a list or a mapping; look for a bracket or a colon too many",
    ),
    Kind(
        "twice",
        "error",
        rule="Nothing is named twice.",
        why="Other readers of YAML keep the last of two equal keys: half of a department's calls would be gone.",
        mend="Delete one of them, or put both together.",
        example="""\
operator: {name: the operator, ring: {phones: [8000]}, name: reception}
""",
        says="operator.name: name stands here a second time; the first is in line 1, column 12; keep one",
    ),
)
