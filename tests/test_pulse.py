"""The lag of the loop: one slow moment is seen, and only a slow time is usual."""

from datetime import UTC, datetime

import pytest

from ivr.clock import ManualClock
from ivr.pulse import Pulse


class Late(ManualClock):
    """A clock whose sleepers wake late by what the list says; then it stops."""

    def __init__(self, late):
        super().__init__(datetime(2026, 11, 23, tzinfo=UTC))
        self.late = list(late)

    def sleep(self, seconds: float) -> None:
        if not self.late:
            raise StopIteration
        self.advance(seconds + self.late.pop(0))


def felt(*late: float, kept: int = 10) -> Pulse:
    pulse = Pulse(Late(late), kept=kept)
    with pytest.raises(StopIteration):
        pulse._go_on()
    return pulse


def test_one_slow_moment_is_the_lag_and_is_not_usual():
    pulse = felt(0, 0, 0, 0.8, 0, 0, 0)
    assert pulse.lag == pytest.approx(0.8)
    assert pulse.usual == pytest.approx(0)


def test_a_slow_time_is_usual():
    assert felt(0, 0.5, 0.5, 0.5, 0.5, 0.6).usual == pytest.approx(0.5)


def test_a_slow_start_is_none():
    assert felt(2, 2, 2).usual == 0.0


def test_what_is_long_past_is_forgotten():
    pulse = felt(3, *[0] * 10)
    assert pulse.lag == pytest.approx(0)
