"""A call keeps its table from its first step to its last."""

import gc
import weakref

import gevent

from ivr.table import load
from ivr.tables import Archive, Tables
from ivr.tables.archive import load_from
from tests.house import HOUSE

OTHER = HOUSE.replace("张三", "赵四")


def table(text: str = HOUSE):
    return load(text, name="routes.yaml")


def test_another_workers_table_is_found_by_its_version(tmp_path):
    archive, old, new = Archive(tmp_path), table(OTHER), table()
    archive.keep(old)
    tables = Tables(archive, new)
    assert tables.of(old.version).step("extension/8001").name["zh"] == "赵四"
    assert tables.of(new.version) is tables.of(None) is new


def test_a_table_that_is_gone_or_broken_or_another_is_the_current_one(tmp_path):
    tables = Tables(Archive(tmp_path), table())
    (tmp_path / "000000000001.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "000000000002.yaml").mkdir()
    (tmp_path / "000000000003.yaml").write_text(OTHER)
    (tmp_path / "000000000004.yaml").write_text("")
    for _ in range(2):
        assert all(tables.of(f"00000000000{n}") is tables.current for n in range(5))


def test_a_thousand_calls_that_come_back_together_read_it_once(tmp_path):
    archive, old = Archive(tmp_path), table(OTHER)
    archive.keep(old)
    read = []

    def aside(place, version):
        read.append(version)
        gevent.idle()
        return load_from(place, version)

    tables = Tables(archive, table(), aside)
    calls = [gevent.spawn(tables.of, old.version) for _ in range(1000)]
    gevent.joinall(calls, timeout=10)
    assert all(call.value is tables.of(old.version) for call in calls)
    assert read == [old.version]


def test_a_call_in_progress_keeps_its_table_when_another_is_live(tmp_path):
    tables, old, new = Tables(Archive(tmp_path), table(OTHER)), table(OTHER).version, table()
    with tables.serving(old) as mine:
        # When another table goes live
        tables.turn_to(new)
        # Then new calls have it, and those in progress theirs, also when they come back
        assert (tables.of(None), mine.version) == (new, old)
        assert tables.tidy() == []
        with tables.serving(old) as again:
            assert again is mine
    # And when the last of them has gone, so has the table
    assert tables.tidy() == [old]


def test_a_table_that_may_be_needed_again_stays_and_the_others_leave_no_trace(tmp_path):
    archive = Archive(tmp_path)
    texts = [HOUSE.replace("张三", name) for name in ("甲", "乙", "丙")]
    tables = Tables(archive, table(texts[0]))
    for text in texts[1:]:
        tables.turn_to(table(text))
    first, second, _ = (table(text).version for text in texts)
    hours = weakref.ref(tables.of(first).step("department/sales").hours)
    assert tables.tidy(second) == [first]
    assert tables.tidy(second) == []
    assert tables.of(second).version == second
    gc.collect()
    assert hours() is None
