"""Kinds of findings: comments that allow another finding."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "allow-reason",
        "error",
        rule="A comment that allows a finding says why, behind a comma.",
        why="In a year nobody knows whether it still holds.",
        mend="Write the reason: # check: allow unused, for the summer fair.",
        example="""\
# check: allow unused
hours: {summer: {mon-fri: 08:00-14:00}}
""",
        says="why is it allowed? Write the reason behind a comma: # check: allow unused, …",
    ),
    Kind(
        "allow-id",
        "error",
        rule="A comment allows a finding by an id of docs/findings.md.",
        why="It would allow nothing.",
        mend="Write one of the ids that `ivr check` names in its last line.",
        example="""\
# check: allow unusd, for the summer fair
extensions: {8000: }
""",
        says="there is no finding 'unusd'; write the id and a reason: # check: allow unused, for the summer fair. Did "
        "you mean unused?",
    ),
    Kind(
        "allow-never",
        "error",
        rule="What leaves a caller without an answer, touches emergencies, or could not be read, cannot be allowed.",
        why="No reason is good enough.",
        mend="Mend what is found, and delete the comment.",
        example="""\
# check: allow emergency, the porter is used to it
extensions: {8000: }
""",
        says="emergency cannot be allowed; mend what is found",
    ),
    Kind(
        "allow-nothing",
        "warning",
        rule="A comment that allows a finding stands on its line, or alone on the line above.",
        why="What it allowed is gone, or stands elsewhere; the comment would hide the next fault.",
        mend="Delete it, or move it.",
        example="""\
# check: allow unused, for the summer fair
extensions: {8000: }
""",
        says="warning: there is no unused in line 2 that this allows; delete the comment",
        may_be_allowed=False,
    ),
)
