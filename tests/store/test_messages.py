"""Messages: begun, finished, read, marked; and what is done when database or disk refuse."""

import errno
import json
import os
from dataclasses import replace
from datetime import timedelta

import gevent
import numpy
import pytest
from sqlalchemy import event

from ivr.errors import CannotKeep, StoreError
from ivr.gevent_clock import SystemClock
from ivr.store import blobs
from ivr.store import sidecar as sidecars
from ivr.store.blobs import Folder
from ivr.store.database import Store
from ivr.store.messages import Messages
from ivr.store.off_hub import OffHub
from tests.sounds import hush, put, speech
from tests.store.conftest import AT, NAME, OTHER, UUID, note

LATER = AT + timedelta(seconds=12)


def begin(messages, name=NAME, **more):
    return messages.begin(note(name, **{"callback": "13800138000", **more}))


@pytest.fixture
def locked(store, lock):
    """Somebody else has the database to himself."""
    return lock(store)


@pytest.fixture
def full_disk(monkeypatch):
    """The disk takes no byte more in files."""

    def write(handle, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs.os, "write", write)


@pytest.fixture
def synced(monkeypatch):
    """What the disk was told to keep: paths can be looked for in it."""
    files, fsync = set(), os.fsync

    def told(handle):
        files.add(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(blobs.os, "fsync", told)
    return lambda *paths: all(path.stat().st_ino in files for path in paths)


def test_a_message_is_written_down_then_recorded_then_there(messages, spool):
    # When it is begun
    number = begin(messages)

    # Then it has a number, and stands in both places
    begun = messages.get(number)
    assert (begun.state, begun.box, begun.caller, begun.callback, begun.begun) == (
        "recording", "message/sales", "13800138000", "13800138000", AT,
    )  # fmt: skip
    assert json.loads((spool / f"{NAME}.json").read_text())["reference"] == number

    # When the switch has recorded
    put(spool / NAME, speech(7))
    assert messages.finish(NAME, LATER, 7000, "key") == "new"

    # Then it is there
    assert messages.list() == [replace(begun, state="new", finished=LATER, ms=7000, ended="key")]
    assert messages.spool.exists(begun.name)


def test_a_power_cut_after_the_number_was_spoken_takes_no_message(messages, spool, synced):
    # What stands in the database is on the disk by its own doing: test_database
    begin(messages)
    assert synced(spool, spool / f"{NAME}.json")
    put(spool / NAME, speech(7))
    messages.finish(NAME, LATER, 7000, "key")
    assert synced(spool, spool / NAME)


def test_a_power_cut_takes_no_message_that_was_finished_beside_its_recording(messages, spool, locked, synced):
    begin(messages)
    put(spool / NAME, speech(7))
    messages.finish(NAME, LATER, 7000, "key")
    assert synced(spool, spool / NAME, spool / f"{NAME}.json")


def test_begun_again_it_is_the_same_message(messages):
    # A worker died between writing down and handing over; the next one enters the same step
    assert begin(messages) == begin(messages)
    assert len(messages.list()) == 1


def test_finished_again_it_stays_as_it_was(messages, spool):
    begin(messages)
    put(spool / NAME, speech(7))
    messages.finish(NAME, LATER, 7000, "key")
    messages.mark("100000", "heard")
    assert messages.finish(NAME, LATER + timedelta(days=1), 0, "hangup") == "heard"
    assert (messages.get("100000").finished, messages.get("100000").ended) == (LATER, "key")


def test_nothing_said_is_empty_and_the_file_stays(messages, spool):
    begin(messages)
    put(spool / NAME, hush(5))
    assert messages.finish(NAME, LATER, 5000, "silence") == "empty"
    assert (spool / NAME).exists()


def test_a_caller_without_rtp(messages, spool):
    begin(messages)
    put(spool / NAME, numpy.zeros(0))
    assert messages.finish(NAME, LATER, 0, "hangup") == "empty"
    assert messages.get("100000").ms == 0


def test_the_file_decides_not_who_tells_of_it(messages, spool):
    begin(messages)
    put(spool / NAME, speech(7))
    assert messages.finish(NAME, LATER, 0, "hangup") == "new"
    assert messages.get("100000").ms == 7000


def test_shortest_is_the_boxs(messages, spool):
    begin(messages, shortest=3.0)
    put(spool / NAME, speech(2))
    assert messages.finish(NAME, LATER, 2000, "key") == "empty"

    other = f"{UUID}-2.wav"
    begin(messages, other)
    put(spool / other, speech(2))
    assert messages.finish(other, LATER, 2000, "key", shortest=0.5) == "new"


def test_recorded_but_not_in_the_spool(messages, spool):
    begin(messages)
    with pytest.raises(StoreError) as raised:
        messages.finish(NAME, LATER, 5000, "key")
    assert str(raised.value) == (
        f"{spool}/{NAME}: the switch recorded 5000 ms, but there is no such file: "
        "do the line and FreeSWITCH see one folder under this path?"
    )
    # And it is not given up: the file may come yet
    assert messages.get("100000").state == "recording"


def test_a_file_that_comes_late_is_a_message_all_the_same(messages, spool):
    begin(messages)
    assert messages.finish(NAME, LATER) == "empty"
    assert messages.get("100000").ended == "missing"
    put(spool / NAME, speech(3))
    assert messages.finish(NAME, LATER, 3000, "key") == "new"


def test_a_recording_is_never_recorded_over(messages, spool):
    begin(messages)
    put(spool / NAME, speech(3))
    with pytest.raises(CannotKeep, match="was recorded already"):
        begin(messages)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "a.wav", f"{UUID}.wav", f"{UUID}-1.wav\n", ""])
