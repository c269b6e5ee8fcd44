"""Files of call scripts: what is printed about bad ones, whole (bad/<name>.txt), and what is made of good ones."""

from pathlib import Path

import pytest

from ivr.rehearsal.check import fitting
from ivr.rehearsal.reading import read
from ivr.rehearsal.script import Ends, PhoneAct, Step
from ivr.rehearsal.values import Span
from ivr.table.finding import Findings
from ivr.table.report import lines
from tests.house import house
from tests.rehearsal.conftest import PROMPTS, scripts

FILES = sorted((Path(__file__).parent / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_that_is_wrong_is_said_at_once(path):
    found = Findings(path.name)
    fitting(read(path.read_bytes(), found).scripts, house(), PROMPTS, found)
    assert lines(found) == path.with_suffix(".txt").read_text("utf-8")


def test_no_bad_file_is_left_out():
    assert len(FILES) == len(list((Path(__file__).parent / "bad").glob("*.txt"))) >= 8


def test_a_call_says_otherwise_than_every():
    found = Findings("c.yaml")
    file = read(
        b"table: ../routes.yaml\n"
        b"every: {at: 2026-11-23 10:00, from: withheld, phones: {8001: busy, 8002: busy}, never_hears: [a]}\n"
        b"calls:\n  One: {phones: {8002: answers}, never_hears: b}\n  Two: {at: 2026-11-24 10:00:30, from: '+4930'}\n",
        found,
    )
    assert [*found] == [] and file.table == "../routes.yaml"
    one, two = file.scripts
    busy, rings = (PhoneAct("busy"),), (PhoneAct("rings"),)
    assert one.phones == {"*": rings, "8001": busy, "8002": (PhoneAct("answers", 3.0, 10.0),)}
    assert two.phones == {"*": rings, "8001": busy, "8002": busy}
    assert (one.frm, two.frm, one.never_hears) == ("withheld", "+4930", ("a", "b"))
    assert (str(one.at), str(two.at)) == ("2026-11-23 10:00:00", "2026-11-24 10:00:30")


def test_one_call_for_each_of_several_values():
    one, two = scripts(
        '  "{phone} answers": {each: {phone: [8001, 8002]}, phones: {"{phone}": [busy, {answers: 2s}]},\n'
        '    caller: [presses: "{phone}#", talks_to: "{phone}", hangs_up], ends: {with: "{phone}", lasts: under 5s}}\n'
    )
    assert (one.name, two.name) == ("8001 answers", "8002 answers")
    assert two.phones["8002"] == (PhoneAct("busy"), PhoneAct("answers", 2.0, 10.0))
    assert [(step.does, step.value) for step in two.steps] == [
        ("presses", "8002#"), ("talks_to", "8002"), ("hangs_up", None)
    ]  # fmt: skip
    assert two.steps[0] == Step("presses", "8002#", (4, 14))
    assert two.ends == Ends("with", (4, 73), "8002", Span(high=5.0))
    # A name without the variable is told apart by the value
    assert [script.name for script in scripts("  A: {each: {x: [1, 2]}}\n")] == ["A [1]", "A [2]"]


def test_who_dials_nothing_dials_the_first_number():
    found = Findings("c.yaml")
    file = read(b"every: {at: 2026-11-23 10:00}\ncalls: {A: {}}", found)
    assert [script.to for script in fitting(file.scripts, house(), PROMPTS, found)] == ["1000"]


@pytest.mark.parametrize("source", [b"", b"\xff\xfe", b"[" * 5000, b"calls:\n\t- a", b"- a", b"calls: &a {x: *a}"])
def test_whatever_the_bytes_the_faults_are_findings(source):
    found = Findings("c.yaml")
    assert read(source, found).scripts == [] and found.errors
