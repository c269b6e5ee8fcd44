"""A reload while calls are in progress: whole lines, the built-in switch, virtual time."""

import os
from functools import partial

import pytest
import structlog

from ivr.handlers import handles
from ivr.overrides import Override
from ivr.renewal import Renewal
from ivr.store import Changes
from ivr.switch import Caller, Rings
from ivr.table import load
from ivr.waits import off_hub
from tests.house import HOUSE
from tests.switched import switched

BETTER = HOUSE.replace("试验公司", "更好公司")
BROKEN = HOUSE.replace("closed: message/sales", "closed: message/sale")
FIRST, SECOND = load(HOUSE).version, load(BETTER).version


def renewing(house):
    """A line's way to a renewal, in a thread of this process in place of another process."""

    def renew(by):
        work = Renewal(house.settings, house.clock, by, asked=by != "file change", speak=False).run
        return off_hub(house.clock, 60, "renewal", work).plain

    return renew


@pytest.fixture
def site(tmp_path):
    """The files of a table, and a house whose two lines live by it."""
    table = tmp_path / "routes.yaml"
    table.write_text(HOUSE)
    with structlog.testing.capture_logs() as told, switched(tmp_path / "data", table=load(table), renew=renewing,
                                                            table_file=table, look=1.0) as house:  # fmt: skip
        house.told, house.file = told, table
        Renewal(house.settings, house.clock, "start", speak=False).run()
        house.clock.sleep(2)
        told.clear()
        yield house


def write(house, text, seconds=5.0):
    """Somebody saves the table; time enough to notice."""
    house.file.write_text(text)
    house.clock.sleep(seconds)


def versions(house):
    return [line.tables.current.version for line in (house.line, house.second)]


def changes(house):
    house.settle()
    return [(one.what, one.by) for one in reversed(Changes(house.line.store).list())]


def logged(house):
    return [one["event"] for one in house.told if one["log_level"] in ("warning", "error")]


def test_a_changed_file_is_live_in_every_line_within_seconds(site):
    assert versions(site) == [FIRST, FIRST]
    write(site, BETTER)
    assert versions(site) == [SECOND, SECOND]
    # And one line noticed it, not both
    assert changes(site) == [("table-live", "start"), ("table-live", "file change")]


def test_a_broken_table_is_refused_aloud_and_the_old_one_serves(site):
    write(site, BROKEN)
    assert versions(site) == [FIRST, FIRST]
    [refused] = [one for one in site.told if one["log_level"] == "error"]
    assert refused["event"] == "the table is refused; the one before serves on"
    assert [error.partition(": ")[2] for error in refused["errors"]] == [
        "departments.sales.closed: there is no message/sale. Did you mean message/sales?"
    ]
    assert changes(site)[1:] == [("table-refused", "file change")]
    # It is not tried again until somebody mends it
    site.clock.sleep(60)
    assert len(logged(site)) == 1
    write(site, BETTER)
    assert versions(site) == [SECOND, SECOND]


def test_what_an_editor_has_half_written_is_not_taken(site):
    # Given an editor that writes for some seconds, with a fault in between
    for length in (200, 400, 600, 800, len(BETTER)):
        site.file.write_text(BETTER[:length])
        site.clock.sleep(1)
    site.clock.sleep(3)
    assert versions(site) == [SECOND, SECOND]
    assert changes(site)[1:] == [("table-live", "file change")]


def test_an_included_file_is_watched_too_and_one_that_comes_new(site):
    rooms = site.file.parent / "rooms"
    rooms.mkdir()
    (rooms / "one.yaml").write_text("announcements: {one: {say: {zh: 一, en: one}}}")
    write(site, HOUSE + "include: [rooms/*.yaml]\n")
    assert site.line.tables.current.step("announcement/one").text["en"] == "one"
    (rooms / "one.yaml").write_text("announcements: {one: {say: {zh: 一, en: changed}}}")
    site.clock.sleep(5)
    assert site.line.tables.current.step("announcement/one").text["en"] == "changed"
    (rooms / "two.yaml").write_text("announcements: {two: {say: {zh: 二, en: two}}}")
    site.clock.sleep(5)
    assert site.line.tables.current.step("announcement/two").text["en"] == "two"
    # And where it has a fault, mending it is enough
    (rooms / "two.yaml").write_text("announcements: {two: {sai: {zh: 二, en: two}}}")
    site.clock.sleep(5)
    (rooms / "two.yaml").write_text("announcements: {two: {say: {zh: 二, en: mended}}}")
    site.clock.sleep(5)
    assert site.line.tables.current.step("announcement/two").text["en"] == "mended"


