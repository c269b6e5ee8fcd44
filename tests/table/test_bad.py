"""Bad tables: what is printed about each, whole. `tests/table/bad/<name>.txt` is what an engineer reads."""

from datetime import date
from pathlib import Path

import pytest

from ivr.errors import TableError
from ivr.prompt_values import VALUES
from ivr.table import check, load
from ivr.table.report import exit_code, lines
from ivr.table.shelf import Shelf, Words

FOLDER = Path(__file__).parent / "bad"
TABLES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_everything_that_is_wrong_is_said_at_once(path):
    # Given a bad table; when it is checked
    table, findings = check(path, name=path.name)
    # Then what is said is this, and errors leave no table
    assert lines(findings) == path.with_suffix(".txt").read_text("utf-8")
    assert (table is None) == (exit_code(findings) == 2)


def test_there_are_at_least_twenty():
    assert len(TABLES) >= 20
    assert sorted(FOLDER.glob("*.txt")) == [path.with_suffix(".txt") for path in TABLES]


def test_load_raises_the_errors_and_nothing_else():
    with pytest.raises(TableError) as told:
        load(FOLDER / "emergency.yaml", name="emergency.yaml")
    # The two warnings of that table are not among them
    assert len(told.value.findings) == 4
    assert str(told.value).startswith("emergency.yaml:3:11: numbers.119: 119 is an emergency number")


def test_a_file_that_is_not_there():
    _, findings = check("no/such/routes.yaml")
    assert lines(findings) == ("no/such/routes.yaml:1:1: the file cannot be read: No such file or directory\n1 error\n")


def test_holidays_not_yet_published_are_a_warning_in_time():
    text = (FOLDER.parents[2] / "routes.yaml").read_text("utf-8")
    # Given a day in a year nobody knows the holidays of
    table, findings = check(text, name="routes.yaml", today=date(2090, 6, 1))
    # Then the table is used, and each place that needs them is named
    assert table is not None
    assert [(f.severity, f.id) for f in findings] == [("warning", "unpublished")] * 3
    assert str(findings[0]).endswith(
        ": warning: hours.office.holidays: the days off and make-up workdays of CN in 2090 are not known yet; "
        "update the package holidays when they are published, or write them under except"
    )


def test_holidays_that_depend_on_the_moon_are_a_warning_until_they_are_written_down():
    text = (FOLDER.parents[2] / "routes.yaml").read_text("utf-8").replace("holidays: CN", "holidays: UG", 1)
    _, findings = check(text, name="routes.yaml", today=date(2026, 3, 1))
    assert [str(finding).partition(": ")[2] for finding in findings] == [
        "warning: hours.office.holidays: 2026-03-20 is an estimate: Eid al-Fitr (estimated); "
        "write the date under except when it is announced"
    ]
    text = text.replace("    except:\n", "    except:\n      2026-03-20: closed\n", 1)
    assert check(text, name="routes.yaml", today=date(2026, 3, 1))[1] == []


def test_a_prompt_that_no_folder_has():
    text = (FOLDER.parents[2] / "routes.yaml").read_text("utf-8")
    text = text.replace("    direct_dial: yes              #", "    prompt: main-manu\n    direct_dial: yes #")
    shelf = Shelf({name: {"zh": Words("a.j2"), "en": Words("a.j2")} for name in ("main-menu", "welcome", *VALUES)})
    _, findings = check(text, name="routes.yaml", prompts=shelf)
    assert [str(f).partition(": ")[2] for f in findings] == [
        "menus.main.prompt: there is no prompt 'main-manu' in the prompt folders. Did you mean main-menu?"
    ]
