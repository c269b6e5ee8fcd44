"""A call keeps its table from its first step to its last."""

import gevent

from ivr.table import load
from ivr.tables import Tables
from tests.house import HOUSE

OTHER = HOUSE.replace("张三", "赵四")


def test_another_workers_table_is_found_by_its_version(tmp_path):
    old, new = load(OTHER, name="routes.yaml"), load(HOUSE, name="routes.yaml")
    Tables(tmp_path, old).keep(OTHER.encode())
    tables = Tables(tmp_path, new)
    assert tables.of(old.version).step("extension/8001").name["zh"] == "赵四"
    assert tables.of(new.version) is tables.of(None) is new


def test_a_table_that_is_gone_or_broken_or_another_is_the_current_one(tmp_path):
    tables = Tables(tmp_path, load(HOUSE, name="routes.yaml"))
    (tmp_path / "000000000001.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "000000000002.yaml").mkdir()
    (tmp_path / "000000000003.yaml").write_text(OTHER)
    (tmp_path / "000000000004.yaml").write_text("")
    assert all(tables.of(f"00000000000{n}") is tables.current for n in range(5))


def test_half_a_table_left_by_a_power_cut_is_written_again(tmp_path):
    table = load(HOUSE, name="routes.yaml")
    (tmp_path / f"{table.version}.yaml").write_text(HOUSE[:100])
    Tables(tmp_path, table).keep(HOUSE.encode())
    assert load(tmp_path / f"{table.version}.yaml").version == table.version


def test_a_thousand_calls_that_come_back_together_read_it_once(tmp_path):
    old = load(OTHER, name="routes.yaml")
    Tables(tmp_path, old).keep(OTHER.encode())
    read = []

    def aside(function, path):
        read.append(path)
        gevent.idle()
        return function(path)

    tables = Tables(tmp_path, load(HOUSE, name="routes.yaml"), aside)
    calls = [gevent.spawn(tables.of, old.version) for _ in range(1000)]
    gevent.joinall(calls, timeout=10)
    assert all(call.value is tables.of(old.version) for call in calls)
    assert len(read) == 1
