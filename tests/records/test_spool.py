"""The sweep of the spool: what is found, when, and what is left alone."""

from datetime import timedelta

import pytest

from ivr.errors import StoreError
from ivr.records import CallRecords
from ivr.store import sidecar as sidecars
from ivr.store.blobs import Folder
from ivr.store.messages import Messages
from tests.sounds import hush, put, speech, wav
from tests.store.conftest import AT, NAME, OTHER, UUID, note

FALLBACK = f"fallback-{UUID}.wav"


def begun(messages, **more):
    return messages.begin(note(**more))


def minutes(records, clock, n: int) -> None:
    for _ in range(n):
        clock.advance(60)
        records.sweep_spool()


def test_a_message_being_recorded_is_left_alone(records, messages, spool, clock):
    # Given a message with a limit of five minutes, and a file that grows
    number = begun(messages, limit=300)
    data = wav(speech(300))
    for n in range(5):
        (spool / NAME).write_bytes(data[: 960_000 * (n + 1)])
        minutes(records, clock, 1)
        assert messages.get(number).state == "recording"


def test_no_record_ever_comes(records, messages, spool, clock):
    # Given a message of at most 180 s whose call nobody closes (FreeSWITCH itself has died)
    number = begun(messages, limit=180)
    put(spool / NAME, speech(7))

    # Then it is finished when 180 + 120 s have passed and the file has stopped growing
    minutes(records, clock, 5)
    assert messages.get(number).state == "recording"
    minutes(records, clock, 3)
    assert (messages.get(number).state, messages.get(number).ms) == ("new", 7000)


def test_a_recording_that_outlasts_its_limit_is_whole_before_it_is_a_message(records, messages, spool, clock):
    # Given a message of at most 60 s, and a switch that records five minutes
    number = begun(messages, limit=60)
    data = wav(speech(300))
    for n in range(1, 6):
        (spool / NAME).write_bytes(data[: len(data) * n // 5])
        minutes(records, clock, 1)
        assert messages.get(number).state == "recording"
    # Then all of it is a message when it has stopped growing
    minutes(records, clock, 2)
    assert (messages.get(number).state, messages.get(number).ms) == ("new", 300_000)


def test_a_call_that_is_over_is_not_waited_for(records, messages, journal, spool):
    number = begun(messages)
    put(spool / NAME, speech(7))
    journal.closed(UUID, AT + timedelta(seconds=20))
    assert records.sweep_spool().finished == [NAME]
    assert messages.get(number).state == "new"
    assert records.sweep_spool().finished == []


def test_begun_and_never_recorded(records, messages, journal, spool):
    # The line died between writing down and handing over, and the caller was gone
    number = begun(messages)
    journal.closed(UUID, AT)
    records.sweep_spool()
    assert (messages.get(number).state, messages.get(number).ended) == ("empty", "missing")
    assert [event.event for event in journal.call(UUID).events] == ["message-begun", "message-missing"]

    # And if the file comes yet, it is a message
    put(spool / NAME, speech(7))
    records.sweep_spool()
    assert messages.get(number).state == "new"


def test_what_was_finished_while_the_database_was_away(records, messages, spool):
    sidecars.write(Folder(spool), note(reference="90000042", finished=AT, ms=7000, ended="silence"))
    (spool / ".reference-90000042").touch()
    put(spool / NAME, speech(7))
    records.sweep_spool()
    message = messages.get("90000042")
    assert (message.state, message.ended, message.finished) == ("new", "silence", AT)
    assert not (spool / ".reference-90000042").exists()


def test_the_fallbacks_recording_comes_in_when_it_has_stopped_growing(records, messages, spool, clock):
    # Given a caller who speaks to the fallback
    data = wav(speech(120))
    for n in range(2):
        (spool / FALLBACK).write_bytes(data[: 900_000 * (n + 1)])
        minutes(records, clock, 1)
        assert messages.list() == []

    # When nothing is written for a minute, and no record ever comes
    (spool / FALLBACK).write_bytes(data)
    minutes(records, clock, 4)

    # Then it is in the operator's box, once
    found = messages.list()
    assert [(one.name, one.box, one.state, one.ms) for one in found] == [(FALLBACK, "message/operator", "new", 120_000)]


def test_a_fallback_in_which_nothing_was_said_is_empty(records, messages, journal, spool):
    put(spool / FALLBACK, hush(6))
    journal.closed(UUID, AT)
    records.sweep_spool()
    assert messages.list()[0].state == "empty"
    assert (spool / FALLBACK).exists()


def test_what_is_not_ours_is_left_alone(records, messages, spool, clock, tmp_path):
    (spool / "holiday.wav").write_bytes(b"x")
    (spool / "notes.json").write_text("{}")
    (spool / f".{NAME}.ab.part").write_text("{}")
    (spool / f"{OTHER}-1.wav").symlink_to("/etc/passwd")
    (spool / f"{OTHER}-2.wav").mkdir()
    before = sorted(one.name for one in spool.iterdir())
    minutes(records, clock, 5)
    assert messages.list() == []
    assert sorted(one.name for one in spool.iterdir()) == before


def test_a_broken_sidecar_costs_the_box_not_the_message(records, messages, journal, spool):
    (spool / f"{NAME}.json").write_text('{"zongji": 1, "na')
    put(spool / NAME, speech(7))
    journal.opened(UUID, AT, "13800138000", "9100", language="zh")
    journal.closed(UUID, AT)
    records.sweep_spool()
    found = messages.list()[0]
    assert (found.box, found.state, found.caller, found.dialled, found.callback) == (
        "message/operator", "new", "13800138000", "9100", "13800138000",
    )  # fmt: skip


def test_two_messages_with_one_number_are_two_messages(records, messages, spool):
    # A sidecar from another house, or a number given twice by a database put back: neither message is lost
    for name in (NAME, f"{OTHER}-1.wav"):
        sidecars.write(Folder(spool), note(name, reference="100000"))
    records.sweep_spool()
    assert len({one.reference for one in messages.list()}) == 2


def test_a_spool_that_cannot_be_read(store, journal, clock, tmp_path):
    records = CallRecords(store, journal, Messages(store, tmp_path / "nowhere"), clock)
    with pytest.raises(StoreError, match="the spool cannot be read"):
        records.sweep_spool()
