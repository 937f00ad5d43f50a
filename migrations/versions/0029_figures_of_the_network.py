"""figures of the network: indexes that the coordinator's map and tables are read from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# Name, table, columns, condition.
ADDED = (
    (
        "ix_referral_flows",
        "referral",
        ["structure_id", "recipient_id", "sent_at", "answered_at", "ended_at", "state", "outcome", "need_kind"],
        "sent_at IS NOT NULL",
    ),
    (
        "ix_referral_unanswered",
        "referral",
        ["recipient_id", "state", "sent_at", "at_risk", "need_kind"],
        "state IN ('sent', 'asked')",
    ),
    (
        "ix_referral_waiting",
        "referral",
        ["at_risk", "sent_at", "id", "state"],
        "state IN ('sent', 'asked', 'accepted', 'in_progress')",
    ),
    (
        "ix_need_unmet",
        "need",
        ["person_id", "created_at", "state", "result", "kind", "structure_id"],
        "state = 'open' OR result IN ('non_resolue', 'abandonnee', 'sans_suite')",
    ),
)
AREA = ("ix_participation_fact_area", "participation_fact")


def upgrade() -> None:
    for name, table, columns, where in ADDED:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index(*AREA, ["area_code", "subject_key", "held_on", "structure_id"])


def downgrade() -> None:
    op.drop_index(AREA[0], table_name=AREA[1])
    for name, table, _columns, _where in reversed(ADDED):
        op.drop_index(name, table_name=table)
