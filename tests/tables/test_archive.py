"""Tables on the disk: whole or not at all, and which of them is live."""

import json
import multiprocessing
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.clock import ManualClock
from ivr.errors import StoreError, TableError
from ivr.table import load
from ivr.tables import Archive, Live
from tests.house import HOUSE

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
A, B, C = (letter * 12 for letter in "abc")


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "tables")


def test_half_a_table_left_by_a_power_cut_is_written_again(archive):
    table = load(HOUSE, name="routes.yaml")
    archive.folder.mkdir()
    archive.place(table.version).write_text(HOUSE[:100])
    with pytest.raises(TableError):
        archive.load(table.version)
    archive.keep(table)
    assert archive.load(table.version) == replace(table)
    assert os.listdir(archive.folder) == [f"{table.version}.yaml"]


def test_what_is_not_there_says_so(archive):
    with pytest.raises(TableError, match=r"aaaaaaaaaaaa\.yaml cannot be read: No such file or directory"):
        archive.load(A)


# Which is live --------------------------------------------------------------------------------------------------------


def test_what_is_live_is_read_as_it_was_written(archive):
    live = Live(A, AT, "root", "routes.yaml").then(B, AT + timedelta(hours=1), "李四", "/etc/routes.yaml")
    archive.set_live(live)
    assert archive.live() == live == Live(B, AT + timedelta(hours=1), "李四", "/etc/routes.yaml", A, (), 1)


def test_the_way_back_is_one_step_and_what_failed_is_remembered():
    live = Live(A, AT, "root", "routes.yaml").then(B, AT, "root", "routes.yaml")
    back = live.back(AT + timedelta(minutes=1))
    assert back == Live(A, AT + timedelta(minutes=1), "the line", "routes.yaml", "", (B,), 2)
    # Until it is live once more, because somebody wants it all the same
    assert back.then(C, AT, "root", "routes.yaml").failed == (B,)
    assert back.then(B, AT, "root", "routes.yaml").failed == ()


def test_the_same_table_once_more_is_news_and_nothing_else():
    live = Live(A, AT, "root", "routes.yaml", before=B)
    assert live.then(A, AT + timedelta(days=1), "start", "other.yaml") == replace(live, count=1)


@pytest.mark.parametrize(
    "found",
    [
        b"", b"[]", b"null", b"\xff", b"{}", b'{"version": "../../etc/passwd"}',
        *(json.dumps({"version": A, "since": AT.isoformat(), "by": "", "source": "", "before": "", "failed": [],
                      "count": 0} | wrong).encode()
          for wrong in ({"version": "../../etc/pw"}, {"since": "2026-11-20"}, {"before": "../x"}, {"failed": [1]},
                        {"failed": ["/"]}, {"count": "x"}, {"version": None})),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_as_if_nothing_were_live(archive, found):
    archive.folder.mkdir()
    archive.pointer.write_bytes(found)
    assert archive.live() is None


def test_whoever_says_what_is_live_is_noticed(archive):
    assert archive.stamp() is None
    seen = set()
    for count in range(3):
        archive.set_live(Live(A, AT, "root", "routes.yaml", count=count))
        seen.add(archive.stamp())
    assert len(seen) == 3


# One at a time --------------------------------------------------------------------------------------------------------


def test_what_one_process_has_claimed_another_has_not_until_it_dies(archive):
    def claims_and_waits(pipe):
        claimed = archive.claim("reload")
        pipe.send(claimed is not None)
        pipe.recv()

    ours, theirs = multiprocessing.Pipe()
    other = multiprocessing.get_context("fork").Process(target=claims_and_waits, args=(theirs,))
    other.start()
    assert ours.recv()
    assert archive.claim("reload") is None
    with archive.claim("live"):
        other.kill()
        other.join(10)
    with archive.claim("reload"):
        pass


def test_who_waits_too_long_is_told(archive):
    clock = ManualClock(AT)
    with archive.claim("reload"), pytest.raises(StoreError, match="another reload is under way for more than 60 s"):
        with archive.alone(clock):
            pass
    assert clock.monotonic() == pytest.approx(60, abs=0.2)


# What is kept, and for how long ---------------------------------------------------------------------------------------


def test_a_version_is_kept_as_long_as_a_call_may_need_it(archive):
    # Given the live table, the one before, one that a call has, one that was live until an hour ago, and an old one
    archive.folder.mkdir()
    for version, days in ((A, 9), (B, 9), (C, 9), ("d" * 12, 9), ("e" * 12, 9)):
        archive.place(version).write_text("")
        os.utime(archive.place(version), ((AT - timedelta(days=days)).timestamp(),) * 2)
    archive.set_live(Live("d" * 12, AT - timedelta(hours=2), "root", "routes.yaml"))
    archive.set_live(Live(A, AT - timedelta(hours=1), "root", "routes.yaml", before=B))
    (archive.folder / "notes.yaml").write_text("somebody's own")
    # Then only the old one goes, and a day later the one that was live
    assert archive.prune({C}, AT) == ["e" * 12]
    assert archive.prune({C}, AT) == []
    assert archive.prune({C}, AT + timedelta(days=1)) == ["d" * 12]
    assert sorted(archive.versions()) == [A, B, C]


def test_nothing_is_thrown_away_while_nobody_knows_what_is_live(archive):
    archive.folder.mkdir()
    archive.place(A).write_text("")
    os.utime(archive.place(A), (0, 0))
    assert archive.prune(set(), AT) == []
