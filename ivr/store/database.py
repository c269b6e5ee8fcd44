"""A database by its URL: SQLite unless told otherwise, PostgreSQL by a `postgresql+psycopg://` URL.

    store = Store("sqlite:////srv/zongji/zongji.db")
    store.migrate()
    with store.writing() as connection: ...

Everything here blocks: the line reaches it by `OffHub` only (a one-second lock stalls every call for a second).
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from ivr.errors import StoreError

__all__ = ["Store"]

log = logging.getLogger(__name__)

# alembic tells its every step on INFO; a line that starts has other things to say.
logging.getLogger("alembic").setLevel(logging.WARNING)


AWAY = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "keepalives_interval": 5,
        "keepalives_count": 2}  # fmt: skip
"""When a PostgreSQL on another machine is given up that says nothing: after 3 s when it is connected to, 10 s (in
milliseconds) or 20 s later. The system's own times are two minutes, a quarter of an hour and two hours, in which the
store's one thread would wait."""
HASTY = 0.05
"""Seconds to wait for a lock that was waited for in vain just before: or else ten callers who leave messages while the
database is locked would wait one after the other, and the last ones past their deadline."""


class Store:
    """One database. `busy`: seconds to wait for another process's lock before `StoreError`.

    `patience`: the same at this moment: `busy`, or less after waiting in vain, until something was written again.
    """

    def __init__(self, url: str, busy: float = 1.0):
        self.url = make_url(url)
        self.busy = self.patience = busy
        self.sqlite = self.url.get_backend_name() == "sqlite"
        # In memory there is one connection, whoever asks.
        memory = self.sqlite and self.url.database in (None, "", ":memory:")
        options: dict = {"poolclass": StaticPool} if memory else {}
        if self.sqlite:
            options["connect_args"] = {"timeout": busy, "check_same_thread": False}
        else:
            options["connect_args"] = AWAY
        self.engine = create_engine(self.url, **options)
        if self.sqlite:
            event.listen(self.engine, "connect", _on_connect)
            event.listen(self.engine, "begin", self._on_begin)
        else:
            event.listen(self.engine, "begin", self._on_begin_postgresql)

    @classmethod
    def under(cls, data: Path, busy: float = 1.0) -> "Store":
        """The database of a data folder: `<data>/zongji.db`."""
        return cls(f"sqlite:///{Path(data).absolute() / 'zongji.db'}", busy)

    @property
    def path(self) -> Path | None:
        """The file, where the database is one."""
        database = self.url.database
        return Path(database) if self.sqlite and database not in (None, "", ":memory:") else None

    def migrate(self) -> None:
        """Bring the tables to this version's shape; nothing happens where they have it. Several may try at once."""
        from alembic.runtime.environment import EnvironmentContext

        config, script = _migrations()
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._whole():
                return  # nothing to write: a line starts though somebody else has locked the database
            if self.path is not None:
                with self.engine.connect() as connection:
                    _raw(connection).execute("PRAGMA journal_mode=WAL")
            with (
                self.writing() as connection,
                EnvironmentContext(
                    config, script, fn=lambda at, _: script._upgrade_revs("head", at), destination_rev="head"
                ) as steps,
            ):
                # In one transaction, begun immediately: the second of two workers waits here and finds it done.
                if not self.sqlite:
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20261121)")
                steps.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
                steps.run_migrations()
        except (DBAPIError, sqlite3.Error, OSError) as error:
            raise StoreError(f"{self}: cannot be opened for writing: {_reason(error)}") from error

    def _whole(self) -> bool:
        """Is the database of this version already? False, too, where that cannot be read."""
        if self.path is not None and not self.path.exists():
            return False
        try:
            return self.version() == self.newest()
        except StoreError:
            return False

    def version(self) -> str | None:
        """The last migration that was done; None for an empty database."""
        from alembic.runtime.migration import MigrationContext

        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @staticmethod
    def newest() -> str:
        """The last migration there is."""
        return _migrations()[1].get_current_head()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads: it never waits for those that write."""
        with self._transaction(writes=False, durable=False) as connection:
            yield connection

    @contextmanager
    def writing(self, durable: bool = True) -> Iterator[Connection]:
        """A transaction that writes, committed at the end. `durable`: on the disk before this returns.

        Messages are durable. The journal is not: it survives the death of any process of ours, and may lose its last
        moments with the machine's power; an fsync for each event would cost more than the call.
        """
        with self._transaction(writes=True, durable=durable) as connection:
            yield connection

    @contextmanager
    def _transaction(self, **options) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
            if options["writes"]:
                self.patience = min(HASTY, self.busy)
            raise StoreError(f"{self}: {_reason(error)}") from error
        if options["writes"]:
            self.patience = self.busy

    def insert_once(self, table: Table):
        """An INSERT that does nothing where the row is there already; both databases have it, each in its dialect."""
        dialect = sqlite if self.sqlite else postgresql
        return dialect.insert(table).on_conflict_do_nothing()

    def close(self) -> None:
        self.engine.dispose()

    def __str__(self) -> str:
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    def _on_begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        raw = _raw(connection)
        raw.execute(f"PRAGMA busy_timeout={int(self.patience * 1000)}")
        if options.get("writes"):
            # With a write-ahead log NORMAL does not sync a commit to the disk, FULL does.
            raw.execute(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
            # IMMEDIATE: the lock is waited for here, once, and never runs into "locked" half way.
            raw.execute("BEGIN IMMEDIATE")
        else:
            raw.execute("BEGIN")

    def _on_begin_postgresql(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(self.patience * 1000)}")
        if not connection.get_execution_options().get("durable", True):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def _migrations():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # In alembic's configuration % begins a substitution, and a folder's name may have one.
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config, ScriptDirectory.from_config(config)


def _raw(connection: Connection):
    return connection.connection.dbapi_connection


def _on_connect(raw, _record) -> None:
    # The driver's own begin comes too late (at the first write, when a lock can no longer be waited for): ours is
    # in `Store._on_begin`.
    raw.isolation_level = None


def _reason(error: BaseException) -> str:
    """The driver's own words, without SQL and without a link to SQLAlchemy's pages."""
    return str(getattr(error, "orig", None) or error)
