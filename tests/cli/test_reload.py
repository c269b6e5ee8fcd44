"""`ivr reload` and `ivr tables`: what is printed, whole."""

import json
import re
from contextlib import closing
from datetime import timedelta

import pytest
from click.testing import CliRunner

from ivr.cli.reload import reload
from ivr.cli.tables import tables
from ivr.gevent_clock import SystemClock
from ivr.share import shared
from ivr.store import Store
from ivr.table import load
from ivr.tables import Archive
from ivr.tables.lines import Lines
from tests.house import HOUSE

BETTER = HOUSE.replace("试验公司", "更好公司")
BROKEN = HOUSE.replace("closed: message/sales", "closed: message/sale")
FIRST, SECOND = load(HOUSE).version, load(BETTER).version
FAULT = "routes.yaml:31:13: departments.sales.closed: there is no message/sale. Did you mean message/sales?"
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A machine with a table; no line runs, and speech is not made."""
    monkeypatch.setattr("ivr.cli.reload.whoever", lambda: "李四")
    monkeypatch.setattr("ivr.cli.reload.FOLLOWED", 0.5)
    monkeypatch.setattr("ivr.renewal.Renewal._speak", lambda self, table: None)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    with closing(Store.under(tmp_path / "data")) as store:
        store.migrate()
    (tmp_path / "routes.yaml").write_text(HOUSE)
    return tmp_path


def run(site, command, *args, code=0):
    more = ["--prompts", str(shared("prompts"))] if command is reload else []
    result = CliRunner().invoke(command, [*args, *more], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return TIME.sub("<time>", result.output)


def runs(site, listen: str, version: str, count: int) -> None:
    """A line that has a table."""
    Lines(site / "data" / "tables" / "lines").tell(listen, version, count, SystemClock().now())


def test_the_first_table_and_no_line(site):
    assert run(site, reload) == (
        f"table {FIRST} is live since <time> Asia/Shanghai; no line runs, the next one begins with it\n"
    )
    assert Archive(site / "data" / "tables").live().by == "李四"


def test_when_every_line_has_it(site):
    run(site, reload)
    (site / "routes.yaml").write_text(BETTER)
    runs(site, "127.0.0.1:8084", SECOND, 1)
    here = run(site, reload)
    assert re.fullmatch(
        rf"table {SECOND} is live since <time> Asia/Shanghai; in 127\.0\.0\.1:8084 \(process \d+ on .*\)\n", here
    )
    runs(site, "127.0.0.1:8086", SECOND, 2)
    runs(site, "127.0.0.1:8084", SECOND, 2)
    assert run(site, reload) == (
        "routes.yaml has not changed; prompts are read anew\n"
        f"table {SECOND} is live since <time> Asia/Shanghai; in all 2 lines\n"
    )


def test_when_a_line_has_not_taken_it(site):
    runs(site, "127.0.0.1:8084", SECOND, 0)
    told = run(site, reload, code=1)
    assert told.splitlines()[0] == (
        f"table {FIRST} is live since <time> Asia/Shanghai, but these lines have not taken it yet:"
    )
    assert re.fullmatch(rf"  127\.0\.0\.1:8084 \(process \d+ on .*\): table {SECOND}", told.splitlines()[1])


def test_a_broken_table(site):
    (site / "routes.yaml").write_text(BROKEN)
    assert run(site, reload, code=2) == f"{FAULT}\n1 error\nroutes.yaml is refused, and no table is live\n"
    (site / "routes.yaml").write_text(HOUSE)
    run(site, reload)
    (site / "routes.yaml").write_text(BROKEN)
    assert run(site, reload, code=2) == (
        f"{FAULT}\n1 error\nroutes.yaml is refused: table {FIRST} is live since <time> Asia/Shanghai, by 李四\n"
    )


def test_what_a_line_is_told(site):
    (site / "routes.yaml").write_text(BROKEN)
    told = json.loads(run(site, reload, "--for-line", "SIGHUP"))
    assert told == {
        "state": "refused", "live": None, "files": ["routes.yaml"],
        "errors": [FAULT],
    }  # fmt: skip


def test_another_reload_that_does_not_end(site, monkeypatch):
    monkeypatch.setattr(Archive.alone.__wrapped__, "__defaults__", ("reload", 0.1))
    with Archive(site / "data" / "tables").claim("reload"):
        assert run(site, reload, code=2) == (
            "ivr reload: another reload is under way for more than 0.1 s; try again when it is done\n"
        )


# ivr tables -----------------------------------------------------------------------------------------------------------


def test_what_happened_to_the_table(site):
    assert run(site, tables, "list") == "no table was live yet\n"
    for text, code in ((HOUSE, 0), (BROKEN, 2), (BETTER, 0)):
        (site / "routes.yaml").write_text(text)
        run(site, reload, code=code)
    assert (
        run(site, tables, "list", "--timezone", "UTC")
        == f"""
 when (UTC)            what      table          by     because
 {"─" * 152}
 <time>   live      {SECOND}   李四   routes.yaml changed
 <time>   refused                  李四   {FAULT}
 <time>   live      {FIRST}   李四   routes.yaml changed

{SECOND} is live; kept: {SECOND}, {FIRST}
"""
    )
    told = json.loads(run(site, tables, "list", "--json", "--limit", "1"))
    assert [(one["what"], one["by"], one["version"], one["before"]) for one in told] == [
        ("table-live", "李四", SECOND, FIRST)
    ]


def test_what_a_table_is_written_in(site):
    message = "Error: no table is live; `ivr tables list` shows those there are\n"
    assert run(site, tables, "show", code=1) == message
    run(site, reload)
    (site / "routes.yaml").write_text(BETTER)
    run(site, reload)
    assert run(site, tables, "show") == BETTER
    assert run(site, tables, "show", FIRST[:4]) == HOUSE
    assert json.loads(run(site, tables, "show", FIRST, "--json")) == {"version": FIRST, "files": {"routes.yaml": HOUSE}}
    assert run(site, tables, "show", "0000", code=1) == (
        "Error: 0 tables that are kept begin with '0000'; `ivr tables list` shows those there are\n"
    )


def test_lines_that_are_silent_are_not_waited_for(site):
    at = SystemClock().now() - timedelta(minutes=1)
    Lines(site / "data" / "tables" / "lines").tell("127.0.0.1:8084", SECOND, 0, at)
    assert "no line runs" in run(site, reload)
