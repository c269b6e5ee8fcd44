"""Handlers: each in a greenlet of its own, in order, within bounds."""

import pytest
from gevent.event import Event

from ivr.esl.frames import Event as Happened
from ivr.esl.listeners import Listeners
from tests.esl.peer import settle


def happened(name: str, n: int = 0) -> Happened:
    return Happened(b'{"Event-Name":"%b","Event-Subclass":"a::b","N":"%d"}' % (name.encode(), n), True)


def test_one_handlers_events_come_in_order_one_at_a_time():
    listeners, seen, go = Listeners(), [], Event()

    def handler(event):
        seen.append(event["N"])
        go.wait()

    listeners.register("A", handler)
    listeners.register("B", handler)
    listeners.register("B", handler)
    for n, name in enumerate("ABAB"):
        listeners.tell(happened(name, n))
    settle()
    assert seen == ["0"]
    go.set()
    settle()
    assert seen == ["0", "1", "2", "3"]


def test_who_is_slow_loses_the_oldest_and_nobody_else_does():
    listeners, slow, quick, go = Listeners(most=2), [], [], Event()
    listeners.register("A", lambda event: (go.wait(), slow.append(event["N"])))
    listeners.register("A", lambda event: quick.append(event["N"]))
    for n in range(6):
        listeners.tell(happened("A", n))
        settle()
    go.set()
    settle()
    assert (quick, slow, listeners.dropped) == (["0", "1", "2", "3", "4", "5"], ["0", "4", "5"], 3)


def test_custom_by_its_subclass_or_by_its_name_and_the_rest_by_a_star():
    listeners, seen = Listeners(), []
    listeners.register("CUSTOM", lambda event: seen.append("custom"))
    listeners.register("*", lambda event: seen.append("star"))
    listeners.tell(happened("CUSTOM"))
    listeners.register("a::b", lambda event: seen.append("subclass"))
    listeners.tell(happened("CUSTOM"))
    listeners.tell(happened("HEARTBEAT"))
    settle()
    assert sorted(seen) == ["custom", "star", "subclass"]


def test_who_left_hears_no_more():
    listeners, seen = Listeners(), []
    listeners.register("A", seen.append)
    listeners.unregister("A", seen.append)
    listeners.tell(happened("A"))
    settle()
    assert seen == []
    with pytest.raises(ValueError, match="No handlers found for event: A"):
        listeners.unregister("A", seen.append)


def test_a_handler_that_fails_hears_the_next_one():
    listeners, seen = Listeners(), []

    def handler(event):
        seen.append(event["N"])
        raise RuntimeError("on purpose")

    listeners.register("A", handler)
    for n in range(2):
        listeners.tell(happened("A", n))
    settle()
    assert seen == ["0", "1"]


def test_closed_while_one_runs():
    listeners, ended = Listeners(), []

    def handler(event):
        try:
            Event().wait()
        finally:
            ended.append(True)

    listeners.register("A", handler)
    listeners.tell(happened("A"))
    listeners.tell(happened("A"))
    settle()
    listeners.close()
    settle()
    assert (ended, listeners.waiting) == ([True], 0)
