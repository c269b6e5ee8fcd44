"""The journal in the database."""

from datetime import timedelta
from itertools import permutations

from ivr.journal import Closed, EventRow, Noted, Opened
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.tables import metadata
from tests.store.conftest import AT, OTHER, UUID


def later(seconds: float):
    return AT + timedelta(seconds=seconds)


STORY = (
    Opened(UUID, AT, "13800138000", "9100", "0123456789ab", "zh"),
    Noted(UUID, later(1), "key", {"key": "1"}),
    Noted(UUID, later(2), "rang", {"outcome": "Busy"}),
    Closed(UUID, later(9), "NORMAL_CLEARING"),
)


def test_a_call_is_read_back_as_it_was_written(journal):
    journal.write(STORY)

    call = journal.call(UUID)

    assert (call.at, call.caller, call.dialled, call.table, call.language) == (
        AT,
        "13800138000",
        "9100",
        "0123456789ab",
        "zh",
    )
    assert (call.closed, call.cause, call.seconds) == (later(9), "NORMAL_CLEARING", 9.0)
    assert call.events == (
        EventRow(later(1), "key", {"key": "1"}),
        EventRow(later(2), "rang", {"outcome": "Busy"}),
    )


def test_in_any_order_and_twice_it_reads_the_same():
    # Given every order in which the entries of a call may arrive
    read = []
    for order in permutations(STORY):
        store = Store("sqlite://")
        metadata.create_all(store.engine)
        journal = Journal(store)
        # When each arrives, and arrives again
        for entry in order:
            journal.write([entry])
            journal.write([entry])
        read.append(journal.call(UUID))
        store.close()

    # Then the journal says the same
    assert len(read) == 24
    assert all(call == read[0] for call in read)


def test_the_first_to_close_a_call_is_believed(journal):
    journal.opened(UUID, AT)
    journal.closed(UUID, later(5), "NORMAL_CLEARING")
    journal.closed(UUID, later(6), "ORIGINATOR_CANCEL")
    assert (journal.call(UUID).closed, journal.call(UUID).cause) == (later(5), "NORMAL_CLEARING")


def test_a_resumed_call_stays_one_call_and_what_was_not_known_is_filled_in(journal):
    journal.opened(UUID, AT, caller="13800138000")
    journal.opened(UUID, later(3), caller="1", dialled="9100")
    call = journal.call(UUID)
    assert (call.at, call.caller, call.dialled) == (AT, "13800138000", "9100")
    assert len(journal.calls()) == 1


def test_open_calls_and_those_that_are_over(journal):
    journal.opened(UUID, AT)
    journal.opened(OTHER, later(1))
    journal.closed(UUID, later(2))
    assert [call.uuid for call in journal.open_calls()] == [OTHER]
    assert journal.over([UUID, OTHER, *("x" * n for n in range(2000))]) == {UUID}


def test_newest_first_since_and_limit(journal):
    for n in range(5):
        journal.opened(f"6a260ece-0ada-4bfb-b3f7-00000000000{n}", later(n))
    assert [call.uuid[-1] for call in journal.calls(limit=2)] == ["4", "3"]
    assert [call.uuid[-1] for call in journal.calls(since=later(3))] == ["4", "3"]
    assert journal.find("6a260ece-0ada-4bfb-b3f7-00000000000", limit=2) != []
    assert journal.find("%") == []


def test_what_the_figures_stand_on(journal):
    # Given two calls, one of them with two keys
    journal.write(STORY)
    journal.noted(UUID, later(3), "key", {"key": "2"})
    journal.opened(OTHER, later(3600))

    # Then a call counts once for each kind of event
    assert journal.counts(AT, later(10)) == {"calls": 1, "key": 1, "rang": 1}
    assert journal.counts(AT, later(4000))["calls"] == 2
    assert journal.counts(later(5000), later(6000)) == {"calls": 0}


def test_nobody_knows_such_a_call(journal):
    assert journal.call(UUID) is None
