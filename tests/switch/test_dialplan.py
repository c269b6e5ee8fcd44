"""The XML dialplan: conditions, breaks, nesting; as parse_exten in mod_dialplan_xml."""

import pytest

from ivr.errors import ScriptError
from ivr.switch.dialplan import Dialplan


def hunt(tmp_path, extensions, **fields):
    """The actions and what ran inline, for a call with these fields."""
    (tmp_path / "one.xml").write_text(f'<include><context name="c">{extensions}</context></include>')
    inline = []

    def fill(text):
        for name, value in fields.items():
            text = text.replace("${" + name + "}", value)
        return text

    plan = Dialplan.load(tmp_path, {"house": "100"})
    actions = plan.hunt("c", lambda name: fields.get(name, ""), fill, lambda *call: inline.append(call))
    return actions, inline


def extension(conditions, more=""):
    return f'<extension name="x"{more}>{conditions}</extension>'


def act(data, tag="action", more=""):
    return f'<{tag} application="log" data="{data}"{more}/>'


def condition(body, field="number", expression=".", more=""):
    return f'<condition field="{field}" expression="{expression}"{more}>{body}</condition>'


def test_what_a_file_sets_is_filled_in_from_there_on_and_cannot_hold_a_variable(tmp_path):
    # Given a file that sets variables of its own, one out of another
    sets = "".join(
        f'<X-PRE-PROCESS cmd="set" data="{data}"/>\n' for data in ("all=a=;$${house}", "more=b=$${all}", "late=${n}")
    )
    (tmp_path / "one.xml").write_text(
        f'<include>\n{sets}<context name="c">{extension(condition(act("$${more} $${late}")))}</context></include>'
    )
    # Then its actions have them; ${ is spoilt, as it is by FreeSWITCH
    plan = Dialplan.load(tmp_path, {"house": "100"})
    assert plan.hunt("c", lambda name: "1", lambda text: text, print) == [("log", "b=a=;100 %{n}")]


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        # captures, globals, and what is expanded later
        (extension(condition(act("$1 $${house} ${later}"), expression=r"^(\d)\d+$")), ["1 100 ${later}"]),
        # the first extension that matches, or all with continue
        (extension(condition(act("a"))) + extension(condition(act("b"))), ["a"]),
        (extension(condition(act("a")), ' continue="true"') + extension(condition(act("b"))), ["a", "b"]),
        # every condition must be met; the actions of the met ones before it count
        (extension(condition(act("a")) + condition(act("b"), expression="^9") + condition(act("c"))), ["a"]),
        (extension(condition(act("a"), more=' break="on-true"') + condition(act("b"))), ["a"]),
        (extension(condition(act("a"), expression="^9", more=' break="never"') + condition(act("b"))), ["b"]),
        (extension(condition(act("a"), more=' break="always"') + condition(act("b"))), ["a"]),
        # anti-actions
        (extension(condition(act("a") + act("b", "anti-action"), expression="^9")), ["b"]),
        # nested conditions
        (extension(condition(act("a") + condition(act("b")))), ["a", "b"]),
        (extension(condition(act("a") + condition(act("b"), expression="^9"))) + extension(condition(act("c"))),
         ["a", "c"]),
        # no field: always; a field that is a variable
        (extension(f"<condition>{act('a')}</condition>"), ["a"]),
        (extension(condition(act("a"), field="${next}", expression="^ring$")), ["a"]),
        # regex lists
        (extension('<condition regex="any"><regex field="number" expression="^9"/><regex field="number" '
                   f'expression="^1"/>{act("a")}</condition>'), ["a"]),
        (extension('<condition regex="all"><regex field="number" expression="^9"/><regex field="number" '
                   f'expression="^1"/>{act("a")}</condition>'), []),
        # loops
        (extension(condition(act("a", more=' loop="2"'))), ["a", "a"]),
    ],
)  # fmt: skip
def test_where_a_call_is_led(extensions, expected, tmp_path):
    actions, _ = hunt(tmp_path, extensions, number="12", next="ring")
    assert [data for _, data in actions] == expected


def test_inline_actions_run_while_the_others_wait(tmp_path):
    actions, inline = hunt(tmp_path, extension(condition(act("a", more=' inline="true"') + act("b"))), number="1")
    assert actions == [("log", "b")] and inline == [("log", "a")]


def test_a_file_that_is_not_well_formed_is_named(tmp_path):
    (tmp_path / "bad.xml").write_text("<include><context>")
    with pytest.raises(ScriptError, match=r"bad\.xml: not well-formed: no element found: line 1"):
        Dialplan.load(tmp_path, {})


def test_a_folder_without_files(tmp_path):
    with pytest.raises(ScriptError, match=r"no dialplan here; give a folder with \*\.xml files"):
        Dialplan.load(tmp_path, {})
