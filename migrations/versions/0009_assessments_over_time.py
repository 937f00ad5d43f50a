"""assessments over time"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.kernel import triggers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = ("proposed", "done", "refused", "postponed")
# Written on the column: SQLite would rebuild the table to add a CHECK, and lose the triggers that guard it.
SECONDS = "CONSTRAINT ck_assessment_answer_seconds CHECK (seconds BETWEEN 0 AND 1800)"
REASON = "CONSTRAINT ck_assessment_corrects CHECK (correction_reason IS NULL OR supersedes_id IS NOT NULL)"


def _state(name: str, *, nullable: bool = False) -> sa.Column[str]:
    kept = sa.Enum(*STATES, name=name, native_enum=False, create_constraint=True, length=60)
    return sa.Column(name, kept, nullable=nullable)


def upgrade() -> None:
    op.execute(f"ALTER TABLE assessment_answer ADD COLUMN seconds INTEGER {SECONDS}")
    op.execute(f"ALTER TABLE assessment ADD COLUMN correction_reason VARCHAR(40) {REASON}")
    corrects = sa.text("correction_reason IS NOT NULL")
    op.create_index(
        "uq_assessment_correction",
        "assessment",
        ["supersedes_id"],
        unique=True,
        sqlite_where=corrects,
        postgresql_where=corrects,
    )
    op.create_table(
        "plan_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_action_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _state("from_state"),
        _state("to_state"),
        sa.Column("postponed_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["plan_action_id"], ["plan_action.id"], name=op.f("fk_plan_event_plan_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
    )
    op.create_index(op.f("ix_plan_event_plan_action_id"), "plan_event", ["plan_action_id"], unique=False)
    for statement in triggers.append_only(op.get_bind().dialect.name, "plan_event"):
        op.execute(statement)


def downgrade() -> None:
    for statement in triggers.drop(op.get_bind().dialect.name, "plan_event"):
        op.execute(statement)
    op.drop_index(op.f("ix_plan_event_plan_action_id"), table_name="plan_event")
    op.drop_table("plan_event")
    op.drop_index("uq_assessment_correction", table_name="assessment")
    op.execute("ALTER TABLE assessment DROP COLUMN correction_reason")
    op.execute("ALTER TABLE assessment_answer DROP COLUMN seconds")
