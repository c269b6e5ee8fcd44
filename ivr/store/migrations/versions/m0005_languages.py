"""Which language a caller has chosen by key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "languages",
        sa.Column("caller", sa.String(40), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("caller", name="pk_languages"),
    )
    op.create_index("ix_languages_at", "languages", ["at"])


def downgrade() -> None:
    op.drop_table("languages")
