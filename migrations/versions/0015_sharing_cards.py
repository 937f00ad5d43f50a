"""sharing cards"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_try")),
    )
    op.create_index(op.f("ix_card_try_at"), "card_try", ["at"], unique=False)
    op.create_table(
        "card_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "opened",
                "locked",
                "stayed",
                "left",
                name="cardevent",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("from_structure_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["from_structure_id"], ["structure.id"], name=op.f("fk_card_notice_from_structure_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_notice_person_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["user_account.id"], name=op.f("fk_card_notice_seen_by")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_card_notice_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_notice")),
    )
    op.create_index("ix_card_notice_open", "card_notice", ["structure_id", "seen_at"], unique=False)
    op.create_index(op.f("ix_card_notice_person_id"), "card_notice", ["person_id"], unique=False)
    op.create_table(
        "sharing_card",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("word_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("forgiven", sa.Integer(), nullable=False),
        sa.Column("lock_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "representative",
            sa.Enum(
                "parent",
                "tuteur",
                "ase",
                "autre",
                name="representative",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_cause",
            sa.Enum(
                "replaced",
                "cancelled",
                "consent_ended",
                "merged",
                name="cardend",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (end_cause IS NULL)", name=op.f("ck_sharing_card_ended_for_a_reason")),
        sa.CheckConstraint("forgiven >= 0 AND tries - forgiven BETWEEN 0 AND 3", name=op.f("ck_sharing_card_tries")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_sharing_card_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sharing_card_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_sharing_card_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_card")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_sharing_card_code_hash")),
    )
    op.create_index("ix_sharing_card_person", "sharing_card", ["person_id", "created_at"], unique=False)
    op.create_index(
        "uq_sharing_card_open",
        "sharing_card",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_sharing_card_open",
        table_name="sharing_card",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_sharing_card_person", table_name="sharing_card")
    op.drop_table("sharing_card")
    op.drop_index(op.f("ix_card_notice_person_id"), table_name="card_notice")
    op.drop_index("ix_card_notice_open", table_name="card_notice")
    op.drop_table("card_notice")
    op.drop_index(op.f("ix_card_try_at"), table_name="card_try")
    op.drop_table("card_try")
