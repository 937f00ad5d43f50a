"""follow-ups of a person: their history reads those that ended too"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_follow_up_person", "follow_up", ["person_id", "ended_on"])


def downgrade() -> None:
    op.drop_index("ix_follow_up_person", table_name="follow_up")