def test_a_file_that_is_missing_is_noticed_when_it_comes(site):
    write(site, HOUSE + "include: [more.yaml]\n")
    assert versions(site) == [FIRST, FIRST]
    (site.file.parent / "more.yaml").write_text("announcements: {one: {say: {zh: 一, en: one}}}")
    site.clock.sleep(5)
    assert "announcement/one" in site.line.tables.current.steps


def test_who_does_not_want_it_watched_is_not_watched_and_sighup_is_enough(tmp_path):
    table = tmp_path / "routes.yaml"
    table.write_text(HOUSE)
    with switched(
        tmp_path / "data", table=load(table), renew=renewing, table_file=table, look=1.0, watch=False
    ) as house:
        Renewal(house.settings, house.clock, "start", speak=False).run()
        house.file = table
        write(house, BETTER, 60)
        assert versions(house) == [FIRST, FIRST]
        house.second.live.reload("SIGHUP")
        house.clock.sleep(3)
        assert versions(house) == [SECOND, SECOND]
        assert changes(house)[1:] == [("table-live", "SIGHUP")]


def test_a_call_in_progress_stays_on_its_table_and_resumes_on_it_after_a_crash(site):
    # Given a caller who listens to the old table's menu while a new one goes live
    site.switch.phones |= {"8001": Rings(), "8002": Rings()}
    silent = BETTER.replace("      1: department/sales\n", "      1: announcement/address\n")
    call = site.switch.call(to="1000", script=Caller().hears().waits(12).presses("1").waits(60).hangs_up())
    site.clock.sleep(3)
    write(site, silent, 4)
    assert versions(site) == [load(silent).version] * 2
    # When his line is killed, and another takes him over
    site.kill(site.line)
    call.wait_ended(300)
    site.clock.sleep(2)
    # Then his key means what it meant when he came
    assert "department/sales" in site.path(call.uuid)
    assert {one.table.version for one in site.connections} == {FIRST}
    # And who calls now has the new table
    other = site.call(Caller().hears().waits(1).presses("1").waits(20).hangs_up())
    assert site.path(other.uuid)[-1] in ("announcement/address", "menu/main")


def test_a_line_that_was_down_meanwhile_has_what_is_live_and_the_calls_their_own(site):
    # Given a table that went live while a third line was down
    old = site.table
    write(site, BETTER)
    third = site.new_line()
    assert third.tables.current is old
    third.start()
    site.clock.sleep(2)
    assert third.tables.current.version == SECOND
    assert third.tables.of(FIRST).house["zh"] == "试验公司"
    third.stop(0)


def test_prompts_that_changed_are_read_anew(site):
    forgotten = []
    site.voice.forget = partial(forgotten.append, "forgotten")
    site.line.live.reload("SIGHUP")
    site.clock.sleep(3)
    assert forgotten == ["forgotten", "forgotten"]
    assert versions(site) == [FIRST, FIRST]


def test_old_versions_are_given_back_and_thrown_away_when_no_call_has_them(site):
    texts = [HOUSE.replace("试验公司", f"公司{n}") for n in "甲乙丙"]
    for text in texts:
        write(site, text)
    site.clock.sleep(5)
    kept = [load(text).version for text in texts]
    assert set(site.line.tables._known) == set(kept[1:])
    assert set(site.line.archive.versions()) == {FIRST, *kept}
    # One that was live long ago; the other may still be on its way into the journal
    os.utime(site.line.archive.place(FIRST), (0, 0))
    site.clock.sleep(60)
    assert set(site.line.archive.versions()) == set(kept)


# A new table that fails -----------------------------------------------------------------------------------------------


