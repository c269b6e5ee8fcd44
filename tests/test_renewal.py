"""From the table's files to the live table: what is good gets in, and nothing else."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from ivr.clock import ManualClock
from ivr.errors import StoreError
from ivr.renewal import Renewal, opening
from ivr.settings import Settings
from ivr.share import shared
from ivr.store import Changes, Store
from ivr.table import load
from ivr.tables import Archive
from tests.house import HOUSE

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
BETTER = HOUSE.replace("试验公司", "更好公司")
BROKEN = HOUSE.replace("closed: message/sales", "closed: message/sale")


class Site:
    """A machine with a table and a database, and no line."""

    def __init__(self, folder):
        self.clock = ManualClock(AT)
        self.settings = Settings(table=folder / "routes.yaml", data=folder / "data", prompts=shared("prompts"))
        self.archive = Archive(self.settings.data / "tables")
        self.settings.data.mkdir()
        self.write(HOUSE)
        with closing(Store(self.settings.database_url)) as store:
            store.migrate()

    def write(self, text: str) -> None:
        """Another table."""
        self.settings.table.write_text(text)

    def renew(self, by: str = "root", **how):
        self.clock.advance(60)
        return Renewal(self.settings, self.clock, by, speak=False, **how).run()

    def told(self) -> list[tuple]:
        """What the journal of the house says, in order."""
        with closing(Store(self.settings.database_url)) as store:
            return [(one.what, one.by, one.data) for one in reversed(Changes(store).list())]


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_a_good_table_is_live_and_who_made_it_so_is_written_down(site):
    first, second = site.renew("start"), load(BETTER).version
    site.write(BETTER)
    outcome = site.renew("李四")
    assert (first.state, outcome.state) == ("live", "live")
    live = site.archive.live()
    assert live == outcome.live
    assert (live.version, live.before, live.by) == (second, first.table.version, "李四")
    assert live.since == AT + timedelta(minutes=2)
    assert site.archive.load(second).house["zh"] == "更好公司"
    source = str(site.settings.table)
    assert site.told() == [
        ("table-live", "start", {"version": live.before, "before": "", "source": source}),
        ("table-live", "李四", {"version": second, "before": live.before, "source": source}),
    ]


def test_a_broken_table_changes_nothing_and_says_why(site):
    site.renew()
    before = site.archive.live()
    site.write(BROKEN)
    outcome = site.renew("李四")
    near = "Did you mean message/sales?"
    [error] = outcome.errors
    assert error.endswith(f"departments.sales.closed: there is no message/sale. {near}")
    assert (outcome.state, outcome.live, outcome.table) == ("refused", before, None)
    assert site.archive.live() == before
    data = {"source": str(site.settings.table), "version": "", "errors": [error], "more": 0}
    assert site.told()[1:] == [("table-refused", "李四", data)]


def test_the_same_fault_is_told_once_and_again_when_it_comes_back(site):
    site.renew()
    for text in (BROKEN, BROKEN, BETTER, BROKEN):
        site.write(text)
        site.renew()
    assert [what for what, _, _ in site.told()] == ["table-live", "table-refused", "table-live", "table-refused"]


def test_whoever_asks_for_a_table_that_is_refused_is_written_down(site):
    # Given a table that was refused at the start of a line; then the line looks at it, and two people ask for it
    site.write(BROKEN)
    site.renew("start", asked=False)
    site.renew("file change", asked=False)
    for by in ("李四", "李四", "SIGHUP"):
        site.renew(by)
    assert [by for _, by, _ in site.told()] == ["start", "李四", "SIGHUP"]


def test_what_is_live_already_is_news_for_the_lines_and_not_for_the_journal(site):
    site.renew()
    outcome = site.renew()
    assert (outcome.state, outcome.live.count, outcome.live.since) == ("unchanged", 1, AT + timedelta(minutes=1))
    assert [what for what, _, _ in site.told()] == ["table-live"]


def test_a_table_that_its_own_call_scripts_refuse_is_not_let_in(site):
    site.renew()
    site.write(BETTER)
    version, asked = load(BETTER).version, []

    fault = "calls/sales.yaml:3:1: at night: heard closed, expected greeting"

    def prove(settings, table):
        asked.append((settings, table.version))
        return [fault]

    outcome = site.renew(prove=prove)
    assert (outcome.state, outcome.errors) == ("refused", [fault])
    assert asked == [(site.settings, version)]
    assert site.archive.live().version != version
    assert site.told()[-1][2]["version"] == version


NIGHT = """
every: {at: 2026-11-20 23:00, to: "1000"}
calls:
  nobody is there at night:
    caller: [{presses: 1}, {hears: %s}]
