"""What goes out arrives whole and in order, however slowly it is read; or the peer is given up."""

import socket
from datetime import UTC, datetime

import pytest

from ivr.clock import ManualClock
from ivr.esl.outbox import MOST_UNSENT, Outbox
from tests.esl.peer import settle

PIECE = 64 * 1024


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def ends():
    """Ours, whose buffer is small, and the peer's."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ours.setblocking(False)
    theirs.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def read(peer, wanted: int) -> bytes:
    found = b""
    while len(found) < wanted:
        settle()
        found += peer.recv(PIECE)
    return found


def test_all_of_it_arrives_in_order(ends, clock):
    # Given a peer that does not read yet
    ours, theirs = ends
    outbox, failures = Outbox(ours.fileno(), clock, 5.0), []

    # When more goes out than the socket takes
    sent = [bytes([letter]) * PIECE for letter in b"abc"]
    for piece in sent:
        outbox.write(piece, failures.append)
    assert clock.next_due == 5.0

    # Then the peer gets it whole once it reads, and nobody waits any more
    assert read(theirs, 3 * PIECE) == b"".join(sent)
    settle()
    assert clock.next_due is None and failures == []


def test_a_peer_that_reads_nothing_is_given_up(ends, clock):
    outbox, failures = Outbox(ends[0].fileno(), clock, 5.0), []
    outbox.write(b"x" * PIECE, failures.append)
    clock.advance(4.9)
    assert failures == []
    clock.advance(0.1)
    assert failures == ["it did not read for 5 s"]
    assert clock.next_due is None


def test_no_more_is_held_for_it_than_so_much(ends, clock):
    outbox, failures = Outbox(ends[0].fileno(), clock, 5.0), []
    for _ in range(MOST_UNSENT // PIECE + 2):
        if not failures:
            outbox.write(b"x" * PIECE, failures.append)
    assert failures == [f"it left more than {MOST_UNSENT} bytes unread"]
    assert clock.next_due is None


@pytest.mark.parametrize("late", [False, True])
def test_a_peer_that_is_gone_is_told_of_at_once_or_when_it_shows(ends, clock, late):
    ours, theirs = ends
    outbox, failures = Outbox(ours.fileno(), clock, 5.0), []
    if late:
        outbox.write(b"x" * PIECE, failures.append)
        assert failures == []
    theirs.close()
    if late:
        settle()
    else:
        outbox.write(b"x", failures.append)
    assert len(failures) == 1 and failures[0].startswith("the socket failed: ")
    assert clock.next_due is None
