"""The schema that editors read: the example tables and scripts are right by it, and slips are not."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from ivr.rehearsal.schema import calls_schema
from ivr.table.finding import Findings
from ivr.table.schema import table_schema
from ivr.table.text import parse

HERE = Path(__file__).parents[2]
SCHEMAS = {"routes": table_schema(), "calls": calls_schema()}
TABLES = [HERE / "routes.yaml", *sorted((HERE / "examples").glob("*.yaml")), HERE / "tests/live/house.yaml"]
CALLS = [*sorted((HERE / "examples/calls").glob("*.yaml")), HERE / "tests/live/calls/house.yaml"]


class Editor(yaml.SafeLoader):
    """Reads as editors do, by YAML 1.2: whole numbers and true and false are no texts; nothing else is typed."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 (as yaml has it)


Editor.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])
Editor.add_implicit_resolver("whole", re.compile("^[0-9]+$"), list("0123456789"))
Editor.add_constructor("whole", lambda loader, node: int(node.value))


def faults(name: str, text: str) -> list[str]:
    """What an editor would underline: the path of each fault."""
    found = Draft7Validator(SCHEMAS[name]).iter_errors(keyed(yaml.load(text, Editor)))
    return [".".join(map(str, fault.absolute_path)) for fault in found]


def keyed(value):
    """Keys are texts, for an editor as well."""
    if isinstance(value, dict):
        return {str(key): keyed(inner) for key, inner in value.items()}
    return [keyed(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_and_every_key_of_a_model_is_explained(name):
    Draft7Validator.check_schema(SCHEMAS[name])
    unexplained = [
        f"{model}.{key}" for model, found in SCHEMAS[name]["$defs"].items()
        for key, rule in found["properties"].items() if not rule.get("description")
    ]  # fmt: skip
    assert unexplained == []


@pytest.mark.parametrize("path", [*TABLES, *CALLS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_right_is_right_for_editors_too(path):
    name = "calls" if path in CALLS else "routes"
    text = path.read_text("utf-8")
    assert faults(name, text) == []
    # And where every scalar is a text, as it is for us
    plain = parse(text, Findings(path.name)).plain()
    assert [fault.message for fault in Draft7Validator(SCHEMAS[name]).iter_errors(plain)] == []


SLIPS = {
    "unknown section": ("departments:\n", "department:\n", ""),
    "unknown key": ("    direct_dial: yes              #", "    direct_dail: yes #", "menus.main"),
    "day": ("    mon-fri: 09:00-12:00, 13:30-18:00 ", "    tues: 09:00-12:00 ", "hours.office"),
    "range": ("    mon-fri: 09:00-12:00, 13:30-18:00 ", "    mon-fri: 9-12 ", "hours.office.mon-fri"),
    "make-up day": ("    make_up: fri", "    make_up: friday", "hours.warehouse.make_up"),
    "date": ("      2026-12-31: 09:00-12:00", "      31.12.2026: 09:00-12:00", "hours.office.except"),
    "holidays": ("    holidays: CN                 ", "    holidays: China", "hours.office.holidays"),
    "country": ("  country: CN", "  country: China", "house.country"),
    "destination": ("      1: department/sales", "      1: sales", "menus.main.keys.1"),
    "kind of destination": ("      1: department/sales", "      1: departments/sales", "menus.main.keys.1"),
    "key of the telephone": ("      5: announcement/address", "      10: announcement/address", "menus.main.keys"),
    "yes": ("    direct_dial: yes              #", "    direct_dial: true #", "menus.main.direct_dial"),
    "seconds": ("    ring: {phones: [8601, 8602, 8603], how: in-turn, time: 20s}",
                "    ring: {phones: [8601], time: 20}", "departments.hotline.ring.time"),
    "way": ("how: together, time: 5 rings", "how: at-once, time: 5 rings", "departments.sales.ring.how"),
    "phones": ("ring: {phones: [8401, 8402]}", "ring: {phones: 8401}", "departments.people.ring.phones"),
    "extension": ("  8009: {name", "  reception: {name", "extensions"),
    "emergency": ("    to: department/hotline\n", "    to: department/hotline\n    emergency: 110\n",
                  "numbers.02085550188.emergency"),
    "number": ('  "02085550188":', '  "020-85550188":', "numbers"),
    "missing key": ("    name: {zh: 财务部, en: Accounts}\n", "", "departments.finance"),
    "missing section": ("operator:                         #", "holds2: #", ""),
    "name of a thing": ("  support:\n    name: {zh: 技术支持, en: Technical Support}\n    hours: support",
                        "  Support!:\n    name: Support\n    hours: support", "departments"),
    "rounds": ("rounds: 9, leave", "rounds: many, leave", "holds.support.rounds"),
    "language": ("    zh: {zh: 普通话, en: Mandarin}", "    chinese: {zh: 普通话, en: Mandarin}", "house.languages"),
    "text": ("  name: {zh: 恒信科技, en: Hengxin Technology}", "  name: [恒信科技]", "house.name"),
    "empty key": ("    closed: message/people", "    closed:", "departments.people.closed"),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "path"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_underlined_where_it_is(right, wrong, path):
    text = TABLES[0].read_text("utf-8")
    assert text.count(right) == 1, "routes.yaml has changed: choose another slip"
    assert path in faults("routes", text.replace(right, wrong))


CALL_SLIPS = {
    "at": ("{at: 2026-11-23}", "calls.A.at"),
    "word": ("{phones: {8101: bussy}}", "calls.A.phones.8101"),
    "phone": ("{phones: {reception: busy}}", "calls.A.phones"),
    "step": ("{caller: [hears: menu, hangs up]}", "calls.A.caller.1"),
    "unknown step": ("{caller: [hear: menu]}", "calls.A.caller.0"),
    "keys": ("{caller: [presses: one]}", "calls.A.caller.0"),
    "ends": ("{ends: {mesage: sales}}", "calls.A.ends"),
    "lasts": ("{lasts: 20s}", "calls.A.lasts"),
    "key": ("{fron: withheld}", "calls.A"),
}


@pytest.mark.parametrize(("call", "path"), CALL_SLIPS.values(), ids=CALL_SLIPS)
def test_a_slip_in_a_call_script_is_underlined(call, path):
    assert faults("calls", f"calls: {{A: {call}}}") == [path]


def test_what_is_published_can_be_read_by_whoever_has_no_python():
    for name, schema in SCHEMAS.items():
        published = json.loads((HERE / f"examples/{name}.schema.json").read_text("utf-8"))
        assert published == schema, "run `make docs`"
