"""Taking call records: once, whatever comes, in any order, from the network or from the folder."""

import os
import sqlite3
from datetime import timedelta
from itertools import permutations

import pytest

from ivr.errors import RecordError, StoreError
from ivr.records import CallRecords
from ivr.store.waiting import Waiting
from tests.records.test_record import END, START, body
from tests.sounds import put, speech
from tests.store.conftest import AT, OTHER, UUID, note

NAME = f"{UUID}-2.wav"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    return folder


def begun(messages, name=NAME):
    return messages.begin(note(name))


def test_a_caller_who_hung_up_while_recording(records, journal, messages, spool):
    # Given a message being recorded, and the line hears nothing more of the caller
    journal.opened(UUID, AT, "13800138000", "9100")
    number = begun(messages)
    put(spool / NAME, speech(4))

    # When the call's record comes
    assert records.take(body()) == UUID

    # Then the message is there and the call is closed
    message = messages.get(number)
    assert (message.state, message.ended, message.ms) == ("new", "hangup", 4000)
    call = journal.call(UUID)
    assert (call.cause, call.closed.timestamp()) == ("NORMAL_CLEARING", END / 1e6)
    assert [event.event for event in call.events] == ["message-begun", "message-kept", "call-record"]
    assert call.events[-1].data == {
        "address": "message/sales",
        "answered": "2026-11-21T22:50:27.001897+00:00",
        "disposition": "NO_ANSWER",
        "done": "ring:1",
        "recording": NAME,
        "seconds": 12.5,
    }


def test_twice_is_once(records, journal, messages, spool):
    begun(messages)
    put(spool / NAME, speech(4))
    records.take(body())
    before = (journal.call(UUID), messages.list())
    records.take(body())
    assert (journal.call(UUID), messages.list()) == before


def test_a_call_the_line_never_saw_is_in_the_journal(records, journal):
    records.take(body())
    call = journal.call(UUID)
    assert (call.at.timestamp(), call.caller, call.dialled) == (START / 1e6, "13800138000", "9100")
    assert (call.table, call.language) == ("0123456789ab", "zh")


def test_a_message_of_which_only_the_recording_is_left(records, messages, spool):
    # Given a database that was put back from yesterday: no row, no sidecar
    put(spool / NAME, speech(4))
    records.take(body())
    assert [(one.name, one.box, one.state, one.caller) for one in messages.list()] == [
        (NAME, "message/operator", "new", "13800138000")
    ]


def test_the_fallbacks_message_is_collected_once(records, journal, messages, spool):
    put(spool / f"fallback-{UUID}.wav", speech(4))
    for _ in range(3):
        records.take(body())
        records.sweep_spool()
    assert [(one.name, one.box, one.state) for one in messages.list()] == [
        (f"fallback-{UUID}.wav", "message/operator", "new")
    ]
    assert [one.event for one in journal.call(UUID).events].count("fallback") == 1


def test_a_recording_that_is_said_to_be_there_and_is_not(records, journal, messages, spool):
    # Given a record that speaks of 3780 ms, and no file
    number = begun(messages)
    records.take(body())
    assert messages.get(number).state == "recording"
    # When it comes after all, by a slow network's file system
    put(spool / NAME, speech(4))
    records.sweep_spool()
    assert messages.get(number).state == "new"


def test_a_waiting_caller_who_hung_up_waits_no_longer(records, store):
    waiting = Waiting(store)
    until = AT + timedelta(seconds=75)
    waiting.join("hold/sales", UUID, AT, until)
    waiting.join("hold/sales", OTHER, AT + timedelta(seconds=1), until)
    records.take(body())
    assert waiting.place("hold/sales", OTHER, AT) == 1
    assert waiting.place("hold/sales", UUID, AT) is None


def test_phones_and_calls_of_others_are_answered_and_not_kept(records, journal):
    import json

    from tests.records.test_record import record

    phone = record(direction="outbound")
    foreign = record(flow={"context": "default"})
    foreign["variables"] = {"uuid": UUID, "direction": "inbound"}
    foreign["callflow"] = foreign["callflow"][1:]
    for one in (phone, foreign):
        assert records.take(json.dumps(one).encode()) == UUID
    assert journal.calls() == []
    # But what the line opened is closed, whatever is left of its variables
    journal.opened(UUID, AT)
    records.take(json.dumps(foreign).encode())
    assert journal.call(UUID).closed is not None


