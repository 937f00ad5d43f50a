"""partner links"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_try")),
    )
    op.create_index(op.f("ix_partner_try_address_hash"), "partner_try", ["address_hash"], unique=False)
    op.create_index(op.f("ix_partner_try_at"), "partner_try", ["at"], unique=False)
    op.create_table(
        "partner_link",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum("answer", "follow", name="linkstep", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("forgiven", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_cause",
            sa.Enum(
                "renewed",
                "cancelled",
                "done",
                "locked",
                name="linkend",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (end_cause IS NULL)", name=op.f("ck_partner_link_ended_for_a_reason")),
        sa.CheckConstraint("forgiven >= 0 AND tries - forgiven BETWEEN 0 AND 3", name=op.f("ck_partner_link_tries")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_partner_link_made_by")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_partner_link_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_link_token_hash")),
    )
    op.create_index("ix_partner_link_referral", "partner_link", ["referral_id", "created_at"], unique=False)
    op.create_index(
        "uq_partner_link_open",
        "partner_link",
        ["referral_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_partner_link_open",
        table_name="partner_link",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_partner_link_referral", table_name="partner_link")
    op.drop_table("partner_link")
    op.drop_index(op.f("ix_partner_try_at"), table_name="partner_try")
    op.drop_index(op.f("ix_partner_try_address_hash"), table_name="partner_try")
    op.drop_table("partner_try")
