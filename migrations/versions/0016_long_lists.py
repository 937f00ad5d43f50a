"""long lists: who was seen last, what one logged last, keys looked up by beginning"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_contact", "person", ["last_contact_on", "id"], unique=False)
    op.create_index("ix_session_log_author", "session_log", ["author_id", "held_on"], unique=False)
    _collate("C")


def downgrade() -> None:
    _collate("default")
    op.drop_index("ix_session_log_author", table_name="session_log")
    op.drop_index("ix_person_contact", table_name="person")


def _collate(collation: str) -> None:
    """SQLite compares bytes already."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("search_key", "value", type_=sa.String(80, collation=collation), existing_nullable=False)