"""


def test_its_call_scripts_are_those_in_the_folder_beside_it_that_are_meant_for_it(site):
    # Given a call that goes as written, and one of another table
    calls = site.settings.table.parent / "calls"
    calls.mkdir()
    (calls / "night.yaml").write_text(NIGHT % "closed")
    (calls / "other.yaml").write_text("table: ../other.yaml\n" + NIGHT % "nothing like it")
    assert site.renew().state == "live"
    # When another table is to be live, and the call goes otherwise
    (calls / "night.yaml").write_text(NIGHT % "hold-start")
    site.write(BETTER)
    outcome = site.renew()
    assert outcome.state == "refused"
    assert outcome.errors[0].startswith(f"{calls}/night.yaml:5:28: nobody is there at night: ")
    # Or cannot be read
    (calls / "night.yaml").write_text("calls: [")
    assert "the bracket opened here is not closed" in site.renew().errors[0]


def test_a_table_that_was_live_and_failed_is_taken_when_somebody_wants_it_and_not_before(site):
    site.renew()
    site.write(BETTER)
    failed = site.renew().live.version
    site.archive.set_live(site.archive.live().back(AT))
    # When a line starts, or the file is touched
    outcome = site.renew("file change", asked=False)
    assert outcome.state == "refused"
    assert outcome.errors == [f"version {failed} was live and failed; change it, or ask for it with `ivr reload`"]
    # When somebody asks
    assert site.renew("root").live.version == failed
    assert site.archive.live().failed == ()


def test_without_a_journal_it_is_live_all_the_same(site, monkeypatch):
    def away(*_, **__):
        raise StoreError("the database is away")

    monkeypatch.setattr(Changes, "list", away)
    assert site.renew().state == "live"


def test_included_files_are_part_of_it(site):
    (site.settings.table.parent / "more.yaml").write_text("announcements: {more: {say: {zh: 好, en: More}}}")
    site.write(f"include: [more.yaml]\n{HOUSE}")
    outcome = site.renew()
    folder = site.settings.table.parent
    assert outcome.plain["files"] == [str(folder / "more.yaml")]
    (site.settings.table.parent / "more.yaml").write_text("announcements: {more: {say: {zh: 好, en: Changed}}}")
    assert site.renew().state == "live"
    # What it was can be made again
    again = site.archive.load(outcome.live.version)
    assert again.step("announcement/more").text["en"] == "More"


def test_files_with_faults_are_told_so_that_somebody_watches_them(site):
    more = site.settings.table.parent / "more.yaml"
    more.write_text("announcements: {}")
    site.write(f"include: [more.yaml]\n{BROKEN}")
    assert str(more) in site.renew().plain["files"]
    more.write_text("anouncements: {}")
    assert f"{more}:1:1: anouncements: there is no section 'anouncements'" in "\n".join(site.renew().errors)


# At start -------------------------------------------------------------------------------------------------------------


def test_a_line_starts_with_what_stands_in_the_files(site):
    table, outcome = opening(site.settings, site.clock)
    assert (outcome.state, table.version) == ("live", load(HOUSE).version)


def test_with_a_broken_table_it_starts_with_the_last_good_one(site):
    site.renew()
    site.write(BROKEN)
    table, outcome = opening(site.settings, site.clock)
    assert (outcome.state, table.version) == ("refused", load(HOUSE).version)


def test_and_where_that_is_gone_with_the_one_before(site):
    site.renew()
    site.write(BETTER)
    site.archive.place(site.renew().live.version).write_text("gone")
    site.write(BROKEN)
    table, _ = opening(site.settings, site.clock)
    assert table.version == load(HOUSE).version


def test_where_there_never_was_one_there_is_none(site):
    site.write(BROKEN)
    table, outcome = opening(site.settings, site.clock)
    assert (table, outcome.live, len(outcome.errors)) == (None, None, 1)


def test_a_table_that_is_not_there_is_broken_too(site):
    site.renew()
    site.settings.table.unlink()
    table, outcome = opening(site.settings, site.clock)
    assert table is not None
    assert outcome.errors == [f"{site.settings.table}:1:1: the file cannot be read: No such file or directory"]
