"""contacts and representatives"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

CONTACTS = ("mobile", "phone", "email", "letter", "relay")


def upgrade() -> None:
    # The number and the address of a record stay where they are; the table holds the others, so nothing is said twice.
    op.add_column("person_identity", sa.Column("email_first", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "person_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*CONTACTS, name="contactkind", native_enum=False, length=60, create_constraint=True), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("how", sa.String(length=200), nullable=False),
        sa.Column("no_message", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.CheckConstraint("value <> ''", name=op.f("ck_person_contact_said")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_contact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_contact")),
    )
    op.create_index("ix_person_contact_person_id", "person_contact", ["person_id", "rank"])
    op.create_index(
        "uq_person_contact_first",
        "person_contact",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("first"),
        postgresql_where=sa.text("first"),
    )


def downgrade() -> None:
    op.drop_table("person_contact")
    op.drop_column("person_identity", "email_first")
