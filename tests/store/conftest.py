"""A house's store in a folder of its own."""

from datetime import UTC, datetime

import pytest

from ivr.clock import ManualClock
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.messages import Messages

UUID = "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b"
OTHER = "0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11"
NAME = f"{UUID}-1.wav"
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return ManualClock(AT)


@pytest.fixture
def store(tmp_path):
    store = Store.under(tmp_path, busy=0.05)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def spool(tmp_path):
    spool = tmp_path / "spool"
    spool.mkdir()
    return spool


@pytest.fixture
def messages(store, spool):
    return Messages(store, spool)


@pytest.fixture
def journal(store):
    return Journal(store)
