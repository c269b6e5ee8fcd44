"""The database: its shape, its locks."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from ivr.errors import StoreError
from ivr.store.database import HASTY, Store
from ivr.store.tables import calls, metadata
from ivr.store.waiting import Waiting
from tests.store.conftest import AT, UUID


def test_migrations_make_the_tables_the_code_speaks_of(store):
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert store.version() == store.newest()


def test_migrating_again_changes_nothing(store):
    with store.writing() as connection:
        connection.execute(insert(calls), {"uuid": UUID, "at": AT})
    store.migrate()
    with store.reading() as connection:
        assert connection.scalar(select(calls.c.at)) == AT


def test_a_database_that_is_up_to_date_is_not_written_to(store, opened, lock):
    # Given a lock that somebody else holds, as a backup does
    lock(store)
    # When a line starts, then it finds its tables all the same
    opened(busy=0.05).migrate()


def test_waiting_callers_of_the_first_version_go_on_waiting(tmp_path):
    # Given a database of the first version with somebody in it
    store = Store.under(tmp_path)
    store.migrate()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as old:
        old.execute("ALTER TABLE waiting DROP COLUMN until")
        for later in ("overrides", "turns", "changes", "leases", "languages"):
            old.execute(f"DROP TABLE {later}")
        old.execute("UPDATE alembic_version SET version_num = '0001'")
        old.execute("INSERT INTO waiting VALUES (?, 'hold/sales', '2026-11-20T01:00:00.000000Z')", (UUID,))
    # When it is brought up to date, then he has his place
    store.migrate()
    assert Waiting(store).place("hold/sales", UUID, AT) == 1
    store.close()


def test_a_folder_with_a_percent_sign_is_a_folder(tmp_path):
    store = Store.under(tmp_path / "100% ours" / "deep")
    store.migrate()
    assert store.version() == store.newest()
    store.close()


def test_four_processes_may_migrate_at_once(opened):
    # When four workers start on an empty folder
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                opened(busy=10).migrate()
                os._exit(0)
            except BaseException:  # noqa: BLE001 — a child of a test must end here, whatever happened
                os._exit(1)
        children.append(child)

    # Then each of them finds the tables
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0, 0]
    store = opened()
    assert store.version() == store.newest()


def test_a_time_without_a_zone_is_refused(store):
    with pytest.raises(Exception, match="has no time zone"), store.writing() as connection:
        connection.execute(insert(calls), {"uuid": UUID, "at": datetime(2026, 11, 20)})


def test_a_lock_held_elsewhere_is_a_store_error_soon(store, lock):
    # Given another process that has the database to itself
    lock(store)

    # When we write
    with pytest.raises(StoreError) as raised, store.writing() as connection:
        connection.execute(insert(calls), {"uuid": UUID, "at": AT})

    # Then we are told, and reading goes on all the while
    why = "database is locked" if store.sqlite else "canceling statement due to lock timeout"
    assert str(raised.value).startswith(f"{store}: {why}")
    with store.reading() as connection:
        assert connection.execute(select(calls)).all() == []


def test_a_lock_waited_for_in_vain_is_not_waited_for_so_long_again(opened, lock):
    # Given ten callers who leave a message while the database is locked, one after the other in one thread
    store = opened(busy=0.5)
    store.migrate()
    other = lock(store)

    # When the first has waited
    with pytest.raises(StoreError), store.writing() as connection:
        connection.execute(insert(calls), {"uuid": UUID, "at": AT})

    # Then the next ones do not, until it is written again
    assert store.patience == HASTY
    other.close()
    with store.reading() as connection:
        told = connection.exec_driver_sql("PRAGMA busy_timeout" if store.sqlite else "SHOW lock_timeout").scalar()
        assert told == (HASTY * 1000 if store.sqlite else f"{HASTY * 1000:.0f}ms")
    with store.writing() as connection:
        connection.execute(insert(calls), {"uuid": UUID, "at": AT})
    assert store.patience == 0.5


def test_a_database_that_is_a_folder(tmp_path):
    (tmp_path / "zongji.db").mkdir()
    store = Store.under(tmp_path)
    with pytest.raises(StoreError) as raised:
        store.migrate()
    assert str(raised.value) == f"{tmp_path}/zongji.db: cannot be opened for writing: unable to open database file"
    store.close()


def test_messages_are_synced_and_the_journal_is_not(file_store):
    store = file_store
    for durable, level in ((True, 2), (False, 1)):
        with store.writing(durable=durable) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_in_memory():
    store = Store("sqlite://")
    store.migrate()
    with store.reading() as connection:
        assert connection.execute(select(calls)).all() == []
    store.close()


def test_statements_are_portable():
    # Every table, and every statement that is not SQLAlchemy's own, compiles for PostgreSQL too
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
    store = Store("sqlite://")
    store.sqlite = False
    text = str(store.insert_once(calls).compile(dialect=postgresql.dialect()))
    assert text.endswith("ON CONFLICT DO NOTHING")
