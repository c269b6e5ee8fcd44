import threading
from datetime import UTC, datetime

import gevent
import pytest

from ivr.clock import ManualClock
from ivr.errors import Deadline, GoneAway
from ivr.gevent_clock import SystemClock
from ivr.waits import Answer, Threads, off_hub
from tests.esl.peer import settle
from tests.esl.test_session import told


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


def test_what_happens_first_counts(clock):
    answer = Answer()
    answer.set(1)
    answer.fail(GoneAway("too late"))
    answer.set(2)
    assert answer.get(clock, 1, "thing") == 1
    assert clock.next_due is None


def test_a_deadline_says_what_was_waited_for(clock):
    def wait():
        with pytest.raises(Deadline, match=r"^no reply within 2\.5 s$"):
            Answer().get(clock, 2.5, "reply")
        return "told"

    waiting = gevent.spawn(wait)
    settle()
    clock.advance(2.5)
    assert waiting.get(timeout=5) == "told"
    assert clock.next_due is None


def test_who_is_killed_while_he_waits_is_not_woken_later(clock):
    # Given somebody who waits
    answer, later = Answer(), Answer()

    def wait():
        try:
            answer.get(clock, 5, "thing")
        finally:
            after.append(later.get(clock, 5, "other thing"))

    after = []
    waiting = gevent.spawn(wait)
    settle()
    # When what he waits for comes in the moment he is killed
    waiting.kill(block=False)
    answer.set(1)
    settle()
    # Then he is where he went since
    assert after == []
    later.set(2)
    settle()
    assert after == [2]


def test_work_off_the_hub_gives_its_value_or_its_error():
    clock = SystemClock()
    assert off_hub(clock, 5, "sum", sum, [1, 2]) == 3
    with pytest.raises(ZeroDivisionError):
        off_hub(clock, 5, "nonsense", divmod, 1, 0)


def test_who_finds_every_thread_taken_waits_no_longer_than_his_deadline(clock):
    # Given two threads, and both at work
    threads, over, begun = Threads(2), threading.Event(), []

    def work(n: int) -> int:
        begun.append(n)
        over.wait(20)
        return n

    try:
        at_work = [told(threads.run, clock, 60, "work", work, n) for n in (1, 2)]
        # When a third comes, he waits for two seconds
        third = told(threads.run, clock, 2, "work", work, 3)
        fourth = told(threads.run, clock, 60, "work", work, 4)
        clock.advance(2)
        settle()
        assert str(third.value) == "no work within 2 s"
    finally:
        over.set()
    # Then what he wanted is not begun any more, and what the next one wants is
    assert [each.get(timeout=20) for each in (*at_work, fourth)] == [1, 2, 4]
    assert sorted(begun) == [1, 2, 4]


def test_what_is_slow_of_one_kind_holds_up_nothing_of_another(clock):
    slow, other, over = Threads(1), Threads(1), threading.Event()
    try:
        waiting = [told(slow.run, clock, 60, "work", over.wait, 20) for _ in range(5)]
        assert other.run(SystemClock(), 20, "sum", sum, [1, 2]) == 3
    finally:
        over.set()
    assert [each.get(timeout=20) for each in waiting] == [True] * 5
