"""referrals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.kernel import triggers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "void",
                "sent",
                "asked",
                "accepted",
                "in_progress",
                "declined",
                "closed",
                "withdrawn",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column(
            "need_kind",
            sa.Enum(
                "demarche_en_ligne",
                "courrier_redaction",
                "comprendre_un_courrier",
                "numeriser_envoyer",
                "compte_mot_de_passe",
                "boite_mail",
                "prise_en_main",
                "competences_base",
                "reassurance",
                "securite",
                "equipement",
                "connexion",
                "interpretariat",
                "apprendre_francais",
                "acces_aux_droits",
                "accompagnement_social",
                "mandat",
                "insertion_pro",
                "sante_en_ligne",
                "parentalite_scolarite",
                "creation_loisirs",
                "aller_vers",
                "lien_soutien",
                "information",
                "autre",
                name="needkind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "need_demarche",
            sa.Enum(
                "papiers_elections_citoyennete",
                "famille_scolarite",
                "social_sante",
                "travail_formation",
                "logement",
                "transports_mobilite",
                "argent_impots",
                "justice",
                "etrangers_europe",
                "loisirs_sports_culture",
                "associations",
                name="demarche",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column(
            "urgency",
            sa.Enum("P1", "P2", "P3", name="priority", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("profile", sa.String(length=20), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.Column("area_label", sa.String(length=200), nullable=False),
        sa.Column("adaptation", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "need_met",
                "partly_met",
                "did_not_come",
                "unreachable",
                "person_declined",
                "redirected",
                "not_possible",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "full",
                "out_of_scope",
                "out_of_territory",
                "already_followed",
                "missing_information",
                "other",
                name="declinereason",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("suggested_id", sa.Uuid(), nullable=True),
        sa.Column(
            "end_cause",
            sa.Enum(
                "no_longer_needed",
                "person_changed_mind",
                "other_solution",
                "sent_by_mistake",
                "consent_withdrawn",
                "consent_ended",
                "person_archived",
                "person_deceased",
                "structure_closed",
                "duplicate",
                name="endcause",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("clock_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_clock", sa.String(length=12), nullable=True),
        sa.Column("next_clock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_risk", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_referral_outcome_when_closed")),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)", name=op.f("ck_referral_reason_when_declined")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (end_cause IS NOT NULL)", name=op.f("ck_referral_cause_when_withdrawn")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'void') OR consent_id IS NOT NULL", name=op.f("ck_referral_consent_when_sent")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'void') OR sent_at IS NOT NULL", name=op.f("ck_referral_date_when_sent")
        ),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'asked', 'accepted', 'in_progress') OR next_clock_at IS NOT NULL",
            name=op.f("ck_referral_clock"),
        ),
        sa.CheckConstraint("recipient_id <> structure_id", name=op.f("ck_referral_elsewhere")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_referral_author_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_referral_consent_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user_account.id"], name=op.f("fk_referral_holder_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_referral_need_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["referral.id"], name=op.f("fk_referral_parent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_referral_person_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["structure.id"], name=op.f("fk_referral_recipient_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_referral_structure_id")),
        sa.ForeignKeyConstraint(["suggested_id"], ["structure.id"], name=op.f("fk_referral_suggested_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_referral_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_clock", "referral", ["next_clock_at"], unique=False)
    op.create_index(op.f("ix_referral_path_id"), "referral", ["path_id"], unique=False)
    op.create_index("ix_referral_person", "referral", ["person_id", "state"], unique=False)
    op.create_index("ix_referral_recipient", "referral", ["recipient_id", "state"], unique=False)
    op.create_index("ix_referral_sender", "referral", ["structure_id", "state"], unique=False)
    op.create_index(op.f("ix_referral_structure_id"), "referral", ["structure_id"], unique=False)
    op.create_index(
        "uq_referral_open",
        "referral",
        ["need_id", "recipient_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'sent', 'asked', 'accepted', 'in_progress')"),
        postgresql_where=sa.text("state IN ('draft', 'sent', 'asked', 'accepted', 'in_progress')"),
    )
    op.create_table(
        "referral_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "sender",
                "recipient",
                "coordinator",
                "partner",
                "clock",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "act",
            sa.Enum(
                "draft",
                "send",
                "discard",
                "void",
                "see",
                "take",
                "give",
                "ask",
                "answer",
                "accept",
                "decline",
                "start",
                "close",
                "reopen",
                "withdraw",
                "nudge",
                "expire",
                "end_by_event",
                "move",
                "message",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "void",
                "sent",
                "asked",
                "accepted",
                "in_progress",
                "declined",
                "closed",
                "withdrawn",
                "expired",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "void",
                "sent",
                "asked",
                "accepted",
                "in_progress",
                "declined",
                "closed",
                "withdrawn",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_event_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
        sa.UniqueConstraint("referral_id", "rank", name=op.f("uq_referral_event_referral_id_rank")),
    )
    op.create_index("ix_referral_event_at", "referral_event", ["at"], unique=False)
    op.create_table(
        "referral_task",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "tell_person", "next_action", name="taskkind", native_enum=False, create_constraint=True, length=60
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column(
            "told_way",
            sa.Enum(
                "phone",
                "sms",
                "mail",
                "letter",
                "at_desk",
                "could_not",
                name="toldway",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'tell_person' OR done_at IS NULL OR told_way IS NOT NULL", name=op.f("ck_referral_task_told_how")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["user_account.id"], name=op.f("fk_referral_task_done_by")),
        sa.ForeignKeyConstraint(["event_id"], ["referral_event.id"], name=op.f("fk_referral_task_event_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_task_referral_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_referral_task_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_task")),
    )
    op.create_index("ix_referral_task_open", "referral_task", ["structure_id", "done_at"], unique=False)
    op.create_index(op.f("ix_referral_task_referral_id"), "referral_task", ["referral_id"], unique=False)
    op.create_table(
        "referral_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "sender",
                "recipient",
                "coordinator",
                "partner",
                "clock",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "act",
            sa.Enum(
                "draft",
                "send",
                "discard",
                "void",
                "see",
                "take",
                "give",
                "ask",
                "answer",
                "accept",
                "decline",
                "start",
                "close",
                "reopen",
                "withdraw",
                "nudge",
                "expire",
                "end_by_event",
                "move",
                "message",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["referral_event.id"], name=op.f("fk_referral_text_event_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_text_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_text")),
    )
    op.create_index(op.f("ix_referral_text_referral_id"), "referral_text", ["referral_id"], unique=False)
    for statement in triggers.append_only(op.get_bind().dialect.name, "referral_event"):
        op.execute(statement)


def downgrade() -> None:
    for statement in triggers.drop(op.get_bind().dialect.name, "referral_event"):
        op.execute(statement)
    op.drop_index(op.f("ix_referral_text_referral_id"), table_name="referral_text")
    op.drop_table("referral_text")
    op.drop_index(op.f("ix_referral_task_referral_id"), table_name="referral_task")
    op.drop_index("ix_referral_task_open", table_name="referral_task")
    op.drop_table("referral_task")
    op.drop_index("ix_referral_event_at", table_name="referral_event")
    op.drop_table("referral_event")
    op.drop_index(
        "uq_referral_open",
        table_name="referral",
        sqlite_where=sa.text("state IN ('draft', 'sent', 'asked', 'accepted', 'in_progress')"),
        postgresql_where=sa.text("state IN ('draft', 'sent', 'asked', 'accepted', 'in_progress')"),
    )
    op.drop_index(op.f("ix_referral_structure_id"), table_name="referral")
    op.drop_index("ix_referral_sender", table_name="referral")
    op.drop_index("ix_referral_recipient", table_name="referral")
    op.drop_index("ix_referral_person", table_name="referral")
    op.drop_index(op.f("ix_referral_path_id"), table_name="referral")
    op.drop_index("ix_referral_clock", table_name="referral")
    op.drop_table("referral")
