"""mediation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_log",
        sa.Column(
            "kind",
            sa.Enum(
                "individuel", "collectif", name="sessionkind", native_enum=False, create_constraint=True, length=60
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "place_kind",
            sa.Enum(
                "lieu_activite",
                "domicile",
                "a_distance",
                "autre",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "guichet",
                "telephone",
                "courriel",
                "courrier",
                "domicile",
                "itinerance",
                "en_ligne",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("materials", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("demarches", sa.JSON(), nullable=False),
        sa.Column("organismes", sa.JSON(), nullable=False),
        sa.Column("acts", sa.JSON(), nullable=False),
        sa.Column(
            "autonomy",
            sa.Enum(
                "entierement_accompagne",
                "partiellement_autonome",
                "autonome",
                name="autonomy",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column(
            "posture",
            sa.Enum(
                "je_forme",
                "j_accompagne",
                "je_fais",
                name="posture",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.CheckConstraint("autonomy IS NULL OR kind = 'individuel'", name=op.f("ck_session_log_autonomy_individual")),
        sa.CheckConstraint(
            "place_kind <> 'lieu_activite' OR place_id IS NOT NULL", name=op.f("ck_session_log_place_when_there")
        ),
        sa.CheckConstraint(
            "place_kind NOT IN ('domicile', 'autre') OR commune_code IS NOT NULL",
            name=op.f("ck_session_log_commune_elsewhere"),
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1439", name=op.f("ck_session_log_minutes")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_session_log_author_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_session_log_need_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_session_log_place_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_session_log_structure_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_session_log_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_log")),
    )
    op.create_index("ix_session_log_day", "session_log", ["structure_id", "held_on"], unique=False)
    op.create_index(op.f("ix_session_log_need_id"), "session_log", ["need_id"], unique=False)
    op.create_index(op.f("ix_session_log_structure_id"), "session_log", ["structure_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participation_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session_log.id"], name=op.f("fk_participation_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_participation_session_id_person_id")),
    )
    op.create_index("ix_participation_person", "participation", ["person_id"], unique=False)
    op.create_index(op.f("ix_participation_session_id"), "participation", ["session_id"], unique=False)
    op.create_table(
        "session_text",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "author",
                "team",
                "structure",
                "network",
                name="notevisibility",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "visibility <> 'team' OR team_id IS NOT NULL", name=op.f("ck_session_text_team_when_for_it")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session_log.id"], name=op.f("fk_session_text_session_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_session_text_team_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_text")),
    )
    op.create_table(
        "participation_fact",
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Uuid(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column(
            "age_band",
            sa.Enum(
                "moins_de_douze",
                "douze_dix_huit",
                "dix_huit_vingt_quatre",
                "vingt_cinq_trente_neuf",
                "quarante_cinquante_neuf",
                "soixante_soixante_neuf",
                "soixante_dix_plus",
                "non_communique",
                name="ageband",
                native_enum=False,
                create_constraint=True,
                length=60,
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
        sa.Column("area_code", sa.String(length=5), nullable=True),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_participation_fact_participation_id")
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_participation_fact_structure_id")),
        sa.PrimaryKeyConstraint("participation_id", name=op.f("pk_participation_fact")),
    )
    op.create_index("ix_participation_fact_day", "participation_fact", ["held_on", "structure_id"], unique=False)
    op.create_index(op.f("ix_participation_fact_subject_key"), "participation_fact", ["subject_key"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_participation_fact_subject_key"), table_name="participation_fact")
    op.drop_index("ix_participation_fact_day", table_name="participation_fact")
    op.drop_table("participation_fact")
    op.drop_table("session_text")
    op.drop_index(op.f("ix_participation_session_id"), table_name="participation")
    op.drop_index("ix_participation_person", table_name="participation")
    op.drop_table("participation")
    op.drop_index(op.f("ix_session_log_structure_id"), table_name="session_log")
    op.drop_index(op.f("ix_session_log_need_id"), table_name="session_log")
    op.drop_index("ix_session_log_day", table_name="session_log")
    op.drop_table("session_log")
