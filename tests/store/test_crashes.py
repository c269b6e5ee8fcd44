"""Rule D4: a message survives the death of the line at any moment (each death is a real one: `_exit` in a process).

The line's part of a message is done by a child process that dies before its k-th touch of disk or database, for every
k there is. Then life goes on as it does in a house: FreeSWITCH finishes what it was told to do, another worker takes
the call, the sweep runs. Afterwards the message is there exactly once, under the number its caller was told.
"""

import os
import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count

import pytest

from ivr.clock import ManualClock
from ivr.records import CallRecords
from ivr.records.spool import Spool
from ivr.store import blobs
from ivr.store import sidecar as sidecars
from ivr.store.blobs import Folder
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.messages import Messages
from tests.sounds import put, speech
from tests.store.conftest import AT, NAME, UUID, note

LATER = AT + timedelta(seconds=12)
DIED = 9


class Fate:
    """Dies before the k-th touch of the disk or the database, half way through what is written."""

    def __init__(self, k: int):
        self.left = k

    def strike(self) -> bool:
        self.left -= 1
        return self.left < 0

    def bind(self) -> None:
        """Every operation of this process that changes something passes here from now on."""
        for name in ("open", "fsync", "close", "replace", "unlink"):
            setattr(blobs.os, name, self._mortal(getattr(os, name)))
        write = os.write

        def half(handle, data):
            if self.strike():
                write(handle, bytes(data[: len(data) // 2]))
                os._exit(DIED)
            return write(handle, data)

        blobs.os.write = half
        transaction = Store._transaction

        @contextmanager
        def mortal(store, **options):
            self._maybe()
            with transaction(store, **options) as connection:
                yield connection
                # Everything said, nothing committed.
                self._maybe()

        Store._transaction = mortal

    def _mortal(self, function):
        def mortal(*args, **kwargs):
            self._maybe()
            return function(*args, **kwargs)

        return mortal

    def _maybe(self) -> None:
        if self.strike():
            os._exit(DIED)


def dies(k: int, work) -> bool:
    """Do `work` in a process that dies at its k-th operation, if it has so many. Did it?"""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Fate(k).bind()
            work()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, DIED)
    return code == DIED


def house(path, n: int):
    """A folder and a database of their own for each death."""
    data = path / str(n)
    (data / "spool").mkdir(parents=True)
    with closing(Store.under(data, busy=0.02)) as store:
        store.migrate()
    return data


@contextmanager
def held(data, locked: bool):
    """Somebody else has the database open, and to himself if `locked`."""
    with closing(sqlite3.connect(data / "zongji.db", isolation_level=None)) as other:
        if locked:
            other.execute("BEGIN EXCLUSIVE")
        yield


def begin(messages: Messages) -> str:
    return messages.begin(note())


def the_one_message(data):
    """The sweep, as it runs every minute, for some minutes; then the only message there is."""
    with closing(Store.under(data, busy=5)) as store:
        messages, journal, clock = Messages(store, data / "spool"), Journal(store), ManualClock(LATER)
        records = CallRecords(store, journal, messages, clock)
        for _ in range(10):
            records.sweep_spool()
            clock.advance(60)
        found = messages.list()
        assert len(found) == 1
        # And the journal has it as it was: nothing twice, nothing left out.
        journal.opened(UUID, AT)  # comes last, as a call's record may
        assert [event.event for event in journal.call(UUID).events] == ["message-begun", "message-kept"]
    return found[0]


@pytest.mark.parametrize("locked", [False, True], ids=["", "the database locked"])
def test_the_line_dies_while_it_writes_a_message_down(tmp_path, locked):
    for k in count():
        # Given a worker that dies at his k-th operation
        data = house(tmp_path, k)
        with held(data, locked):
            if not dies(k, lambda data=data: begin(Messages(Store.under(data, busy=0.02), data / "spool"))):
                break

            # When the next worker enters the same step: the caller is told a number, speaks, and hangs up
            with closing(Store.under(data, busy=0.02)) as store:
                number = begin(Messages(store, data / "spool"))
            put(data / "spool" / NAME, speech(7))

        # Then his message is there, once
        message = the_one_message(data)
        assert (message.reference, message.state, message.box, message.caller, message.ms) == (
            number, "new", "message/sales", "13800138000", 7000,
        ), k  # fmt: skip
    assert k >= (9 if not locked else 10)


@pytest.mark.parametrize("locked", [False, True], ids=["", "the database locked"])
def test_the_line_dies_while_it_finishes_a_message(tmp_path, locked):
    for k in count():
        data = house(tmp_path, k)
        with held(data, locked):
            # Given a message that was begun, told to the caller, and recorded
            with closing(Store.under(data, busy=0.02)) as store:
                number = begin(Messages(store, data / "spool"))
            put(data / "spool" / NAME, speech(7))

            # When the worker dies at the k-th operation of finishing it
            died = dies(
                k, lambda data=data: Messages(Store.under(data, busy=0.02), data / "spool").finish(NAME, LATER, 7000)
            )

        # Then it is there, once — whether he died or not
        message = the_one_message(data)
        assert (message.reference, message.state, message.ms) == (number, "new", 7000), k
        if not died:
            break
    assert k >= 6


def test_the_sweep_dies_and_runs_again(tmp_path):
    """Three messages in need at once: a sidecar alone, a recording alone, and one taken by the fallback."""
    fallback, alone = f"fallback-{UUID}.wav", f"{UUID}-4.wav"
    for k in count():
        data = house(tmp_path, k)
        spool = data / "spool"
        sidecars.write(Folder(spool), note(reference="90000017"))
        (spool / ".reference-90000017").touch()
        for name in (NAME, alone, fallback):
            put(spool / name, speech(3))

        def sweep(data=data):
            with closing(Store.under(data, busy=1)) as store:
                journal = Journal(store)
                journal.closed(UUID, LATER)
                Spool(journal, Messages(store, data / "spool"), ManualClock(LATER)).sweep()

        died = dies(k, sweep)
        sweep()
        with closing(Store.under(data)) as store:
            found = {message.name: message for message in Messages(store, spool).list()}
            events = [event.event for event in Journal(store).call(UUID).events]
        assert sorted(found) == sorted([NAME, alone, fallback]), k
        assert {message.state for message in found.values()} == {"new"}
        assert found[NAME].reference == "90000017"
        assert {found[fallback].box, found[alone].box} == {"message/operator"}
        assert found[NAME].box == "message/sales"
        assert len({message.reference for message in found.values()}) == 3
        assert tuple(events.count(one) for one in ("message-begun", "message-kept", "fallback")) == (3, 3, 1)
        if not died:
            break
    assert k >= 15


def test_the_database_is_lost_and_the_spool_is_not(tmp_path):
    # Given a message, and then somebody puts an empty database in the place of ours
    data = house(tmp_path, 0)
    with closing(Store.under(data)) as store:
        messages = Messages(store, data / "spool")
        number = begin(messages)
        put(data / "spool" / NAME, speech(7))
        messages.finish(NAME, LATER, 7000, "key")
    for path in data.glob("zongji.db*"):
        path.unlink()
    with closing(Store.under(data)) as store:
        store.migrate()

    # Then the sweep finds it again, under its number
    message = the_one_message(data)
    assert (message.reference, message.state, message.caller, message.ms) == (number, "new", "13800138000", 7000)
