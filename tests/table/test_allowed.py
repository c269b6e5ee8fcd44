"""Comments that allow a finding: where they stand, what they must say, and what they may not."""

from datetime import date

from ivr.prompt_values import VALUES
from ivr.table import examine
from ivr.table.report import lines
from ivr.table.shelf import Shelf, Words

REST = """\
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English}}
numbers: {"*": {to: operator}}
operator: {name: the operator, ring: {phones: [8000]}}
extensions: {8000: }
"""
SHELF = Shelf({name: {"en": Words(f"{name}.j2")} for name in VALUES})


def seen(text: str):
    return examine(text + REST, "t.yaml", today=date(2026, 11, 20), prompts=SHELF)


def test_at_the_end_of_the_line():
    one = seen("hours: {summer: {mon-fri: 08:00-14:00}}  # check: allow unused, for the fair\n")
    assert (lines(one.findings), [found.reason for found in one.allowed]) == ("", ["for the fair"])


def test_alone_on_lines_above_with_other_comments_between():
    one = seen(
        "# check: allow unused, for the fair\n# which is in May\n\nhours: {summer: {mon-fri: 08:00-14:00}}\n"
        "# check: allow unreachable-extension, a fax\n"
    )
    assert [found.reason for found in one.allowed] == ["for the fair"]
    assert lines(one.findings) == (
        "t.yaml:5:1: warning: there is no unreachable-extension in line 6 that this allows; delete the comment\n"
        "1 warning\n"
    )


def test_a_comment_behind_something_is_for_its_own_line_only():
    one = seen("hours:  # check: allow unused, for the fair\n  summer: {mon-fri: 08:00-14:00}\n")
    assert [found.id for found in one.findings] == ["allow-nothing", "unused"]


def test_one_comment_allows_all_of_its_kind_in_the_line_and_no_other_kind():
    text = "hours: {a: {mon: closed}, b: {mon: closed}}  # check: allow unused, later\ndepartments:\n  sales:\n"
    one = seen(text + "    {name: Sales, ring: {phones: [8000]}}\n")
    assert [found.path for found in one.allowed] == ["hours.a", "hours.b"]
    assert [found.id for found in one.findings] == ["unreachable"]


def test_words_in_quotes_or_in_a_block_of_text_are_no_comment():
    for said in (
        '"free # check: allow unused, x"',
        "'free\n  # check: allow unused, x'",
        "|\n    free\n    # check: allow unused, x\n",
        ">-\n    free # check: allow unused, x\n",
    ):
        one = seen(f"announcements:\n  parking:\n   say: {said}\n")
        assert [found.id for found in one.findings] == ["unreachable"], said


def test_behind_a_text_in_quotes_it_is_one():
    one = seen('announcements:\n  parking: {say: "# check: allow unreachable, x"}  # check: allow unreachable, a fax\n')
    assert ([found.reason for found in one.allowed], one.findings) == (["a fax"], [])


def test_what_must_stand_in_it():
    one = seen(
        "# check: allow\n# check: allow unused\n# check: allow unused,\n# check: allow unusd, x\n"
        "# check: allow loop, they know\n# check: allow Unused, x\n# check that this is allowed\n# check: allowance\n"
    )
    assert lines(one.findings) == (
        "t.yaml:1:1: which finding is allowed? Write the id and a reason: # check: allow unused, for the summer fair\n"
        "t.yaml:2:1: why is it allowed? Write the reason behind a comma: # check: allow unused, …\n"
        "t.yaml:3:1: why is it allowed? Write the reason behind a comma: # check: allow unused, …\n"
        "t.yaml:4:1: there is no finding 'unusd'; write the id and a reason: # check: allow unused, for the summer "
        "fair. Did you mean unused?\n"
        "t.yaml:5:1: loop cannot be allowed; mend what is found\n"
        "t.yaml:6:1: which finding is allowed? Write the id and a reason: # check: allow unused, for the summer fair\n"
        "6 errors\n"
    )


def test_an_error_that_is_allowed_leaves_the_table_usable():
    text = "menus: {main: {direct_dial: yes, keys: {8: message/operator, 0: operator}}}"
    rest = REST.replace("to: operator", "to: menu/main")
    one = examine(f"{text}  # check: allow swallowed, all know it\n{rest}", "t.yaml")
    assert (one.table is not None, one.findings) == (True, [])


def test_without_the_days_to_come_and_the_prompts_nobody_can_tell_which_comment_is_idle():
    one = examine("# check: allow older-recording, nobody calls\n" + REST, "t.yaml")
    assert one.findings == []


def test_in_an_included_file(tmp_path):
    (tmp_path / "hours.yaml").write_text("hours:\n  # check: allow unused, for the fair\n  a: {mon: closed}\n  b:\n")
    (tmp_path / "routes.yaml").write_text("include: [hours.yaml]\n" + REST)
    one = examine(tmp_path / "routes.yaml", "routes.yaml", today=date(2026, 11, 20), prompts=SHELF)
    assert [(found.file, found.path) for found in one.allowed] == [("hours.yaml", "hours.a")]
    assert [(found.file, found.path) for found in one.findings] == [("hours.yaml", "hours.b")]
