"""`include`: several files are one table; each thing's place is not forgotten; nothing outside the folder is read."""

import pytest

from ivr.table import check, load
from ivr.table.report import lines

MAIN = """\
include: [rooms.yaml, more/*.yaml]
house: {name: Acme, timezone: Asia/Shanghai, languages: {en: English}}
numbers: {"*": {to: operator}}
operator: {name: the operator, ring: {phones: [8000]}}
extensions:
  8000:
"""
ROOMS = """\
templates:
  room: {ends: {otherwise: operator}}
extensions:
  "1001-1003": {extends: room}
"""
SPA = """\
departments:
  spa: {name: the spa, ring: {phones: [1001]}}
menus:
  spa: {name: spa, keys: {1: department/spa}}
"""


@pytest.fixture
def table_of(tmp_path):
    def write(**files: str):
        for name, text in files.items():
            place = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml")
            place.parent.mkdir(exist_ok=True)
            place.write_text(text)
        return tmp_path / "routes.yaml"

    return write


def said(path) -> str:
    """What is wrong, with the folder left out."""
    return lines(f for f in check(path)[1] if f.severity == "error").replace(f"{path.parent}/", "")


def test_sections_of_all_files_are_one_table(table_of):
    table = load(table_of(routes_yaml=MAIN, rooms_yaml=ROOMS, more__spa_yaml=SPA))
    assert {"extension/1001", "extension/1003", "extension/8000", "department/spa"} <= set(table.steps)
    # And every step knows where it is written
    assert table.lines["department/spa"], table.lies_in["department/spa"] == (2, "more/spa.yaml")
    assert "extension/8000" not in table.lies_in


def test_its_version_is_that_of_all_files(table_of):
    path = table_of(routes_yaml=MAIN, rooms_yaml=ROOMS, more__spa_yaml=SPA)
    before = load(path).version
    (path.parent / "rooms.yaml").write_text(ROOMS + "  1009:\n")
    assert load(path).version != before


def test_it_is_made_again_from_what_was_kept(table_of):
    path = table_of(routes_yaml=MAIN, rooms_yaml=ROOMS, more__spa_yaml=SPA)
    table = load(path)
    # Given that the included files are gone
    (path.parent / "rooms.yaml").unlink()
    # When it is made from what was kept
    again = load(table.text, "routes.yaml", files=table.files)
    # Then it is the same table
    assert (again.version, set(again.steps)) == (table.version, set(table.steps))


def test_a_fault_is_told_at_its_file_and_line(table_of):
    path = table_of(routes_yaml=MAIN, rooms_yaml=ROOMS, more__spa_yaml=SPA.replace("1001", "1009"))
    assert said(path) == (
        "more/spa.yaml:2:40: departments.spa.ring.phones[0]: there is no extension '1009'. Did you mean 1001?\n"
        "1 error\n"
    )


def test_a_name_in_two_files_is_an_error_that_names_both(table_of):
    path = table_of(routes_yaml=MAIN, rooms_yaml=ROOMS + "  8000:\nhouse: {name: B}\n", more__spa_yaml=SPA)
    assert said(path) == (
        "rooms.yaml:5:3: extensions.8000: 8000 stands here a second time; "
        "the first is in routes.yaml, line 6, column 3; keep one\n"
        "rooms.yaml:6:1: house: house stands here a second time; the first is in routes.yaml, line 2, column 1; "
        "keep one\n"
        "2 errors\n"
    )


def test_a_file_that_includes_itself_is_an_error(table_of):
    path = table_of(
        routes_yaml=MAIN.replace(", more/*.yaml", ""),
        rooms_yaml="include: [b.yaml]\n" + ROOMS,
        b_yaml="include: rooms.yaml\n",
    )
    assert said(path) == (
        "b.yaml:1:10: include: a file cannot include itself: rooms.yaml → b.yaml → rooms.yaml\n1 error\n"
    )


def test_what_is_not_there_and_what_lies_elsewhere_is_not_included(table_of):
    main = MAIN.replace("[rooms.yaml, more/*.yaml]", "[roms.yaml, ../secrets.yaml, /etc/passwd, {a: b}, 8]")
    assert said(table_of(routes_yaml=main, rooms_yaml=ROOMS)) == (
        "routes.yaml:1:11: include[0]: there is no file 'roms.yaml' beside routes.yaml\n"
        "routes.yaml:1:22: include[1]: '../secrets.yaml' leads out of the folder of this table; write a path below it\n"
        "routes.yaml:1:39: include[2]: '/etc/passwd' leads out of the folder of this table; write a path below it\n"
        "routes.yaml:1:52: include[3]: a list of files is expected here, such as [rooms.yaml, duty/*.yaml]\n"
        "routes.yaml:1:60: include[4]: there is no file '8' beside routes.yaml\n"
        "5 errors\n"
    )


def test_a_link_out_of_the_folder_is_not_read(table_of, tmp_path_factory):
    path = table_of(routes_yaml=MAIN.replace(", more/*.yaml", ""))
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    secret.write_text("extensions: {1234: }\n")
    (path.parent / "rooms.yaml").symlink_to(secret)
    assert said(path) == (
        "routes.yaml:1:11: include[0]: rooms.yaml cannot be read: it leads out of the folder of this table\n1 error\n"
    )


def test_a_text_without_a_folder_includes_nothing():
    findings = [str(f) for f in check(MAIN, "routes.yaml")[1] if f.severity == "error"]
    assert findings == [
        "routes.yaml:1:11: include[0]: a table without a folder includes nothing",
        "routes.yaml:1:23: include[1]: a table without a folder includes nothing",
    ]
