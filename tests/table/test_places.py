"""The file and the line of everything a table says, also through includes, templates and ranges."""

import pytest

from ivr.table import load
from ivr.table.places import Places

TABLE = """\
include: [rooms.yaml]
templates:
  desk:
    quiet: {hours: night}
house: {name: Acme, timezone: UTC, languages: {en: English}}
numbers:
  "1000": {to: menu/main}
hours:
  night:
    mon-fri, sun: 22:00-06:00
operator: {name: op, ring: {phones: [8001]}}
menus:
  main:
    name: main
    direct_dial: yes
    keys:
      1: department/sales
departments:
  sales:
    name: Sales
    hours: night
    ring: {phones: [8001]}
    closed: operator
    ends:
      busy: message/sales
extensions:
  8001: {extends: desk}
"""


@pytest.fixture(scope="module")
def places():
    return Places(load(TABLE, name="folder/t.yaml", files={"rooms.yaml": b'extensions:\n  "2001-2003":\n'}))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("menus", "main", "keys", "1"), "folder/t.yaml:17: menus.main.keys.1"),
        (("menus", "main", "silence"), "folder/t.yaml:13: menus.main.silence, by default"),
        (("departments", "sales", "lunch"), "folder/t.yaml:23: departments.sales.closed"),
        (("departments", "sales", "ends", "busy"), "folder/t.yaml:25: departments.sales.ends.busy"),
        (("departments", "sales", "ends", "refused"), "folder/t.yaml:24: departments.sales.ends.otherwise, by default"),
        (("messages", "sales", "then"), "folder/t.yaml:19: messages.sales.then, by default"),
        (("messages", "operator"), "folder/t.yaml:11: messages.operator, by default"),
        (("messages", "2002"), "folder/rooms.yaml:2: messages.2002, by default"),
        (("extensions", "8001", "quiet_to"), "folder/t.yaml:4: extensions.8001.quiet.to, by default"),
        (("extensions", "8001", "quiet", "hours"), "folder/t.yaml:4: extensions.8001.quiet.hours"),
        (("extensions", "2002", "do_not_disturb"), "folder/rooms.yaml:2: extensions.2002.do_not_disturb, by default"),
        (("operator",), "folder/t.yaml:11: operator"),
        (("goodbye",), "folder/t.yaml: goodbye, by default"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_places(places, path, place):
    assert str(places.of(path)) == place


def test_the_line_of_a_day_is_that_of_the_key_that_names_it(places):
    assert str(places.day("night", 2)) == "folder/t.yaml:10: hours.night.mon-fri, sun"
    assert str(places.day("night", 5)) == "folder/t.yaml:9: hours.night, by default"
