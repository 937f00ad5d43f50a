"""published summaries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.kernel import triggers

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "summary",
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_summary_author_of_withdrawal")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["user_account.id"], name=op.f("fk_summary_published_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["user_account.id"], name=op.f("fk_summary_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
    )
    op.create_index(
        "uq_summary_current",
        "summary",
        ["period", "area"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "published_cell",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("breakdown", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["summary_id"], ["summary.id"], name=op.f("fk_published_cell_summary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_cell")),
        sa.UniqueConstraint(
            "period",
            "area",
            "indicator",
            "breakdown",
            "category",
            name=op.f("uq_published_cell_period_area_indicator_breakdown_category"),
        ),
    )
    op.create_index(op.f("ix_published_cell_summary_id"), "published_cell", ["summary_id"], unique=False)
    for statement in triggers.append_only(op.get_bind().dialect.name, "published_cell"):
        op.execute(statement)


def downgrade() -> None:
    for statement in triggers.drop(op.get_bind().dialect.name, "published_cell"):
        op.execute(statement)
    op.drop_index(op.f("ix_published_cell_summary_id"), table_name="published_cell")
    op.drop_table("published_cell")
    op.drop_index("uq_summary_current", table_name="summary")
    op.drop_table("summary")
