"""what is due: indexes of what the first screen shows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

GIVEN = "kind = 'register' AND answer = 'given' AND withdrawn_at IS NULL"
# Name, table, columns, condition.
ADDED = (
    ("ix_need_due", "need", ["structure_id", "due_on", "created_at"], "state = 'open'"),
    (
        "ix_need_urgent",
        "need",
        ["structure_id", "created_at"],
        "state = 'open' AND priority = 'P1' AND due_on IS NULL",
    ),
    ("ix_assessment_complete", "assessment", ["structure_id", "finished_at"], "state = 'done' AND mode = 'complet'"),
    ("ix_plan_action_postponed", "plan_action", ["postponed_to", "id"], "state = 'postponed'"),
    ("ix_consent_ending", "consent", ["ends_on", "person_id"], f"{GIVEN} AND ends_on IS NOT NULL"),
    ("ix_consent_pending", "consent", ["starts_on", "person_id"], "kind = 'register' AND answer = 'pending'"),
    ("ix_consent_minor", "consent", ["person_id"], f"{GIVEN} AND age_status <> 'adult'"),
    (
        "ix_person_minor",
        "person",
        ["referent_structure_id", "age_status", "birth_year", "id"],
        "state = 'active' AND age_status <> 'adult'",
    ),
)


def upgrade() -> None:
    for name, table, columns, where in ADDED:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _sessions(["structure_id", "held_on", "id", "team_id"])


def downgrade() -> None:
    _sessions(["structure_id", "held_on", "team_id", "id"])
    for name, table, _columns, _where in reversed(ADDED):
        op.drop_index(name, table_name=table)


def _sessions(columns: list[str]) -> None:
    """A structure's list is read in the order of its index."""
    op.drop_index("ix_session_log_day", table_name="session_log")
    op.create_index("ix_session_log_day", "session_log", columns, unique=False)
