"""What is slow holds up nobody but who needs it: a database, a disk, a speech engine that hang."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ivr.books import BEGIN, BESIDE, FINISH, NOTES, PLACE, Books
from ivr.clock import ManualClock
from ivr.errors import CannotKeep
from ivr.esl.sounds import MAKING, SPEAKING
from ivr.gevent_clock import SystemClock
from ivr.store import Journal, Messages, OffHub, Scribe, Store
from ivr.store.blobs import Folder
from tests.esl.peer import settle
from tests.esl.test_session import told
from tests.house import house

BOX = house().step("message/sales")
CALL = SimpleNamespace(caller="13800138000", dialled="1000", language="zh")
CALLERS = 20
"""More than any of the threads."""


def name(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}-1.wav"


class Hanging:
    """What hangs until the test is over."""

    def __init__(self):
        self.over = threading.Event()

    def __call__(self, *_, **__):
        self.over.wait(30)


@pytest.fixture
def hanging():
    hanging = Hanging()
    yield hanging
    hanging.over.set()
    settle()


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def books(tmp_path, clock, hanging):
    """The books of a line whose database hangs."""
    (tmp_path / "spool").mkdir()
    store = Store.under(tmp_path)
    store.migrate()
    off_hub = OffHub(clock)
    messages = Messages(store, tmp_path / "spool")

    @contextmanager
    def hangs(**_):
        hanging()
        yield

    store.writing = hangs
    yield Books(clock, off_hub, Scribe(Journal(store), off_hub), messages, store)
    hanging.over.set()
    off_hub.close()
    store.close()


def all_write_down(books) -> list:
    return [told(books.write_down, CALL, name(n), BOX, "") for n in range(CALLERS)]


def done(*greenlets) -> list:
    """What each gave or raised, waiting for threads that work."""
    return [each.get(timeout=20) for each in greenlets]


def test_a_database_that_hangs_costs_each_caller_his_second_however_many_they_are(books, clock, tmp_path):
    writing = all_write_down(books)
    assert not any(each.ready() for each in writing)
    # When their second is over
    clock.advance(BEGIN)
    # Then each message is written down beside its recording
    assert done(*writing) == [None] * CALLERS
    assert {path.name for path in (tmp_path / "spool").glob("*.json")} == {f"{name(n)}.json" for n in range(CALLERS)}


def test_a_disk_that_hangs_as_well_costs_nobody_his_speech(books, clock, monkeypatch, hanging):
    # Given callers who leave messages, and a disk that takes none
    monkeypatch.setattr(Folder, "exists", hanging)
    writing = all_write_down(books)
    clock.advance(BEGIN)
    settle()
    # When another needs a sentence that was not made before, then it is made
    assert SPEAKING.run(SystemClock(), 20, "speech", sum, [1, 2]) == 3
    # And those who wait are told in time, also those who found every thread taken
    assert CALLERS > NOTES.size
    clock.advance(BESIDE)
    assert {str(error) for error in done(*writing)} == {"no note beside the recording within 2 s"}
    assert all(isinstance(error, CannotKeep) for error in done(*writing))


def test_an_engine_that_hangs_costs_nobody_his_message(books, clock, hanging):
    # Given callers who wait for their sentence, and a database that hangs
    waiting = [told(SPEAKING.run, clock, 60, "speech", hanging) for _ in range(CALLERS)]
    # When another leaves a message
    writing = told(books.write_down, CALL, name(1), BOX, "")
    clock.advance(BEGIN)
    # Then it is written down
    assert done(writing) == [None]
    assert not any(each.ready() for each in waiting)
    clock.advance(60)
    settle()
    assert all(each.ready() for each in waiting)


def test_their_sizes_are_told():
    page = (Path(__file__).parents[1] / "docs" / "health.md").read_text()
    assert f"notes beside recordings | {NOTES.size} | a caller whose database was slow, {BESIDE:g} s |" in page
    assert f"speech that was not made before | {SPEAKING.size}, each with a process | a caller, {MAKING:g} s |" in page
    times = f"a caller: {BEGIN:g} s to write a message down, {FINISH:g} s to finish it, {PLACE:g} s for a place in line"
    assert times in page
