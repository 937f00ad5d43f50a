"""agreements of minors: their index says the age, so that it is enough"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

WHERE = sa.text("kind = 'register' AND answer = 'given' AND withdrawn_at IS NULL AND age_status <> 'adult'")


def upgrade() -> None:
    _index(["person_id", "age_status"])


def downgrade() -> None:
    _index(["person_id"])


def _index(columns: list[str]) -> None:
    op.drop_index("ix_consent_minor", table_name="consent")
    op.create_index("ix_consent_minor", "consent", columns, sqlite_where=WHERE, postgresql_where=WHERE)
