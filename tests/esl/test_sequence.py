"""What was missed is counted."""

from datetime import UTC, datetime, timedelta

from ivr.esl.sequence import MOST_GAPS, Sequence

AT = datetime(2026, 11, 20, tzinfo=UTC)


def seen(order: Sequence, *numbers: int, core: str = "a") -> Sequence:
    for number in numbers:
        order.seen({"Core-UUID": core, "Event-Sequence": str(number)})
    return order


def test_holes_within_a_connection_are_no_gaps():
    order = Sequence()
    order.up("a", AT)
    seen(order, 10, 40, 17)
    assert (order.events, order.gaps, order.last) == (3, [], 40)


def test_a_gap_is_counted_from_number_to_number():
    order = Sequence()
    order.up("a", AT)
    seen(order, 10)
    order.down(AT + timedelta(seconds=1))
    order.down(AT + timedelta(seconds=5))  # a try that failed: the gap is as old as it was
    gap = order.up("a", AT + timedelta(seconds=9))
    assert (gap.since, gap.until, gap.most) == (AT + timedelta(seconds=1), AT + timedelta(seconds=9), None)
    seen(order, 11, 12)
    assert gap.most == 0


def test_a_new_life_has_new_numbers():
    order = Sequence()
    order.up("a", AT)
    seen(order, 1000)
    order.down(AT)
    gap = order.up("b", AT)
    seen(order, 5, core="b")
    seen(order, 1001, core="a")  # nobody's
    assert (gap.restarted, gap.most, order.restarts, order.last, order.events) == (True, None, 1, 5, 2)


def test_nothing_is_a_gap_before_the_first_connection():
    order = Sequence()
    order.down(AT)
    assert order.up("a", AT) is None


def test_gaps_are_kept_within_bounds_and_counted_without():
    order = Sequence()
    order.up("a", AT)
    for _ in range(MOST_GAPS + 5):
        order.down(AT)
        order.up("a", AT)
    assert (len(order.gaps), order.gap_count) == (MOST_GAPS, MOST_GAPS + 5)


def test_numbers_that_are_none_are_passed_over():
    order = Sequence()
    order.up("a", AT)
    for number in ("", "x", "-1", None):
        order.seen({"Core-UUID": "a", "Event-Sequence": number})
    assert (order.events, order.last) == (0, None)
