"""freeswitch-conf hangs together: every variable is defined and explained, and strangers come in by one door."""

import re
from dataclasses import fields
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.settings import Settings
from ivr.switch.dialplan import Dialplan

CONF = Path(__file__).parents[1] / "freeswitch-conf"
FILES = sorted(CONF.rglob("*.xml"))
EMERGENCY = {"110", "119", "120", "122", "112", "911", "999"}
VARS = re.findall(r'cmd="set" data="(\w+)=', (CONF / "vars.xml").read_text())


def without_comments(path: Path) -> str:
    return re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.S)


def actions(file: str) -> list[tuple[str, str, str]]:
    """(extension, application, data) of a dialplan file, in order."""
    tree = ElementTree.parse(CONF / "dialplan" / file)
    return [
        (extension.get("name"), action.get("application"), action.get("data", ""))
        for extension in tree.iter("extension")
        for action in extension.iter()
        if action.tag in ("action", "anti-action")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_xml_and_fits_the_page(path):
    ElementTree.parse(path)
    assert [line for line in path.read_text().splitlines() if len(line) > 120] == []


def test_every_variable_used_is_defined_and_every_one_defined_is_used_and_explained():
    used = {name for path in FILES for name in re.findall(r"\$\$\{(\w+)\}", without_comments(path))}
    used -= set(re.findall(r'cmd="set" data="(entry_\w+)=', (CONF / "dialplan" / "entry.xml").read_text()))
    assert used == set(VARS) and len(VARS) == len(set(VARS))
    page = (CONF / "README.md").read_text()
    assert [name for name in VARS if f"`{name}`" not in page] == []


def test_the_sample_listens_on_loopback_only():
    text = (CONF / "vars.xml").read_text()
    assert 'data="ivr_sip_ip=127.0.0.1"' in text
    assert 'name="listen-ip" value="127.0.0.1"' in (CONF / "autoload_configs/event_socket.conf.xml").read_text()
    assert "ClueCon" not in "".join(path.read_text() for path in FILES)


def test_strangers_come_in_by_the_entry_only():
    profile = ElementTree.parse(CONF / "sip_profiles" / "internal.xml")
    assert [param.get("value") for param in profile.iter("param") if param.get("name") == "context"] == ["ivr-entry"]
    assert "user_context" not in (CONF / "directory" / "house.xml").read_text()


def test_emergency_numbers_come_first_and_touch_no_socket():
    first = next(ElementTree.parse(CONF / "dialplan" / "entry.xml").iter("extension"))
    pattern = first.find("condition").get("expression")
    assert set(re.fullmatch(r"\^\((.*)\)\$", pattern)[1].split("|")) == EMERGENCY
    assert all(app != "socket" for _, app, _ in actions("entry.xml"))


@pytest.mark.parametrize("part", ["ring", "record"])
def test_a_part_clears_what_asked_for_it_first_and_says_that_it_is_done_last(part):
    steps = [(app, data) for extension, app, data in actions("line.xml") if extension == part]
    assert steps[0][0] == "multiunset" and "ivr_next" in steps[0][1]
    assert steps[-2:] == [("set", f"ivr_done={part}:${{ivr_turn}}"), ("transfer", "line XML ivr-line")]


def test_what_is_in_the_names_of_files_is_never_started_again():
    plan = Dialplan.load(CONF / "dialplan" / "entry.xml", {})
    begun = plan.hunt("ivr-entry", lambda field: "4000", lambda text: text, print)
    [assigned] = [data.removeprefix("^^;").split(";") for name, data in begun if name == "multiset"]
    cleared = {name.removesuffix("=") for name in assigned if name.endswith("=")}
    assert not cleared & {"ivr_turn", "ivr_again"}
    assert {"ivr_at", "ivr_state", "ivr_carried", "ivr_next", "ivr_done", "ivr_up", "ivr_lang", "ivr_table"} <= cleared


def test_every_call_of_the_api_is_off():
    switch = (CONF / "autoload_configs" / "switch.conf.xml").read_text()
    assert '<param name="api-expansion" value="false"/>' in switch
    assert "sofia_contact(" not in without_comments(CONF / "directory" / "house.xml")


def test_the_unit_has_the_folder_of_vars_xml_and_asks_for_options_that_there_are():
    unit = (CONF / "zongji.service").read_text()
    [shared] = re.findall(r'data="ivr_data=([^"]+)"', (CONF / "vars.xml").read_text())
    command = re.search(r"^ExecStart=(.*\\\n)?.*$", unit, re.M)[0]
    assert f"--data {shared} " in command and f"StateDirectory={Path(shared).name}\n" in unit
    assert set(re.findall(r"--[a-z-]+", command)) <= {"--" + one.name.replace("_", "-") for one in fields(Settings)}
    assert "\nUMask=0007\n" in unit and "\nStateDirectoryMode=2770\n" in unit
    # Without a parent nobody tells systemd that the line is ready
    assert int(re.search(r"--workers (\d+)", command)[1]) > 1
