"""A flood from one number is limited; nobody else notices, and memory is bounded."""

from contextlib import ExitStack

from ivr.crowd import MOST, Crowd

CALLER, OTHER = "13800138000", "13900139000"


def test_so_many_at_once_and_no_more():
    crowd = Crowd(at_once=2, a_minute=100)
    with ExitStack() as here:
        here.enter_context(crowd.here(CALLER))
        assert crowd.admits(CALLER, 0.0)
        with crowd.here(CALLER):
            assert not crowd.admits(CALLER, 0.0)
            assert crowd.admits(OTHER, 0.0)
        # When one of the two has gone, one more may come
        assert crowd.admits(CALLER, 0.0)
    assert crowd.refused == 1


def test_so_many_a_minute_though_each_is_short():
    crowd = Crowd(at_once=100, a_minute=3)
    for at, may in ((0, True), (10, True), (20, True), (30, False), (59.9, False), (60, True), (60, False), (70, True)):
        assert crowd.admits(CALLER, float(at)) is may, at


def test_who_hides_his_number_is_not_one_person():
    crowd = Crowd(at_once=1, a_minute=1)
    with crowd.here(""):
        assert all(crowd.admits("", 0.0) for _ in range(50))


def test_a_call_that_fails_is_gone_too():
    crowd = Crowd(at_once=1)
    try:
        with crowd.here(CALLER):
            raise KeyError
    except KeyError:
        assert crowd.admits(CALLER, 0.0)
    assert not crowd._here


def test_invented_numbers_fill_no_memory():
    crowd = Crowd(at_once=1)
    with crowd.here(CALLER):
        for n in range(3 * MOST):
            crowd.admits(str(n), 0.0)
        assert len(crowd._came) <= 2 * MOST
        # And who is talking is still counted
        assert not crowd.admits(CALLER, 0.0)
