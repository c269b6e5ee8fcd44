"""Places in line (rule A8)."""

from datetime import timedelta

from ivr.store.waiting import Waiting
from tests.store.conftest import AT, OTHER, UUID

UNTIL = AT + timedelta(seconds=75)
THIRD = "c" * 8 + "-0000-0000-0000-" + "c" * 12


def test_places_are_in_the_order_of_arrival(store):
    waiting = Waiting(store)
    waiting.join("hold/sales", UUID, AT, UNTIL)
    waiting.join("hold/sales", OTHER, AT + timedelta(seconds=1), UNTIL)
    waiting.join("hold/service", THIRD, AT, UNTIL)
    assert [waiting.place("hold/sales", uuid, AT) for uuid in (UUID, OTHER, THIRD)] == [1, 2, None]

    # Who joins again keeps his place; who leaves gives it up
    waiting.join("hold/sales", UUID, AT + timedelta(seconds=60), UNTIL)
    assert waiting.place("hold/sales", UUID, AT) == 1
    waiting.leave(UUID)
    waiting.leave(UUID)
    assert [waiting.place("hold/sales", uuid, AT) for uuid in (UUID, OTHER)] == [None, 1]


def test_who_changes_the_queue_is_in_one(store):
    waiting = Waiting(store)
    waiting.join("hold/sales", UUID, AT, UNTIL)
    waiting.join("hold/service", UUID, AT, UNTIL)
    assert (waiting.place("hold/sales", UUID, AT), waiting.place("hold/service", UUID, AT)) == (None, 1)


def test_two_of_one_instant_have_two_places(store):
    waiting = Waiting(store)
    waiting.join("hold/sales", UUID, AT, UNTIL)
    waiting.join("hold/sales", OTHER, AT, UNTIL)
    assert {waiting.place("hold/sales", UUID, AT), waiting.place("hold/sales", OTHER, AT)} == {1, 2}


def test_who_is_gone_is_not_counted(store, journal):
    # Given two who wait, and the first hangs up while the switch has him
    waiting = Waiting(store)
    waiting.join("hold/sales", UUID, AT, UNTIL)
    waiting.join("hold/sales", OTHER, AT + timedelta(seconds=1), UNTIL)
    journal.closed(UUID, AT + timedelta(seconds=2))

    # Then the second is the first, at once, and the list is cleared later
    assert waiting.place("hold/sales", OTHER, AT) == 1
    assert (waiting.clear_gone(AT), waiting.clear_gone(AT)) == (1, 0)


def test_who_is_not_heard_of_is_not_counted_and_after_an_hour_struck_out(store):
    # Given one who was put through after ten seconds, and has talked ever since
    waiting = Waiting(store)
    waiting.join("hold/sales", UUID, AT, UNTIL)
    now = AT + timedelta(seconds=80)
    # Then who came after him is the first in line
    waiting.join("hold/sales", OTHER, AT + timedelta(seconds=5), now + timedelta(seconds=75))
    assert waiting.place("hold/sales", OTHER, now) == 1
    # And who joins again after all has the place he had
    waiting.join("hold/sales", UUID, now, now + timedelta(seconds=75))
    assert [waiting.place("hold/sales", uuid, now) for uuid in (UUID, OTHER)] == [1, 2]
    # And whose switch died with all its calls is struck out in the end
    assert [waiting.clear_gone(now + timedelta(minutes=m)) for m in (30, 59, 62)] == [0, 0, 2]