def test_a_name_that_is_not_ours_is_refused(messages, name):
    with pytest.raises(CannotKeep, match="is no name of a recording"):
        begin(messages, name)
    with pytest.raises(StoreError, match="is no name of a recording"):
        messages.finish(name, LATER)


# When database or disk refuse ----------------------------------------------------------------------------------------


def test_a_locked_database_the_message_is_taken_beside_its_recording(messages, spool, locked):
    # When a message is taken from beginning to end with the database locked
    number = begin(messages)
    assert begin(messages) == number
    put(spool / NAME, speech(7))
    assert messages.finish(NAME, LATER, 7000, "key") == "new"

    # Then it has a number the database never gives, and the sidecar knows all of it
    assert messages.number(NAME) == number
    assert len(number) == 8 and number.startswith("9")
    there = sidecars.read(Folder(spool), NAME)
    assert (there.reference, there.finished, there.ms, there.ended) == (number, LATER, 7000, "key")

    # And when the database is back it comes in under its number
    locked.close()
    assert messages.recover(there) is True
    assert messages.recover(there) is False
    assert messages.get(number).state == "recording"


def test_a_locked_database_nothing_said_is_known_to_be_empty(messages, spool, locked):
    begin(messages, shortest=2.0)
    put(spool / NAME, speech(1.5))
    assert messages.finish(NAME, LATER, 1500, "key") == "empty"


def test_a_full_disk_the_message_is_in_the_database(messages, spool, full_disk):
    assert begin(messages) == messages.number(NAME) == "100000"
    assert messages.number(f"{OTHER}-1.wav") == ""
    assert list(spool.iterdir()) == []
    put(spool / NAME, speech(7))
    assert messages.finish(NAME, LATER, 7000, "key") == "new"


