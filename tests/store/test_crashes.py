"""Rule D4: a message survives the death of the line at any moment (each death is a real one: `_exit` in a process).

The line's part of a message is done by a child process that dies before its k-th touch of disk or database, for every
k there is. Then life goes on as it does in a house: FreeSWITCH finishes what it was told to do, another worker takes
the call, the sweep runs. Afterwards the message is there exactly once, under the number its caller was told.
"""

import os
import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest

from ivr.clock import ManualClock
from ivr.records import CallRecords
from ivr.records.spool import Spool
from ivr.store import sidecar as sidecars
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.messages import Messages
from tests.sounds import put, speech
from tests.store.conftest import AT, NAME, UUID

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
            setattr(sidecars.os, name, self._mortal(getattr(os, name)))
        write = os.write

        def half(handle, data):
            if self.strike():
                write(handle, bytes(data[: len(data) // 2]))
                os._exit(DIED)
            return write(handle, data)

        sidecars.os.write = half
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


def in_a_process(k: int, work) -> tuple[bool, str]:
    """Do `work(say)` in a process that dies at its k-th operation. Whether it died, and the last thing it said."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(heard)
            write = os.write
            Fate(k).bind()
            work(lambda text: write(said, text.encode()))
            code = 0
        finally:
            os._exit(code)
    os.close(said)
    with open(heard, "rb") as pipe:
        text = pipe.read().decode()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, DIED)
    return code == DIED, text


def house(path, n: int):
    """A folder and a database of their own for each death."""
    data = path / str(n)
    (data / "spool").mkdir(parents=True)
    store = Store.under(data, busy=0.02)
    store.migrate()
    store.close()
    return data


def begin(messages: Messages) -> str:
    return messages.begin(NAME, "message/sales", "13800138000", "9100", "zh", at=AT)


def the_one_message(data):
    """The sweep, as it runs every minute, for some minutes; then the only message there is."""
    store = Store.under(data, busy=5)
    messages, journal, clock = Messages(store, data / "spool"), Journal(store), ManualClock(LATER)
    records = CallRecords(store, journal, messages, clock)
    for _ in range(10):
        records.sweep_spool()
        clock.advance(60)
    found = messages.list()
    assert len(found) == 1
    # And the journal has it as it was: nothing twice, nothing left out.
    assert [event.event for event in journal.call_events(UUID)] == ["message-begun", "message-kept"]
    store.close()
    return found[0]


@pytest.mark.parametrize("locked", [False, True], ids=["", "the database locked"])
def test_the_line_dies_while_it_writes_a_message_down(tmp_path, locked):
    deaths = k = 0
    while True:
        # Given a worker that dies at his k-th operation
        data = house(tmp_path, k)
        other = sqlite3.connect(data / "zongji.db", isolation_level=None)
        if locked:
            other.execute("BEGIN EXCLUSIVE")
        died, _ = in_a_process(k, lambda say, data=data: begin(Messages(Store.under(data, busy=0.02), data / "spool")))
        if not died:
            break
        deaths += 1

        # When the next worker enters the same step: the caller is told a number, speaks, and hangs up
        store = Store.under(data, busy=0.02)
        number = begin(Messages(store, data / "spool"))
        store.close()
        put(data / "spool" / NAME, speech(7))
        other.close()

        # Then his message is there, once
        message = the_one_message(data)
        assert (message.reference, message.state, message.box, message.caller, message.ms) == (
            number, "new", "message/sales", "13800138000", 7000,
        ), k  # fmt: skip
        k += 1
    assert deaths >= (9 if not locked else 10)


@pytest.mark.parametrize("locked", [False, True], ids=["", "the database locked"])
def test_the_line_dies_while_it_finishes_a_message(tmp_path, locked):
    deaths = k = 0
    while True:
        # Given a message that was begun, told to the caller, and recorded
        data = house(tmp_path, k)
        other = sqlite3.connect(data / "zongji.db", isolation_level=None)
        if locked:
            other.execute("BEGIN EXCLUSIVE")
        store = Store.under(data, busy=0.02)
        number = begin(Messages(store, data / "spool"))
        store.close()
        put(data / "spool" / NAME, speech(7))

        # When the worker dies at the k-th operation of finishing it
        died, _ = in_a_process(
            k, lambda say, data=data: Messages(Store.under(data, busy=0.02), data / "spool").finish(NAME, LATER, 7000)
        )
        other.close()

        # Then it is there, once — whether he died or not
        message = the_one_message(data)
        assert (message.reference, message.state, message.ms) == (number, "new", 7000), k
        if not died:
            break
        deaths += 1
        k += 1
    assert deaths >= 6


def test_the_sweep_dies_and_runs_again(tmp_path):
    """Three messages in need at once: a sidecar alone, a recording alone, and one taken by the fallback."""
    deaths = k = 0
    fallback, alone = f"fallback-{UUID}.wav", f"{UUID}-4.wav"
    while True:
        data = house(tmp_path, k)
        spool = data / "spool"
        sidecars.write(spool, sidecars.Sidecar(NAME, "90000017", "message/sales", AT, "13800138000"))
        (spool / ".reference-90000017").touch()
        for name in (NAME, alone, fallback):
            put(spool / name, speech(3))

        def sweep(say, data=data):
            store = Store.under(data, busy=1)
            journal = Journal(store)
            journal.closed(UUID, LATER)
            Spool(journal, Messages(store, data / "spool"), ManualClock(LATER)).sweep()

        died, _ = in_a_process(k, sweep)
        sweep(None)
        store = Store.under(data)
        found = {message.name: message for message in Messages(store, spool).list()}
        events = [event.event for event in Journal(store).call_events(UUID)]
        store.close()
        assert sorted(found) == sorted([NAME, alone, fallback]), k
        assert {message.state for message in found.values()} == {"new"}
        assert found[NAME].reference == "90000017"
        assert {found[fallback].box, found[alone].box} == {"message/operator"}
        assert found[NAME].box == "message/sales"
        assert len({message.reference for message in found.values()}) == 3
        assert tuple(events.count(one) for one in ("message-begun", "message-kept", "fallback")) == (3, 3, 1)
        if not died:
            break
        deaths += 1
        k += 1
    assert deaths >= 15


def test_the_database_is_lost_and_the_spool_is_not(tmp_path):
    # Given two messages, and then somebody puts an empty database in the place of ours
    data = house(tmp_path, 0)
    store = Store.under(data)
    messages = Messages(store, data / "spool")
    number = begin(messages)
    put(data / "spool" / NAME, speech(7))
    messages.finish(NAME, LATER, 7000, "key")
    store.close()
    for path in data.glob("zongji.db*"):
        path.unlink()
    store = Store.under(data)
    store.migrate()
    store.close()

    # Then the sweep finds it again, under its number
    message = the_one_message(data)
    assert (message.reference, message.state, message.caller, message.ms) == (number, "new", "13800138000", 7000)
