"""rights requests"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rights_request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "access",
                "rectification",
                "erasure",
                "objection",
                "restriction",
                name="rightkind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "extended",
                "answered",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "face", "letter", "mail", "phone", name="askedway", native_enum=False, create_constraint=True, length=60
            ),
            nullable=False,
        ),
        sa.Column(
            "identity_check",
            sa.Enum(
                "known",
                "document",
                "questions",
                "representative",
                name="identitycheck",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column(
            "extension_reason",
            sa.Enum("complex", "number", name="extensionreason", native_enum=False, create_constraint=True, length=60),
            nullable=True,
        ),
        sa.Column(
            "told_way",
            sa.Enum(
                "face", "letter", "mail", "phone", name="told_way", native_enum=False, create_constraint=True, length=60
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "partly",
                "refused",
                "given_up",
                name="rightoutcome",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column(
            "refusal_reason",
            sa.Enum(
                "identity",
                "excessive",
                "others",
                "legal_duty",
                "compelling",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column(
            "answer_way",
            sa.Enum(
                "face",
                "letter",
                "mail",
                "phone",
                name="answer_way",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome IN ('partly', 'refused')) = (refusal_reason IS NOT NULL)",
            name=op.f("ck_rights_request_reason_of_refusal"),
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_on IS NOT NULL)", name=op.f("ck_rights_request_date_when_answered")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (outcome IS NOT NULL)", name=op.f("ck_rights_request_outcome_when_answered")
        ),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answered_by IS NULL)", name=op.f("ck_rights_request_author_of_answer")
        ),
        sa.CheckConstraint(
            "(extended_on IS NULL) = (extension_reason IS NULL)", name=op.f("ck_rights_request_reason_of_extension")
        ),
        sa.CheckConstraint("due_on > received_on", name=op.f("ck_rights_request_clock")),
        sa.ForeignKeyConstraint(["answered_by"], ["user_account.id"], name=op.f("fk_rights_request_answered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rights_request_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_rights_request_recorded_by")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_rights_request_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
    )
    op.create_index("ix_rights_request_person", "rights_request", ["person_id"], unique=False)
    op.create_index("ix_rights_request_structure", "rights_request", ["structure_id", "state", "due_on"], unique=False)
    op.create_table(
        "access_copy",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "read",
                "ready",
                "expired",
                name="copystate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_access_copy_asked_by")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_access_copy_membership_id")),
        sa.ForeignKeyConstraint(["request_id"], ["rights_request.id"], name=op.f("fk_access_copy_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_copy")),
    )
    op.create_index("ix_access_copy_end", "access_copy", ["expires_at"], unique=False)
    op.create_index("ix_access_copy_request", "access_copy", ["request_id", "created_at"], unique=False)
    op.create_table(
        "rights_request_text",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("answered", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["rights_request.id"], name=op.f("fk_rights_request_text_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_rights_request_text")),
    )


def downgrade() -> None:
    op.drop_table("rights_request_text")
    op.drop_index("ix_access_copy_request", table_name="access_copy")
    op.drop_index("ix_access_copy_end", table_name="access_copy")
    op.drop_table("access_copy")
    op.drop_index("ix_rights_request_structure", table_name="rights_request")
    op.drop_index("ix_rights_request_person", table_name="rights_request")
    op.drop_table("rights_request")
