"""Copies of messages for people."""

import errno
import json
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import StoreError
from ivr.store import export as module
from ivr.store.export import export
from tests.sounds import put, speech
from tests.store.conftest import AT, NAME, note

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def message(messages, spool):
    messages.begin(note())
    put(spool / NAME, speech(2))
    messages.finish(NAME, AT, 2000, "key")
    return messages.get("100000")


def test_a_copy_has_a_name_a_person_can_read(messages, message, spool, tmp_path):
    made = export(messages, message, tmp_path / "out", SHANGHAI)
    assert [path.name for path in made] == [
        "100000-message-sales-20261120-090000.wav",
        "100000-message-sales-20261120-090000.json",
    ]
    assert made[0].read_bytes() == (spool / NAME).read_bytes()
    about = json.loads(made[1].read_text())
    assert (about["reference"], about["begun"], about["seconds"]) == ("100000", "2026-11-20T09:00:00+08:00", 2.0)


def test_nothing_is_overwritten(messages, message, tmp_path):
    made = export(messages, message, tmp_path / "out", SHANGHAI)
    made[0].write_text("mine")
    with pytest.raises(StoreError, match="is there already: export to another folder"):
        export(messages, message, tmp_path / "out", SHANGHAI)
    assert made[0].read_text() == "mine"


def test_a_disk_that_fills_up_leaves_no_half_copy(messages, message, tmp_path, monkeypatch):
    def copy(source, target, length):
        target.write(source.read(100))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.shutil, "copyfileobj", copy)
    with pytest.raises(StoreError, match=r"was not exported to .*No space left on device"):
        export(messages, message, tmp_path / "out", SHANGHAI)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_message_whose_recording_is_gone_is_exported_without(messages, message, spool, tmp_path):
    (spool / NAME).unlink()
    assert [path.suffix for path in export(messages, message, tmp_path / "out", SHANGHAI)] == [".json"]
