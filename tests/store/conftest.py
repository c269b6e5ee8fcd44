"""A house's store; with POSTGRESQL given, each test once more on a PostgreSQL (`make postgresql`)."""

import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy import NullPool, create_engine

from ivr.clock import ManualClock
from ivr.store.database import Store
from ivr.store.journal import Journal
from ivr.store.messages import Messages
from ivr.store.sidecar import Sidecar
from ivr.store.tables import metadata
from tests.store import postgres

UUID = "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b"
OTHER = "0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11"
NAME = f"{UUID}-1.wav"
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def note(name: str = NAME, **more) -> Sidecar:
    """What is known of a message that is about to be recorded."""
    given = {"box": "message/sales", "begun": AT, "caller": "13800138000", "dialled": "9100", "language": "zh"}
    return Sidecar(name, **{**given, **more})


@pytest.fixture
def clock():
    return ManualClock(AT)


@pytest.fixture(scope="session")
def cluster():
    with postgres.running() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"] if postgres.BIN else ["sqlite"])
def url(request, tmp_path):
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'zongji.db'}"
    return request.getfixturevalue("cluster").fresh()


@pytest.fixture
def opened(url):
    """`opened(busy)`: the database as another process of the line would open it."""
    stores = []

    def opened(busy: float = 10) -> Store:
        stores.append(Store(url, busy))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    store = opened(busy=0.05)
    store.migrate()
    return store


@pytest.fixture
def file_store(tmp_path):
    """What is told of SQLite's file alone."""
    store = Store.under(tmp_path, busy=0.05)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def lock():
    """`lock(store)`: another process has the database to itself, and others may read; `close()` ends it."""
    locks = []

    def lock(store: Store):
        if store.sqlite:
            other = sqlite3.connect(store.path, isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
        else:
            other = create_engine(store.url, poolclass=NullPool).connect()
            names = ", ".join(metadata.tables)
            other.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
        locks.append(other)
        return other

    yield lock
    for other in locks:
        other.close()


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