def test_a_database_on_a_full_disk(tmp_path, spool):
    # Given a database that may not grow by a page
    store = Store.under(tmp_path, busy=0.05)
    store.migrate()
    event.listen(store.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 1"))
    store.close()
    messages = Messages(store, spool)

    # When messages are taken until it is full
    numbers = [begin(messages, f"{UUID}-{n}.wav") for n in range(400)]

    # Then every one has a number, and those that found no room in the database stand beside their recording
    outside = [number for number in numbers if len(number) == 8]
    assert len(set(numbers)) == 400 and outside
    assert len(messages.list(limit=1000)) + len(outside) == 400
    store.close()


def test_neither_database_nor_disk_the_caller_is_told(messages, spool, locked, full_disk):
    # Claiming a number writes nothing, so the disk must refuse the file itself
    with pytest.raises(CannotKeep) as raised:
        begin(messages)
    assert "neither database (" in str(raised.value) and "No space left on device" in str(raised.value)
    assert [path.name for path in spool.iterdir() if path.suffix] == []


def test_a_spool_that_is_not_there(store, tmp_path, locked):
    with pytest.raises(CannotKeep, match="No such file or directory"):
        begin(Messages(store, tmp_path / "nowhere"))


def test_ten_callers_leave_messages_while_the_database_is_locked(opened, lock, spool):
    # Given a database that another process has to itself, and the deadline callers wait
    store = opened(busy=0.3)
    store.migrate()
    lock(store)
    messages, off_hub = Messages(store, spool), OffHub(SystemClock())

    # When ten of them come at once
    def leave(n):
        return off_hub.run(begin, messages, f"{UUID}-{n}.wav", deadline=3.0)

    callers = [gevent.spawn(leave, n) for n in range(10)]
    gevent.joinall(callers, timeout=20)

    # Then each has a number of his own
    assert len({caller.get() for caller in callers}) == 10
    off_hub.close()


def test_half_a_sidecar_is_written_anew(messages, spool, locked):
    # Given half of one: a worker died while he wrote it
    (spool / f"{NAME}.json").write_text('{"zongji": 1, "name": "6a26')
    number = begin(messages)
    assert sidecars.read(Folder(spool), NAME).reference == number


def test_what_a_sidecar_says_passes_white_lists(spool):
    whole = {
        "name": NAME, "reference": "90000001", "box": "message/sales", "begun": AT.isoformat(), "finished": None,
        "caller": "1", "dialled": "2", "language": "zh", "callback": "", "shortest": 1, "limit": 60, "ms": None,
        "ended": "",
    }  # fmt: skip
    path = spool / f"{NAME}.json"
    path.write_text(json.dumps({**whole, "caller": "${system rm}", "box": "a;b", "language": "\n", "limit": 10**9}))
    there = sidecars.read(Folder(spool), NAME)
    assert (there.caller, there.box, there.language, there.limit) == ("", "message/operator", "", 7200)
    for bad in ({"reference": "../1"}, {"name": f"{OTHER}-1.wav"}, {"begun": "2026-11-20"}, {"begun": 5}, {"ms": "x"}):
        path.write_text(json.dumps({**whole, **bad}))
        assert sidecars.read(Folder(spool), NAME) is None, bad
    for text in ("[]", "[" * 8000, "", "null", "\xff"):
        path.write_text(text)
        assert sidecars.read(Folder(spool), NAME) is None
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert sidecars.read(Folder(spool), NAME) is None


# Several processes ---------------------------------------------------------------------------------------------------


def test_two_processes_take_messages_into_one_database(opened, messages, spool):
    # When three processes take forty messages each
    children = []
    for k in range(3):
        child = os.fork()
        if child == 0:
            try:
                own = Messages(opened(busy=20), spool)
                for n in range(40):
                    name = f"{UUID[:-1]}{k}-{n}.wav"
                    begin(own, name)
                    put(spool / name, speech(1.2))
                    assert own.finish(name, LATER, 1200, "key") == "new"
                os._exit(0)
            except BaseException:  # noqa: BLE001 — a child of a test must end here, whatever happened
                os._exit(1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]

    # Then there are 120, with 120 numbers
    found = messages.list(limit=1000)
    assert len({message.reference for message in found}) == 120
    assert {message.state for message in found} == {"new"}


# Reading and marking -------------------------------------------------------------------------------------------------


def test_list_by_state_and_box(messages, spool):
    for n in range(4):
        begin(messages, f"{UUID}-{n}.wav", begun=AT + timedelta(minutes=n))
    put(spool / f"{UUID}-3.wav", speech(2))
    messages.finish(f"{UUID}-3.wav", LATER, 2000, "key")
    assert [message.name for message in messages.list(["new"])] == [f"{UUID}-3.wav"]
    assert [message.name[-5] for message in messages.list(["recording"], limit=2)] == ["2", "1"]
    assert messages.list(box="message/other") == []
    assert len(messages.list(uuid=UUID)) == 4
    assert messages.open_for(UUID) == [f"{UUID}-{n}.wav" for n in range(3)]
    assert messages.get("123456") is None
    with pytest.raises(StoreError, match="'lost' is no state of a message; there are: recording, new"):
        messages.list(["lost"])


def test_marks_go_forward_only(messages, spool):
    begin(messages)
    put(spool / NAME, speech(2))
    messages.finish(NAME, LATER, 2000, "key")
    assert messages.mark("100000", "heard").state == "heard"
    assert messages.mark("100000", "heard").state == "heard"
    with pytest.raises(StoreError) as raised:
        messages.mark("100000", "delivered")
    assert str(raised.value) == "message 100000 is 'heard' and cannot become 'delivered'"
    with pytest.raises(StoreError, match="there is no message 1"):
        messages.mark("1", "heard")
