"""A big table is read by another process, and is the same."""

import gc
import time

import gevent
import pytest

from ivr.errors import Deadline, TableError
from ivr.gevent_clock import SystemClock
from ivr.steps import Table
from ivr.table import load
from ivr.tables import Archive
from ivr.tables.reader import PIECE, read_aside
from tests.house import HOUSE

CLOCK = SystemClock()
MORE = PIECE * 3 + 7


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """An archive with a house of some hundred extensions, and its table."""
    extensions = "".join(f"  {500_000 + n}: {{name: {{zh: 分机, en: Room {n}}}}}\n" for n in range(MORE))
    archive = Archive(tmp_path_factory.mktemp("tables"))
    table = load(HOUSE.replace("extensions:\n", f"extensions:\n{extensions}"), name="routes.yaml")
    archive.keep(table)
    return archive, table


def read(archive: Archive, version: str, seconds: float = 60, big: int = 0) -> Table:
    return read_aside(CLOCK, seconds, archive.place(version), version, big)


def test_it_is_the_same_table(kept):
    archive, table = kept
    assert gc.isenabled()
    again = read(archive, table.version)
    assert again == table
    assert list(again.steps) == list(table.steps)
    assert again.text == table.text
    assert again.extension_lengths() == table.extension_lengths()
    assert gc.isenabled()


def test_what_is_shared_stays_shared(kept):
    archive, table = kept
    again = read(archive, table.version)
    # Hours work their days out once: each step with hours of its own would do so again
    assert again.step("department/sales").hours is again.hours["office"]
    assert again.step("department/sales").hours is again.greeting("1000").hours


def test_a_small_one_is_read_in_a_thread(kept, monkeypatch):
    monkeypatch.setattr("ivr.tables.reader.subprocess", None)
    archive, table = kept
    assert read(archive, table.version, big=1 << 30) == table


def test_others_go_on_meanwhile(kept):
    archive, table = kept
    ticks = []

    def ticking():
        while True:
            ticks.append(time.monotonic())
            gevent.sleep(0)

    ticker = gevent.spawn(ticking)
    read(archive, table.version)
    ticker.kill()
    assert len(ticks) > MORE // PIECE


@pytest.mark.parametrize("big", [0, 1 << 30])
def test_what_cannot_be_used_is_an_error_here(tmp_path, big):
    archive = Archive(tmp_path)
    with pytest.raises(TableError, match="No such file"):
        read(archive, "a" * 12, big=big)
    archive.place("a" * 12).write_text(HOUSE)
    with pytest.raises(TableError, match=r"aaaaaaaaaaaa\.yaml holds another table"):
        read(archive, "a" * 12, big=big)
    archive.place("b" * 12).write_text("numbers: [\n")
    with pytest.raises(TableError, match="the bracket opened here is not closed"):
        read(archive, "b" * 12, big=big)


def test_a_process_that_takes_too_long_or_dies_is_an_error(kept, monkeypatch):
    archive, table = kept
    with pytest.raises(Deadline, match=r"no table within 0\.001 s"):
        read(archive, table.version, seconds=0.001)
    monkeypatch.setattr("ivr.tables.reader.sys.executable", "/bin/false")
    with pytest.raises(TableError, match="the process that reads it broke off"):
        read(archive, table.version)
