"""Calls, events, messages, waiting callers, counters."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("dialled", sa.String(40), nullable=False),
        sa.Column("table", sa.String(12), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("closed", sa.String(27)),
        sa.Column("cause", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="pk_calls"),
    )
    op.create_index("ix_calls_at", "calls", ["at"])
    op.create_index("ix_calls_closed", "calls", ["closed"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("uuid", "at", "event", "digest", name="uq_events_uuid_at_event_digest"),
    )
    op.create_index("ix_events_event_at", "events", ["event", "at"])
    op.create_table(
        "messages",
        sa.Column("reference", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("call", sa.String(36), nullable=False),
        sa.Column("box", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("dialled", sa.String(40), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("callback", sa.String(40), nullable=False),
        sa.Column("begun", sa.String(27), nullable=False),
        sa.Column("finished", sa.String(27)),
        sa.Column("ms", sa.Integer),
        sa.Column("ended", sa.String(12), nullable=False),
        sa.Column("shortest", sa.Float, nullable=False),
        sa.Column("limit", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_messages"),
        sa.UniqueConstraint("name", name="uq_messages_name"),
    )
    op.create_index("ix_messages_call", "messages", ["call"])
    op.create_index("ix_messages_state_begun", "messages", ["state", "begun"])
    op.create_table(
        "waiting",
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("hold", sa.String(80), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="pk_waiting"),
    )
    op.create_index("ix_waiting_hold_at", "waiting", ["hold", "at"])
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(counters, [{"name": "message", "value": 0}])


def downgrade() -> None:
    raise NotImplementedError("messages are not thrown away: there is no way back from the first migration")
