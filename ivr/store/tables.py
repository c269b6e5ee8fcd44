"""The tables, as `migrations/` makes them; a test holds the two together.

Times are text, UTC, microseconds, one width ("2026-11-20T01:00:00.000000Z"): they sort as they are, in any database,
and ask nothing of a driver's own ideas of time.
"""

from datetime import UTC, datetime

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, TypeDecorator, UniqueConstraint

__all__ = [
    "Utc", "calls", "changes", "counters", "events", "languages", "leases", "messages", "metadata", "overrides",
    "turns", "waiting",
]  # fmt: skip


class Utc(TypeDecorator):
    """An aware time, kept as text in UTC."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: take the time from a Clock")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: str | None, dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

calls = Table(
    "calls",
    metadata,
    Column("uuid", String(36), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("caller", String(40), nullable=False, default=""),
    Column("dialled", String(40), nullable=False, default=""),
    Column("table", String(12), nullable=False, default=""),
    Column("language", String(16), nullable=False, default=""),
    Column("closed", Utc),
    Column("cause", String(60), nullable=False, default=""),
    Index(None, "at"),
    Index(None, "closed"),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False),
    Column("at", Utc, nullable=False),
    Column("event", String(40), nullable=False),
    Column("data", Text, nullable=False),
    Column("digest", String(16), nullable=False),
    UniqueConstraint("uuid", "at", "event", "digest"),
    Index(None, "event", "at"),
)

messages = Table(
    "messages",
    metadata,
    Column("reference", String(12), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("call", String(36), nullable=False),
    Column("box", String(80), nullable=False),
    Column("state", String(12), nullable=False),
    Column("caller", String(40), nullable=False),
    Column("dialled", String(40), nullable=False),
    Column("language", String(16), nullable=False),
    Column("callback", String(40), nullable=False),
    Column("begun", Utc, nullable=False),
    Column("finished", Utc),
    Column("ms", Integer),
    Column("ended", String(12), nullable=False),
    Column("shortest", Float, nullable=False),
    Column("limit", Integer, nullable=False),
    Index(None, "call"),
    Index(None, "state", "begun"),
)

waiting = Table(
    "waiting",
    metadata,
    Column("uuid", String(36), primary_key=True),
    Column("hold", String(80), nullable=False),
    Column("at", Utc, nullable=False),
    Column("until", Utc),
    Index(None, "hold", "at"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

overrides = Table(
    "overrides",
    metadata,
    Column("hours", String(40), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("until", Utc),
    Column("by", String(80), nullable=False),
    Column("at", Utc, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("place", String(80), primary_key=True),
    Column("value", Integer, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("what", String(40), nullable=False),
    Column("by", String(80), nullable=False),
    Column("data", Text, nullable=False),
    Index(None, "at"),
)

leases = Table(
    "leases",
    metadata,
    Column("role", String(40), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until", Utc, nullable=False),
)

languages = Table(
    "languages",
    metadata,
    Column("caller", String(40), primary_key=True),
    Column("language", String(16), nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "at"),
)
