"""retention report"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_report",
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("soon", sa.Integer(), nullable=False),
        sa.Column("to_archive", sa.Integer(), nullable=False),
        sa.Column("to_anonymise", sa.Integer(), nullable=False),
        sa.Column("held_back", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Integer(), nullable=False),
        sa.Column("anonymised", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_retention_report_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_report")),
        sa.UniqueConstraint("structure_id", "day", name=op.f("uq_retention_report_structure_id_day")),
    )


def downgrade() -> None:
    op.drop_table("retention_report")
