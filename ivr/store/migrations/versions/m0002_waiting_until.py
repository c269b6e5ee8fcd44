"""Until when a waiting caller is counted: who talks, or was lost with a switch, waits no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waiting", sa.Column("until", sa.String(27)))


def downgrade() -> None:
    op.drop_column("waiting", "until")
