"""restricted records"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("restricted_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "restricted_on")
