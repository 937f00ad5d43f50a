"""people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("criteria", sa.String(length=300), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_expires_at"), "saved_search", ["expires_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("subject_key", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "archived", name="personstate", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("referent_structure_id", sa.Uuid(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column(
            "age_status",
            sa.Enum(
                "under_15", "15_17", "adult", name="agestatus", native_enum=False, create_constraint=True, length=60
            ),
            nullable=False,
        ),
        sa.Column(
            "genre",
            sa.Enum(
                "masculin",
                "feminin",
                "non_communique",
                name="genre",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "statut_social",
            sa.Enum(
                "scolarise",
                "sans_emploi",
                "en_emploi",
                "retraite",
                "non_communique",
                name="socialstatus",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'active' OR referent_structure_id IS NOT NULL", name=op.f("ck_person_referent")),
        sa.ForeignKeyConstraint(
            ["referent_structure_id"], ["structure.id"], name=op.f("fk_person_referent_structure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
        sa.UniqueConstraint("subject_key", name=op.f("uq_person_subject_key")),
    )
    op.create_index(op.f("ix_person_referent_structure_id"), "person", ["referent_structure_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "register",
                "referral",
                "mandate",
                name="consentkind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "answer",
            sa.Enum("given", "refused", name="consentanswer", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("oral", "written", name="consentway", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sections", sa.Integer(), nullable=False),
        sa.Column("people_present", sa.String(length=60), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_consent_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user_account.id"], name=op.f("fk_consent_recorded_by")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_consent_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["person_id", "kind"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("referent", "other", name="followupkind", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("sections", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_up_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_follow_up_structure_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_follow_up_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index("ix_follow_up_structure", "follow_up", ["structure_id", "ended_on"], unique=False)
    op.create_index(
        "uq_follow_up_open",
        "follow_up",
        ["person_id", "structure_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(
        "uq_follow_up_referent",
        "follow_up",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'referent' AND ended_on IS NULL"),
        postgresql_where=sa.text("kind = 'referent' AND ended_on IS NULL"),
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "way",
            sa.Enum("paper", "read_aloud", name="noticeway", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_notice_given_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"], unique=False)
    op.create_table(
        "person_adaptation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_adaptation_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_adaptation")),
    )
    op.create_table(
        "person_identity",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(length=300), nullable=False),
        sa.Column("last_name", sa.String(length=300), nullable=False),
        sa.Column("usual_name", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("no_message", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_identity_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_identity")),
    )
    op.create_table(
        "search_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_search_key_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", "value", name=op.f("pk_search_key")),
    )
    op.create_index("ix_search_key_value", "search_key", ["kind", "value", "person_id"], unique=False)
    op.create_table(
        "consent_recipient",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_consent_recipient_rank")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_recipient_consent_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_consent_recipient_structure_id")),
        sa.PrimaryKeyConstraint("consent_id", "structure_id", name=op.f("pk_consent_recipient")),
        sa.UniqueConstraint("consent_id", "rank", name=op.f("uq_consent_recipient_consent_id_rank")),
    )


def downgrade() -> None:
    op.drop_table("consent_recipient")
    op.drop_index("ix_search_key_value", table_name="search_key")
    op.drop_table("search_key")
    op.drop_table("person_identity")
    op.drop_table("person_adaptation")
    op.drop_index(op.f("ix_notice_person_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(
        "uq_follow_up_referent",
        table_name="follow_up",
        sqlite_where=sa.text("kind = 'referent' AND ended_on IS NULL"),
        postgresql_where=sa.text("kind = 'referent' AND ended_on IS NULL"),
    )
    op.drop_index(
        "uq_follow_up_open",
        table_name="follow_up",
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.drop_index("ix_follow_up_structure", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index("ix_consent_person", table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_person_referent_structure_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_saved_search_expires_at"), table_name="saved_search")
    op.drop_table("saved_search")
