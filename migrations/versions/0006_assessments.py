"""assessments"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What was computed, and the answers it was computed from, never change once the assessment is done (assessment.md § 7).
# Answers may still be deleted: erasing a person clears them.
COMPUTED = ("mode", "state", "instrument_version", "instrument_hash", "engine_version", "finished_at", "profile")
COMPUTED_TOO = ("priority", "index_value", "band", "reliability")
ANSWERED = "EXISTS (SELECT 1 FROM assessment a WHERE a.id = NEW.assessment_id AND a.state = 'done')"


def _changed() -> str:
    differs = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in (*COMPUTED, *COMPUTED_TOO))
    return f"OLD.state = 'done' AND ({differs})"


def _guards(dialect: str) -> list[str]:
    guards = (
        ("assessment_done", "UPDATE", "assessment", _changed()),
        ("assessment_answer_added", "INSERT", "assessment_answer", ANSWERED),
        ("assessment_answer_changed", "UPDATE", "assessment_answer", ANSWERED),
    )
    return [statement for guard in guards for statement in _guard(dialect, *guard)]


def _guard(dialect: str, name: str, verb: str, table: str, when: str) -> list[str]:
    if dialect == "sqlite":
        when = when.replace("IS DISTINCT FROM", "IS NOT")
        begin = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when}"
        return [f"{begin} BEGIN SELECT RAISE(ABORT, 'a finished assessment never changes'); END"]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN"
        " RAISE EXCEPTION 'a finished assessment never changes' USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _drop_guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return []
    names = ("assessment_done", "assessment_answer_added", "assessment_answer_changed")
    return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in names]


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_progress", "done", name="assessmentstate", native_enum=False, create_constraint=True, length=60
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum("complet", "express", name="mode", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("instrument_version", sa.String(length=20), nullable=False),
        sa.Column("instrument_hash", sa.String(length=64), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("profile", sa.String(length=20), nullable=True),
        sa.Column(
            "priority",
            sa.Enum("P1", "P2", "P3", name="priority", native_enum=False, create_constraint=True, length=60),
            nullable=True,
        ),
        sa.Column("index_value", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=20), nullable=True),
        sa.Column("reliability", sa.String(length=20), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("kept_profile", sa.String(length=20), nullable=True),
        sa.Column("override_reason", sa.String(length=40), nullable=True),
        sa.Column("overridden_by", sa.Uuid(), nullable=True),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_assessment_date_when_done")),
        sa.CheckConstraint(
            "(kept_profile IS NULL) = (override_reason IS NULL)", name=op.f("ck_assessment_reason_of_override")
        ),
        sa.CheckConstraint(
            "(kept_profile IS NULL) = (overridden_at IS NULL)", name=op.f("ck_assessment_date_of_override")
        ),
        sa.CheckConstraint(
            "(overridden_at IS NULL) = (overridden_by IS NULL)", name=op.f("ck_assessment_author_of_override")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_assessment_author_id")),
        sa.ForeignKeyConstraint(["overridden_by"], ["user_account.id"], name=op.f("fk_assessment_overridden_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_assessment_structure_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["assessment.id"], name=op.f("fk_assessment_supersedes_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_assessment_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_person", "assessment", ["person_id", "finished_at"], unique=False)
    op.create_index(op.f("ix_assessment_structure_id"), "assessment", ["structure_id"], unique=False)
    op.create_table(
        "assessment_answer",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("observed", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_answer_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_assessment_answer")),
    )
    op.create_table(
        "plan_action",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "maintenant",
                "ensuite",
                "plus_tard",
                name="planlevel",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "done",
                "refused",
                "postponed",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("postponed_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'postponed') = (postponed_to IS NOT NULL)", name=op.f("ck_plan_action_date_when_postponed")
        ),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_plan_action_date_when_decided")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_plan_action_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        sa.UniqueConstraint("assessment_id", "code", name=op.f("uq_plan_action_assessment_id_code")),
    )
    op.create_index(op.f("ix_plan_action_assessment_id"), "plan_action", ["assessment_id"], unique=False)
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in _drop_guards(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index(op.f("ix_plan_action_assessment_id"), table_name="plan_action")
    op.drop_table("plan_action")
    op.drop_table("assessment_answer")
    op.drop_index(op.f("ix_assessment_structure_id"), table_name="assessment")
    op.drop_index("ix_assessment_person", table_name="assessment")
    op.drop_table("assessment")
