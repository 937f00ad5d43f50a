"""protected people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("protected", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "person_safety",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("safe_way", sa.String(length=300), nullable=False),
        sa.Column("code_word", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_safety_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_safety")),
    )
    op.create_table(
        "named_structure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["named_by"], ["user_account.id"], name=op.f("fk_named_structure_named_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_named_structure_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_named_structure_structure_id")),
        sa.PrimaryKeyConstraint("person_id", "structure_id", name=op.f("pk_named_structure")),
    )


def downgrade() -> None:
    op.drop_table("named_structure")
    op.drop_table("person_safety")
    op.drop_column("person", "protected")