def test_line_record_and_sweep_in_any_order(tmp_path):
    # Given the three who may finish a message, in every order, each of them twice
    from ivr.clock import ManualClock
    from ivr.store.database import Store
    from ivr.store.journal import Journal
    from ivr.store.messages import Messages

    ends = []
    for n, order in enumerate(permutations(range(3))):
        data = tmp_path / str(n)
        (data / "spool").mkdir(parents=True)
        store = Store.under(data)
        store.migrate()
        messages, journal = Messages(store, data / "spool"), Journal(store)
        records = CallRecords(store, journal, messages, ManualClock(AT))
        journal.opened(UUID, AT, "13800138000", "9100", "0123456789ab", "zh")
        begun(messages)
        put(data / "spool" / NAME, speech(4))
        acts = (
            lambda messages=messages: messages.finish(NAME, AT, 4000, "hangup"),
            lambda records=records: records.take(body()),
            lambda records=records: records.sweep_spool(),
        )
        for k in (*order, *order):
            acts[k]()
        events = [event.event for event in journal.call(UUID).events]
        ends.append(([one.state for one in messages.list()], sorted(events)))
        store.close()
    assert ends == [(["new"], ["call-record", "message-begun", "message-kept"])] * 6


def test_no_record_is_an_error_and_a_locked_database_another(records, store):
    with pytest.raises(RecordError):
        records.take(b"{}")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError):
        records.take(body())
    other.close()


# The folder ----------------------------------------------------------------------------------------------------------


def test_what_could_not_be_posted_is_taken_and_removed(records, journal, folder):
    (folder / f"{UUID}.cdr.json").write_bytes(body() + b"\n")
    assert records.sweep(folder).taken == [f"{UUID}.cdr.json"]
    assert journal.call(UUID).cause == "NORMAL_CLEARING"
    assert list(folder.iterdir()) == []


def test_half_a_file_is_left_until_it_is_whole(records, journal, folder, clock):
    # Given a file FreeSWITCH is still writing
    path = folder / f"{UUID}.cdr.json"
    path.write_bytes(body()[:300])
    assert records.sweep(folder).waiting == [path.name]

    # When it is whole, a minute later
    path.write_bytes(body())
    clock.advance(61)

    # Then it is taken
    assert records.sweep(folder).taken == [path.name]
    assert journal.call(UUID).closed is not None


def test_what_stays_no_record_is_moved_aside_and_not_deleted(records, folder, clock):
    path = folder / "broken.json"
    for n in range(2):
        path.write_bytes(b"half of it %d" % n)
        assert records.sweep(folder).waiting == ["broken.json"]
        clock.advance(59)
        assert records.sweep(folder).waiting == ["broken.json"]
        clock.advance(1)
        assert records.sweep(folder).aside == ["broken.json"]
    aside = folder / "unreadable"
    assert {one.name: one.read_bytes() for one in aside.iterdir()} == {
        "broken.json": b"half of it 0",
        "broken.1.json": b"half of it 1",
    }
    assert records.sweep(folder) == type(records.sweep(folder))()


def test_a_locked_database_leaves_every_file_where_it_is(records, store, folder):
    for n in range(3):
        (folder / f"{n}.json").write_bytes(body())
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert records.sweep(folder).waiting == ["0.json"]
    other.close()
    assert records.sweep(folder).taken == ["0.json", "1.json", "2.json"]


def test_links_pipes_folders_and_large_files_harm_nobody(records, folder, clock, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(body())
    (folder / "link.json").symlink_to(secret)
    os.mkfifo(folder / "pipe.json")
    (folder / "folder.json").mkdir()
    (folder / "large.json").write_bytes(b" " * (2 << 20))
    (folder / "other.txt").write_text("not ours")
    assert records.sweep(folder).waiting == ["large.json", "link.json", "pipe.json"]
    clock.advance(60)
    assert records.sweep(folder).aside == ["large.json", "link.json", "pipe.json"]
    assert secret.read_bytes() == body()
    assert sorted(one.name for one in folder.iterdir()) == ["folder.json", "other.txt", "unreadable"]


def test_no_folder_is_no_files(records, tmp_path):
    assert records.sweep(tmp_path / "nowhere").taken == []
