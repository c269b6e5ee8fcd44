"""What the tests of the control connection share: virtual time, and a switch that can be controlled. Tests of a call's
own connection bring another clock and another peer."""

from datetime import UTC, datetime

import gevent
import pytest

from ivr.switch import VirtualClock
from tests.esl.control_peer import ControlPeer


@pytest.fixture
def clock():
    with VirtualClock(datetime(2026, 11, 20, tzinfo=UTC)) as clock:
        yield clock


@pytest.fixture
def peer():
    with ControlPeer() as peer:
        yield peer


@pytest.fixture
def may_die(monkeypatch):
    """A greenlet of the stock class that dies of its fault says so on the error output; it is what we want to see."""
    monkeypatch.setattr(gevent.get_hub(), "NOT_ERROR", (Exception,))
