"""network territory"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "network_territory",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "epci",
                "departement",
                "communes",
                name="territorykind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=9), nullable=True),
        sa.Column("communes", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_network_territory_only_row")),
        sa.CheckConstraint(
            "(kind = 'communes') = (code IS NULL)", name=op.f("ck_network_territory_code_or_communes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_territory")),
    )


def downgrade() -> None:
    op.drop_table("network_territory")