@pytest.fixture
def failing(site):
    """The house, and what makes the announcement step fail under every table but the first."""
    handler = site.line.reception.handlers["announcement"]

    @handles("announcement", speaks=handler.speaks)
    def announcement(call, step):
        if call.table.version != FIRST:
            raise RuntimeError("the new table's fault")
        return handler(call, step)

    for line in (site.line, site.second):
        line.reception.handlers = {**line.reception.handlers, "announcement": announcement}
    site.switch.phones |= {"8001": Rings()}
    return site


def bad(house):
    return house.call(Caller().hears().waits(1).presses("3").waits(5).hangs_up())


def good(house):
    return house.call(Caller().hears().waits(1).hangs_up())


def test_three_calls_in_a_row_that_fail_bring_the_table_before_back(failing):
    write(failing, BETTER)
    bad(failing), bad(failing)
    assert versions(failing) == [SECOND, SECOND]
    bad(failing)
    assert versions(failing) == [FIRST, FIRST]
    assert changes(failing)[1:] == [("table-live", "file change"), ("table-returned", "the line")]
    [said] = [one for one in failing.told if one["event"] == "the new table failed; the one before is live again"]
    assert (said["failed"], said["version"], said["log_level"]) == (SECOND, FIRST, "error")
    # And it is not taken again by itself, though the file still holds it; by somebody who wants it, it is
    failing.file.touch()
    failing.clock.sleep(5)
    assert versions(failing) == [FIRST, FIRST]
    failing.line.live.reload("SIGHUP")
    failing.clock.sleep(5)
    assert versions(failing) == [SECOND, SECOND]


def test_a_call_that_goes_well_in_between_ends_the_row(failing):
    write(failing, BETTER)
    for _ in range(3):
        bad(failing), bad(failing), good(failing)
    assert versions(failing) == [SECOND, SECOND]


def test_what_fails_later_was_not_brought_by_the_table(failing):
    write(failing, BETTER)
    failing.clock.sleep(600)
    for _ in range(4):
        bad(failing)
    assert versions(failing) == [SECOND, SECOND]


def test_calls_that_fail_on_the_table_they_kept_do_not_count(failing):
    # Given a table that fails, and the one after it
    third = HOUSE.replace("试验公司", "第三公司")
    write(failing, BETTER)
    live = failing.line.live
    write(failing, third)
    for call in "abcd":
        live.failed(SECOND, call)
    failing.clock.sleep(5)
    assert versions(failing) == [load(third).version] * 2


# Faults ---------------------------------------------------------------------------------------------------------------


def test_a_live_table_that_cannot_be_read_changes_nothing(site):
    archive = site.line.archive
    live = archive.live().then(SECOND, site.clock.now(), "root", "routes.yaml")
    archive.set_live(live)
    site.clock.sleep(5)
    assert versions(site) == [FIRST, FIRST]
    assert set(logged(site)) == {"the live table cannot be taken over; the table stays as it is"}
    # And it is tried again, less and less often, and once it can be had, it is taken
    site.clock.sleep(60)
    assert len(logged(site)) == 2 * 6
    archive.keep(load(BETTER))
    site.clock.sleep(64)
    assert versions(site) == [SECOND, SECOND]
    # But at once where another is live
    archive.set_live(live.then("0" * 12, site.clock.now(), "root", "routes.yaml"))
    site.clock.sleep(3)
    archive.set_live(archive.live().then(FIRST, site.clock.now(), "root", "routes.yaml"))
    site.clock.sleep(2)
    assert versions(site) == [FIRST, FIRST]


def test_rubbish_in_its_place_changes_nothing(site):
    site.line.archive.pointer.write_text("{")
    site.clock.sleep(5)
    assert versions(site) == [FIRST, FIRST]
    assert logged(site) == ["what is live cannot be read; the table stays as it is"] * 2


def test_a_renewal_that_comes_to_nothing_is_told_and_the_next_one_is_made(site):
    real, site.line.live._renew = site.line.live._renew, lambda by: 1 / 0
    site.line.live.reload("SIGHUP")
    site.clock.sleep(2)
    assert logged(site) == ["a reload came to nothing; the table stays as it is"]
    site.line.live._renew = real
    write(site, BETTER)
    assert versions(site) == [SECOND, SECOND]


def test_overrides_outlive_a_reload(site):
    site.line.books.overrides.set("office", Override("closed"), site.clock.now())
    write(site, BETTER)
    assert site.second.books.overridden(None, "office").state == "closed"
